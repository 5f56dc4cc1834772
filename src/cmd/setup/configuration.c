/* The steps of setup that write the configuration of the servers. */
#include <string.h>

#include "cmd/setup/setup.h"
#include "file/read.h"
#include "file/write.h"
#include "model/server/local.h"
#include "model/server/release.h"
#include "model/setup/kept.h"
#include "model/setup/service.h"

/* --- relayhost ------------------------------------------------------------ */

static const char *
postfix_path(struct setup *setup, const char *name)
{
	return arena_printf(setup->arena, "%s/%s",
	    setup->settings.postfix_directory, name);
}

/* NULL: none. */
static const char *
value_of(struct setup *setup, const char *path, const char *name)
{
	struct text content = TEXT_INIT;
	const char *value = NULL;
	struct err e = { 0 };
	struct stat st;
	struct cf cf;

	if (file_read(path, &content, &st, &e)) {
		cf_parse(setup->arena, arena_strdup(setup->arena,
		    content.buf), CF_POSTFIX, &cf);
		value = cf_value(&cf, name);
	}
	err_clear(&e);
	text_clear(&content);
	return value;
}

/* debconf has asked for one, or somebody has set it: it is not dropped. */
bool
look_relayhost(struct setup *setup, const char **todo, struct err *e)
{
	const char *now = value_of(setup, postfix_path(setup, "main.cf"),
	    "relayhost");
	const char *own = value_of(setup, postfix_path(setup, LOCAL_SETTINGS),
	    "relayhost");
	const char *wanted = setup->args.relayhost;

	*todo = NULL;
	if (wanted == NULL && own == NULL && now != NULL && *now != '\0') {
		err_set(e, ERR_REFUSED, "main.cf sends all mail through %s",
		    now);
		return err_hint(e, "--relayhost '%s' keeps that, "
		    "--relayhost '' sends mail straight to its receivers",
		    now);
	}
	if (wanted != NULL && !text_same_null_empty(wanted, own))
		*todo = *wanted != '\0' ? arena_printf(setup->arena, "send "
		    "all mail through %s", wanted) : "send mail straight to "
		    "its receivers";
	return true;
}

/* In local.cf, which config render merges: a line is added at its end. */
bool
act_relayhost(struct setup *setup, struct err *e)
{
	const char *path = postfix_path(setup, LOCAL_SETTINGS);
	struct text content = TEXT_INIT;
	struct stat st = { .st_mode = 0644 };
	bool ok = file_read(path, &content, &st, e);

	if (!ok && e->code == ERR_NOT_FOUND) {
		err_clear(e);
		ok = true;
	}
	if (ok) {
		const struct file_place place = { st.st_mode & 07777,
		    st.st_uid, st.st_gid };

		if (content.len > 0 && content.buf[content.len - 1] != '\n')
			text_add_char(&content, '\n');
		text_addf(&content, "relayhost = %s\n",
		    setup->args.relayhost);
		ok = file_install(path, content.buf, content.len, &place, e);
	}
	text_clear(&content);
	return ok;
}

/* --- rendering ------------------------------------------------------------ */

/* Those that are to be made have no password yet; any will do for a look. */
static bool
accounts_planned(struct setup *setup, struct accounts *accounts,
    struct err *e)
{
	const char *path = setup->settings.defaults_file != NULL ?
	    setup->settings.defaults_file : ACCOUNTS_FILE;

	if (!accounts_read(setup->arena, path, accounts, e)) {
		if (e->code != ERR_NOT_FOUND)
			return false;
		err_clear(e);
	}
	for (enum account i = 0; i < ACCOUNTS; i++) {
		if (accounts->password[i] == NULL)
			accounts->password[i] = "planned";
	}
	return true;
}

static bool
configuration(struct setup *setup, bool dry, struct render_result *result,
    struct err *e)
{
	struct accounts accounts = { 0 };
	struct server server = { .settings = &setup->settings,
	    .accounts = &accounts, .program = config_program(setup->arena) };
	const struct render_options o = { .set = SERVER_SETS, .out = "/",
	    .force = setup->args.replace, .dry_run = dry, .planned = dry,
	    .marked = true, .relayhost = true };

	return accounts_planned(setup, &accounts, e) &&
	    server_releases(setup->arena, SERVER_SETS, NULL, NULL, &server,
		e) && render(setup->arena, &server, &o, result, e);
}

