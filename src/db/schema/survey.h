/*
 * What a database holds, whoever made it: read, never written.
 *
 * The three tables are read as they are, ours or somebody's, with the
 * columns that exist and that the account may see.  All of it is one
 * consistent snapshot, unless a transaction is open: then it is what that
 * transaction sees.  No row is locked, so no lookup ever waits.
 */
#ifndef DB_SCHEMA_SURVEY_H
#define DB_SCHEMA_SURVEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/field.h"
#include "db/db.h"

enum survey_table {
	SURVEY_DOMAINS,
	SURVEY_USERS,
	SURVEY_ALIASES,
	SURVEY_TABLES
};

/* Rows as they stand, of any spelling; NULL is SQL NULL or no such column. */
struct survey_domain {
	const char *domain;
	bool active;		/* true where there is no such column */
	const char *alias_of;
	int64_t quota;
	int64_t max_users;
	int64_t max_aliases;
	const char *relay_to;	/* NULL in tables that are not ours, up to */
	const char *accepts;
	const char *transport;
	const char *bcc_in;	/* here */
	const char *bcc_out;	/* likewise */
	int64_t modified;
};

struct survey_user {
	const char *email;
	const char *crypt;
	bool active;
	bool may_login;		/* these, too */
	bool may_send;
	bool may_receive;
	int64_t expires;	/* NULL in tables that are not ours */
	int64_t quota;
	const char *home;
	const char *scheme;
	int64_t rounds;
	const char *bcc_in;	/* likewise */
	const char *bcc_out;	/* likewise */
	int64_t modified;
};

struct survey_alias {
	const char *mail;
	const char *destination;
	bool active;
	int64_t expires;	/* likewise */
	int64_t modified;
};

struct survey_grant {
	const char *email;
	const char *address;
	int64_t expires;
};

/* A pair of addresses, the second of which may be NULL. */
struct survey_pair {
	const char *name;
	const char *other;
};

/* What is looked for in the tables as a whole. */
enum survey_look {
	SURVEY_PATTERNS,	/* LOCAL@DOMAIN, and whether enabled: "1" */
	SURVEY_PATTERN_ROWS,	/* enabled ones, and where they lead */
	SURVEY_BLOCKED,		/* what leads to a blocked name */
	SURVEY_OPENED,		/* what opens an alias that is internal */
	SURVEY_HIDDEN,		/* a pattern, and one that has all its names */
	SURVEY_LITERAL		/* an alias with a star in its name */
};

/* A user who was refused at the sending limit, within a day. */
struct survey_refusal {
	const char *email;
};

/* A way out, without its password. */
struct survey_way {
	const char *name;
	const char *host;
	int64_t port;
	const char *login;
	const char *tls;
	bool has_password;
	bool used;		/* by a domain or a user */
};

/* A DKIM key, without its halves. */
struct survey_key {
	const char *domain;
	const char *selector;
	const char *algorithm;
	const char *state;
	const char *secret_id;
	bool has_private;	/* false where the account cannot see it */
	int64_t since;
	int64_t seen;
};

struct survey {
	struct db *db;
	struct arena *arena;
	bool there[SURVEY_TABLES];
	bool ours;		/* all three bear our mark */
	bool hashes;		/* the account may read users.crypt */
	bool rights;		/* and users.may_receive */
	bool expiry;		/* and users.expires, where that exists */
	bool grants;		/* and send_as, where that exists */
	bool keys;		/* and dkim_keys, where that exists */
	bool private_keys;	/* and its column private_key */
	bool ways;		/* and what says where mail goes, likewise */
	bool has_ways;		/* the schema has that */
	bool homes_unique;	/* a key keeps the homes apart */
	bool own_snapshot;
	/* bits: fields of the struct that have a column */
	uint32_t columns[SURVEY_TABLES];
};

/*
 * Looks at the tables and begins the snapshot.  ERR_DATABASE where none of
 * the three exists, ERR_DENIED where one may not be read.
 */
bool survey_begin(struct survey *s, struct db *db, struct arena *a,
    struct err *e);

/*
 * Calls `each` with a struct of that table for every row; see db_each().
 * Nothing where the table does not exist.
 */
bool survey_each(struct survey *s, enum survey_table table,
    db_row_each each, void *arg, struct err *e);

/* Calls each with a struct survey_pair; none in a schema without them. */
bool survey_look_each(struct survey *s, enum survey_look look,
    db_row_each each, void *arg, struct err *e);

/*
 * Calls each with a struct survey_pair for each name of a relay domain; with a
 * struct survey_way for each way out; with a pair for each user and each
 * domain whose way out does not exist, and that.
 */
bool survey_recipients_each(struct survey *s, db_row_each each, void *arg,
    struct err *e);
bool survey_ways_each(struct survey *s, db_row_each each, void *arg,
    struct err *e);
bool survey_lost_ways_each(struct survey *s, db_row_each each, void *arg,
    struct err *e);

/* The same for each row of send_as of our own schema, if it has one. */
bool survey_grants_each(struct survey *s, db_row_each each, void *arg,
    struct err *e);

/* The same of send_usage; *denied: the account may not read it. */
bool survey_refusals_each(struct survey *s, db_row_each each, void *arg,
    bool *denied, struct err *e);

/*
 * The same for each row of dkim_keys: those of a domain follow each other, by
 * algorithm.  *exist: the schema has the table, and the account may read it.
 */
bool survey_keys_each(struct survey *s, db_row_each each, void *arg,
    bool *exist, struct err *e);

/* True when a statement failed because the account may not read that. */
bool survey_denied(struct survey *s, const char *statement, bool *denied,
    struct err *e);

/* True when users.crypt exists; without it every hash is NULL. */
bool survey_has_hashes(const struct survey *s);

/* The name of a table: "users". */
const char *survey_name(enum survey_table table);

void survey_end(struct survey *s);

#endif
