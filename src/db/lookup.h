/*
 * The lookups of a mail server, tried with its own account.
 *
 * What stands in the files of Postfix and Dovecot is asked of the database
 * as they would, but for the rows: the server only says how it would find
 * them.  So nothing is read and nothing can be written, whatever the text.
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

/* What the account may do here. */
bool lookup_privileges(struct lookup *l, struct arena *a,
    struct privileges *privileges, struct err *e);

#endif
