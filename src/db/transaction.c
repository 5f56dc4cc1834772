/*
 * Transactions: what belongs together is kept together, or not at all.
 *
 * A cluster node may roll a transaction back in favour of another node's
 * and forget to report that, when a prepared statement comes next: what
 * follows is then committed statement by statement, and COMMIT succeeds.  On
 * three nodes with one writer each, 11 of 1,286 acknowledged aliases were
 * lost in that way.  So a transaction runs without autocommit and begins
 * with a savepoint, which exists as long as the transaction does.  What
 * follows a silent rollback has no such savepoint and cannot be committed:
 * releasing the savepoint and COMMIT are one statement.  The state that the
 * server sends with each answer is looked at, too; it shows the same a
 * little earlier.  All of it is done again then: ERR_RETRY.
 *
 * The first write of a transaction inserts its row of `changes`, with a
 * random token; the triggers hang the history on it.  The token also
 * decides what became of a COMMIT whose answer never came: the connection
 * died, so nobody said whether the server had done it.  A new connection
 * then reads the row of that token with a lock.  The lock makes it wait
 * until the server has ended the lost session, whichever way that goes: the
 * row is there, and all is committed, or it is not, and nothing was changed.
 * Only where the server cannot be asked the outcome stays unknown.
 */
#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base/clock.h"
#include "db/private.h"

/* How long the server is asked for the outcome of a COMMIT. */
#define OUTCOME_SECONDS 10
#define OUTCOME_PAUSE_MS 250

/* --- writing --------------------------------------------------------- */

/* The first write makes the change that its history rows belong to. */
static bool
change_begin(struct db *db, struct err *e)
{
	struct transaction *t = &db->transaction;
	const struct db_settings *s = db->settings;

	if (!t->open || t->changed)
		return true;
	if (getrandom(t->token, TOKEN_SIZE, 0) != TOKEN_SIZE)
		return err_errno(e, "no random bytes");
	t->changed = true;
	return db_exec(db, SQL_CHANGE_ADD, PARAMS(
		BYTES((const char *)t->token, TOKEN_SIZE), TEXT(s->actor),
		TEXT(s->program), NUMBER(t->undoes)), e) &&
	    db_exec(db, SQL_CHANGE_USE, NO_PARAMS, e);
}

/* A write that the server had to bend is not the write that was meant. */
static bool
refuse_warning(struct db *db, struct err *e)
{
	if (mysql_warning_count(db->mysql) == 0)
		return true;
	db->transaction.failed = true;
	return err_set(e, ERR_DATABASE, "the server warned about a write, "
	    "which was therefore not kept");
}

bool
db_exec(struct db *db, enum sql_id id, struct params p, struct err *e)
{
	return (!sql_statements[id].writes || change_begin(db, e)) &&
	    db_statement_run(db, id, p, e) && refuse_warning(db, e);
}

bool
db_exec_rows(struct db *db, enum sql_id id, const struct param *p,
    size_t rows, struct err *e)
{
	return (!sql_statements[id].writes || change_begin(db, e)) &&
	    db_statement_run_rows(db, id, p, rows, e) &&
	    refuse_warning(db, e);
}

int64_t
db_affected(const struct db *db)
{
	return (int64_t)mysql_affected_rows(db->mysql);
}

void
db_change_undoes(struct db *db, int64_t change)
{
	db->transaction.undoes = change;
}

bool
db_bulk_begin(struct db *db, db_flush flush, void *arg, struct err *e)
{
	struct transaction *t = &db->transaction;

	BUG_ON(!t->open || t->flush != NULL);
	if (!change_begin(db, e) ||
	    !db_script(db, "SET @mailadm_bulk = 1", e))
		return false;
	t->bulk = true;
	t->flush = flush;
	t->flush_arg = arg;
	return true;
}

/* --- begin and end --------------------------------------------------- */

static const char guarded_begin[] = "BEGIN NOT ATOMIC SET autocommit = 0; "
    "START TRANSACTION; SAVEPOINT " GUARD "; END";

static bool
transaction_begin(struct db *db, const char *statement, struct err *e)
{
	struct transaction *t = &db->transaction;

	if (!db_run(db, statement, e))
		return false;
	t->open = true;
	t->guarded = statement == guarded_begin;
	db->autocommit_off |= t->guarded;
	t->failed = false;
	t->changed = false;
	t->undoes = FIELD_NULL;
	return true;
}

