/* The steps of setup that write files and users of this machine. */
#include <string.h>
#include <unistd.h>

#include "base/sentence.h"
#include "cmd/setup/setup.h"
#include "file/read.h"
#include "file/write.h"
#include "model/server/settings.h"
#include "model/setup/certificate.h"
#include "model/setup/owner.h"
#include "model/setup/root_alias.h"

/* --- settings ------------------------------------------------------------- */

static bool
init(struct setup *setup, bool dry, struct init_result *result,
    struct err *e)
{
	const struct init_options o = { .out = "/", .dry_run = dry,
	    .program = config_program(setup->arena) };

	return server_init(setup->arena, setup->answers, &o, result, e);
}

/* grants.sql that was edited is shown with the rest of the configuration. */
bool
look_settings(struct setup *setup, const char **todo, struct err *e)
{
	struct init_result result;
	bool secret;

	*todo = NULL;
	if (!init(setup, true, &result, e))
		return false;
	setup->settings = result.settings;
	secret = access(result.settings.dkim_secret, F_OK) != 0;
	if (result.changed == 0 && !secret)
		return true;
	*todo = result.passwords == 0 ?
	    "write what is new to /etc/mailadm" :
	    arena_printf(setup->arena, "write /etc/mailadm, with %s for the "
	    "database", sentence_number(setup->arena,
	    (int64_t)result.passwords, "new password", "new passwords"));
	return true;
}

bool
act_settings(struct setup *setup, struct err *e)
{
	struct init_result result;

	if (!init(setup, false, &result, e) ||
	    !config_secret_make(setup->s, "/", &result, e))
		return false;
	setup->settings = result.settings;
	setup_close(setup);
	return true;
}

/* --- certificate ---------------------------------------------------------- */

bool
look_certificate(struct setup *setup, const char **todo, struct err *e)
{
	const struct settings *s = &setup->settings;
	const char *path = server_certificate(setup->arena, s);

	*todo = NULL;
	if (certificate_is_for(path, s->hostname))
		return true;
	if (!setup->owns_certificate) {
		err_set(e, ERR_NOT_FOUND, "%s is no valid certificate for %s",
		    path, s->hostname);
		return err_hint(e, "give another one with --certificate and "
		    "--certificate-key, or without these two options let "
		    "setup make one");
	}
	*todo = arena_printf(setup->arena, "make one for %s, signed by "
	    "itself", s->hostname);
	return true;
}

bool
act_certificate(struct setup *setup, struct err *e)
{
	return certificate_make(setup->arena, setup->settings.hostname, e);
}

/* --- owner ---------------------------------------------------------------- */

bool
look_owner(struct setup *setup, const char **todo, struct err *e)
{
	return owner_look(setup->arena, &setup->settings, todo, e);
}

bool
act_owner(struct setup *setup, struct err *e)
{
	return owner_make(setup->arena, &setup->settings, e);
}

/* --- aliases -------------------------------------------------------------- */

static const char *
root_goes_to(struct setup *setup)
{
	return arena_printf(setup->arena, "postmaster@%s", setup->domain);
}

/* A file that does not exist is made: newaliases(1) wants one. */
static bool
aliases_read(struct text *content, struct file_place *place, struct err *e)
{
	struct stat st = { .st_mode = 0644 };

	if (!file_read(SETUP_ALIASES, content, &st, e)) {
		if (e->code != ERR_NOT_FOUND)
			return false;
		err_clear(e);
	}
	*place = (struct file_place){ st.st_mode & 07777, st.st_uid,
	    st.st_gid };
	return true;
}

bool
look_aliases(struct setup *setup, const char **todo, struct err *e)
{
	struct text content = TEXT_INIT;
	struct file_place place;
	bool ok;

	*todo = NULL;
	if (setup->domain == NULL)
		return true;
	ok = aliases_read(&content, &place, e);
	if (ok && !root_alias_exists(content.buf))
		*todo = arena_printf(setup->arena, "in " SETUP_ALIASES ", let "
		    "mail for root go to %s", root_goes_to(setup));
	text_clear(&content);
	return ok;
}

/* The services step runs newaliases(1). */
bool
act_aliases(struct setup *setup, struct err *e)
{
	struct text content = TEXT_INIT;
	struct file_place place;
	bool ok = aliases_read(&content, &place, e);

	if (ok) {
		root_alias_add(&content, root_goes_to(setup));
		ok = file_install(SETUP_ALIASES, content.buf, content.len,
		    &place, e);
	}
	text_clear(&content);
	return ok;
}
