/*
 * Databases of other mail systems: what they hold, in one form.
 *
 * A system is one row of a table: what tells it (tables and columns that are
 * there), and a query for each kind of row.  Its queries give sizes in bytes,
 * none as NULL and a catch-all as @DOMAIN; what no column of ours can hold
 * they put into words, as `lost`.  Nothing is ever written there, and all is
 * read in one consistent snapshot.
 */
#ifndef DB_FOREIGN_H
#define DB_FOREIGN_H

#include "base/arena.h"
#include "base/field.h"
#include "db/db.h"

struct source_domain {
	const char *domain;
	bool active;
	const char *description;
	int64_t quota;		/* of each user, bytes */
	int64_t max_users;	/* 0: none allowed */
	int64_t max_aliases;
	bool backup;		/* this server only relays for it */
	const char *lost;	/* what cannot be carried over; or NULL */
};

/* An alias domain. */
struct source_link {
	const char *domain;
	const char *target;
	bool active;
};

struct source_user {
	const char *email;
	const char *crypt;
	bool active;
	bool may_login;
	bool may_send;
	bool may_receive;
	const char *name;
	int64_t quota;		/* bytes; NULL: no limit */
	const char *home;	/* relative; NULL: as mailadm makes it */
	const char *lost;
};

struct source_alias {
	const char *mail;
	const char *destination;	/* or several, with commas */
	bool active;
	const char *lost;	/* the row cannot be carried over at all */
};

enum source_rows {
	SOURCE_DOMAINS,
	SOURCE_LINKS,
	SOURCE_USERS,
	SOURCE_ALIASES,
	SOURCE_ROWS
};

struct source_system {
	const char *system;	/* what a person calls it; NULL ends */
	const char *name;	/* with its generation */
	const char *tables;	/* TABLE.COLUMN words that must be there */
	bool quota_in_units;	/* of 1024000 bytes, or of 1048576 */
	const char *query[SOURCE_ROWS];	/* $ is before names; NULL: none */
};

struct source {
	struct db *db;
	const struct source_system *system;
	const char *prefix;	/* of the names of tables, or "" */
};

/* The systems that are known, each once; ended by NULL. */
extern const char *const source_names[];

/*
 * Looks which generation of the system the database holds, and begins the
 * snapshot; source_end() ends it.  ERR_NOT_FOUND where it is none.
 */
bool source_begin(struct source *s, struct db *db, struct arena *a,
    const char *system, const char *prefix, struct err *e);

/* Calls `each` with a struct source_... for every row, sorted by name. */
bool source_each(struct source *s, enum source_rows rows, db_row_each each,
    void *arg, struct err *e);

void source_end(struct source *s);

#endif
