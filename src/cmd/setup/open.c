/* A session of its own, as the settings change while setup runs. */
#include "cmd/setup/setup.h"

#include <string.h>
#include <unistd.h>

#include "base/size.h"
#include "file/accounts.h"
#include "file/read.h"
#include "model/digest.h"
#include "model/server/hosts.h"

/* Of what no option gives, the place and the name that the settings have. */
static void
place_add(const struct setup *setup, struct run_options *run)
{
	struct server_database d;

	server_database(setup->arena, &setup->settings, &d);
	if (run->database == NULL)
		run->database = setup->settings.database_name;
	if (run->host != NULL || run->socket != NULL)
		return;
	run->host = d.host;
	run->socket = d.socket;
	if (d.port != NULL && run->port <= 0 &&
	    !number_parse(d.port, &run->port))
		run->port = 0;
}

/*
 * Before there are accounts, root of the system is the one of the database.
 */
static struct run_options
options(const struct setup *setup)
{
	struct run_options run = setup->s->options;

	if (run.defaults_file == NULL && access(ACCOUNTS_FILE, F_OK) != 0)
		place_add(setup, &run);
	run.dry_run = false;
	run.yes = true;
	return run;
}

bool
setup_open(struct setup *setup, struct err *e)
{
	struct session *inner = &setup->inner;
	const struct run_options run = options(setup);

	if (setup->open)
		return true;
	session_start(inner);
	inner->out.color = setup->s->out.color;
	setup->open = true;
	if (session_init(inner, &run, e))
		return true;
	setup_close(setup);
	return false;
}

void
setup_close(struct setup *setup)
{
	if (setup->open)
		session_clear(&setup->inner);
	setup->open = false;
}

bool
setup_connect(struct setup *setup, const char *command, struct err *e)
{
	return setup_open(setup, e) && session_connect(&setup->inner,
	    cmd_find(command), e);
}

bool
setup_command(struct setup *setup, const struct words *words, struct err *e)
{
	bool ok = setup_open(setup, e) && session_run(&setup->inner, words,
	    e);

	if (setup->open)
		out_command_end(&setup->inner.out);
	return ok;
}

/* --- what was brought to a server ----------------------------------------- */

static bool
digest_of(struct setup *setup, const char *path, const char **digest,
    struct err *e)
{
	struct text content = TEXT_INIT;
	char *hex = arena_alloc(setup->arena, DIGEST_HEX);
	struct stat st;
	bool ok = file_read(path, &content, &st, e);

	if (ok)
		digest_hex(content.buf, content.len, hex);
	text_clear(&content);
	*digest = hex;
	return ok;
}

bool
setup_is_applied(struct setup *setup, const char *path)
{
	const char *before = checksums_find(&setup->applied, path), *now;
	struct err e = { 0 };
	bool is = before != NULL && digest_of(setup, path, &now, &e) &&
	    strcmp(before, now) == 0;

	err_clear(&e);
	return is;
}

bool
setup_applied(struct setup *setup, const char *path, struct err *e)
{
	const char *digest;

	if (!digest_of(setup, path, &digest, e))
		return false;
	checksums_set(&setup->applied, path, digest);
	return checksums_write(&setup->applied, SETUP_APPLIED, e);
}