static bool
refuse_edited(struct setup *setup, const struct render_result *result,
    struct err *e)
{
	struct render_row *refused = arena_array(setup->arena,
	    result->count, sizeof(*refused));
	size_t count = 0;

	for (size_t i = 0; i < result->count; i++) {
		if (strcmp(result->row[i].action, "refused") == 0)
			refused[count++] = result->row[i];
	}
	if (!config_rows_print(setup->s, refused, count, e))
		return false;
	err_set(e, ERR_REFUSED, "%s edited: nothing was changed", count == 1 ?
	    "a file was" : "these files were");
	return err_hint(e, "take what you want to keep into local.cf or "
	    "local.conf beside it; --replace replaces, and keeps the old as "
	    "FILE.bak");
}

static bool
is_to_write(const struct render_row *row)
{
	return strcmp(row->action, "written") == 0 ||
	    strcmp(row->action, "replaced") == 0;
}

bool
look_configuration(struct setup *setup, const char **todo, struct err *e)
{
	struct render_result result;
	size_t written = 0, replaced = 0;

	*todo = NULL;
	if (!configuration(setup, true, &result, e))
		return false;
	if (result.refused > 0)
		return refuse_edited(setup, &result, e);
	for (size_t i = 0; i < result.count; i++) {
		written += is_to_write(&result.row[i]);
		replaced += strcmp(result.row[i].action, "replaced") == 0;
	}
	if (written == 0)
		return true;
	*todo = arena_printf(setup->arena, "write %zu files of Postfix, "
	    "Dovecot and cron", written);
	if (replaced > 0)
		*todo = arena_printf(setup->arena, "%s; %zu of them exist, "
		    "and are kept as FILE.bak", *todo, replaced);
	return true;
}

/* --- a look by the servers themselves ------------------------------------- */

bool
configuration_accepted(struct setup *setup, struct err *e)
{
	const char *directory = setup->settings.postfix_directory;
	struct words postfix = { 0 }, dovecot = { 0 };

	words_add(setup->arena, &postfix, "postfix");
	words_add(setup->arena, &postfix, "-c");
	words_add(setup->arena, &postfix, directory);
	words_add(setup->arena, &postfix, "check");
	words_add(setup->arena, &dovecot, "doveconf");
	words_add(setup->arena, &dovecot, "-n");
	words_add(setup->arena, &dovecot, "-c");
	words_add(setup->arena, &dovecot, arena_printf(setup->arena,
	    "%s/dovecot.conf", setup->settings.dovecot_directory));
	return service_program(setup->arena, &postfix, "postfix", e) &&
	    service_program(setup->arena, &dovecot, "dovecot-core", e);
}

static bool
keep_all(struct setup *setup, struct kept *kept, struct err *e)
{
	struct render_result result;

	if (!configuration(setup, true, &result, e))
		return false;
	for (size_t i = 0; i < result.count; i++) {
		if (is_to_write(&result.row[i]) && !kept_add(kept,
		    result.row[i].path, e))
			return false;
	}
	return kept_add(kept, CHECKSUMS_PATH, e);
}

static bool
take_back(const struct kept *kept, struct err *e)
{
	struct err restoring = { 0 };

	if (kept_restore(kept, &restoring))
		err_wrap(e, "the new configuration is refused, and the old "
		    "one is back");
	else
		err_wrap(e, "the new configuration is refused, and the old "
		    "one could not be put back (%s)", restoring.text);
	err_clear(&restoring);
	return false;
}

/* The files that decide on what the servers listen. */
static bool
listens_anew(const char *path)
{
	static const char *const names[] = { "/main.cf", "/master.cf",
	    "/dovecot.conf" };
	const char *name = strrchr(path, '/');

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(name, names[i]) == 0)
			return true;
	}
	return false;
}

bool
act_configuration(struct setup *setup, struct err *e)
{
	struct kept kept = { 0 };
	struct render_result result;
	bool ok = keep_all(setup, &kept, e) && configuration(setup, false,
	    &result, e);

	for (size_t i = 0; ok && i < result.count; i++)
		setup->restarts |= is_to_write(&result.row[i]) &&
		    listens_anew(result.row[i].path);
	if (ok && !configuration_accepted(setup, e))
		ok = take_back(&kept, e);
	kept_clear(&kept);
	return ok;
}
