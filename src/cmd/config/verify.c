/* mailadm config verify: find problems in the installed configuration. */
#include "cmd/check/check.h"
#include "model/verify/verify.h"

#define MAILADM_DIR "/etc/mailadm"

struct verify_args {
	struct check_front front;
	const char *root;
	const char *postfix_dir;
	const char *dovecot_dir;
	const char *mailadm_dir;
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

	if (!check_front_begin(s, memory, &a->front, e))
		return false;
	a->front.outcome->no_rows = true;
	return true;
}

static void
options_take(struct session *s, const struct verify_args *a,
    const struct settings *set, struct verify_options *options)
{
	*options = (struct verify_options){
		.root = a->root,
		.postfix_dir = directory(s, a, a->postfix_dir,
		    set->postfix_directory),
		.dovecot_dir = directory(s, a, a->dovecot_dir,
		    set->dovecot_directory),
		.mailadm_dir = directory(s, a, a->mailadm_dir, MAILADM_DIR),
		.mail_directory = set->mail_directory,
		.vmail_uid = set->vmail_uid,
		.timeout = (unsigned)set->connect_timeout,
	};
}

static bool
run_verify(struct session *s, const void *args, struct err *e)
{
	const struct verify_args *a = args;
	struct verify_options options;
	struct settings set;

	if (!session_settings(s, &set, e))
		return false;
	options_take(s, a, &set, &options);
	if (!check_front_filter(s, &a->front, set.check_ignore,
	    &options.filter, e) || !verify_run(&s->scratch, &options,
	    &a->front.outcome->result.report, e))
		return false;
	check_front_finished(s, &a->front);
	return check_front_print(s, &a->front, e);
}

static void
conclude_verify(struct session *s, const void *args, struct err *e)
{
	const struct verify_args *a = args;

	check_front_conclude(s, &a->front, e);
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
	    "No output and status 0 if nothing is wrong, else status 1. Asks "
	    "postconf and doveconf for the configuration of Postfix and "
	    "Dovecot, looks at their maps, certificates, sockets and files, "
	    "and tries each lookup with the account that its file names. It "
	    "reads no row and never writes. Each problem comes with the "
	    "command that fixes it. What cannot be checked (no Postfix, no "
	    "permission to read a file, no database) is named; root can check "
	    "everything. \"config rules\" lists the rules.",
	    .example = "config verify --severity note",
	    ARGS(verify_arg, verify_args), .columns = finding_fields,
	    .flags = CMD_NOT_IN_BATCH, .prepare = prepare_verify,
	    .run = run_verify, .conclude = conclude_verify },
	{ .name = "config rules", .brief = "list the rules of config verify",
	    .example = "config rules",
	    .columns = rule_fields, .run = run_rules },
	{ 0 }
};
