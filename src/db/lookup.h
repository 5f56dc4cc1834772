/*
 * The lookups of a mail server, tried with its own account.
 *
 * The queries in the files of Postfix and Dovecot are sent to the database as
 * EXPLAIN: the server only describes how it would find the rows.  So nothing
 * is read and nothing can be written, whatever the query is.
 */
#ifndef DB_LOOKUP_H
#define DB_LOOKUP_H

#include "db/privileges.h"

struct lookup_account {
	const char *host;	/* NULL: the socket */
	const char *socket;
	unsigned port;
	const char *user;
	const char *password;
	const char *database;
	const char *option_file;	/* or NULL */
	const char *ca;			/* or NULL */
	bool remote;
};

struct lookup;

/* Seconds for connecting and for each answer. */
struct lookup *lookup_open(const struct lookup_account *account,
    unsigned timeout);
bool lookup_connect(struct lookup *l, struct err *e);
void lookup_close(struct lookup *l);

enum lookup_outcome {
	LOOKUP_WORKS,
	LOOKUP_DENIED,		/* the account may not read that */
	LOOKUP_FAILS
};

struct lookup_trial {
	enum lookup_outcome outcome;
	const char *message;	/* of the server, where it does not work */
	struct words scanned;	/* tables that no key helps to read */
};

/* A query with its key put in.  False where the server is gone. */
bool lookup_try(struct lookup *l, struct arena *a, const char *query,
    struct lookup_trial *trial, struct err *e);

/* The query of a map that names a table and its columns; more: " AND ...". */
const char *lookup_query(struct arena *a, const char *table,
    const char *select, const char *where, const char *more);

/* Has its database a column that only mailadm's tables have? */
bool lookup_has_our_tables(struct lookup *l, struct arena *a);

/* The privileges of the account. */
bool lookup_privileges(struct lookup *l, struct arena *a,
    struct privileges *privileges, struct err *e);

#endif
