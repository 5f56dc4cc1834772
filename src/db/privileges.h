/*
 * Privileges: those that an account has, and those that it should have.
 *
 * The first are read from the catalogue of the server, the second from
 * sql/grants.sql, in the same form, so that they can be compared.
 */
#ifndef DB_PRIVILEGES_H
#define DB_PRIVILEGES_H

#include "db/db.h"

/* One privilege of an account or a role. */
struct privilege {
	const char *user;	/* '' is anonymous */
	const char *host;	/* '' of a role */
	const char *schema;	/* "*": every database */
	const char *table;	/* "*": every table */
	const char *column;	/* "*": every column */
	const char *type;	/* "SELECT"; USAGE: none, the account exists */
	bool grantable;
};

struct privileges {
	const struct privilege *privilege;
	size_t count;
};

/*
 * Those on this database or on the server's own: of this account and its
 * role, or of all accounts that this one may see.
 */
bool privileges_read(struct db *db, struct arena *a, bool everybody,
    struct privileges *privileges, struct err *e);

/* What sql/grants.sql gives; schema and host are "". */
struct privileges privileges_given(struct arena *a);

#endif