bool
db_begin(struct db *db, struct err *e)
{
	BUG_ON(db->transaction.open);
	return db_connect(db, e) &&
	    transaction_begin(db, guarded_begin, e);
}

bool
db_snapshot(struct db *db, struct err *e)
{
	BUG_ON(db->transaction.open);
	return db_connect(db, e) && db_run(db, "SET TRANSACTION ISOLATION "
		"LEVEL REPEATABLE READ", e) &&
	    transaction_begin(db, "START TRANSACTION WITH CONSISTENT "
		"SNAPSHOT, READ ONLY", e);
}

static void
transaction_end(struct db *db)
{
	struct transaction *t = &db->transaction;

	t->open = false;
	t->guarded = false;
	t->failed = false;
	t->changed = false;
	t->bulk = false;
	t->flush = NULL;
	db_cache_clear(db);
	arena_clear(&t->memory);
}

void
db_rollback(struct db *db)
{
	struct err ignored = { 0 };

	if (!db->transaction.open)
		return;
	/* A session that cannot roll back is closed: the server does it. */
	if (!db_run(db, "ROLLBACK", &ignored) || (db->transaction.bulk &&
	    !db_run(db, "SET @mailadm_bulk = NULL", &ignored)))
		db_disconnect(db);
	err_clear(&ignored);
	transaction_end(db);
}

/* --- the outcome of a COMMIT ----------------------------------------- */

static void
pause_ms(long ms)
{
	struct timespec t = { .tv_nsec = ms * 1000000 };

	nanosleep(&t, NULL);
}

static bool
outcome_ask(struct db *db, int64_t *found, struct err *e)
{
	return db_reconnect(db, e) && db_number(db, SQL_CHANGE_FIND, PARAMS(
	    BYTES((const char *)db->transaction.token, TOKEN_SIZE)), found,
	    e);
}

static bool
outcome_find(struct db *db, struct err *e)
{
	double end = clock_seconds() + OUTCOME_SECONDS;
	struct err lost = { 0 };
	int64_t found = 0;
	bool known;

	known = outcome_ask(db, &found, &lost);
	while (!known && clock_seconds() < end) {
		pause_ms(OUTCOME_PAUSE_MS);
		known = outcome_ask(db, &found, &lost);
	}
	err_clear(&lost);
	if (!known) {
		err_set(e, ERR_UNKNOWN, "the connection was lost while "
		    "committing, and the server cannot be asked");
		return err_hint(e, "the changes are either all there or not "
		    "at all: look before you repeat the command");
	}
	if (found > 0)
		return true;
	err_set(e, ERR_DATABASE,
	    "the connection was lost while committing; nothing was changed");
	return err_hint(e, "run the command again");
}

/* One statement, so that nothing can come between the two. */
static const char guarded_commit[] = "BEGIN NOT ATOMIC RELEASE SAVEPOINT "
    GUARD "; COMMIT; END";

bool
db_commit(struct db *db, struct err *e)
{
	struct transaction *t = &db->transaction;
	bool ok;

	BUG_ON(!t->open);
	if (!db_check_interrupted(db, e) ||
	    (!t->failed && !db_bulk_end(db, e))) {
		db_rollback(db);
		return false;
	}
	if (t->failed) {
		db_rollback(db);
		return err_set(e, ERR_DATABASE, "the transaction failed "
		    "before and was rolled back; nothing was changed");
	}
	ok = db_run(db, guarded_commit, e);
	if (!ok && db->lost && t->changed) {
		err_clear(e);
		t->open = false;
		ok = outcome_find(db, e);
	} else if (!ok) {
		db_rollback(db);
	}
	transaction_end(db);
	return ok;
}

/* --- its state ------------------------------------------------------- */

bool
db_in_transaction(const struct db *db)
{
	return db != NULL && db->transaction.open;
}

bool
db_transaction_failed(const struct db *db)
{
	return db->transaction.open && db->transaction.failed;
}

bool
db_transaction_lost(const struct db *db)
{
	return db->transaction.open && (db->lost || db->mysql == NULL);
}

void
db_transaction_fail(struct db *db)
{
	db->transaction.failed = true;
}

bool
db_transaction_writes(const struct db *db)
{
	return db->transaction.open && db->transaction.changed;
}
