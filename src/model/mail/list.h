/*
 * Lists: the filter, glob patterns, and rows that come in pages by key.
 *
 * A list of a million rows takes constant memory, and no result is left
 * open on the connection while a pager waits: each page is read whole, and
 * the last row of one is where the next begins.
 */
#ifndef MODEL_MAIL_LIST_H
#define MODEL_MAIL_LIST_H

#include "model/mail/mail.h"

/* The filter of a list; all zero selects everything. */
struct list_filter {
	const char *pattern;	/* glob: * and ? */
	const char *domain;
	const char *scheme;
	const char *to;		/* a destination */
	const char *state;	/* of a DKIM key */
	bool inactive;		/* only the disabled */
	bool no_password;
	int64_t unused_since;	/* no login since then; 0: any */
	int64_t over_quota;	/* percent of it at least; 0: any */
	int64_t expires_by;	/* it expires until then; 0: any */
	bool expired;		/* it has expired */
	bool more;		/* also what is not shown unasked */
	int64_t limit;		/* 0: none */
	const char *sort;	/* a column; -column: descending */
};

/* A glob as a LIKE pattern whose escape is |; NULL is everything. */
const char *like_pattern(struct arena *a, const char *glob);

/* Every address of a domain, as a LIKE pattern. */
const char *like_domain(struct arena *a, const char *domain);

/* How many rows a page reads; the last page of a limit is shorter. */
#define LIST_PAGE 4000

/*
 * What all lists share: pages by key, or one sorted run. `key` keeps the last
 * row; `params` makes the parameters of the filter and the key.
 */
struct list {
	enum sql_id page;
	enum sql_id sorted;
	const struct field *fields;
	size_t row_size;
	/* page: with the key's parameters and the limit */
	size_t (*params)(struct arena *a, const struct list_filter *f,
	    const void *last, int64_t limit, bool page, struct param *p);
};

/* What expires: the parameters of that filter; how many. */
size_t list_expiring_params(const struct list_filter *f, struct param *p);

bool list_run(struct mail *m, const struct list *list,
    const struct list_filter *f, db_row_each each, void *arg, struct err *e);

/* The most parameters that a list has. */
#define LIST_PARAMS 24

#endif
