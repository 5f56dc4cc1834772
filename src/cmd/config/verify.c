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
	{ "--severity", &arg_severity, TEXT_ARG(struct verify_args,
	    severity), 0, "the least that is reported: note, warning (the "
	    "preset) or error", 0 },
	{ "--rule", &arg_verify_rule, LIST_ARG(struct verify_args, rules),
	    ARG_REPEAT, "only this rule; several: --rule again", 0 },
	{ "--ignore", &arg_verify_ignore, LIST_ARG(struct verify_args,
	    ignore), ARG_REPEAT, "not this rule, or with ID:NAME not about "
	    "such a name; * and ? as in file names; several: --ignore "
	    "again", 0 },
	{ "--root", &arg_file, TEXT_ARG(struct verify_args, root), 0,
	    "look at what config render --out wrote below this folder, and "
	    "not at what is installed", 0 },
	{ "--postfix-dir", &arg_file, TEXT_ARG(struct verify_args,
	    postfix_dir), 0, "where main.cf and master.cf are; without it: "
	    "the setting postfix_directory", 0 },
	{ "--dovecot-dir", &arg_file, TEXT_ARG(struct verify_args,
	    dovecot_dir), 0, "where dovecot.conf is; without it: the setting "
	    "dovecot_directory", 0 },
	{ "--mailadm-dir", &arg_file, TEXT_ARG(struct verify_args,
	    mailadm_dir), 0, "where accounts.cnf is; without it: "
	    MAILADM_DIR, 0 },
	{ "--nagios", NULL, FLAG_ARG(struct verify_args, nagios), ARG_RUN,
	    "one line for Nagios and its like, and their statuses 0 to 3",
	    0 },
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
	{ "config verify", "find what is wrong in the installed configuration",
	    "Silent and status 0 when nothing is wrong, else status 1. Asks "
	    "postconf and doveconf for the configuration of Postfix and "
	    "Dovecot, looks at their maps, certificates, sockets and files, "
	    "and tries each lookup with the account that its file names; no "
	    "row is read and nothing is ever written, here or there. Each "
	    "finding comes with the command that mends it. What cannot be "
	    "looked at (no Postfix, no right to a file, no database) is said "
	    "to be not checked; as root all can. \"config rules\" lists what "
	    "it looks for.",
	    "config verify --severity note",
	    verify_arg, sizeof(struct verify_args), finding_fields,
	    CMD_NOT_IN_BATCH, prepare_verify, NULL, run_verify,
	    conclude_verify },
	{ "config rules", "what config verify looks for", NULL,
	    "config rules", NULL, 0, rule_fields, 0, NULL, NULL,
	    run_rules },
	{ 0 }
};
