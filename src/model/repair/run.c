/* Mending what the checker found: steps, planned twice, written once. */
#include "model/repair/repair.h"

#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/text.h"
#include "db/schema/schema.h"
#include "model/address.h"
#include "model/repair/private.h"
#include "model/check/private.h"
#include "model/history/history.h"

/* What is mended; the rule table says it in words. */
static const unsigned mends[RULES] = {
	[RULE_DOMAIN_NO_POSTMASTER] = MEND_POSTMASTER,
	[RULE_USER_NOT_CANONICAL] = MEND_NAME,
	[RULE_USER_NO_HASH] = MEND_PASSWORD,
	[RULE_USER_PLACEHOLDER] = MEND_PASSWORD,
	[RULE_ALIAS_NOT_CANONICAL] = MEND_NAME,
	[RULE_ALIAS_TO_NOT_CANONICAL] = MEND_TO,
	[RULE_ALIAS_LIST] = MEND_LIST,
	[RULE_ALIAS_TWICE] = MEND_TWICE,
	[RULE_ALIAS_TO_ALIAS_DOMAIN] = MEND_TO_TARGET,
};

static const struct mender {
	const char *kind;
	bool (*plan)(struct fixing *f, struct err *e);
	bool (*write)(struct fixing *f, struct err *e);
} menders[] = {
	{ "domain", fix_domain_plan, fix_domain_write },
	{ "user", fix_user_plan, fix_user_write },
	{ "alias", fix_alias_plan, fix_alias_write },
};

static const struct mender *
mender_of(const char *kind)
{
	size_t i = 0;

	while (strcmp(menders[i].kind, kind) != 0)
		i++;
	return &menders[i];
}

/* --- what the menders share ------------------------------------------ */

__attribute__((format(printf, 3, 0)))
static void
sentence_add(struct fixing *f, struct words *w, const char *fmt, va_list ap)
{
	struct text t = TEXT_INIT;

	text_addv(&t, fmt, ap);
	words_add(f->m->arena, w, arena_strndup(f->m->arena, t.buf, t.len));
	text_clear(&t);
}

void
fix_does(struct fixing *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	sentence_add(f, &f->does, fmt, ap);
	va_end(ap);
}

void
fix_leaves(struct fixing *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	sentence_add(f, &f->leaves, fmt, ap);
	va_end(ap);
}

const char *
fix_fold(struct arena *a, enum address_kind kind, const char *raw)
{
	struct err ignored = { 0 };
	const char *stored;
	bool ok;

	ok = address_parse(a, kind, trimmed(a, raw, strlen(raw), SPACES),
	    &stored, &ignored);
	err_clear(&ignored);
	return ok ? stored : NULL;
}

bool
fix_user_there(struct fixing *f, const char *email, bool *there,
    struct err *e)
{
	struct user user;
	int64_t active;

	/* A locking read sees what was committed after the snapshot. */
	if (f->lock)
		return db_row(f->m->db, f->m->arena, SQL_USER_LOCK,
		    PARAMS(TEXT(email)), &user, sizeof(user), there, e);
	if (!db_number(f->m->db, SQL_USER_EXISTS, PARAMS(TEXT(email)),
	    &active, e))
		return false;
	*there = active != FIELD_NULL;
	return true;
}

bool
fix_alias_rows(struct fixing *f, const char *mail, struct db_rows *rows,
    struct err *e)
{
	return db_query(f->m->db, f->m->arena,
	    f->lock ? SQL_ALIAS_LOCK : SQL_ALIAS_ROWS, PARAMS(TEXT(mail)),
	    sizeof(struct alias), rows, e);
}

bool
fix_write(struct fixing *f, enum sql_id id, const struct param *p, size_t n,
    struct err *e)
{
	f->written++;
	return db_exec(f->m->db, id, p, n, e);
}

/* --- the plan -------------------------------------------------------- */

static int
step_compare(const void *a, const void *b)
{
	const struct fix_step *x = a, *y = b;
	int by = strcmp(x->kind, y->kind);

	return by != 0 ? by : strcmp(x->name, y->name);
}

static unsigned
mends_of(const struct finding *finding)
{
	return finding->name == NULL ? 0 : mends[finding->of - check_rules];
}

/* One step for all that was found about a row. */
static void
steps_gather(struct mail *m, const struct report *r,
    struct check_fix *fix)
{
	struct fix_step *step = arena_array(m->arena, r->count,
	    sizeof(*step));
	size_t n = 0;

