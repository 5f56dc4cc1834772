/*
 * What the report shows: the facts about a mail server, card by card.
 *
 * The server of the database counts, so that a million users never travel.
 * An account need not see everything: a card that it may not see has `why`,
 * a sentence, and nothing else; whoever shows the card says so.  Everything
 * else that goes wrong is an error.  Nothing is in one snapshot: a page of
 * numbers for people needs none, and one that is denied would end it.
 */
#ifndef MODEL_REPORT_FACTS_H
#define MODEL_REPORT_FACTS_H

#include "db/report.h"
#include "model/check/check.h"
#include "model/mail/mail.h"
#include "model/verify/verify.h"

#define FACTS_MONTHS 36		/* more are shown by quarter */
#define FACTS_SPARK 12
#define FACTS_BARS 11		/* tenths of the quota, and full */
#define FACTS_AGES 7
#define FACTS_DAYS 90
#define FACTS_LISTED 8		/* of the fullest, and of the changes */
#define FACTS_FINDINGS 20	/* of each severity, */
#define FACTS_OF_RULE 5		/* and of these so many of each rule */
#define FACTS_DOMAINS 200
#define FACTS_ROLE_DOMAINS 50

struct facts_options {
	struct check_options check;
	struct verify_options verify;
	const char *host;	/* of the mail server; NULL: not set */
	int64_t now;
};

/* A number on a tile, and the part that is worth a word. */
struct facts_count {
	const char *why;
	struct report_count of;
};

/* The users at the end of a month or quarter, and what led there. */
struct facts_point {
	int64_t month;		/* the last one, since the year 0 */
	int64_t users;
	int64_t added;
	int64_t removed;
};

struct facts_growth {
	const char *why;
	const char *gone_why;	/* why those who were removed are missing */
	int64_t step;		/* months of a point: 1 or 3 */
	struct facts_point *point;	/* the oldest first */
	size_t count;
	int64_t spark[FACTS_SPARK];	/* users at the end of each month */
	int64_t year;		/* new in twelve months */
};

/* How many users are in each bar. */
struct facts_bars {
	const char *why;
	int64_t bar[FACTS_BARS];
	int64_t without;	/* a quota */
};

struct facts_fullest {
	const char *why;
	const struct report_full *row;
	size_t count;
};

/* A day; removed, changed and added as rows of the history. */
struct facts_day {
	int64_t added;
	int64_t changed;
	int64_t removed;
};

struct facts_changes {
	const char *why;
	int64_t first;		/* day, since 1970 */
	struct facts_day day[FACTS_DAYS];
	int64_t total;
	int64_t peak;		/* the fullest day; FIELD_NULL: no change */
	struct report_day most;	/* of what there was most on it */
};

/* A change by its newest row. */
struct facts_change {
	struct history row;
	int64_t number;		/* of its rows */
};

struct facts_recent {
	const char *why;
	struct facts_change change[FACTS_LISTED];
	size_t count;
};

struct facts_mail {
	const char *why;
	int64_t stored;		/* as in struct report_mail */
	int64_t limited;
	int64_t granted;
};

struct facts_domain {
	struct report_domain of;
	struct facts_mail mail;
	int64_t active;		/* users who logged in within 30 days */
};

struct facts_domains {
	const char *why;
	struct facts_domain *row;	/* those with most users */
	size_t count;
};

enum facts_role {
	ROLE_POSTMASTER,
	ROLE_ABUSE,
	ROLE_HOSTMASTER,
	ROLE_CATCHALL,
	FACTS_ROLES
};

extern const char *const facts_role_names[FACTS_ROLES];

/* Where the mail of role addresses ends; NULL: nobody takes it. */
struct facts_roles_row {
	const char *domain;
	const char *ends[FACTS_ROLES];
};

struct facts_roles {
	const char *why;
	struct facts_roles_row *row;
	size_t count;
};

/* What a checker found, with the command that runs it. */
struct facts_checker {
	const char *command;
	const char *why;	/* it could not run */
	struct report report;
};

enum { FACTS_CHECK, FACTS_VERIFY, FACTS_CHECKERS };

/* One of them, and how many more of its rule are not among those shown. */
struct facts_finding {
	const struct finding *of;
	int64_t more;
	const char *command;	/* that shows these */
};

struct facts_findings {
	struct facts_checker checker[FACTS_CHECKERS];
	int64_t found[SEVERITIES];
	struct facts_finding *shown;	/* errors first */
	size_t count;
	int64_t left[SEVERITIES];	/* of rules that are not shown */
};

struct facts {
	int64_t now;
	const char *host;
	const char *database;
	struct facts_count users;	/* part: new since the month began */
	struct facts_count domains;	/* part: new in seven days */
	struct facts_count aliases;	/* part: lead outside */
	struct facts_growth growth;
	struct facts_findings findings;
	struct facts_mail mail;		/* of all users */
	struct facts_bars quota;
	struct facts_bars logins;
	struct facts_changes changes;
	struct facts_fullest fullest;
	struct facts_recent recent;
	struct facts_domains by_domain;
	struct facts_roles roles;
};

/* Everything lives in m->arena.  ERR_REFUSED inside of a transaction. */
bool facts_gather(struct mail *m, const struct facts_options *options,
    struct facts *facts, struct err *e);

#endif
