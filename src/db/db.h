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
#include "base/text.h"
#include "base/words.h"
#include "db/sql.h"

struct db;

/* Where to connect, with which account; NULL and 0: libmariadb chooses. */
struct db_account {
	const char *group;	/* of MariaDB's option files */
	const char *host;	/* or several, comma-separated */
	const char *socket;
	const char *user;
	const char *database;
	unsigned port;
	bool remote;		/* not a socket or loopback: verified TLS */
	bool tls_loosened;	/* perhaps, by an option file */
	const char *ca;		/* authority of the server's certificate */
};

struct db_settings {
	const char *defaults_file;	/* instead of the standard ones */
	struct db_account daily;
	struct db_account admin;	/* of the commands on the schema */
	unsigned connect_timeout;	/* seconds */
	unsigned read_timeout;
	unsigned write_timeout;
	unsigned lock_timeout;
	unsigned statement_ms;		/* no statement longer; 0: no limit */
	bool uncommitted;		/* see what others have not committed */
	const char *actor;		/* who, for the history */
	const char *program;
	/*
	 * Asks a person for the password of the account; false: it cannot ask.
	 */
	bool (*ask_password)(void *arg, struct text *password);
	void *ask_arg;
	void (*trace)(void *arg, const char *statement);	/* or NULL */
	void *trace_arg;
};

/*
 * Seconds while a person waits after a key: a fifth of connect_timeout, at
 * least one.
 */
unsigned db_patience(const struct db_settings *s);

/* A value for one ? of a statement. */
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

/* All of them, as one argument: PARAMS(TEXT(name), NUMBER(limit)). */
struct params {
	const struct param *param;
	size_t count;
};

#define PARAMS(...) (struct params){ (const struct param[]){ __VA_ARGS__ }, \
    sizeof((const struct param[]){ __VA_ARGS__ }) / sizeof(struct param) }
#define NO_PARAMS (struct params){ NULL, 0 }

static inline struct param
param_text(const char *text)
{
	return (struct param)TEXT(text);
}

static inline struct param
param_number(int64_t number)
{
	return (struct param)NUMBER(number);
}

/* The settings must outlive the result.  Does not connect yet. */
struct db *db_open(const struct db_settings *settings);

/* A connection of its own, with the account and password of another. */
struct db *db_open_beside(struct db *other,
    const struct db_settings *settings);
void db_close(struct db *db);

/*
 * Between two statements: wipes what the client library keeps of what was
 * sent and answered last.
 */
void db_wipe(struct db *db);

/* Instead of the one of an option file, or of asking for one. */
void db_password(struct db *db, const char *password);

/* Connects unless connected.  A dead idle connection is made anew. */
bool db_connect(struct db *db, struct err *e);

/* Uses the daily or the administrator's account from now on; disconnects. */
void db_switch_account(struct db *db, bool admin);

/* The name of the database that is configured, or NULL. */
const char *db_name(const struct db *db);

/* A statement without rows; one that writes begins the change first. */
bool db_exec(struct db *db, enum sql_id id, struct params p, struct err *e);

/*
 * The same once for each row, in one go: `p` holds the parameters of one row
 * after the other.  At most this many, so that the packet stays below
 * 1 MiB.
 */
#define DB_ROWS 500
bool db_exec_rows(struct db *db, enum sql_id id, const struct param *p,
    size_t rows, struct err *e);

/* How many rows the last db_exec() or db_exec_rows() touched. */
int64_t db_affected(const struct db *db);

/*
 * Calls `each` for every row, a struct of the statement's fields in
 * sql.c.  The row's text lives until `each` returns.  `each` must not use
 * the database: the result is still open.  False from it ends the run.
 */
typedef bool (*db_row_each)(void *arg, const void *row, struct err *e);

bool db_each(struct db *db, enum sql_id id, struct params p,
    db_row_each each, void *arg, struct err *e);

/* The same for a statement that is sorted by one of its fields. */
struct db_sorted {
	enum sql_id id;
	const struct field *by;
	bool descending;
};

bool db_each_sorted(struct db *db, const struct db_sorted *sorted,
    struct params p, db_row_each each, void *arg, struct err *e);

/* All rows, as an array of the struct of the statement's fields. */
struct db_rows {
	void *row;
	size_t count;
};

bool db_query(struct db *db, struct arena *a, enum sql_id id,
    struct params p, struct db_rows *rows, struct err *e);

/* The first row into *row, the struct of its fields; *found: there is one. */
bool db_row(struct db *db, struct arena *a, enum sql_id id, struct params p,
    void *row, bool *found, struct err *e);

/* One number; FIELD_NULL when there is no row. */
bool db_number(struct db *db, enum sql_id id, struct params p,
    int64_t *number, struct err *e);

/* A column of text. */
bool db_texts(struct db *db, struct arena *a, enum sql_id id,
    struct params p, struct words *texts, struct err *e);

/*
 * A statement that is no value of ours and no table row: migrations and
 * session settings.  Text from sql/ only, never with anything put into it
 * but names that schema/init.c quoted.
 */
