/* What the files of db/ share: the connection and its statements. */
#ifndef DB_PRIVATE_H
#define DB_PRIVATE_H

#include <mysql.h>
#include <pthread.h>
#include <signal.h>

#include "base/text.h"
#include "db/db.h"

#define TOKEN_SIZE 16

struct statement;
struct interrupter;

/* What another thread needs to end a statement that runs. */
struct live {
	pthread_mutex_t lock;		/* of these, and of the password */
	int fd;				/* -1: not connected */
	unsigned long session;
};

struct db {
	const struct db_settings *settings;
	MYSQL *mysql;			/* NULL: not connected */
	bool admin;
	struct text password;		/* that was asked for; or empty */
	struct statement *statement[SQL_STATEMENTS];
	bool in_transaction;
	bool failed;			/* it can only be rolled back */
	bool changed;			/* the row of `changes` is written */
	bool lost;			/* and the server, with it */
	volatile sig_atomic_t interrupted;
	struct live live;
	struct interrupter *interrupter;	/* or NULL */
	int64_t undoes;			/* the change will say so */
	bool bulk;			/* @mailadm_bulk is set */
	db_flush flush;			/* what bulk work owes, or NULL */
	void *flush_arg;
	unsigned char token[TOKEN_SIZE];
	struct arena memory;		/* of the transaction's cache */
	void *cache;			/* tsearch() tree */
};

/* True for the errors after which the connection is gone. */
bool db_is_lost(unsigned number);

/*
 * Fills e from the server's last error and marks the transaction as
 * failed.  Returns false.
 */
bool db_failed(struct db *db, unsigned number, const char *message,
    struct err *e);

/* ERR_INTERRUPTED when Ctrl-C came. */
bool db_check_interrupted(const struct db *db, struct err *e);

/* Ends the thread that waits for Ctrl-C, if there is one. */
void db_interrupter_close(struct db *db);

/* Connects unless connected; inside a transaction, only says whether. */
bool db_usable(struct db *db, struct err *e);

/* Makes the change of this transaction, before its first write. */
bool db_change_begin(struct db *db, struct err *e);

/*
 * db_each() for a statement without parameters whose text was put together
 * from names of columns; the row is a struct of `fields`.
 */
bool db_text_each(struct db *db, const char *text,
    const struct field *fields, db_row_each each, void *arg, struct err *e);

/* The parameters of rows, one row after the other, for array binding. */
MYSQL_BIND *db_array_bind(struct arena *a, const struct param *p,
    size_t columns, size_t rows);

/* Closes all prepared statements: they die with their connection. */
void db_statements_close(struct db *db);

/* Shows a statement to whoever wants to see it; parameters masked. */
void db_trace(struct db *db, const char *text, struct params p);

#endif
