/*
 * Undo: reverts the rows of a change, the last one first.
 *
 * The rows of a change stand in the history with their old and new values.
 * They are read a page at a time, so that memory does not grow with the
 * change.  Neighbours of one kind and one action form a run, which is one
 * statement: its rows go as one JSON array, which the server takes apart.  A
 * statement does not say in which order it takes its rows, so no key may
 * occur twice among the updates of a run.
 *
 * Each run is first looked at for obstacles: rows that were changed since,
 * names that are taken, domains that hold something by now.  After the first
 * obstacle nothing more is written, and the rest is only looked at, so that
 * the refusal names all of them.  The look takes no lock.  Instead the
 * statement itself compares the row with the history; if it meets fewer rows
 * than it should, the whole undo is tried again and then sees the change.
 *
 * One statement a row took several times as long as the change itself; in
 * runs the undo of 100,000 rows takes half the time of the batch that made
 * them, and 9 MiB.
 */
#include "model/history/undo.h"

#include <string.h>

#include "base/sentence.h"
#include "model/history/history.h"
#include "model/history/private.h"
#include "model/history/undo_result.h"

/* How many rows of the history one statement reads. */
#define PAGE 1000

static const struct undo_table tables[] = {
	{ "domain", SQL_UNDO_DOMAIN_CHANGED, SQL_UNDO_DOMAIN_THERE,
	    SQL_UNDO_DOMAIN_DELETE,
	    { SQL_UNDO_DOMAIN_INSERT, SQL_UNDO_DOMAIN_INSERT_UNCHECKED },
	    { SQL_UNDO_DOMAIN_UPDATE, SQL_UNDO_DOMAIN_UPDATE_UNCHECKED } },
	{ "user", SQL_UNDO_USER_CHANGED, SQL_UNDO_USER_THERE,
	    SQL_UNDO_USER_DELETE,
	    { SQL_UNDO_USER_INSERT, SQL_UNDO_USER_INSERT_UNCHECKED },
	    { SQL_UNDO_USER_UPDATE, SQL_UNDO_USER_UPDATE_UNCHECKED } },
	{ "alias", SQL_UNDO_ALIAS_CHANGED, SQL_UNDO_ALIAS_THERE,
	    SQL_UNDO_ALIAS_DELETE,
	    { SQL_UNDO_ALIAS_INSERT, SQL_UNDO_ALIAS_INSERT_UNCHECKED },
	    { SQL_UNDO_ALIAS_UPDATE, SQL_UNDO_ALIAS_UPDATE_UNCHECKED } },
	{ "grant", SQL_UNDO_GRANT_CHANGED, SQL_UNDO_GRANT_THERE,
	    SQL_UNDO_GRANT_DELETE,
	    { SQL_UNDO_GRANT_INSERT, SQL_UNDO_GRANT_INSERT_UNCHECKED },
	    { SQL_UNDO_GRANT_UPDATE, SQL_UNDO_GRANT_UPDATE_UNCHECKED } },
	{ "key", SQL_UNDO_KEY_CHANGED, SQL_UNDO_KEY_THERE,
	    SQL_UNDO_KEY_DELETE,
	    { SQL_UNDO_KEY_INSERT, SQL_UNDO_KEY_INSERT_UNCHECKED },
	    { SQL_UNDO_KEY_UPDATE, SQL_UNDO_KEY_UPDATE_UNCHECKED } },
	{ "pattern", SQL_UNDO_PATTERN_CHANGED, SQL_UNDO_PATTERN_THERE,
	    SQL_UNDO_PATTERN_DELETE,
	    { SQL_UNDO_PATTERN_INSERT, SQL_UNDO_PATTERN_INSERT_UNCHECKED },
	    { SQL_UNDO_PATTERN_UPDATE, SQL_UNDO_PATTERN_UPDATE_UNCHECKED } },
	{ "block", SQL_UNDO_BLOCK_CHANGED, SQL_UNDO_BLOCK_THERE,
	    SQL_UNDO_BLOCK_DELETE,
	    { SQL_UNDO_BLOCK_INSERT, SQL_UNDO_BLOCK_INSERT_UNCHECKED },
	    { SQL_UNDO_BLOCK_UPDATE, SQL_UNDO_BLOCK_UPDATE_UNCHECKED } },
	{ "recipient", SQL_UNDO_RECIPIENT_CHANGED, SQL_UNDO_RECIPIENT_THERE,
	    SQL_UNDO_RECIPIENT_DELETE,
	    { SQL_UNDO_RECIPIENT_INSERT, SQL_UNDO_RECIPIENT_INSERT_UNCHECKED },
	    { SQL_UNDO_RECIPIENT_UPDATE,
	    SQL_UNDO_RECIPIENT_UPDATE_UNCHECKED } },
	{ "relay", SQL_UNDO_RELAY_CHANGED, SQL_UNDO_RELAY_THERE,
	    SQL_UNDO_RELAY_DELETE,
	    { SQL_UNDO_RELAY_INSERT, SQL_UNDO_RELAY_INSERT_UNCHECKED },
	    { SQL_UNDO_RELAY_UPDATE, SQL_UNDO_RELAY_UPDATE_UNCHECKED } },
};