bool db_script(struct db *db, const char *statement, struct err *e);

/* The same where the text holds hashes of passwords: --show-sql hides it. */
bool db_script_secret(struct db *db, const char *statement, struct err *e);

/*
 * The same where the statement may fail: *number is the server's error, or
 * 0, and an open transaction goes on.  False only where the server is gone
 * or Ctrl-C came.
 */
bool db_script_try(struct db *db, const char *statement, unsigned *number,
    struct err *e);

/* Row after row; a cell that is SQL NULL is NULL. */
struct db_cells {
	const char **cell;	/* rows * columns */
	size_t rows;
	size_t columns;
};

/* As db_query(), for catalogue questions whose text db/schema composes. */
bool db_script_texts(struct db *db, struct arena *a, const char *statement,
    struct db_cells *cells, struct err *e);

/* The same a row at a time, for any number; see db_each(). */
typedef bool (*db_cells_each)(void *arg, const char *const *cell,
    struct err *e);

bool db_script_each(struct db *db, const char *statement, db_cells_each each,
    void *arg, struct err *e);

/*
 * Transactions.  The first write of each inserts the row of `changes` that
 * the history hangs on.  Where a COMMIT has no clear answer, db_commit()
 * asks the server by the token of that row: done, or the error (it was not
 * done), or ERR_UNKNOWN where the server cannot be asked.  INT, TERM and HUP
 * wait until that is known.
 */
bool db_begin(struct db *db, struct err *e);
bool db_commit(struct db *db, struct err *e);

/*
 * The outcome of the last transaction.  Everything that reports it reads it
 * here, also in a signal handler.
 */
enum db_verdict {
	DB_NOTHING,		/* there was none */
	DB_OPEN,		/* not committed: disconnecting rolls it back */
	DB_ROLLED_BACK,
	DB_COMMITTED,
	DB_UNKNOWN		/* one of the two before */
};

enum db_verdict db_verdict(const struct db *db);

/* DB_NOTHING until the next transaction begins: a new command. */
void db_verdict_clear(struct db *db);

/* True if a change was committed since then, whatever came later. */
bool db_has_committed(const struct db *db);

/* The number of the change that the last commit made; 0: it made none. */
int64_t db_change_committed(const struct db *db);

/* ERR_INTERRUPTED, with what that means for the transaction. */
bool db_interrupted_err(const struct db *db, struct err *e);

/*
 * A transaction that only reads, and sees all tables as they are now; it
 * ends with db_rollback().
 */
bool db_snapshot(struct db *db, struct err *e);
void db_rollback(struct db *db);
bool db_in_transaction(const struct db *db);

/* A transaction that can only be rolled back: an error, a lost server. */
bool db_transaction_failed(const struct db *db);

/* The transaction failed because the connection was lost; nothing was kept. */
bool db_transaction_lost(const struct db *db);

/* After this it can only be rolled back: a command in it failed. */
void db_transaction_fail(struct db *db);

/*
 * A step: a part of an open transaction that is undone alone.  Begin, then
 * end; or undo, which is false where all of the transaction is gone with it
 * (a deadlock, a lost connection, Ctrl-C): it can only be rolled back.  Steps
 * do not nest.
 */
bool db_step_begin(struct db *db, struct err *e);
void db_step_end(struct db *db);
bool db_step_undo(struct db *db);

/* True when something was written in it. */
bool db_transaction_writes(const struct db *db);

/*
 * The change of this transaction undoes another one.  Call before its first
 * write: a transaction that also does other things is no undo.
 */
void db_change_undoes(struct db *db, int64_t change);

/*
 * The cache of a transaction: memory of `size` bytes for a kind and a name,
 * zeroed at the first call, which sets *fresh, and the same until the
 * transaction ends.  Outside of a transaction nothing is cached.
 */
void *db_cache(struct db *db, const char *kind, const char *name, size_t size,
    bool *fresh);

/* Forgets every entry; the memory that was handed out stays valid. */
void db_cache_clear(struct db *db);

/* Memory that lives until the transaction ends. */
struct arena *db_memory(struct db *db);

/*
 * Ctrl-C.  db_interrupt() may be called in a signal handler: a thread then
 * has the server end the statement that runs (KILL QUERY through a second
 * connection) or, where that fails or at the second call, shuts the
 * connection; the server rolls back.  Until db_interrupt_forget() every use
 * is ERR_INTERRUPTED, the commit of what was begun too.
 */
bool db_interrupt_watch(struct db *db, struct err *e);
bool db_interrupt_is_watched(const struct db *db);
void db_interrupt_unwatch(struct db *db);	/* before db_close() */
void db_interrupt(struct db *db);
bool db_interrupted(const struct db *db);
void db_interrupt_forget(struct db *db);

/*
 * Prepares every statement against the real schema and compares numbers of
 * parameters and names of columns with sql.c; ERR_DIFFERS names the first
 * that differs.
 */
bool db_self_check(struct db *db, struct err *e);

/* "Localhost via UNIX socket", NULL when not connected. */
const char *db_connection(const struct db *db);

#endif
