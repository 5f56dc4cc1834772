/* mailadm config verify: find problems in the installed configuration. */
#include <string.h>
#include <unistd.h>

#include "base/sentence.h"
#include "cmd/check/check.h"
#include "cmd/config/config.h"
#include "model/verify/verify.h"

#define MAILADM_DIR "/etc/mailadm"

struct verify_args {
	struct check_front front;
	const char *root;
	const char *postfix_dir;
	const char *dovecot_dir;
	const char *mailadm_dir;
	const char *explain;
	bool fix;
};

static const struct checker checker = {
	.rules = verify_rules, .fields = finding_place_fields,
	.print = config_report_print
};

static const struct arg verify_arg[] = {
	CHECK_FRONT_ARGS(verify_args, arg_verify_rule, arg_verify_ignore),
	OPTION("--root", arg_directory, verify_args, root,
	    "look at what config render --out wrote below this directory, "
	    "not at what is installed"),
	OPTION("--postfix-dir", arg_directory, verify_args, postfix_dir,
	    "directory of main.cf and master.cf; default: the setting "
	    "postfix_directory"),
	OPTION("--dovecot-dir", arg_directory, verify_args, dovecot_dir,
	    "directory of dovecot.conf; default: the setting "
	    "dovecot_directory"),
	OPTION("--mailadm-dir", arg_directory, verify_args, mailadm_dir,
	    "directory of accounts.cnf; default: " MAILADM_DIR),
	FLAG("--fix", verify_args, fix,
	    "fix what is safe to fix in main.cf and master.cf, and keep the "
	    "old files; --dry-run shows the changes"),
	OPTION("--explain", arg_verify_rule, verify_args, explain,
	    "nothing is looked at: print what is known about this rule, and "
	    "how to check it by hand"),
	{ 0 }
};

/* An option, or else the default below the root. */
static const char *
directory(struct session *s, const struct verify_args *a, const char *given,
    const char *otherwise)
{
	if (given != NULL || a->root == NULL)
		return given != NULL ? given : otherwise;
	return arena_printf(&s->scratch, "%s%s", a->root, otherwise);
}

static bool
prepare_verify(struct session *s, struct arena *memory, void *args,
    struct err *e)
{
	struct verify_args *a = args;

	if (a->fix && (a->front.nagios || a->root != NULL))
		return err_set(e, ERR_USAGE, "--fix cannot be combined with "
		    "--nagios or --root");
	return check_front_begin(s, memory, &a->front, &checker, e);
}

static void
options_take(struct session *s, const struct verify_args *a,
    const struct settings *set, struct verify_options *options)
{
	*options = (struct verify_options){
		.root = a->root,
		.settings = set,
		.postfix_dir = directory(s, a, a->postfix_dir,
		    set->postfix_directory),
		.dovecot_dir = directory(s, a, a->dovecot_dir,
		    set->dovecot_directory),
		.mailadm_dir = directory(s, a, a->mailadm_dir, MAILADM_DIR),
		.mail_directory = set->mail_directory,
		.vmail_uid = set->vmail_uid,
		.timeout = (unsigned)set->connect_timeout,
		.secret = set->dkim_secret != NULL ? set->dkim_secret :
		    setting_find("dkim_secret")->standard,
	};
}

/*
 * The tables have the keys of a mail filter, and say where mail goes.
 * Without an account, or settings of one that are right, all else is still
 * verified.
 */
static bool
tables_open(struct session *s, struct verify_options *options,
    struct err *e)
{
	const struct run_options run = s->options;
	struct err failed = { 0 };

	if (options->root != NULL)
		return true;
	if ((s->db != NULL || session_init(s, &run, &failed)) &&
	    session_connect(s, s->cmd, &failed)) {
		options->mail = &s->mail;
	} else if (failed.code == ERR_INTERRUPTED) {
		*e = failed;
		return false;
	} else {
		options->mail_why = arena_strdup(&s->scratch, failed.text);
	}
	err_clear(&failed);
	return true;
}

