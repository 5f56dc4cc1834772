/* check --fix: show the plan, ask, do it, and report what is left. */
#include "cmd/check/fix.h"

#include "base/sentence.h"
#include "model/repair/repair.h"

/* Without --verbose only this many steps of a plan are listed. */
#define STEPS_SHOWN 50

/*
 * Each try leaves out one step that the database refused; at most this many.
 */
#define TRIES 100

bool
check_fix_may(const struct session *s, struct err *e)
{
	return (!session_is_one_transaction(s) && !db_in_transaction(s->db)) ||
	    err_set(e, ERR_USAGE, "check --fix is not possible inside a "
	    "transaction");
}

/* --- the plan -------------------------------------------------------- */

static void
step_show(struct session *s, const struct repair_step *step,
    const char *what)
{
	out_done(&s->out, "%s %s: %s", step->kind,
	    out_name(&s->out, &s->scratch, step->name), what);
}

/* A plan that is asked about is shown even with --quiet. */
static void
plan_show(struct session *s, const struct repair *fix)
{
	bool quiet = s->out.style.quiet;
	size_t shown = 0, steps = repair_steps(fix);

	s->out.style.quiet = quiet && (s->options.yes || session_is_dry(s));
	for (size_t i = 0; i < fix->count; i++) {
		const struct repair_step *step = &fix->step[i];

		if (step->text != NULL &&
		    (shown++ < STEPS_SHOWN || s->out.style.verbose))
			step_show(s, step, step->text);
	}
	if (steps > STEPS_SHOWN && !s->out.style.verbose)
		out_done(&s->out, "and %zu more; --verbose shows all",
		    steps - STEPS_SHOWN);
	s->out.style.quiet = quiet;
}

static void
left_show(struct session *s, const struct repair *fix)
{
	size_t shown = 0;

	for (size_t i = 0; i < fix->count; i++) {
		const struct repair_step *step = &fix->step[i];

		if (step->why != NULL && (shown++ < STEPS_SHOWN ||
		    s->out.style.verbose))
			step_show(s, step, arena_printf(&s->scratch,
			    "unchanged: %s", step->why));
	}
}

/* --- doing it -------------------------------------------------------- */

static bool
fix_unit(struct session *s, void *arg, struct err *e)
{
	return repair_write(&s->mail, arg, e);
}

/*
 * A step that the database refuses is left out, and the others are tried
 * again.
 */
static bool
fix_write(struct session *s, struct repair *fix, struct err *e)
{
	for (int try = 0; try < TRIES; try++) {
		if (session_transaction(s, fix_unit, fix, e))
			return true;
		if (try + 1 == TRIES || !repair_skip(&s->mail, fix, e))
			return false;
	}
	return false;
}

static void
report_fixed(struct session *s, const struct repair *fix, size_t fixed,
    size_t left)
{
	out_done(&s->out, "%zu fixed, %zu left; undo with: mailadm undo "
	    "%lld%s", fixed, left, (long long)fix->change,
	    fix->force ? " --force" : "");
}

static bool
fix_do(struct session *s, const struct check_options *options,
    struct repair *fix, struct check_result *result, struct err *e)
{
	struct check_result after;
	size_t fixed, left;

	if (!session_confirm(s, arena_printf(&s->scratch, "fix %s",
	    sentence_number(&s->scratch, (int64_t)repair_steps(fix),
	    "row or alias", "rows and aliases")), e) ||
	    !fix_write(s, fix, e))
		return false;
	session_notes(s);
	left_show(s, fix);
	if (!check_run(&s->mail, options, &after, e))
		return err_wrap(e, "after fixing");
	left = after.report.count;
	repair_merge(&s->mail, fix, &result->report, &after.report, &fixed);
	*result = after;
	if (fix->change == FIELD_NULL)
		out_done(&s->out, "nothing was fixed");
	else
		report_fixed(s, fix, fixed, left);
	return true;
}

/* --- without doing it ------------------------------------------------ */

/* Marks the findings that a run without --dry-run would fix as a whole. */
static void
mark(struct session *s, const struct repair *fix,
    struct report *report)
{
	struct finding *all = arena_array(&s->scratch, report->count,
	    sizeof(*all));

	for (size_t i = 0; i < report->count; i++) {
		const struct repair_step *step = repair_step_of(fix,
		    &report->finding[i]);

		all[i] = report->finding[i];
		if (step != NULL && step->text != NULL && step->why == NULL)
			all[i].change = "fixable";
	}
	report->finding = all;
}

bool
check_fix(struct session *s, const struct check_options *options,
    struct check_result *result, struct err *e)
{
	struct repair fix;
	const char *postmaster;
	size_t steps;

	if (!session_postmaster(s, &s->scratch, &postmaster, e) ||
	    !repair_plan(&s->mail, result, postmaster, &fix, e))
		return false;
	plan_show(s, &fix);
	steps = repair_steps(&fix);
	if (steps > 0 && !session_is_dry(s))
		return fix_do(s, options, &fix, result, e);
	left_show(s, &fix);
	if (steps > 0) {
		mark(s, &fix, &result->report);
		out_note(&s->out, "dry run: nothing was changed");
	} else if (result->report.count > 0) {
		out_done(&s->out, "nothing can be fixed safely");
	}
	return true;
}
