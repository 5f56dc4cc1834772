/* mailadm config verify: what is wrong in the installed configuration. */
#include "cmd/check/check.h"
#include "model/verify/verify.h"

#define MAILADM_DIR "/etc/mailadm"

struct verify_args {
	const char *severity;
	struct words rules;
	struct words ignore;
	const char *root;
	const char *postfix_dir;
	const char *dovecot_dir;
	const char *mailadm_dir;
	bool nagios;
	struct check_outcome *outcome;
};

static const struct arg verify_arg[] = {
	OPTION("--severity", arg_severity, verify_args, severity,
	    "the least that is reported: note, warning (the preset) or error"),
	OPTION("--rule", arg_verify_rule, verify_args, rules,
	    "only this rule; several: --rule again", .flags = ARG_REPEAT),
	OPTION("--ignore", arg_verify_ignore, verify_args, ignore,
	    "not this rule, or with ID:NAME not about such a name; * and ? as "
	    "in file names; several: --ignore again", .flags = ARG_REPEAT),
	OPTION("--root", arg_file, verify_args, root,
	    "look at what config render --out wrote below this folder, and "
	    "not at what is installed"),
	OPTION("--postfix-dir", arg_file, verify_args, postfix_dir,
	    "where main.cf and master.cf are; without it: the setting "
	    "postfix_directory"),
	OPTION("--dovecot-dir", arg_file, verify_args, dovecot_dir,
	    "where dovecot.conf is; without it: the setting dovecot_directory"),
	OPTION("--mailadm-dir", arg_file, verify_args, mailadm_dir,
	    "where accounts.cnf is; without it: " MAILADM_DIR),
	FLAG("--nagios", verify_args, nagios,
	    "one line for Nagios and its like, and their statuses 0 to 3",
	    .flags = ARG_RUN),
	{ 0 }
};

/* What was said, or else the preset below the root. */
static const char *
folder(struct session *s, const struct verify_args *a, const char *given,
    const char *preset)
{
	if (given != NULL || a->root == NULL)
		return given != NULL ? given : preset;
	return arena_printf(&s->scratch, "%s%s", a->root, preset);
}

static bool
prepare_verify(struct session *s, void *args, struct err *e)
{
	struct verify_args *a = args;

	if (a->nagios && (s->options.output != NULL ||
	    s->options.columns != NULL))
		return err_set(e, ERR_USAGE, "--nagios prints a line of its "
		    "own: not with --output or --columns");
	a->outcome = arena_alloc(&s->scratch, sizeof(*a->outcome));
	*a->outcome = (struct check_outcome){ .no_rows = true };
	return true;
}

static void
options_take(struct session *s, const struct verify_args *a,
    const struct settings *set, struct verify_options *options)
{
	*options = (struct verify_options){
		.filter = {
			.severity = check_severity_of(a->severity),
			.rules = a->rules,
		},
		.root = a->root,
		.postfix_dir = folder(s, a, a->postfix_dir,
		    set->postfix_directory),
		.dovecot_dir = folder(s, a, a->dovecot_dir,
		    set->dovecot_directory),
		.mailadm_dir = folder(s, a, a->mailadm_dir, MAILADM_DIR),
		.mail_directory = set->mail_directory,
		.vmail_uid = set->vmail_uid,
		.timeout = (unsigned)set->connect_timeout,
	};
}

/* The session has none, as the command needs no database of its own. */
static bool
settings_take(struct session *s, struct settings *set, struct err *e)
{
	const char *file = s->options.config != NULL ? s->options.config :
	    s->run.config;

	return settings_load(&s->scratch, file, set, e);
}

static bool
run_verify(struct session *s, const void *args, struct err *e)
{
	const struct verify_args *a = args;
	struct report *report = &a->outcome->result.report;
	struct verify_options options;
	struct settings set;

	if (!settings_take(s, &set, e))
		return false;
	options_take(s, a, &set, &options);
	if (!check_ignored(s, set.check_ignore, &a->ignore,
	    &options.filter.ignore, e) ||
	    !verify_run(&s->scratch, &options, report, e))
		return false;
	a->outcome->finished = true;
	if (a->nagios)
		return true;
	check_print_unchecked(s, report);
	return check_print(s, report, e) &&
	    check_say_found(s, report, "", e);
}

static void
conclude_verify(struct session *s, const void *args, struct err *e)
{
	const struct verify_args *a = args;

	if (a->nagios)
		check_nagios(s, a->outcome, e);
}

static bool
run_rules(struct session *s, const void *args, struct err *e)
{
	(void)args;
	return check_print_rules(s, verify_rules, e);
}

const struct cmd verify_cmds[] = {
	{ .name = "config verify",
	    .brief = "find what is wrong in the installed configuration",
	    .detail =
	    "Silent and status 0 when nothing is wrong, else status 1. Asks "
	    "postconf and doveconf for the configuration of Postfix and "
	    "Dovecot, looks at their maps, certificates, sockets and files, "
	    "and tries each lookup with the account that its file names; no "
	    "row is read and nothing is ever written, here or there. Each "
	    "finding comes with the command that mends it. What cannot be "
	    "looked at (no Postfix, no right to a file, no database) is said "
	    "to be not checked; as root all can. \"config rules\" lists what "
	    "it looks for.",
	    .example = "config verify --severity note",
	    ARGS(verify_arg, verify_args), .columns = finding_fields,
	    .flags = CMD_NOT_IN_BATCH, .prepare = prepare_verify,
	    .run = run_verify, .conclude = conclude_verify },
	{ .name = "config rules", .brief = "what config verify looks for",
	    .example = "config rules",
	    .columns = rule_fields, .run = run_rules },
	{ 0 }
};
