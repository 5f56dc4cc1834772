/*
 * What a database holds, whoever made it: read, never written.
 *
 * The three tables are read as they are, ours or somebody's, with the
 * columns that are there and that the account may see.  All of it is one
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
	int64_t modified;
};

struct survey_user {
	const char *email;
	const char *crypt;
	bool active;
	bool may_login;		/* these, too */
	bool may_send;
	bool may_receive;
	int64_t quota;
	const char *home;
	const char *scheme;
	int64_t rounds;
	int64_t modified;
};

struct survey_alias {
	const char *mail;
	const char *destination;
	bool active;
	int64_t modified;
};

struct survey_grant {
	const char *email;
	const char *address;
};

struct survey {
	struct db *db;
	struct arena *arena;
	bool there[SURVEY_TABLES];
	bool ours;		/* all three bear our mark */
	bool hashes;		/* the account may read users.crypt */
	bool rights;		/* and users.may_receive */
	bool grants;		/* and send_as, where that is there */
	bool homes_unique;	/* a key keeps the homes apart */
	bool own_snapshot;
	/* bits: fields of the struct that have a column */
	uint32_t columns[SURVEY_TABLES];
};

/*
 * Looks at the tables and begins the snapshot.  ERR_DATABASE where none of
 * the three is there, ERR_DENIED where one may not be read.
 */
bool survey_begin(struct survey *s, struct db *db, struct arena *a,
    struct err *e);

/*
 * Calls `each` with a struct of that table for every row; see db_each().
 * Nothing where the table is not there.
 */
bool survey_each(struct survey *s, enum survey_table table,
    db_row_each each, void *arg, struct err *e);

/* The same for each row of send_as of our own schema, if it has one. */
bool survey_grants_each(struct survey *s, db_row_each each, void *arg,
    struct err *e);

/* Whether a question fails because the account may not read that. */
bool survey_denied(struct survey *s, const char *statement, bool *denied,
    struct err *e);

/* Whether users.crypt is there; without it every hash is NULL. */
bool survey_has_hashes(const struct survey *s);

/* The name of a table: "users". */
const char *survey_name(enum survey_table table);

void survey_end(struct survey *s);

#endif