	for (size_t i = 0; i < r->count; i++) {
		const struct finding *found = &r->finding[i];

		if (mends_of(found) != 0)
			step[n++] = (struct fix_step){ .kind = found->kind,
			    .name = found->name, .mends = mends_of(found) };
	}
	if (n > 1)
		qsort(step, n, sizeof(*step), step_compare);
	for (size_t i = 0; i < n; i++) {
		if (fix->count > 0 && step_compare(&step[fix->count - 1],
		    &step[i]) == 0)
			step[fix->count - 1].mends |= step[i].mends;
		else
			step[fix->count++] = step[i];
	}
	fix->step = step;
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
step_plan(struct fix_step *step, struct fixing *f, struct err *e)
{
	if (!mender_of(step->kind)->plan(f, e))
		return err_wrap(e, "%s %s", step->kind, step->name);
	step->text = joined(f->m->arena, &f->does);
	step->why = joined(f->m->arena, &f->leaves);
	step->state = f->state;
	step->force = f->force;
	return true;
}

bool
check_fix_plan(struct mail *m, const struct check_result *result,
    const char *postmaster, struct check_fix *fix, struct err *e)
{
	*fix = (struct check_fix){ .postmaster = postmaster,
	    .change = FIELD_NULL };
	if (!result->ours) {
		err_set(e, ERR_REFUSED, "--fix mends mailadm's own schema "
		    "only: these tables have no history to undo it from");
		return err_hint(e, "mailadm schema upgrade --fix adopts the "
		    "tables and mends them");
	}
	if (!schema_usable(m->db, e))
		return false;
	steps_gather(m, &result->report, fix);
	fix->current = fix->count;
	for (size_t i = 0; i < fix->count; i++) {
		struct fixing f = { .m = m, .step = &fix->step[i],
		    .postmaster = postmaster };

		if (!step_plan(&fix->step[i], &f, e))
			return false;
	}
	return true;
}

size_t
check_fix_steps(const struct check_fix *fix)
{
	size_t n = 0;

	for (size_t i = 0; i < fix->count; i++)
		n += fix->step[i].text != NULL;
	return n;
}

/* --- writing --------------------------------------------------------- */

/* What was shown is what is done, or nothing. */
static bool
step_write(struct mail *m, struct check_fix *fix, struct fix_step *step,
    int64_t *written, struct err *e)
{
	struct fixing f = { .m = m, .step = step, .lock = true,
	    .postmaster = fix->postmaster };
	struct fix_step now = *step;

	if (!step_plan(&now, &f, e))
		return false;
	if (!text_same_null_empty(now.text, step->text) ||
	    !text_same_null_empty(now.state, step->state)) {
		mail_note(m, "%s %s was changed meanwhile, and is left",
		    step->kind, step->name);
		return true;
	}
	if (!mender_of(step->kind)->write(&f, e))
		return false;
	step->done = true;
	fix->force |= step->force;
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

/* With a trigger missing, nothing could take it back. */
static bool
is_recorded(struct mail *m, int64_t written, struct err *e)
{
	int64_t rows = 0;

	if (!history_own(m, 0, INT64_MAX, row_count, &rows, e))
		return false;
	if (rows >= written)
		return true;
	err_set(e, ERR_REFUSED, "the history does not record every change, "
	    "so nothing was mended");
	return err_hint(e, "mailadm check --rule S010 tells which trigger is "
	    "missing");
}

bool
check_fix_write(struct mail *m, struct check_fix *fix, struct err *e)
{
	int64_t written = 0;

	fix->change = FIELD_NULL;
	fix->force = false;
	fix->current = fix->count;
	/* Before anything is read: what is read is what others left. */
	if (!mail_lock_aliases(m, e))
		return false;
	for (size_t i = 0; i < fix->count; i++)
		fix->step[i].done = false;
	for (size_t i = 0; i < fix->count; i++) {
		fix->current = i;
		if (fix->step[i].text != NULL &&
		    !step_write(m, fix, &fix->step[i], &written, e))
			return false;
	}
	fix->current = fix->count;
	return !db_transaction_writes(m->db) || (is_recorded(m, written, e) &&
	    db_number(m->db, SQL_CHANGE_ID, NO_PARAMS, &fix->change, e));
}

bool
check_fix_leave(struct mail *m, struct check_fix *fix, struct err *e)
{
	struct fix_step *step = &fix->step[fix->current];

	if (fix->current == fix->count || (e->code != ERR_INVALID &&
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

const struct fix_step *
check_fix_of(const struct check_fix *fix, const struct finding *finding)
{
	struct fix_step key = { .kind = finding->kind,
	    .name = finding->name };

	if (mends_of(finding) == 0)
		return NULL;
	return bsearch(&key, fix->step, fix->count, sizeof(key),
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
 * Mended here, and not by somebody else meanwhile.  What had no step of its
 * own may be gone with another; a number in its text may be another one.
 */
static bool
is_mended(const struct check_fix *fix, const struct finding *found,
    const struct report *after)
{
	const struct fix_step *step = check_fix_of(fix, found);
	bool planned = step != NULL && step->text != NULL;

	if (planned && !step->done)
		return false;
	return bsearch(found, after->finding, after->count, sizeof(*found),
	    planned ? finding_compare : row_compare) == NULL;
}

void
check_fix_merge(struct mail *m, const struct check_fix *fix,
    const struct report *before, struct report *after,
    size_t *mended)
{
	struct finding *all = arena_array(m->arena,
	    before->count + after->count, sizeof(*all));
	size_t n = 0;

	for (size_t i = 0; i < before->count; i++) {
		if (!is_mended(fix, &before->finding[i], after))
			continue;
		all[n] = before->finding[i];
		all[n++].change = "fixed";
	}
	*mended = n;
	for (size_t i = 0; i < after->count; i++)
		all[n++] = after->finding[i];
	after->finding = all;
	after->count = n;
}