/* --- writing --------------------------------------------------------- */

/* A row as it was is one that the table's checks would not take. */
static bool
refuse_against_rule(const struct undo *u, struct err *e)
{
	const char *what;

	if (e->code != ERR_INVALID)
		return false;
	what = arena_strdup(u->m->arena, e->text);
	err_clear(e);
	err_set(e, ERR_REFUSED, "cannot undo change %lld: a row broke a rule "
	    "of the database: %s", (long long)u->change, what);
	return err_hint(e, "--force restores it anyway");
}

/*
 * The rows were looked at without a lock, so another session may have
 * changed or made one since.  The next attempt sees it, and names it.
 */
static bool
changed_meanwhile(struct err *e)
{
	return err_set(e, ERR_RETRY, "another session changed a row");
}

/* All rows of the run, as they were when they were looked at. */
static bool
run_write(struct undo *u, const struct undo_run *run, bool force,
    struct err *e)
{
	const struct undo_table *t = run->table;
	struct db *db = u->m->db;
	bool ok = false;

	switch (run->action) {
	case UNDO_DELETE:
		ok = db_exec(db, t->delete, PARAMS(SECRET(undo_json(u, run,
		    SIDE_NEW)), NUMBER(force)), e);
		break;
	case UNDO_INSERT:
		ok = db_exec(db, t->insert[force], PARAMS(SECRET(
		    undo_json(u, run, SIDE_OLD))), e);
		break;
	case UNDO_UPDATE:
		ok = db_exec(db, t->update[force], PARAMS(SECRET(
		    undo_json(u, run, SIDE_PAIR)), NUMBER(force)), e);
		break;
	}
	if (!ok && !force && e->code == ERR_EXISTS)
		return changed_meanwhile(e);
	if (!ok)
		return !force && refuse_against_rule(u, e);
	return force || db_affected(db) >= (int64_t)run->count ||
	    changed_meanwhile(e);
}

static bool
is_there(struct undo *u, const struct undo_run *one, enum side side,
    bool *there, struct err *e)
{
	struct words found;

	if (!undo_find(u, one, one->table->there, side, &found, e))
		return false;
	*there = found.count > 0;
	return true;
}

