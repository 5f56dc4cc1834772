/* The history: lists, what a transaction has changed so far, pruning. */
#include "model/history/history.h"

#include <string.h>

#include "base/sentence.h"
#include "base/time.h"
#include "model/history/row.h"

/* --- lists ----------------------------------------------------------- */

struct reading {
	db_row_each each;
	void *arg;
	bool notes;		/* are shown */
	struct arena row;	/* of the row that is handed on */
};

static bool
hand_on(void *arg, const void *row, struct err *e)
{
	struct reading *r = arg;
	const struct history history = history_row_read(&r->row, row,
	    r->notes);
	bool ok = r->each(r->arg, &history, e);

	arena_reset(&r->row);
	return ok;
}

static size_t
list_params(struct arena *a, const struct list_filter *list,
    const void *last, int64_t limit, bool page, struct param *p)
{
	/* The list is the filter's first member. */
	const struct history_filter *f = (const void *)list;
	const struct history_raw *row = last;
	const char *name = list->pattern ? like_pattern(a, list->pattern) :
	    NULL;
	const char *by = like_pattern(a, f->actor);
	size_t n = 0;

	BUG_ON(!page);
	p[n++] = (struct param)NUMBER(row ? row->id : INT64_MAX);
	p[n++] = (struct param)NUMBER(f->first);
	p[n++] = (struct param)TEXT(name);
	p[n++] = (struct param)TEXT(name);
	p[n++] = (struct param)TEXT(name);
	p[n++] = (struct param)NUMBER(f->since);
	p[n++] = (struct param)NUMBER(f->until);
	p[n++] = (struct param)TEXT(by);
	p[n++] = (struct param)TEXT(by);
	p[n++] = (struct param)TEXT(f->kind ? f->kind : "%");
	p[n++] = (struct param)NUMBER(f->change);
	p[n++] = (struct param)NUMBER(f->change);
	p[n++] = (struct param)NUMBER(limit);
	return n;
}

bool
history_list(struct mail *m, struct history_filter *f, db_row_each each,
    void *arg, struct err *e)
{
	static const struct list list = { SQL_HISTORY_LIST, SQL_HISTORY_LIST,
	    history_raw_fields, sizeof(struct history_raw), list_params };
	struct reading r = { .each = each, .arg = arg, .notes = true };
	bool ok;

	/* Rows before the time are not read. */
	if (f->since > 0) {
		if (!db_number(m->db, SQL_HISTORY_FIRST,
		    PARAMS(NUMBER(f->since)), &f->first, e))
			return false;
		if (f->first == FIELD_NULL)
			return true;
	}
	ok = list_run(m, &list, &f->list, hand_on, &r, e);
	arena_clear(&r.row);
	return ok;
}

bool
history_last(struct mail *m, int64_t *id, struct err *e)
{
	return db_number(m->db, SQL_HISTORY_LAST, NO_PARAMS, id, e);
}

bool
history_own(struct mail *m, int64_t since, int64_t limit, db_row_each each,
    void *arg, struct err *e)
{
	struct reading r = { .each = each, .arg = arg, .notes = true };
	bool ok = db_each(m->db, SQL_HISTORY_OWN, PARAMS(NUMBER(since),
	    NUMBER(limit)), hand_on, &r, e);

	arena_clear(&r.row);
	return ok;
}

bool
history_of(struct mail *m, int64_t change, int64_t limit, db_row_each each,
    void *arg, struct err *e)
{
	struct reading r = { .each = each, .arg = arg };
	bool ok = db_each(m->db, SQL_HISTORY_OF, PARAMS(NUMBER(change),
	    NUMBER(limit)), hand_on, &r, e);

	arena_clear(&r.row);
	return ok;
}

/* --- for programs ------------------------------------------------------ */

struct collected {
	struct text *json;
	struct arena row;
	int64_t rows;
	int64_t limit;
};

static bool
collect(void *arg, const void *row, struct err *e)
{
	struct collected *c = arg;

	(void)e;
	if (c->rows == 0)
		text_addf(c->json, "{%s,\"rows\":[",
		    history_change_json(&c->row, row));
	if (c->rows++ >= c->limit)
		return true;
	text_addf(c->json, "%s%s", c->rows > 1 ? "," : "",
	    history_row_json(&c->row, row));
	arena_reset(&c->row);
	return true;
}

bool
history_json(struct mail *m, int64_t change, int64_t limit,
    struct text *json, struct err *e)
{
	struct collected c = { .json = json, .limit = limit };
	bool ok = db_each(m->db, SQL_HISTORY_FIRST_OF, PARAMS(
	    NUMBER(change), NUMBER(limit + 1)), collect, &c, e);

	if (c.rows > 0)
		text_addf(json, "],\"complete\":%s}\n", c.rows > limit ?
		    "false" : "true");
	arena_clear(&c.row);
	return ok;
}

/* --- the open transaction ---------------------------------------------- */

static const struct {
	const char *kind, *one, *many;
} nouns[] = {
	{ "domain", "domain", "domains" },
	{ "user", "user", "users" },
	{ "alias", "alias", "aliases" },
	{ "grant", "grant", "grants" },
	{ "key", "DKIM key", "DKIM keys" },
	{ "pattern", "pattern", "patterns" },
	{ "block", "block", "blocks" },
	{ "recipient", "recipient", "recipients" },
	{ "relay", "way out", "ways out" },
	{ 0 }
};

/* Kinds of later versions are named by themselves. */
static const char *
action_text(struct arena *a, const struct sql_action *action)
{
	const char *number;
	size_t i = 0;

	while (nouns[i].kind != NULL && strcmp(nouns[i].kind,
	    action->kind) != 0)
		i++;
	number = nouns[i].kind == NULL ?
	    sentence_number(a, action->number, action->kind, action->kind) :
	    sentence_number(a, action->number, nouns[i].one, nouns[i].many);
	return arena_printf(a, "%s %s", number, action->action);
}

bool
history_summary(struct mail *m, const char **summary, struct err *e)
{
	const struct sql_action *action;
	struct words texts = { 0 };
	struct db_rows rows = { 0 };

	*summary = NULL;
	if (!db_transaction_writes(m->db))
		return true;
	if (!db_query(m->db, m->arena, SQL_CHANGE_SUMMARY, NO_PARAMS, &rows,
	    e))
		return false;
	action = rows.row;
	for (size_t i = 0; i < rows.count; i++)
		words_add(m->arena, &texts, action_text(m->arena, &action[i]));
	if (texts.count > 0)
		*summary = sentence_list(m->arena, &texts);
	return true;
}

/* --- prune ----------------------------------------------------------- */

bool
history_old(struct mail *m, int64_t before, int64_t *changes, struct err *e)
{
	return db_number(m->db, SQL_HISTORY_OLD, PARAMS(NUMBER(before)),
	    changes, e);
}

bool
history_prune(struct mail *m, int64_t before, int64_t *changes,
    struct err *e)
{
	char time[TIME_TEXT];
	int64_t rows;

	if (!history_old(m, before, changes, e))
		return false;
	if (*changes == 0)
		return true;
	if (!db_exec(m->db, SQL_HISTORY_PRUNE, PARAMS(NUMBER(before)), e))
		return false;
	rows = db_affected(m->db);
	if (!db_exec(m->db, SQL_HISTORY_PRUNE_CHANGES,
	    PARAMS(NUMBER(before)), e))
		return false;
	*changes = db_affected(m->db);
	time_format(time, before);
	return db_exec(m->db, SQL_HISTORY_PRUNE_ADD, PARAMS(TEXT(time),
	    NUMBER(*changes), NUMBER(rows)), e);
}
