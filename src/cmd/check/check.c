/* mailadm check: find problems in the tables. */
#include "cmd/check/check.h"

#include "cmd/check/fix.h"
#include "model/foreign/foreign.h"
#include "model/server/release.h"

#define STATE "check.state"

static const struct checker checker = {
	.rules = check_rules, .fields = finding_fields,
	.state = STATE, .metrics = "mailadm_check",
	.counts_rows = true
};

static const struct arg check_arg[] = {
	CHECK_FRONT_ARGS(check_args, arg_rule, arg_ignore),
	OPTION("--domain", arg_domain, check_args, domains,
	    "only rows of this domain; repeat it for several",
	    .flags = ARG_REPEAT),
	FLAG("--fix", check_args, fix,
	    "fix what is safe to fix, as one change that undo can revert; "
	    "--dry-run shows the plan"),
	CHECK_WATCH_ARGS(check_args, STATE),
	{ 0 }
};

static bool
options_take(struct session *s, const struct check_args *a,
    struct check_options *options, struct err *e)
{
	*options = (struct check_options){
		.filter.domains = a->domains,
		.rounds_min = s->settings.rounds_min,
		.expiry_days = s->settings.expiry_warning,
		.old_refused = server_refuses_old(&s->scratch,
		    &s->settings),
		.keys = check_front_keys(s),
	};
	return check_front_filter(s, &a->front, s->settings.check_ignore,
	    &options->filter, e);
}

struct finding_run {
	struct session *session;
	const struct check_args *args;
	struct check_options options;
};

static bool
find(void *arg, struct err *e)
{
	struct finding_run *f = arg;
	struct session *s = f->session;
	struct check_result *result = &f->args->front.outcome->result;

	if (!check_run(&s->mail, &f->options, result, e))
		return false;
	check_front_finished(s, &f->args->front);
	return !f->args->fix || check_fix(s, &f->options, result, e);
}

static bool
prepare_check(struct session *s, struct arena *memory, void *args,
    struct err *e)
{
	struct check_args *a = args;

	if (a->fix && (a->front.changes || a->front.nagios ||
	    a->front.prometheus != NULL))
		return err_set(e, ERR_USAGE, "--fix cannot be combined with "
		    "--new, --nagios or --prometheus");
	if (a->fix && !check_fix_may(s, e))
		return false;
	return check_front_begin(s, memory, &a->front, &checker, e);
}

static bool
run_check(struct session *s, const void *args, struct err *e)
{
	struct finding_run f = { .session = s, .args = args };

	return !foreign_explain(&s->mail, e) &&
	    options_take(s, f.args, &f.options, e) &&
	    check_front_run(s, &f.args->front, &f.options.filter, find, &f, e);
}

static void
conclude_check(struct session *s, const void *args, struct err *e)
{
	const struct check_args *a = args;

	check_front_conclude(s, &a->front, &checker, e);
}

static bool
run_rules(struct session *s, const void *args, struct err *e)
{
	(void)args;
	return check_print_rules(s, check_rules, e);
}

const struct cmd check_cmds[] = {
	{ .name = "check", .brief = "find problems in the tables",
	    .detail =
	    "No output and status 0 if nothing is wrong, else status 1. Reads "
	    "all tables in one snapshot, of mailadm's schema or of any other "
	    "with domains, users and aliases; changes nothing without --fix. "
	    "Notes are reported only with --severity note. Rules that the "
	    "account cannot check are named. \"check rules\" lists the rules "
	    "and what --fix does: only fixes that take no mail and no working "
	    "login from anybody. --fix shows its plan and asks; without a "
	    "terminal it needs --yes. The fixes are one change, and the last "
	    "line says how to undo it.",
	    .example = "check --severity note",
	    ARGS(check_arg, check_args), .columns = finding_fields,
	    .flags = CMD_DB | CMD_ANY_SCHEMA, .prepare = prepare_check,
	    .run = run_check, .conclude = conclude_check },
	{ .name = "check rules", .brief = "list the rules of check",
	    .example = "check rules",
	    .columns = rule_fields, .run = run_rules },
	{ 0 }
};
