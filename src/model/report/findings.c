/* What the two checkers find, the worst first. */
#include <string.h>

#include "model/report/private.h"

/* A checker that cannot run leaves a sentence, not a page without it. */
static bool
may_fail(struct gathering *g, struct facts_checker *c, struct err *e)
{
	if (e->code == ERR_INTERRUPTED || e->code == ERR_DATABASE)
		return false;
	c->why = arena_strdup(g->m->arena, e->text != NULL ? e->text : "");
	err_clear(e);
	return true;
}

static bool
check(struct gathering *g, struct facts_checker *c, struct err *e)
{
	struct check_options options = g->options->check;
	struct check_result result;

	options.filter.severity = SEVERITY_NOTE;
	if (!check_run(g->m, &options, &result, e))
		return may_fail(g, c, e);
	c->report = result.report;
	return true;
}

static bool
verify(struct gathering *g, struct facts_checker *c, struct err *e)
{
	struct verify_options options = g->options->verify;

	options.filter.severity = SEVERITY_NOTE;
	options.mail = g->m;
	return verify_run(g->m->arena, &options, &c->report, e) ||
	    may_fail(g, c, e);
}

/*
 * A rule that a thousand rows break would hide all others: so many of each,
 * and how many more.  They are sorted by the rule.
 */
static void
shown_add(struct gathering *g, const struct facts_checker *c,
    enum severity severity, size_t *room)
{
	struct facts_findings *f = &g->facts->findings;
	struct facts_finding *last = NULL;
	int64_t of_rule = 0;

	for (size_t i = 0; i < c->report.count; i++) {
		const struct finding *found = &c->report.finding[i];

		if (found->level != severity)
			continue;
		if (last == NULL || strcmp(last->of->rule, found->rule) != 0)
			of_rule = 0;
		if (++of_rule <= FACTS_OF_RULE && *room > 0) {
			last = &f->shown[f->count++];
			last->of = found;
			--*room;
		} else if (of_rule > 1 && last != NULL &&
		    strcmp(last->of->rule, found->rule) == 0) {
			last->more++;
			last->command = arena_printf(g->m->arena,
			    "mailadm %s --rule %s", c->command, found->rule);
		} else {
			f->left[severity]++;
		}
	}
}

bool
facts_findings(struct gathering *g, struct err *e)
{
	struct facts_findings *f = &g->facts->findings;

	f->checker[FACTS_CHECK].command = "check";
	f->checker[FACTS_VERIFY].command = "config verify";
	if (!check(g, &f->checker[FACTS_CHECK], e) ||
	    !verify(g, &f->checker[FACTS_VERIFY], e))
		return false;
	f->shown = arena_array(g->m->arena, FACTS_FINDINGS * SEVERITIES,
	    sizeof(*f->shown));
	for (int s = SEVERITIES - 1; s >= 0; s--) {
		size_t room = FACTS_FINDINGS;

		for (int c = 0; c < FACTS_CHECKERS; c++) {
			f->found[s] += f->checker[c].report.found[s];
			shown_add(g, &f->checker[c], (enum severity)s,
			    &room);
		}
	}
	return true;
}