/* With force a row becomes as it was, whatever it is now. */
static bool
force_row(struct undo *u, const struct undo_row *row,
    const struct undo_table *table, struct err *e)
{
	struct undo_run one = { table, UNDO_UPDATE, { row }, 1 };
	struct undo_row same = *row;
	bool at_new = false, at_old;

	if (!is_there(u, &one, SIDE_OLD, &at_old, e) ||
	    (row->new_row != NULL && !is_there(u, &one, SIDE_NEW, &at_new,
	    e)))
		return false;
	if (at_new && at_old && strcmp(row->old_key, row->new_key) != 0) {
		obstacle_add(u, row->kind, row->old_key, arena_printf(
		    u->m->arena, "exists beside %s", row->new_key));
		obstacle_leave(u, row);
		return true;
	}
	if (!at_new && at_old) {
		same.new_row = same.old_row;
		one.row[0] = &same;
	} else if (!at_new) {
		one.action = UNDO_INSERT;
		same.new_key = NULL;
		one.row[0] = &same;
		if (!obstacle_impossible(u, &one, e))
			return false;
	}
	return u->obstacles.count > 0 || run_write(u, &one, true, e);
}

static bool
run_force(struct undo *u, const struct undo_run *run, struct err *e)
{
	if (run->action == UNDO_DELETE)
		return run_write(u, run, true, e);
	for (size_t i = 0; i < run->count; i++) {
		if (!force_row(u, run->row[i], run->table, e))
			return false;
	}
	return true;
}

/* Once something is in the way, the rest is only looked at, to name all. */
static bool
run_revert(struct undo *u, const struct undo_run *run, struct err *e)
{
	bool stopped = u->obstacles.count > 0;

	if (run->count == 0)
		return true;
	if (!u->force && ((run->action != UNDO_INSERT &&
	    !obstacle_changed(u, run, e)) || (run->action != UNDO_DELETE &&
	    !obstacle_taken(u, run, e))))
		return false;
	if (!stopped && run->action == UNDO_DELETE &&
	    undo_run_is_of(run, "domain") && !obstacle_contents(u, run, e))
		return false;
	if (!stopped && run->action == UNDO_DELETE &&
	    undo_run_is_of(run, "relay") && !obstacle_uses(u, run, e))
		return false;
	if (!stopped && run->action != UNDO_INSERT &&
	    undo_run_is_of(run, "user") && !obstacle_grants(u, run, e))
		return false;
	if (!stopped && run->action == UNDO_UPDATE &&
	    undo_run_is_of(run, "key") && !obstacle_keys(u, run, e))
		return false;
	if (!stopped && !u->force && run->action != UNDO_DELETE &&
	    !obstacle_impossible(u, run, e))
		return false;
	if (u->obstacles.count == 0)
		return u->force ? run_force(u, run, e) :
		    run_write(u, run, false, e);
	for (size_t i = 0; i < run->count; i++)
		obstacle_leave(u, run->row[i]);
	return true;
}

/* --- rows to runs ---------------------------------------------------- */

static const struct undo_table *
table_of(const char *kind)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		if (strcmp(tables[i].kind, kind) == 0)
			return &tables[i];
	}
	return NULL;
}

