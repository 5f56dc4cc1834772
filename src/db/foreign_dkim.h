/*
 * Databases that hold the DKIM keys of other programs: their rows, in one
 * form.
 *
 * As foreign.h: one row of a table for each program, recognised by its
 * columns, and a query.  Nothing is written there, and everything is read in
 * one consistent snapshot.
 */
#ifndef DB_FOREIGN_DKIM_H
#define DB_FOREIGN_DKIM_H

#include "db/foreign.h"

struct foreign_key {
	const char *domain;
	const char *selector;
	const char *private_key;	/* in clear; or NULL */
	const char *path;		/* of its file; or NULL */
	const char *why;		/* set: it is left out */
};

struct foreign_key_system {
	const char *name;	/* NULL ends */
	const char *columns;	/* TABLE.COLUMN words that must exist */
	const char *key;	/* where the key is: one of them */
	const char *query;	/* $ stands before table names */
};

struct foreign_keys {
	struct db *db;
	const struct foreign_key_system *system;
	const char *prefix;	/* of the names of tables, or "" */
};

/*
 * Finds the program, the first whose columns all exist, and begins the
 * snapshot; foreign_keys_end() ends it.  ERR_NOT_FOUND; ERR_REFUSED for a
 * database of mailadm, whose keys are encrypted.
 */
bool foreign_keys_begin(struct foreign_keys *s, struct db *db,
    struct arena *a, const char *prefix, struct err *e);

/* Calls `each` with a struct foreign_key for every row, sorted by domain. */
bool foreign_keys_each(struct foreign_keys *s, db_row_each each, void *arg,
    struct err *e);

void foreign_keys_end(struct foreign_keys *s);

#endif
