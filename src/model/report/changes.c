/* What was changed: day by day, and the last changes. */
#include <string.h>

#include "model/history/history.h"
#include "model/report/private.h"

#define DAY 86400
#define NEEDS "history and changes"

static void
day_add(struct facts_changes *c, const struct report_day *row)
{
	int64_t at = row->day - c->first;
	struct facts_day *day;

	if (at < 0 || at >= FACTS_DAYS)
		return;
	day = &c->day[at];
	if (strcmp(row->action, "added") == 0)
		day->added += row->number;
	else if (strcmp(row->action, "removed") == 0)
		day->removed += row->number;
	else
		day->changed += row->number;
	c->total += row->number;
}

static int64_t
day_total(const struct facts_day *day)
{
	return day->added + day->changed + day->removed;
}

static void
peak_find(struct facts_changes *c, const struct db_rows *rows)
{
	const struct report_day *row = rows->row;

	c->peak = FIELD_NULL;
	for (int i = 0; i < FACTS_DAYS; i++) {
		if (day_total(&c->day[i]) > 0 && (c->peak == FIELD_NULL ||
		    day_total(&c->day[i]) >
		    day_total(&c->day[c->peak - c->first])))
			c->peak = c->first + i;
	}
	/* Sorted by the day, and then by the number. */
	for (size_t i = 0; i < rows->count; i++) {
		if (row[i].day == c->peak)
			c->most = row[i];
	}
}

bool
facts_changes(struct gathering *g, struct err *e)
{
	struct facts_changes *c = &g->facts->changes;
	const struct report_day *row;
	struct db_rows rows;

	c->first = g->facts->now / DAY - (FACTS_DAYS - 1);
	if (!facts_query(g, SQL_REPORT_DAYS, PARAMS(NUMBER(c->first * DAY)),
	    NEED(NEEDS, &c->why), &rows, e))
		return false;
	row = rows.row;
	for (size_t i = 0; i < rows.count; i++)
		day_add(c, &row[i]);
	peak_find(c, &rows);
	return true;
}

/* --- the last changes ------------------------------------------------ */

struct keeping {
	struct arena *arena;
	struct history *row;
};

/* The text of a row ends with the call. */
static bool
keep(void *arg, const void *row, struct err *e)
{
	struct keeping *k = arg;
	const struct history *h = row;

	(void)e;
	*k->row = *h;
	k->row->actor = arena_strdup(k->arena, h->actor);
	k->row->kind = arena_strdup(k->arena, h->kind);
	k->row->name = arena_strdup(k->arena, h->name);
	k->row->action = arena_strdup(k->arena, h->action);
	k->row->program = NULL;
	if (h->summary != NULL)
		k->row->summary = arena_strdup(k->arena, h->summary);
	return true;
}

bool
facts_recent(struct gathering *g, struct err *e)
{
	struct facts_recent *r = &g->facts->recent;
	const struct report_change *row;
	struct db_rows rows;

	if (!facts_query(g, SQL_REPORT_RECENT, PARAMS(NUMBER(FACTS_LISTED)),
	    NEED(NEEDS, &r->why), &rows, e))
		return false;
	row = rows.row;
	for (size_t i = 0; i < rows.count; i++) {
		struct facts_change *change = &r->change[r->count];
		struct keeping k = { g->m->arena, &change->row };

		change->number = row[i].number;
		if (!history_of(g->m, row[i].id, 1, keep, &k, e))
			return facts_denied(g, NEED(NEEDS, &r->why), e);
		r->count += change->row.kind != NULL;
	}
	return true;
}
