/* mailadm config init: writes files from the answers to its questions. */
#include <inttypes.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "cmd/config/config.h"
#include "model/dkim/secret.h"
#include "print/terminal.h"

struct command_args {
	struct init_args init;
};

static const struct arg init_arg[] = {
	OPTION("--hostname", arg_answer_name, command_args, init.hostname,
	    "full name of the mail server; default: that of this machine"),
	INIT_ARGS(command_args, init),
	OPTION("--out", arg_directory, command_args, init.out,
	    "write below this directory instead of /"),
	{ 0 }
};

/* --- what comes next -------------------------------------------------- */

/* Hints how to create the owner of the mail, if it does not exist. */
static void
say_vmail(struct session *s, const struct settings *settings)
{
	const struct passwd *p = getpwnam("vmail");
	const char *directory = settings->mail_directory;

	if (p != NULL && p->pw_uid == (uid_t)settings->vmail_uid)
		return;
	if (p != NULL) {
		out_note(&s->out, "user vmail has id %lu here, not %" PRId64,
		    (unsigned long)p->pw_uid, settings->vmail_uid);
		return;
	}
	out_hint(&s->out, "groupadd --gid %" PRId64 " vmail",
	    settings->vmail_uid);
	out_hint(&s->out, "useradd --uid %" PRId64 " --gid vmail --home-dir "
	    "%s --no-create-home --shell /usr/sbin/nologin vmail",
	    settings->vmail_uid, directory);
	out_hint(&s->out, "install -d -o vmail -g vmail -m 700 %s", directory);
}

static void
say_next(struct session *s, const struct init_result *result,
    const char *out)
{
	if (result->passwords > 0)
		out_done(&s->out, "%zu %s generated", result->passwords,
		    result->passwords == 1 ? "password" : "passwords");
	if (strcmp(out, "/") != 0)
		return;
	say_vmail(s, &result->settings);
	if (getpwnam("mailadm_check") == NULL)
		out_hint(&s->out, "systemd-sysusers, or useradd --system "
		    "--create-home --home-dir /var/lib/mailadm/check "
		    "mailadm_check");
	if (getpwnam("mailadm_policy") == NULL)
		out_hint(&s->out, "systemd-sysusers, or useradd --system "
		    "--no-create-home mailadm_policy");
	out_hint(&s->out, "mailadm schema init");
	out_hint(&s->out, "mariadb </etc/mailadm/grants.sql");
	out_hint(&s->out, "mailadm config render --out /");
}

static bool
print_result(struct session *s, const struct init_result *result,
    const char *out, struct err *e)
{
	bool dry = session_is_dry(s);

	if (!config_rows_print(s, result->row, result->count, e))
		return false;
	if (dry)
		out_note(&s->out, "dry run: nothing was changed");
	else
		say_next(s, result, out);
	if (result->refused == 0)
		return true;
	err_set(e, ERR_REFUSED, "grants.sql was edited, or not written by "
	    "mailadm: it is unchanged");
	return err_hint(e, "mailadm config render grants --force --out %s",
	    out);
}

bool
config_secret_make(struct session *s, const char *out,
    struct init_result *result, struct err *e)
{
	const char *path = result->settings.dkim_secret, *full;
	struct render_row *row = arena_array(&s->scratch, result->count + 1,
	    sizeof(*row));
	bool made;

	full = strcmp(out, "/") == 0 ? path : arena_printf(&s->scratch,
	    "%s%s", out, path);
	if (session_is_dry(s))
		made = access(full, F_OK) != 0;
	else if (!dkim_secret_make(full, &made, e))
		return false;
	for (size_t i = 0; i < result->count; i++)
		row[i] = result->row[i];
	row[result->count] = (struct render_row){ path, made ? "written" :
	    "unchanged", NULL };
	result->row = row;
	result->count++;
	result->changed += made;
	return true;
}

static struct init_args
init_below(struct session *s, const struct init_args *given)
{
	struct init_args init = *given;

	init.out = given->out != NULL ? config_directory(&s->scratch,
	    given->out) : "/";
	return init;
}

static bool
run_init(struct session *s, const void *args, struct err *e)
{
	const struct command_args *given = args;
	const struct init_args init = init_below(s, &given->init);
	const struct init_options o = { .out = init.out,
	    .dry_run = session_is_dry(s),
	    .program = config_program(&s->scratch) };
	struct init_answer *answers;
	struct init_result result;

	if (!config_answers(s, &init, terminal_here() && !s->options.yes,
	    &answers, e) || !server_init(&s->scratch, answers, &o, &result,
	    e))
		return false;
	if (!o.dry_run && result.changed > 0)
		session_did(s, "the files below %s are written", o.out);
	return config_secret_make(s, o.out, &result, e) &&
	    print_result(s, &result, o.out, e);
}

const struct cmd config_init_cmds[] = {
	{ .name = "config init", .brief = "set up mailadm for a mail server",
	    .detail =
	    "On a terminal it asks for every value that no option gives; "
	    "without one, and with --yes, it takes the current value, or the "
	    "default. Writes /etc/mailadm/mailadm.conf, the database accounts "
	    "with random passwords to /etc/mailadm/accounts.cnf, and the "
	    "statements that create them to /etc/mailadm/grants.sql, and the "
	    "secret of the DKIM keys to /etc/mailadm/dkim.secret. Existing "
	    "passwords, the secret and other settings are kept, so it can run "
	    "again. At the end it lists the next steps.",
	    .example =
	    "config init --hostname mx.example.org --out /tmp/servers",
	    ARGS(init_arg, command_args), .columns = render_fields,
	    .flags = CMD_NOT_IN_BATCH, .run = run_init },
	{ 0 }
};
