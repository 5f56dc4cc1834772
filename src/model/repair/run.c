/*
 * Repairing what the checker found: steps, planned twice, written once.
 *
 * All findings about a row, or about the rows of an alias, are one step,
 * because they change the same row.  A step is planned when the plan is
 * shown, and again under locks when it is written; where the second plan
 * differs in anything, the row was changed in the meantime, and the step is
 * left out.  So what was shown is what is done, or nothing.  At the end the
 * rows in the history are counted: with a trigger missing, nothing could be
 * undone, and the whole transaction is refused.
 */
#include "model/repair/repair.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "db/schema/schema.h"
#include "model/check/rules.h"
#include "model/history/history.h"
#include "model/repair/private.h"

/* What is done about a rule; check/rules.def says it in words (.fix). */
static const unsigned fixes[RULES] = {
	[RULE_DOMAIN_NO_POSTMASTER] = FIX_POSTMASTER,
	[RULE_USER_NOT_CANONICAL] = FIX_NAME,
	[RULE_USER_NO_HASH] = FIX_PASSWORD,
	[RULE_USER_PLACEHOLDER] = FIX_PASSWORD,
	[RULE_ALIAS_NOT_CANONICAL] = FIX_NAME,
	[RULE_ALIAS_TO_NOT_CANONICAL] = FIX_TO,
	[RULE_ALIAS_LIST] = FIX_LIST,
	[RULE_ALIAS_TWICE] = FIX_TWICE,
	[RULE_ALIAS_TO_ALIAS_DOMAIN] = FIX_TO_TARGET,
};

static const struct fixer {
	const char *kind;
	bool (*plan)(struct fixing *f, struct err *e);
	bool (*write)(struct fixing *f, struct err *e);
} fixers[] = {
	{ "domain", fix_domain_plan, fix_domain_write },
	{ "user", fix_user_plan, fix_user_write },
	{ "alias", fix_alias_plan, fix_alias_write },
};

static const struct fixer *
fixer_of(const char *kind)
{
	size_t i = 0;

	while (strcmp(fixers[i].kind, kind) != 0)
		i++;
	return &fixers[i];
}

bool
repair_has(const struct rule *rule)
{
	return fixes[rule - check_rules] != 0;
}

/* --- the plan -------------------------------------------------------- */

static int
step_compare(const void *a, const void *b)
{
	const struct repair_step *x = a, *y = b;
	int by = strcmp(x->kind, y->kind);

	return by != 0 ? by : strcmp(x->name, y->name);
}

static unsigned
fixes_of(const struct finding *finding)
{
	return finding->name == NULL ? 0 : fixes[finding->of - check_rules];
}

/* One step for all that was found about a row. */
static void
steps_gather(struct mail *m, const struct report *r,
    struct repair *repair)
{
	struct repair_step *step = arena_array(m->arena, r->count,
	    sizeof(*step));
	size_t n = 0;

	for (size_t i = 0; i < r->count; i++) {
		const struct finding *found = &r->finding[i];

		if (fixes_of(found) != 0)
			step[n++] = (struct repair_step){ .kind = found->kind,
			    .name = found->name, .fixes = fixes_of(found) };
	}
	if (n > 1)
		qsort(step, n, sizeof(*step), step_compare);
	for (size_t i = 0; i < n; i++) {
		if (repair->count > 0 && step_compare(&step[repair->count - 1],
		    &step[i]) == 0)
			step[repair->count - 1].fixes |= step[i].fixes;
		else
			step[repair->count++] = step[i];
	}
	repair->step = step;
}

static const char *
joined(struct arena *a, const struct words *w)
{
	const char *text = NULL;

	for (size_t i = 0; i < w->count; i++)
		text = text == NULL ? w->word[i] :
		    arena_printf(a, "%s; %s", text, w->word[i]);
	return text;
}

static bool
step_plan(struct repair_step *step, struct fixing *f, struct err *e)
{
	if (!fixer_of(step->kind)->plan(f, e))
		return err_wrap(e, "%s %s", step->kind, step->name);
	step->text = joined(f->m->arena, &f->does);
	step->why = joined(f->m->arena, &f->leaves);
	step->state = f->state;
	step->force = f->force;
	return true;
}

bool
repair_plan(struct mail *m, const struct check_result *result,
    const char *postmaster, struct repair *repair, struct err *e)
{
	*repair = (struct repair){ .postmaster = postmaster,
	    .change = FIELD_NULL };
	if (!result->ours) {
		err_set(e, ERR_REFUSED, "--fix works on mailadm's own "
		    "schema only: these tables have no history for an undo");
		return err_hint(e, "mailadm schema upgrade --fix adopts the "
		    "tables and fixes them");
	}
	if (!schema_usable(m->db, e))
		return false;
	steps_gather(m, &result->report, repair);
	repair->current = repair->count;
	for (size_t i = 0; i < repair->count; i++) {
		struct fixing f = { .m = m, .step = &repair->step[i],
		    .postmaster = postmaster };

		if (!step_plan(&repair->step[i], &f, e))
			return false;
	}
	return true;
}

