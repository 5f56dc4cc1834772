/*
 * What columns of foreign tables are taken for when the tables domains, users
 * and aliases are adopted where they are.
 */
#ifndef DB_ADOPTED_H
#define DB_ADOPTED_H

#include <stddef.h>

enum adopted_kind {
	ADOPTED_NAME,		/* the table must have one */
	ADOPTED_FLAG,
	ADOPTED_OFF,		/* a flag that is on where the other is off */
	ADOPTED_EXPIRY,		/* a date; off once it has passed */
	ADOPTED_TEXT,
	ADOPTED_HOME
};

struct adopted_column {
	const char *table;
	const char *column;	/* of mailadm; several rows: all must hold */
	const char *names;	/* words: the first that exists is it */
	enum adopted_kind kind;
};

#define ADOPTED_COLUMNS 29
extern const struct adopted_column adopted_columns[ADOPTED_COLUMNS];

/* The place of a name among the words, from 1; 0: it is none of them. */
size_t adopted_place(const char *names, const char *name);

#endif
