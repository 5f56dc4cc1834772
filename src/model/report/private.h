/*
 * Shared by the files of the report: the cards, one function each.
 *
 * Each fills its own part of c->facts and is false on an error that is more
 * than a missing privilege.
 */
#ifndef MODEL_REPORT_PRIVATE_H
#define MODEL_REPORT_PRIVATE_H

#include "model/report/facts.h"

struct gathering {
	struct mail *m;
	const struct facts_options *options;
	struct facts *facts;
};

/* What a card is read from, and where the sentence goes if that is denied. */
struct need {
	const char *tables;
	const char **why;
};

#define NEED(names, at) &(const struct need){ names, at }

/* Runs a statement.  Where the account may not see it there are no rows. */
bool facts_query(struct gathering *g, enum sql_id id, struct params p,
    const struct need *need, struct db_rows *rows, struct err *e);

/* ERR_DENIED becomes the sentence; any other error stays one. */
bool facts_denied(struct gathering *g, const struct need *need,
    struct err *e);

bool facts_growth(struct gathering *g, struct err *e);		/* growth.c */
bool facts_changes(struct gathering *g, struct err *e);		/* changes.c */
bool facts_recent(struct gathering *g, struct err *e);
bool facts_findings(struct gathering *g, struct err *e);	/* findings.c */
bool facts_domains(struct gathering *g, struct err *e);		/* domains.c */
bool facts_roles(struct gathering *g, struct err *e);		/* roles.c */

/* The month of a time, since the year 0, and the time when it began. */
int64_t facts_month(int64_t seconds);
int64_t facts_month_begin(int64_t month);

#endif
