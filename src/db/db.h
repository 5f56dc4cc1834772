/*
 * The database: connecting, statements, rows, transactions.
 *
 * Every statement is prepared, values travel only as parameters, and the
 * text of each stands in db/sql.c.  A warning from the server on a write is
 * an error.  The connection is made at the first use and never re-made
 * inside a transaction: libmariadb's own reconnect is off, because with it a
 * COMMIT after a lost transaction answers success.
 *
 * Errors: 1062 is ERR_EXISTS, 1451 ERR_REFUSED, 1452 ERR_NOT_FOUND;
 * 1205, 1213, 1020, 1047 are ERR_RETRY; 1044, 1045, 1142, 1143, 1227, 1370
 * ERR_DENIED; a lost or impossible connection and everything else
 * ERR_DATABASE.  After any error inside a transaction the caller rolls
 * back: db_commit() refuses to commit one that failed.
 */
#ifndef DB_DB_H
#define DB_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/field.h"
#include "db/sql.h"

struct db;

/* Where to connect; NULL and 0 leave it to MariaDB's option files. */
struct db_settings {
	const char *defaults_file;	/* instead of the standard ones */
	const char *group;		/* option group: "mailadm" */
	const char *host;		/* or several, comma-separated */
	const char *socket;
	const char *user;
	const char *database;
	unsigned port;
	bool remote;		/* not a socket or loopback: verified TLS */
	unsigned connect_timeout;	/* seconds */
	unsigned read_timeout;
	unsigned write_timeout;
	unsigned lock_timeout;
	const char *actor;		/* who, for the history */
	const char *program;
	void (*trace)(void *arg, const char *statement);	/* or NULL */
	void *trace_arg;
};

/* Parameters of a statement: PARAMS(TEXT(name), NUMBER(limit)). */
struct param {
	enum { PARAM_TEXT, PARAM_SECRET, PARAM_NUMBER, PARAM_BYTES } type;
	const char *text;	/* NULL: SQL NULL */
	size_t len;		/* of PARAM_BYTES */
	int64_t number;		/* FIELD_NULL: SQL NULL */
};

#define TEXT(s) { .type = PARAM_TEXT, .text = (s) }
#define SECRET(s) { .type = PARAM_SECRET, .text = (s) }
#define NUMBER(n) { .type = PARAM_NUMBER, .number = (n) }
#define BYTES(b, n) { .type = PARAM_BYTES, .text = (b), .len = (n) }
#define PARAMS(...) (const struct param[]){ __VA_ARGS__ },		\
    sizeof((const struct param[]){ __VA_ARGS__ }) / sizeof(struct param)
#define NO_PARAMS NULL, 0

/* The settings must outlive the result.  Does not connect yet. */
struct db *db_open(const struct db_settings *settings);
void db_close(struct db *db);

/* Connects unless connected.  A dead idle connection is made anew. */
bool db_connect(struct db *db, struct err *e);

/* A statement without rows.  *changed (or NULL): rows really changed. */
bool db_exec(struct db *db, enum sql_id id, const struct param *p, size_t n,
    int64_t *changed, struct err *e);

/*
 * The rows of a statement, all of them, as an array of structs of row_size
 * bytes in the arena, filled through `fields` (in the statement's column
 * order, ended by { 0 }).
 */
struct db_rows {
	void *row;
	size_t count;
};

bool db_query(struct db *db, struct arena *a, enum sql_id id,
    const struct param *p, size_t n, const struct field *fields,
    size_t row_size, struct db_rows *rows, struct err *e);

/* The first row into *row; *found says whether there was one. */
bool db_row(struct db *db, struct arena *a, enum sql_id id,
    const struct param *p, size_t n, const struct field *fields, void *row,
    bool *found, struct err *e);

/* One number from a statement that gives one row with one column. */
bool db_number(struct db *db, enum sql_id id, const struct param *p, size_t n,
    int64_t *number, struct err *e);

/* One column of text: an array of strings. */
bool db_texts(struct db *db, struct arena *a, enum sql_id id,
    const struct param *p, size_t n, const char *const **texts,
    size_t *count, struct err *e);

/*
 * A statement that is no value of ours and no table row: migrations and
 * session settings.  Text from sql/ only, never with anything put into it
 * but names that schema.c quoted.
 */
bool db_script(struct db *db, const char *statement, struct err *e);

/* As db_query(), for catalogue questions whose text schema.c composes. */
bool db_script_texts(struct db *db, struct arena *a, const char *statement,
    size_t columns, const char *const **cells, size_t *rows, struct err *e);

/*
 * Transactions.  db_writes() is called before the first write of each
 * transaction: it inserts the row of `changes` that the history hangs on;
 * later calls do nothing.  When the connection dies inside COMMIT,
 * db_commit() finds out by the change's token whether it happened, and
 * fails with ERR_DATABASE (it did not) or ERR_UNKNOWN.
 */
bool db_begin(struct db *db, struct err *e);
bool db_writes(struct db *db, struct err *e);
bool db_commit(struct db *db, struct err *e);
void db_rollback(struct db *db);
bool db_in_transaction(const struct db *db);

/* A transaction that can only be rolled back: an error, a lost server. */
bool db_transaction_failed(const struct db *db);

/* The id of the server's session, for KILL; 0 when not connected. */
unsigned long db_session(const struct db *db);

#endif
