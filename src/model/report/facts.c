/* Gathering the facts: the numbers, and card after card. */
#include "model/report/private.h"

#define DAY 86400


/* --- numbers of the tiles -------------------------------------------- */

static bool
counted(struct gathering *g, enum sql_id id, struct params p,
    const char *table, struct facts_count *count, struct err *e)
{
	struct db_rows rows;

	if (!facts_query(g, id, p, NEED(table, &count->why), &rows, e))
		return false;
	if (rows.count > 0)
		count->of = *(const struct report_count *)rows.row;
	return true;
}

static bool
counts(struct gathering *g, struct err *e)
{
	struct facts *f = g->facts;

	return counted(g, SQL_REPORT_USERS, PARAMS(NUMBER(
	    facts_month_begin(facts_month(f->now)))), "users", &f->users, e) &&
	    counted(g, SQL_REPORT_DOMAIN_COUNT, PARAMS(NUMBER(f->now -
	    7 * DAY)), "domains", &f->domains, e) &&
	    counted(g, SQL_REPORT_ALIASES, NO_PARAMS, "aliases and domains",
	    &f->aliases, e);
}

static bool
fullest(struct gathering *g, struct err *e)
{
	struct facts_fullest *f = &g->facts->fullest;
	struct db_rows rows;

	if (!facts_query(g, SQL_REPORT_FULLEST, PARAMS(NUMBER(FACTS_LISTED)),
	    NEED("users, quota_usage and "
	    "domains", &f->why), &rows, e))
		return false;
	f->row = rows.row;
	f->count = rows.count;
	return true;
}

bool
facts_gather(struct mail *m, const struct facts_options *options,
    struct facts *facts, struct err *e)
{
	struct gathering g = { m, options, facts };

	*facts = (struct facts){ .now = options->now, .host = options->host,
	    .database = db_name(m->db) };
	if (db_in_transaction(m->db)) {
		err_set(e, ERR_REFUSED, "a transaction is open");
		return err_hint(e, "commit or rollback first");
	}
	return counts(&g, e) && facts_growth(&g, e) && fullest(&g, e) &&
	    facts_domains(&g, e) &&
	    facts_changes(&g, e) && facts_recent(&g, e) &&
	    facts_roles(&g, e) && facts_findings(&g, e);
}
