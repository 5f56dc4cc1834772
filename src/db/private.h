/*
 * What the files of db/ share: the connection and its statements.
 *
 * They use each other in one direction: host.c, guard.c and cache.c know
 * nothing of the others, then come failure.c, connection.c, script.c,
 * statement.c, transaction.c and interrupt.c, each using only those before
 * it.
 */
#ifndef DB_PRIVATE_H
#define DB_PRIVATE_H

#include <mysql.h>
#include <pthread.h>
#include <signal.h>

#include "base/text.h"
#include "db/db.h"

#define TOKEN_SIZE 16

struct interrupter;

/* A column as libmariadb writes it. */
struct cell {
	char *text;
	unsigned long size;
	unsigned long len;
	int64_t number;
	MYSQL_TIME time;
	my_bool null;
	my_bool cut;
};

/* A prepared statement with the memory of its row. */
struct statement {
	MYSQL_STMT *stmt;
	const struct field *fields;
	size_t columns;
	struct cell *cell;
	MYSQL_BIND *bind;
};

/* What the other thread needs to end a running statement. */
struct live {
	pthread_mutex_t lock;		/* of these, and of the password */
	int fd;				/* -1: not connected */
	unsigned long session;
	size_t host;			/* that it is connected to */
};

/* More hosts in a list are not tried. */
#define HOSTS_MAX 64
#define HOST_ANY SIZE_MAX

struct host {
	const char *name;		/* NULL: libmariadb chooses */
	unsigned port;			/* 0: the usual one */
};

struct hosts {
	size_t count;
	size_t current;			/* that was tried last */
	size_t only;			/* or HOST_ANY */
	uint64_t left;			/* bits of those that take no writes */
};

/* What a step may have changed and has to put back. */
struct step {
	bool open;
	bool changed;
	int64_t undoes;
};

struct transaction {
	volatile sig_atomic_t verdict;	/* enum db_verdict */
	bool committed;			/* this one, or one of the command */
	bool open;
	bool guarded;			/* by its savepoint: see GUARD */
	bool failed;			/* it can only be rolled back */
	bool changed;			/* the row of `changes` is written */
	int64_t undoes;			/* the change that it undoes */
	int64_t number;			/* of its row of `changes` */
	int64_t last;			/* of those that were committed */
	struct step step;		/* the part of it that runs */
	unsigned char token[TOKEN_SIZE];	/* of the change */
	const char *server;		/* that has the change; NULL: none */
	struct arena memory;
	void *cache;			/* tsearch() tree, in that memory */
};

struct db {
	const struct db_settings *settings;
	MYSQL *mysql;			/* NULL: not connected */
	bool autocommit_off;		/* from the last transaction */
	bool admin;			/* the account in use */
	bool lost;			/* the server went away */
	struct hosts hosts;		/* of the account in use */
	struct text password;		/* that a person typed; or empty */
	struct statement *statement[SQL_STATEMENTS];
	struct transaction transaction;
	volatile sig_atomic_t interrupted;
	struct live live;
	struct interrupter *interrupter;	/* or NULL */
};

/* --- failure.c ------------------------------------------------------- */

/* True for the errors after which the connection is gone. */
bool db_is_lost(unsigned number);

/*
 * Fills e from the server's error and marks the transaction as failed.
 * Returns false.
 */
bool db_failed(struct db *db, unsigned number, const char *message,
    struct err *e);

/* The same with the last error of the connection. */
bool db_connection_failed(struct db *db, struct err *e);

/*
 * After a statement: ERR_RETRY where the transaction that is open here is
 * not open there.  A server may drop one without an error.
 */
bool db_check_transaction(struct db *db, struct err *e);

/* The savepoint that a transaction begins with exists as long as it does. */
#define GUARD "mailadm"

/* The one that a step begins with.  Releasing GUARD would release it, too. */
#define STEP_UNDO "ROLLBACK TO SAVEPOINT mailadm_step"

/* ERR_INTERRUPTED when Ctrl-C came. */
bool db_check_interrupted(const struct db *db, struct err *e);

/* --- host.c ---------------------------------------------------------- */

/* The hosts of an account, at least one: hosts[HOSTS_MAX] is filled. */
size_t db_hosts_parse(struct arena *a, const struct db_account *account,
    struct host *hosts);

/* After such an error of connecting, the next host is tried. */
bool db_host_is_away(unsigned number);

/* The host takes no writes: leaves it.  False when it was the last one. */
bool db_host_leave(struct db *db);
bool db_host_left(const struct db *db, size_t n);

/* --- guard.c --------------------------------------------------------- */

/*
 * Before connecting: the server gets no file of ours and no password in clear.
 * verified: only with a TLS certificate that is checked does it get on.
 */
void db_guard(MYSQL *m, bool verified);

/* --- connection.c ---------------------------------------------------- */

/* Connects anew, whatever was before. */
bool db_reconnect(struct db *db, struct err *e);

/* Closes the connection with its statements. */
void db_disconnect(struct db *db);

/* Connects unless connected; ERR_DATABASE in a transaction that failed. */
bool db_usable(struct db *db, struct err *e);

/* Closes one statement; NULL is none. */
void db_statement_close(struct statement *s);

/* --- script.c -------------------------------------------------------- */

/* Prints a statement for --show-sql; secrets are masked. */
void db_trace(struct db *db, const char *text, struct params p);

/* Runs a statement without rows, also in a transaction that failed. */
bool db_run(struct db *db, const char *statement, struct err *e);

/* --- statement.c ----------------------------------------------------- */

/* Runs a statement of sql.c, without the steps around a write. */
bool db_statement_run(struct db *db, enum sql_id id, struct params p,
    struct err *e);

/* The same once for each row of parameters. */
bool db_statement_run_rows(struct db *db, enum sql_id id,
    const struct param *p, size_t rows, struct err *e);

/*
 * db_each() for a statement without parameters whose text was put together
 * from names of columns; the row is a struct of `fields`.
 */
bool db_text_each(struct db *db, const char *text,
    const struct field *fields, db_row_each each, void *arg, struct err *e);

/* --- array.c --------------------------------------------------------- */

/* The parameters of rows, one row after the other, for array binding. */
MYSQL_BIND *db_array_bind(struct arena *a, const struct param *p,
    size_t columns, size_t rows);

#endif
