/* mailadm check: find problems in the tables. */
#include "cmd/check/check.h"

#include <string.h>

#include "cmd/check/fix.h"
#include "model/server/release.h"

/* The textfile collector ignores files with any other name. */
static bool
prom_value(struct arena *a, const char *word, struct value *v,
    struct err *e)
{
	size_t len = strlen(word);

	if (len <= 5 || strcmp(word + len - 5, ".prom") != 0 ||
	    word[len - 6] == '/') {
		err_set(e, ERR_USAGE, "the name of FILE must end in .prom: %s",
		    word);
		return err_hint(e, "the textfile collector reads only such "
		    "files");
	}
	v->text = arena_strdup(a, word);
	return true;
}

static const struct arg_type arg_prom = {
	.metavar = "FILE", .parse = prom_value, .complete = COMPLETE_FILE
};

static const struct arg check_arg[] = {
	CHECK_FRONT_ARGS(check_args, arg_rule, arg_ignore),
	OPTION("--domain", arg_domain, check_args, domains,
	    "only rows of this domain; repeat it for several",
	    .flags = ARG_REPEAT),
	FLAG("--fix", check_args, fix,
	    "fix what is safe to fix, as one change that undo can revert; "
	    "--dry-run shows the plan"),
	FLAG("--new", check_args, changes,
	    "only what is new or gone since the last run with --new"),
	OPTION("--state", arg_file, check_args, state,
	    "where --new keeps what was found; default: "
	    "~/.local/state/mailadm/check.state"),
	OPTION("--prometheus", arg_prom, check_args, prometheus,
	    "also write FILE for the textfile collector of Prometheus; its "
	    "name ends in .prom", .flags = ARG_RUN),
	{ 0 }
};

static bool
options_take(struct session *s, const struct check_args *a,
    struct check_options *options, struct err *e)
{
	*options = (struct check_options){
		.filter.domains = a->domains,
		.rounds_min = s->settings.rounds_min,
		.old_refused = server_refuses_old(&s->scratch,
		    &s->settings),
	};
	return check_front_filter(s, &a->front, s->settings.check_ignore,
	    &options->filter, e);
}

static bool
find(struct session *s, const struct check_args *a,
    const struct check_options *options, struct err *e)
{
	struct check_outcome *outcome = a->front.outcome;

	if (!check_run(&s->mail, options, &outcome->result, e))
		return false;
	check_front_finished(s, &a->front);
	return true;
}

static bool
run_all(struct session *s, const struct check_args *a,
    const struct check_options *options, struct err *e)
{
	struct check_result *result = &a->front.outcome->result;

	if (!find(s, a, options, e) ||
	    (a->fix && !check_fix(s, options, result, e)))
		return false;
	return check_front_print(s, &a->front, e);
}

/*
 * The state is written last: what was not printed is new the next time, too.
 */
static bool
run_new(struct session *s, const struct check_args *a,
    const struct check_options *options, struct err *e)
{
	struct report changed;
	struct check_new n;
	bool ok = check_new_begin(&n, s, a->state, e) &&
	    find(s, a, options, e);

	if (ok) {
		check_new_compare(&n, &s->scratch, &options->filter,
		    &a->front.outcome->result.report, &changed);
		ok = check_print(s, &changed, e) &&
		    check_new_end(&n, session_is_dry(s), e) &&
		    check_print_found(s, &changed, "new ", e);
	}
	check_new_close(&n);
	return ok;
}

static bool
prepare_check(struct session *s, struct arena *memory, void *args,
    struct err *e)
{
	struct check_args *a = args;

	if (a->fix && (a->changes || a->front.nagios ||
	    a->prometheus != NULL))
		return err_set(e, ERR_USAGE, "--fix cannot be combined with "
		    "--new, --nagios or --prometheus");
	if (a->fix && !check_fix_may(s, e))
		return false;
	if (a->front.nagios && a->changes)
		return err_set(e, ERR_USAGE, "--nagios cannot be combined "
		    "with --new");
	if (a->state != NULL && !a->changes)
		return err_set(e, ERR_USAGE, "--state needs --new");
	return check_front_begin(s, memory, &a->front, e);
}

static bool
run_check(struct session *s, const void *args, struct err *e)
{
	const struct check_args *a = args;
	struct check_options options;

	return options_take(s, a, &options, e) && (a->changes ?
	    run_new(s, a, &options, e) : run_all(s, a, &options, e));
}

/*
 * Also reports what was found, or why the check failed, when the file cannot
 * be written.  A usage error writes no file.
 */
static void
conclude_check(struct session *s, const void *args, struct err *e)
{
	const struct check_args *a = args;
	struct err failed = { 0 };

	if (a->prometheus != NULL && e->code != ERR_USAGE &&
	    !session_is_dry(s) && !check_prometheus(s, a->prometheus,
	    a->front.outcome, &failed)) {
		if (e->code != ERR_NONE)
			out_error(&s->out, e);
		err_clear(e);
		*e = failed;
	}
	check_front_conclude(s, &a->front, e);
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