size_t
repair_steps(const struct repair *repair)
{
	size_t n = 0;

	for (size_t i = 0; i < repair->count; i++)
		n += repair->step[i].text != NULL;
	return n;
}

/* --- writing --------------------------------------------------------- */

/* Does what was shown, or nothing. */
static bool
step_write(struct mail *m, struct repair *repair, struct repair_step *step,
    int64_t *written, struct err *e)
{
	struct fixing f = { .m = m, .step = step, .lock = true,
	    .postmaster = repair->postmaster };
	struct repair_step now = *step;

	if (!step_plan(&now, &f, e))
		return false;
	if (!text_same_null_empty(now.text, step->text) ||
	    !text_same_null_empty(now.state, step->state)) {
		mail_note(m, "%s %s was changed in the meantime: left as it is",
		    step->kind, step->name);
		return true;
	}
	if (!fixer_of(step->kind)->write(&f, e))
		return false;
	step->done = true;
	repair->force |= step->force;
	*written += f.written;
	return true;
}

static bool
row_count(void *arg, const void *row, struct err *e)
{
	(void)row;
	(void)e;
	++*(int64_t *)arg;
	return true;
}

/* With a trigger missing, nothing could be undone. */
static bool
is_recorded(struct mail *m, int64_t written, struct err *e)
{
	int64_t rows = 0;

	if (!history_own(m, 0, INT64_MAX, row_count, &rows, e))
		return false;
	if (rows >= written)
		return true;
	err_set(e, ERR_REFUSED, "the history does not record every change, "
	    "so nothing was fixed");
	return err_hint(e, "mailadm check --rule S010 reports which trigger is "
	    "missing");
}

bool
repair_write(struct mail *m, struct repair *repair, struct err *e)
{
	int64_t written = 0;

	repair->change = FIELD_NULL;
	repair->force = false;
	repair->current = repair->count;
	/* Before anything is read, so that nobody changes it in between. */
	if (!mail_lock_aliases(m, e))
		return false;
	for (size_t i = 0; i < repair->count; i++)
		repair->step[i].done = false;
	for (size_t i = 0; i < repair->count; i++) {
		repair->current = i;
		if (repair->step[i].text != NULL &&
		    !step_write(m, repair, &repair->step[i], &written, e))
			return false;
	}
	repair->current = repair->count;
	return !db_transaction_writes(m->db) || (is_recorded(m, written, e) &&
	    db_number(m->db, SQL_CHANGE_ID, NO_PARAMS, &repair->change, e));
}

bool
repair_skip(struct mail *m, struct repair *repair, struct err *e)
{
	struct repair_step *step = &repair->step[repair->current];

	if (repair->current == repair->count || (e->code != ERR_INVALID &&
	    e->code != ERR_REFUSED && e->code != ERR_EXISTS &&
	    e->code != ERR_NOT_FOUND))
		return false;
	step->text = NULL;
	step->why = arena_strdup(m->arena, e->text);
	step->done = false;
	err_clear(e);
	return true;
}

/* --- what is left ---------------------------------------------------- */

const struct repair_step *
repair_step_of(const struct repair *repair, const struct finding *finding)
{
	struct repair_step key = { .kind = finding->kind,
	    .name = finding->name };

	if (fixes_of(finding) == 0)
		return NULL;
	return bsearch(&key, repair->step, repair->count, sizeof(key),
	    step_compare);
}

static int
row_compare(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;

	if (x->of != y->of)
		return x->of < y->of ? -1 : 1;
	return strcmp(x->name ? x->name : "", y->name ? y->name : "");
}

static int
finding_compare(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;
	int by = row_compare(a, b);

	return by != 0 ? by : strcmp(x->text, y->text);
}

/*
 * Fixed here, and not by another session in the meantime.  A finding without
 * a step may be gone because of another one's step; then its text does not
 * count, as it may hold a number that changed.
 */
static bool
is_fixed(const struct repair *repair, const struct finding *found,
    const struct report *after)
{
	const struct repair_step *step = repair_step_of(repair, found);
	bool planned = step != NULL && step->text != NULL;

	if (planned && !step->done)
		return false;
	return bsearch(found, after->finding, after->count, sizeof(*found),
	    planned ? finding_compare : row_compare) == NULL;
}

void
repair_merge(struct mail *m, const struct repair *repair,
    const struct report *before, struct report *after,
    size_t *fixed)
{
	struct finding *all = arena_array(m->arena,
	    before->count + after->count, sizeof(*all));
	size_t n = 0;

	for (size_t i = 0; i < before->count; i++) {
		if (!is_fixed(repair, &before->finding[i], after))
			continue;
		all[n] = before->finding[i];
		all[n++].change = "fixed";
	}
	*fixed = n;
	for (size_t i = 0; i < after->count; i++)
		all[n++] = after->finding[i];
	after->finding = all;
	after->count = n;
}
