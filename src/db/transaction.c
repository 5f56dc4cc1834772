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
 * decides what became of a COMMIT that failed, but for errors which say
 * that the server rolled back: the connection died, or the cluster lost a
 * node.  A new connection then reads the row of that token with a lock.  The
 * lock makes it wait until the server has ended the lost session, whichever
 * way that goes: the row exists, and all is committed, or it does not, and
 * nothing was changed.  Another host of a list may lag behind: that it does
 * not find the row proves nothing, so the server is compared, too.  Where it
 * cannot be asked the outcome stays unknown.
 */
#include <errno.h>
#include <mysqld_error.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base/clock.h"
#include "db/private.h"

/* How long it asks the server for the outcome of a COMMIT. */
#define OUTCOME_SECONDS 10
#define OUTCOME_PAUSE_MS 250

/* --- writing --------------------------------------------------------- */

/* Level, code, message. */
enum { WARNING_MESSAGE = 2, WARNING_CELLS };

/* A warning means that the server changed the value: the write fails. */
static bool
refuse_warning(struct db *db, struct err *e)
{
	struct arena a = { 0 };
	struct db_cells cells;

	if (mysql_warning_count(db->mysql) == 0)
		return true;
	if (db_script_texts(db, &a, "SHOW WARNINGS", &cells, e))
		err_set(e, ERR_DATABASE, "the server warned about a write, "
		    "which is not kept: %s", cells.rows > 0 &&
		    cells.columns >= WARNING_CELLS ?
		    cells.cell[WARNING_MESSAGE] : "it gives no reason");
	db->transaction.failed = true;
	arena_clear(&a);
	return false;
}

