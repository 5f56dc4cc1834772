/* Asking for a card, which the account may not see. */
#include "base/time.h"
#include "model/report/private.h"

bool
facts_denied(struct gathering *g, const struct need *need, struct err *e)
{
	if (e->code != ERR_DENIED)
		return false;
	err_clear(e);
	*need->why = arena_printf(g->m->arena,
	    "this account may not read all of %s", need->tables);
	return true;
}

bool
facts_query(struct gathering *g, enum sql_id id, struct params p,
    const struct need *need, struct db_rows *rows, struct err *e)
{
	*rows = (struct db_rows){ 0 };
	return db_query(g->m->db, g->m->arena, id, p, rows, e) ||
	    facts_denied(g, need, e);
}

int64_t
facts_month(int64_t seconds)
{
	char text[TIME_TEXT];
	int64_t year, month;

	time_format(text, seconds);
	year = (text[0] - '0') * 1000 + (text[1] - '0') * 100 +
	    (text[2] - '0') * 10 + (text[3] - '0');
	month = (text[5] - '0') * 10 + (text[6] - '0');
	return year * 12 + month - 1;
}

int64_t
facts_month_begin(int64_t month)
{
	return time_from_date(month / 12, (unsigned)(month % 12) + 1, 1, 0, 0,
	    0);
}
