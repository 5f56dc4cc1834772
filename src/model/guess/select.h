/*
 * What a query of Postfix or Dovecot reads: the tables, the columns that it
 * answers, and the conditions on a row.
 *
 * It is no grammar of SQL, but what people write in these files: joins, the
 * functions that put texts together, comparisons that all must hold.  What is
 * something else is not known, never wrong: a value without parts, a
 * condition that counts as unread.  No query is run.
 */
#ifndef MODEL_GUESS_SELECT_H
#define MODEL_GUESS_SELECT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

/* A column, or a text with the variables of the server: "%u", "%{user}". */
struct select_part {
	const char *table;	/* as the query calls it; NULL: not said */
	const char *column;	/* NULL: a text */
	const char *text;
};

/* One behind the other, as CONCAT() joins them. */
struct select_value {
	struct select_part *part;
	size_t count;		/* 0: it is not known */
	int64_t unit;		/* it is multiplied by this */
};

struct select_column {
	struct select_value value;
	const char *name;	/* by AS, or that of the column; or "" */
};

struct select_table {
	const char *name;
	const char *alias;	/* or the name again */
};

enum select_relation {
	SELECT_IS,		/* one of `right` */
	SELECT_IS_NOT,		/* none of `right` */
	SELECT_LIKE,		/* one of these patterns */
	SELECT_AFTER,		/* > or >= NOW() */
	SELECT_NULL,		/* IS NULL: beside OR it says nothing */
	SELECT_NOT_NULL		/* says nothing */
};

struct select_condition {
	struct select_value left;
	enum select_relation relation;
	struct select_value *right;
	size_t rights;
};

struct select {
	struct select_column *column;
	size_t columns;
	struct select_table *table;
	size_t tables;
	struct select_condition *condition;
	size_t conditions;
	size_t unread;		/* conditions that were not understood */
};

/*
 * Reads the next of those that UNION joins, and moves *query behind it.
 * False: there is none, or it is not understood at all.
 */
bool select_read(struct arena *a, const char **query, struct select *s);

#endif