static bool
key_same(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

/* One statement does not say in which order it takes its rows. */
static bool
run_may_take(const struct undo_run *run, const struct undo_row *row,
    const struct undo_table *table, enum undo_action action)
{
	if (run->count == 0)
		return true;
	if (run->count == RUN_MAX || run->table != table ||
	    run->action != action)
		return false;
	for (size_t i = 0; i < run->count && action == UNDO_UPDATE; i++) {
		const struct undo_row *other = run->row[i];

		if (key_same(row->old_key, other->old_key) ||
		    key_same(row->old_key, other->new_key) ||
		    key_same(row->new_key, other->old_key) ||
		    key_same(row->new_key, other->new_key))
			return false;
	}
	return true;
}

static bool
page_revert(struct undo *u, const struct db_rows *rows, struct err *e)
{
	const struct undo_row *row = rows->row;
	struct undo_run run = { 0 };

	for (size_t i = 0; i < rows->count; i++) {
		const struct undo_table *table = table_of(row[i].kind);
		enum undo_action action = row[i].old_row == NULL ? UNDO_DELETE :
		    row[i].new_row == NULL ? UNDO_INSERT : UNDO_UPDATE;

		/* A change with rows of another kind was refused before. */
		BUG_ON(table == NULL);
		if (obstacle_is_left(u, &row[i]))
			continue;
		if (!run_may_take(&run, &row[i], table, action)) {
			if (!run_revert(u, &run, e))
				return false;
			run.count = 0;
			if (obstacle_is_left(u, &row[i]))
				continue;
		}
		run.table = table;
		run.action = action;
		run.row[run.count++] = &row[i];
	}
	return run_revert(u, &run, e);
}

static bool
rows_revert(struct undo *u, struct err *e)
{
	int64_t before = INT64_MAX;
	struct db_rows rows;
	bool ok = true;

	do {
		arena_clear(&u->rows);
		ok = db_query(u->m->db, &u->rows, SQL_CHANGE_ROWS, PARAMS(
		    NUMBER(u->change), NUMBER(before), NUMBER(PAGE)), &rows,
		    e) &&
		    page_revert(u, &rows, e);
		if (ok && rows.count > 0)
			before = ((const struct undo_row *)rows.row)[
			    rows.count - 1].id;
	} while (ok && rows.count == PAGE);
	arena_clear(&u->rows);
	obstacle_forget_left(u);
	return ok;
}

/* --- the whole ------------------------------------------------------- */

static bool
refuse_obstacles(struct undo *u, struct err *e)
{
	int64_t own = 0, undone;

	/* It may have been begun, and is no answer. */
	if ((db_transaction_writes(u->m->db) && !db_number(u->m->db,
		SQL_CHANGE_ID, NO_PARAMS, &own, e)) ||
	    !db_number(u->m->db, SQL_CHANGE_UNDONE, PARAMS(
		NUMBER(u->change), NUMBER(own)), &undone, e))
		return false;
	if (undone != FIELD_NULL)
		err_set(e, ERR_REFUSED, "change %lld was undone by change "
		    "%lld: %s", (long long)u->change, (long long)undone,
		    sentence_list(u->m->arena, &u->obstacles));
	else
		err_set(e, ERR_REFUSED, "cannot undo change %lld: %s",
		    (long long)u->change,
		    sentence_list(u->m->arena, &u->obstacles));
	if (u->force)
		return err_hint(e, "fix that first; mailadm history NAME shows "
		    "what happened since");
	return err_hint(e, "mailadm history NAME shows what happened since; "
	    "undo it first, or --force overwrites it");
}

static bool
change_read(struct mail *m, int64_t id, struct sql_change *change,
    struct err *e)
{
	bool found;

	if (!db_row(m->db, m->arena, SQL_CHANGE_GET, PARAMS(NUMBER(id)),
	    change, &found, e))
		return false;
	if (!found) {
		err_set(e, ERR_NOT_FOUND, "no such change: %lld",
		    (long long)id);
		return err_hint(e, "mailadm history lists the changes");
	}
	return change->others == 0 || err_set(e, ERR_REFUSED,
	    "change %lld cannot be undone: what it deleted from the history "
	    "is gone", (long long)id);
}

bool
undo_change(struct mail *m, int64_t change, bool force,
    struct undo_result *result, struct err *e)
{
	struct undo u = { .m = m, .change = change, .force = force };
	struct sql_change read;

	if (!change_read(m, change, &read, e))
		return false;
	*result = (struct undo_result){ 0 };
	if (read.number == 0)
		return true;
	result->undone = true;
	db_change_undoes(m->db, change);
	if (!mail_lock_aliases(m, e) || !history_last(m, &result->since, e) ||
	    !rows_revert(&u, e))
		return false;
	if (u.obstacles.count == 0 && !undo_check(m, change, result->since,
	    force, &u.obstacles, e))
		return err_wrap(e, "undo of change %lld", (long long)change);
	if (u.obstacles.count > 0)
		return refuse_obstacles(&u, e);
	return db_number(m->db, SQL_CHANGE_ID, NO_PARAMS, &result->id, e);
}