/* The first write inserts the change that the history rows refer to. */
static bool
change_begin(struct db *db, struct err *e)
{
	struct transaction *t = &db->transaction;
	const struct db_settings *s = db->settings;
	struct sql_outcome change;
	bool found;

	if (!t->open || t->changed)
		return true;
	if (getrandom(t->token, TOKEN_SIZE, 0) != TOKEN_SIZE)
		return err_errno(e, "no random bytes");
	t->changed = true;
	if (!db_exec(db, SQL_CHANGE_ADD, PARAMS(
		BYTES((const char *)t->token, TOKEN_SIZE), TEXT(s->actor),
		TEXT(s->program), NUMBER(t->undoes)), e) ||
	    !db_row(db, &t->memory, SQL_CHANGE_USE, NO_PARAMS, &change,
		&found, e))
		return false;
	t->number = change.number;
	t->server = change.server;
	return true;
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

/* --- begin and end --------------------------------------------------- */

static const char guarded_begin[] = "BEGIN NOT ATOMIC SET autocommit = 0; "
    "START TRANSACTION; SAVEPOINT " GUARD "; END";

static bool
transaction_begin(struct db *db, const char *statement, struct err *e)
{
	struct transaction *t = &db->transaction;

	t->verdict = DB_OPEN;
	if (!db_run(db, statement, e)) {
		t->verdict = DB_NOTHING;
		return false;
	}
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
	t->step = (struct step){ 0 };
	t->server = NULL;
	db_cache_clear(db);
	arena_clear(&t->memory);
}

void
db_rollback(struct db *db)
{
	struct err ignored = { 0 };

	if (!db->transaction.open)
		return;
	/* Closes a session that cannot roll back: then the server does. */
	if (!db_run(db, "ROLLBACK", &ignored))
		db_disconnect(db);
	err_clear(&ignored);
	transaction_end(db);
	db->transaction.verdict = DB_ROLLED_BACK;
}

/* --- the outcome of a COMMIT ----------------------------------------- */

/* With these the server has rolled back, or has not come to COMMIT. */
static bool
is_rolled_back(unsigned number)
{
	return number == ER_LOCK_DEADLOCK || number == ER_SP_DOES_NOT_EXIST ||
	    number == ER_TABLEACCESS_DENIED_ERROR ||
	    number == ER_COLUMNACCESS_DENIED_ERROR;
}

static void
pause_ms(long ms)
{
	struct timespec t = { .tv_nsec = ms * 1000000 };

	nanosleep(&t, NULL);
}

/*
 * True when it is known.  Of several hosts another one may answer, which
 * has the change or has it not yet: what it does not find says nothing.
 */
static bool
outcome_ask(struct db *db, bool *committed, struct err *e)
{
	struct transaction *t = &db->transaction;
	struct sql_outcome outcome;
	bool found;

	if (!db_reconnect(db, e) || !db_row(db, &t->memory, SQL_CHANGE_FIND,
	    PARAMS(BYTES((const char *)t->token, TOKEN_SIZE)), &outcome,
	    &found, e))
		return false;
	*committed = outcome.number > 0;
	return *committed || (t->server != NULL &&
	    strcmp(t->server, outcome.server) == 0);
}

/* `cause` is what the COMMIT failed with. */
static bool
outcome_find(struct db *db, const struct err *cause, struct err *e)
{
	double end = clock_seconds() + OUTCOME_SECONDS;
	struct err failed = { 0 };
	bool committed = false, known;

	known = outcome_ask(db, &committed, &failed);
	while (!known && clock_seconds() < end) {
		pause_ms(OUTCOME_PAUSE_MS);
		known = outcome_ask(db, &committed, &failed);
	}
	err_clear(&failed);
	db->transaction.verdict = !known ? DB_UNKNOWN :
	    committed ? DB_COMMITTED : DB_ROLLED_BACK;
	db->transaction.committed |= committed;
	if (committed)
		return true;
	if (known) {
		err_set(e, cause->code, "the commit failed, and nothing was "
		    "changed: %s", cause->text);
		return err_hint(e, "run the command again");
	}
	err_set(e, ERR_UNKNOWN, "it is not known whether the change was "
	    "committed: %s", cause->text);
	return err_hint(e, "either all of it was committed, or nothing: "
	    "check before you repeat the command");
}

/*
 * One statement, so that nothing can come between them.  A change that is
 * committed belongs to no connection, so that none can add to it.
 */
#define COMMIT(close) "BEGIN NOT ATOMIC RELEASE SAVEPOINT " GUARD "; "	\
    close "COMMIT; END"
static const char guarded_commit[] = COMMIT("");
static const char change_commit[] = COMMIT("UPDATE changes SET connection = "
    "NULL WHERE id = @mailadm_change; ");

static bool
commit(struct db *db, struct err *e)
{
	struct transaction *t = &db->transaction;
	struct err cause = { 0 };
	bool ok;

	t->guarded = false;
	if (db_run(db, t->changed ? change_commit : guarded_commit, &cause)) {
		t->verdict = DB_COMMITTED;
		t->committed |= t->changed;
		return true;
	}
	if (!t->changed || is_rolled_back(mysql_errno(db->mysql))) {
		db_rollback(db);
		*e = cause;
		return false;
	}
	t->open = false;
	ok = outcome_find(db, &cause, e);
	err_clear(&cause);
	return ok;
}

static bool
commit_or_roll_back(struct db *db, struct err *e)
{
	struct transaction *t = &db->transaction;
	bool ok;

	if (t->failed)
		err_set(e, ERR_DATABASE, "rolled back, because a command in "
		    "it had failed");
	if (t->failed || !db_check_interrupted(db, e)) {
		db_rollback(db);
		return false;
	}
	ok = commit(db, e);
	t->last = ok && t->changed ? t->number : 0;
	transaction_end(db);
	return ok;
}

bool
db_commit(struct db *db, struct err *e)
{
	sigset_t signals, old;
	bool ok;

	BUG_ON(!db->transaction.open);
	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &signals, &old);
	ok = commit_or_roll_back(db, e);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return ok;
}

/* --- steps ----------------------------------------------------------- */

bool
db_step_begin(struct db *db, struct err *e)
{
	struct transaction *t = &db->transaction;

	BUG_ON(!t->open || t->step.open);
	if (!db_usable(db, e) || !db_run(db, "SAVEPOINT mailadm_step", e))
		return false;
	t->step = (struct step){ true, t->changed, t->undoes };
	return true;
}

void
db_step_end(struct db *db)
{
	db->transaction.step.open = false;
}

/*
 * What was cached may be of rows that are gone.  The row of `changes` goes
 * with the step that inserted it, and the next write inserts another one.
 */
bool
db_step_undo(struct db *db)
{
	struct transaction *t = &db->transaction;
	struct err ignored = { 0 };
	bool undone;

	/* A command may have ended it. */
	if (!t->open || !t->step.open)
		return false;
	undone = db->mysql != NULL && !db->lost &&
	    db_run(db, STEP_UNDO, &ignored);
	err_clear(&ignored);
	t->changed = t->step.changed;
	t->undoes = t->step.undoes;
	t->step.open = false;
	t->failed = !undone;
	db_cache_clear(db);
	return undone;
}

/* --- its state ------------------------------------------------------- */

void
db_verdict_clear(struct db *db)
{
	if (db->transaction.open)
		return;
	db->transaction.verdict = DB_NOTHING;
	db->transaction.committed = false;
}

int64_t
db_change_committed(const struct db *db)
{
	return db->transaction.last;
}

bool
db_has_committed(const struct db *db)
{
	return db != NULL && db->transaction.committed;
}

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
