/* How many users there were, month by month. */
#include "model/report/private.h"

/* Earlier months count as the first of these: three for each quarter. */
#define MONTHS_MOST (30 * 12)

/* What happened in each month, the last of which is this one. */
struct months {
	int64_t first;
	int64_t added[MONTHS_MOST];
	int64_t removed[MONTHS_MOST];
	int64_t oldest;		/* with a user, or FIELD_NULL */
};

static size_t
month_place(const struct months *all, int64_t month)
{
	int64_t at = month - all->first;

	return at < 0 ? 0 : at >= MONTHS_MOST ? MONTHS_MOST - 1 : (size_t)at;
}

static void
months_add(struct months *all, const struct db_rows *rows)
{
	const struct report_stay *row = rows->row;

	for (size_t i = 0; i < rows->count; i++) {
		size_t came = month_place(all, row[i].came);

		all->added[came] += row[i].number;
		if (row[i].went != FIELD_NULL)
			all->removed[month_place(all, row[i].went)] +=
			    row[i].number;
		if (all->oldest == FIELD_NULL || all->oldest > (int64_t)came)
			all->oldest = (int64_t)came;
	}
}

/* More came back in a month than were removed in it. */
static void
months_settle(struct months *all)
{
	for (int i = 0; i < MONTHS_MOST; i++) {
		if (all->removed[i] >= 0)
			continue;
		all->added[i] -= all->removed[i];
		all->removed[i] = 0;
	}
}

/* Points of `step` months; the last one ends with this month. */
static void
points_make(struct gathering *g, const struct months *all)
{
	struct facts_growth *growth = &g->facts->growth;
	int64_t months = MONTHS_MOST - all->oldest, users = 0;
	int64_t count, at;

	growth->step = months > FACTS_MONTHS ? 3 : 1;
	count = (months + growth->step - 1) / growth->step;
	at = MONTHS_MOST - count * growth->step;
	growth->count = (size_t)count;
	growth->point = arena_array(g->m->arena, growth->count,
	    sizeof(*growth->point));
	for (size_t i = 0; i < growth->count; i++) {
		struct facts_point *p = &growth->point[i];

		for (int64_t m = 0; m < growth->step; m++, at++) {
			p->month = all->first + at;
			p->added += all->added[at];
			p->removed += all->removed[at];
		}
		users += p->added - p->removed;
		p->users = users;
	}
}

static void
spark_make(struct facts_growth *growth, const struct months *all)
{
	int64_t users = 0;

	for (int i = 0; i < MONTHS_MOST; i++) {
		int at = i - (MONTHS_MOST - FACTS_SPARK);

		users += all->added[i] - all->removed[i];
		if (at < 0)
			continue;
		growth->spark[at] = users;
		growth->year += all->added[i];
	}
}

bool
facts_growth(struct gathering *g, struct err *e)
{
	struct facts_growth *growth = &g->facts->growth;
	struct months *all = arena_alloc(g->m->arena, sizeof(*all));
	struct db_rows rows;

	all->first = facts_month(g->facts->now) - (MONTHS_MOST - 1);
	all->oldest = FIELD_NULL;
	if (!facts_query(g, SQL_REPORT_MONTHS, NO_PARAMS, NEED("users",
	    &growth->why), &rows, e))
		return false;
	months_add(all, &rows);
	if (!facts_query(g, SQL_REPORT_MONTHS_GONE, NO_PARAMS,
	    NEED("history and changes", &growth->gone_why), &rows, e))
		return false;
	months_add(all, &rows);
	if (all->oldest == FIELD_NULL || growth->why != NULL)
		return true;
	months_settle(all);
	points_make(g, all);
	spark_make(growth, all);
	return true;
}