/* Silent for cron where nothing is wrong; on a terminal people want to know. */
static void
about_print(struct session *s, const struct report *r)
{
	if (r->about == NULL || s->out.style.quiet ||
	    (r->count == 0 && !isatty(STDERR_FILENO)))
		return;
	out_note(&s->out, "%s%s", r->about, r->count > 0 ? "" :
	    "; nothing is wrong");
	if (r->hidden[SEVERITY_NOTE] > 0)
		out_note(&s->out, "--severity note shows %s more",
		    sentence_number(&s->scratch, r->hidden[SEVERITY_NOTE],
			"note", "notes"));
}

struct verifying {
	struct session *session;
	const struct verify_args *args;
	struct verify_options options;
};

static bool
find(void *arg, struct err *e)
{
	struct verifying *v = arg;
	const struct check_front *front = &v->args->front;
	struct report *report = &front->outcome->result.report;
	bool fixed = false;

	if (!tables_open(v->session, &v->options, e) ||
	    !verify_run(&v->session->scratch, &v->options, report, e) ||
	    (v->args->fix && !config_fix(v->session, report,
	    v->options.postfix_dir, &fixed, e)) ||
	    (fixed && !verify_run(&v->session->scratch, &v->options, report,
	    e)))
		return false;
	if (!front->nagios)
		about_print(v->session, &front->outcome->result.report);
	check_front_finished(v->session, front);
	return true;
}

static bool
run_verify(struct session *s, const void *args, struct err *e)
{
	struct verifying v = { .session = s, .args = args };
	const struct check_front *front = &v.args->front;
	struct settings set;

	if (v.args->explain != NULL)
		return config_rule_explain(s, v.args->explain, e);
	if (!session_settings(s, &set, e))
		return false;
	options_take(s, v.args, &set, &v.options);
	return check_front_filter(s, front, set.check_ignore,
	    &v.options.filter, e) && check_front_run(s, front,
	    &v.options.filter, find, &v, e);
}

static void
conclude_verify(struct session *s, const void *args, struct err *e)
{
	const struct verify_args *a = args;

	check_front_conclude(s, &a->front, &checker, e);
}

static bool
run_rules(struct session *s, const void *args, struct err *e)
{
	(void)args;
	return check_print_rules(s, verify_rules, e);
}

const struct cmd verify_cmds[] = {
	{ .name = "config verify",
	    .brief = "find problems in the installed configuration",
	    .detail =
	    "No output and status 0 if nothing is wrong, else status 1; what "
	    "comes first is to be fixed first, and notes are reported only "
	    "with --severity note. Says first whose configuration it is: on a "
	    "server that mailadm did not set up, rules about its own tables "
	    "and files are left out. Asks "
	    "postconf and doveconf for the configuration of Postfix and "
	    "Dovecot, looks at their maps, certificates, sockets and files, "
	    "and tries each lookup with the account that its file names. With "
	    "a mail filter it compares the DKIM keys with the database, which "
	    "also says whether there are ways out and domains that are passed "
	    "on; no other row is read. It writes nothing without --fix, which "
	    "shows what it would change, asks, and keeps the old files; "
	    "\"config rules\" says what it does. Each problem comes with the "
	    "command that fixes it. What cannot be checked (no Postfix, no "
	    "permission to read a file, no database) is named; root can check "
	    "everything. \"config rules\" lists the rules.",
	    .example = "config verify --severity note",
	    ARGS(verify_arg, verify_args), .columns = finding_place_fields,
	    .flags = CMD_NOT_IN_BATCH, .prepare = prepare_verify,
	    .run = run_verify, .conclude = conclude_verify },
	{ .name = "config rules", .brief = "list the rules of config verify",
	    .detail =
	    "A row a rule: its severity, what is wrong, and what to do. "
	    "\"config verify --explain RULE\" prints the page of one: what "
	    "comes of it, how to check it by hand, and what to do where "
	    "mailadm did not set up the server. The manual has all of them: "
	    "\"help verifier-rules\".",
	    .example = "config rules",
	    .columns = rule_fields, .run = run_rules },
	{ 0 }
};
