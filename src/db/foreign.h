/*
 * Databases of other mail systems: their rows, in one form.
 *
 * A system is one row of a table: the tables and columns by which it is
 * recognised, and a query for each kind of row.  The queries return sizes in
 * bytes, NULL for no limit, and a catch-all as @DOMAIN.  What no column of
 * ours can hold they describe in words, as `lost`.  Nothing is ever written
 * there, and everything is read in one consistent snapshot.
 */
#ifndef DB_FOREIGN_H
#define DB_FOREIGN_H

#include "base/arena.h"
#include "base/field.h"
#include "db/db.h"

struct foreign_domain {
	const char *domain;
	bool active;
	const char *description;
	int64_t quota;		/* of each user, bytes */
	int64_t max_users;	/* 0: none allowed */
	int64_t max_aliases;
	bool backup;		/* this server only relays for it */
	const char *lost;	/* what is lost, in words; or NULL */
};

/* An alias domain. */
struct foreign_link {
	const char *domain;
	const char *target;
	bool active;
};

struct foreign_user {
	const char *email;
	const char *crypt;
	bool active;
	bool may_login;
	bool may_send;
	bool may_receive;
	const char *name;
	int64_t quota;		/* bytes; NULL: no limit */
	const char *home;	/* relative; NULL: the usual one of mailadm */
	const char *lost;
};

struct foreign_alias {
	const char *mail;
	const char *destination;	/* or several, with commas */
	bool active;
	const char *note;	/* a remark on the address */
	const char *lost;	/* why the row cannot be imported at all */
};

enum foreign_rows {
	FOREIGN_DOMAINS,
	FOREIGN_LINKS,
	FOREIGN_USERS,
	FOREIGN_ALIASES,
	FOREIGN_ROWS
};

struct foreign_system {
	const char *system;	/* the argument of the command; NULL ends */
	const char *name;	/* with its version */
	const char *tables;	/* TABLE.COLUMN words that must exist */
	bool quota_in_units;	/* of 1024000 bytes, or of 1048576 */
	/* of each kind of row; $ stands before table names; NULL: none */
	const char *query[FOREIGN_ROWS];
};

struct foreign {
	struct db *db;
	const struct foreign_system *system;
	const char *prefix;	/* of the names of tables, or "" */
};

/*
 * Finds the version of the system in the database, and begins the snapshot;
 * foreign_end() ends it.  ERR_NOT_FOUND where it is another system.
 */
bool foreign_begin(struct foreign *s, struct db *db, struct arena *a,
    const char *system, const char *prefix, struct err *e);

/* Calls `each` with a struct foreign_... for every row, sorted by name. */
bool foreign_each(struct foreign *s, enum foreign_rows rows, db_row_each each,
    void *arg, struct err *e);

void foreign_end(struct foreign *s);

/* --- for other sources of rows ----------------------------------------- */

/* The columns of the database: one cell "TABLE.COLUMN" in each row. */
bool foreign_columns(struct db *db, struct arena *a,
    struct db_cells *columns, struct err *e);

/*
 * Of TABLE.COLUMN words the first that does not exist, with the prefix, or
 * NULL.
 */
const char *foreign_lacks(struct arena *a, const struct db_cells *columns,
    const char *prefix, const char *wanted);

/* Appends the query with the prefix in place of each $. */
void foreign_prefixed(struct text *t, const char *query, const char *prefix);

#endif
