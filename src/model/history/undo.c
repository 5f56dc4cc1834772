/* Taking a change back: runs of rows, checked, written, looked at again. */
#include "model/history/undo.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/sentence.h"
#include "base/text.h"
#include "model/mail/domain.h"
#include "model/history/history.h"
#include "model/history/undo_result.h"

/* Rows that are reverted by one statement, and read by one. */
#define RUN_MAX 100
#define PAGE 1000

/* Of how many rows it is said who changed them since. */
#define CHANGERS_SHOWN 20

/* What reverting a row means. */
enum deed { DEED_DELETE, DEED_INSERT, DEED_UPDATE };

struct table {
	const char *kind;
	enum sql_id changed;	/* not as the change left it */
	enum sql_id there;	/* there now */
	enum sql_id delete;
	enum sql_id insert[2];	/* and by force */
	enum sql_id update[2];
};

static const struct table tables[] = {
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
};

/* Rows of one kind, one deed, and different names. */
struct run {
	const struct table *table;
	enum deed deed;
	const struct undo_row *row[RUN_MAX];
	size_t count;
};

struct undo {
	struct mail *m;
	int64_t change;
	bool force;
	struct words obstacles;	/* from the first on, nothing is written */
	void *left;		/* tsearch() tree: rows not reverted for it */
	struct arena rows;	/* of the page */
};

/* --- rows as parameters ---------------------------------------------- */

enum side { SIDE_OLD, SIDE_NEW, SIDE_PAIR };

/* An array of the rows' JSON; it may hold hashes, so it is a secret. */
static const char *
run_json(struct undo *u, const struct run *run, enum side side)
{
	struct text t = TEXT_INIT;
	const char *copy;

	for (size_t i = 0; i < run->count; i++) {
		const struct undo_row *row = run->row[i];

		text_add(&t, i == 0 ? "[" : ",");
		if (side == SIDE_PAIR)
			text_addf(&t, "{\"o\":%s,\"n\":%s}", row->old_row,
			    row->new_row);
		else
			text_add(&t, side == SIDE_OLD ? row->old_row :
			    row->new_row);
	}
	text_add(&t, "]");
	copy = arena_strndup(&u->rows, t.buf, t.len);
	text_clear(&t);
	return copy;
}

static bool
run_find(struct undo *u, const struct run *run, enum sql_id id,
    enum side side, struct words *found, struct err *e)
{
	return db_texts(u->m->db, u->m->arena, id, PARAMS(SECRET(
	    run_json(u, run, side))), found, e);
}

/* --- obstacles ------------------------------------------------------- */

static int
key_compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void
key_keep(void *key)
{
	(void)key;		/* it lives in the arena */
}

static const char *
row_key(struct undo *u, const struct undo_row *row, const char *key)
{
	return arena_printf(u->m->arena, "%s %s", row->kind, key);
}

/* A row that stays behind: what the change did to it before, too. */
static void
leave(struct undo *u, const struct undo_row *row)
{
	const char *key[] = { row->old_key, row->new_key };

	for (size_t i = 0; i < 2; i++) {
		if (key[i] != NULL && tsearch(row_key(u, row, key[i]),
		    &u->left, key_compare) == NULL)
			out_of_memory();
	}
}

static bool
is_left(struct undo *u, const struct undo_row *row)
{
	const char *key[] = { row->old_key, row->new_key };

	if (u->left == NULL)
		return false;
	for (size_t i = 0; i < 2; i++) {
		if (key[i] != NULL && tfind(row_key(u, row, key[i]),
		    &u->left, key_compare) != NULL)
			return true;
	}
	return false;
}

static void
obstacle(struct undo *u, const char *kind, const char *name,
    const char *why)
{
	words_add(u->m->arena, &u->obstacles, arena_printf(u->m->arena,
	    "%s %s %s", kind, name, why));
}

static bool
obstacles_add(struct undo *u, const char *kind, const struct words *names,
    const char *why)
{
	for (size_t i = 0; i < names->count; i++)
		obstacle(u, kind, names->word[i], why);
	return true;
}

/* What was changed since; who did it is looked up for a few. */
static bool
changed_since(struct undo *u, const struct run *run,
    const struct words *names, struct err *e)
{
	struct arena *a = u->m->arena;

	for (size_t i = 0; i < names->count; i++) {
		const char *name = arena_strndup(a, names->word[i],
		    strcspn(names->word[i], " "));
		const char *why = "was changed or renamed since";
		struct sql_change by;
		bool found = false;

		if (u->obstacles.count < CHANGERS_SHOWN && !db_row(u->m->db, a,
		    SQL_CHANGE_LAST, PARAMS(TEXT(run->table->kind),
		    TEXT(name), NUMBER(u->change), NUMBER(0)), &by,
		    sizeof(by), &found, e))
			return false;
		if (found)
			why = arena_printf(a, "(last changed by "
			    "change %lld, %s)", (long long)by.id, by.actor);
		obstacle(u, run->table->kind, names->word[i], why);
	}
	return true;
}

static bool
find_changed(struct undo *u, const struct run *run, struct err *e)
{
	struct words names;

	return run_find(u, run, run->table->changed, SIDE_NEW, &names, e) &&
	    changed_since(u, run, &names, e);
}

/* The rows that get a name which they have not now. */
static struct run
arrivals(const struct run *run)
{
	struct run some = { .table = run->table, .deed = run->deed };

	for (size_t i = 0; i < run->count; i++) {
		const struct undo_row *row = run->row[i];

		if (row->new_key == NULL ||
		    strcmp(row->old_key, row->new_key) != 0)
			some.row[some.count++] = row;
	}
	return some;
}

static bool
find_taken(struct undo *u, const struct run *run, struct err *e)
{
	struct run some = arrivals(run);
	struct words names;

	return some.count == 0 ||
	    (run_find(u, &some, run->table->there, SIDE_OLD, &names, e) &&
	    changed_since(u, &some, &names, e));
}

static bool
is_of(const struct run *run, const char *kind)
{
	return strcmp(run->table->kind, kind) == 0;
}

/* Of one that moves with its user, the user comes behind it. */
static bool
find_userless(struct undo *u, const struct run *run, struct err *e)
{
	struct words names;

	if (run->deed != DEED_INSERT)
		return true;
	return run_find(u, run, SQL_UNDO_GRANT_USERLESS, SIDE_OLD, &names,
		e) &&
	    obstacles_add(u, "grant", &names, "has no user any more");
}

/* What no force can help: a home is taken, a domain is not there. */
static bool
find_impossible(struct undo *u, const struct run *run, struct err *e)
{
	struct run some = arrivals(run);
	const char *kind = run->table->kind;
	struct words names;

	if (some.count == 0 || is_of(run, "domain"))
		return true;
	if (is_of(run, "grant"))
		return find_userless(u, run, e);
	if (!run_find(u, &some, SQL_UNDO_HOMELESS, SIDE_OLD, &names, e))
		return false;
	obstacles_add(u, kind, &names, "has no domain any more");
	if (!is_of(run, "user") || run->deed != DEED_INSERT)
		return true;
	return run_find(u, &some, SQL_UNDO_HOMES, SIDE_OLD, &names, e) &&
	    obstacles_add(u, kind, &names, "has its mail now");
}

/* A user who goes, or gets another name, must have no grants left. */
static bool
find_grants(struct undo *u, const struct run *run, struct err *e)
{
	struct run some = run->deed == DEED_DELETE ? *run : arrivals(run);
	struct words names;

	if (some.count == 0)
		return true;
	return run_find(u, &some, SQL_UNDO_USER_GRANTS, SIDE_NEW, &names,
		e) &&
	    obstacles_add(u, "grant", &names, "is there since");
}

/* A domain that goes must have nothing left. */
static bool
find_contents(struct undo *u, const struct run *run, struct err *e)
{
	db_memo_forget(u->m->db);
	for (size_t i = 0; i < run->count; i++) {
		const char *name = run->row[i]->name;
		struct domain_contents c = { 0 };
		bool found;

		if (!domain_look(u->m, name, &c, &found, e))
			return false;
		c.outside = (struct words){ 0 };
		if (c.users > 0 || c.aliases > 0 || c.alias_domains.count > 0)
			obstacle(u, "domain", name, arena_printf(u->m->arena,
			    "has %s since", domain_contents_text(u->m->arena,
			    &c)));
	}
	return true;
}

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
	err_set(e, ERR_REFUSED, "cannot undo change %lld: a row was against "
	    "a rule of the database: %s", (long long)u->change, what);
	return err_hint(e, "--force brings it back all the same");
}

/* Each of the run's rows, or somebody else was faster. */
static bool
run_write(struct undo *u, const struct run *run, bool force, struct err *e)
{
	const struct table *t = run->table;
	struct db *db = u->m->db;
	bool ok = false;

	switch (run->deed) {
	case DEED_DELETE:
		ok = db_exec(db, t->delete, PARAMS(SECRET(run_json(u, run,
		    SIDE_NEW)), NUMBER(force)), e);
		break;
	case DEED_INSERT:
		ok = db_exec(db, t->insert[force], PARAMS(SECRET(
		    run_json(u, run, SIDE_OLD))), e);
		break;
	case DEED_UPDATE:
		ok = db_exec(db, t->update[force], PARAMS(SECRET(
		    run_json(u, run, SIDE_PAIR)), NUMBER(force)), e);
		break;
	}
	if (!ok)
		return !force && refuse_against_rule(u, e);
	if (db_affected(db) < (int64_t)run->count && !force)
		return err_set(e, ERR_RETRY, "somebody else changed a row");
	return true;
}

static bool
is_there(struct undo *u, const struct run *one, enum side side, bool *there,
    struct err *e)
{
	struct words found;

	if (!run_find(u, one, one->table->there, side, &found, e))
		return false;
	*there = found.count > 0;
	return true;
}

/* With force a row becomes as it was, whatever it is now. */
static bool
force_row(struct undo *u, const struct undo_row *row,
    const struct table *table, struct err *e)
{
	struct run one = { table, DEED_UPDATE, { row }, 1 };
	struct undo_row same = *row;
	bool at_new = false, at_old;

	if (!is_there(u, &one, SIDE_OLD, &at_old, e) ||
	    (row->new_row != NULL && !is_there(u, &one, SIDE_NEW, &at_new,
	    e)))
		return false;
	if (at_new && at_old && strcmp(row->old_key, row->new_key) != 0) {
		obstacle(u, row->kind, row->old_key, arena_printf(
		    u->m->arena, "is there beside %s", row->new_key));
		leave(u, row);
		return true;
	}
	if (!at_new && at_old) {
		same.new_row = same.old_row;
		one.row[0] = &same;
	} else if (!at_new) {
		one.deed = DEED_INSERT;
		same.new_key = NULL;
		one.row[0] = &same;
		if (!find_impossible(u, &one, e))
			return false;
	}
	return u->obstacles.count > 0 || run_write(u, &one, true, e);
}

static bool
run_force(struct undo *u, const struct run *run, struct err *e)
{
	if (run->deed == DEED_DELETE)
		return run_write(u, run, true, e);
	for (size_t i = 0; i < run->count; i++) {
		if (!force_row(u, run->row[i], run->table, e))
			return false;
	}
	return true;
}

/* Once something is in the way, the rest is only looked at, to name all. */
static bool
run_revert(struct undo *u, const struct run *run, struct err *e)
{
	bool stopped = u->obstacles.count > 0;

	if (run->count == 0)
		return true;
	if (!u->force && ((run->deed != DEED_INSERT &&
	    !find_changed(u, run, e)) || (run->deed != DEED_DELETE &&
	    !find_taken(u, run, e))))
		return false;
	if (!stopped && run->deed == DEED_DELETE && is_of(run, "domain") &&
	    !find_contents(u, run, e))
		return false;
	if (!stopped && run->deed != DEED_INSERT && is_of(run, "user") &&
	    !find_grants(u, run, e))
		return false;
	if (!stopped && !u->force && run->deed != DEED_DELETE &&
	    !find_impossible(u, run, e))
		return false;
	if (u->obstacles.count == 0)
		return u->force ? run_force(u, run, e) :
		    run_write(u, run, false, e);
	for (size_t i = 0; i < run->count; i++)
		leave(u, run->row[i]);
	return true;
}

/* --- rows to runs ---------------------------------------------------- */

static const struct table *
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
run_may_take(const struct run *run, const struct undo_row *row,
    const struct table *table, enum deed deed)
{
	if (run->count == 0)
		return true;
	if (run->count == RUN_MAX || run->table != table ||
	    run->deed != deed)
		return false;
	for (size_t i = 0; i < run->count && deed == DEED_UPDATE; i++) {
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
	struct run run = { 0 };

	for (size_t i = 0; i < rows->count; i++) {
		const struct table *table = table_of(row[i].kind);
		enum deed deed = row[i].old_row == NULL ? DEED_DELETE :
		    row[i].new_row == NULL ? DEED_INSERT : DEED_UPDATE;

		if (is_left(u, &row[i]))
			continue;
		if (!run_may_take(&run, &row[i], table, deed)) {
			if (!run_revert(u, &run, e))
				return false;
			run.count = 0;
			if (is_left(u, &row[i]))
				continue;
		}
		run.table = table;
		run.deed = deed;
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
		    NUMBER(u->change), NUMBER(before), NUMBER(PAGE)),
		    sizeof(struct undo_row), &rows, e) &&
		    page_revert(u, &rows, e);
		if (ok && rows.count > 0)
			before = ((const struct undo_row *)rows.row)[
			    rows.count - 1].id;
	} while (ok && rows.count == PAGE);
	arena_clear(&u->rows);
	tdestroy(u->left, key_keep);
	u->left = NULL;
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
		return err_hint(e, "mend that first; mailadm history NAME "
		    "shows what happened since");
	return err_hint(e, "mailadm history NAME shows what happened since; "
	    "undo it first, or --force overwrites it");
}

static bool
change_read(struct mail *m, int64_t id, struct sql_change *change,
    struct err *e)
{
	bool found;

	if (!db_row(m->db, m->arena, SQL_CHANGE_GET, PARAMS(NUMBER(id)),
	    change, sizeof(*change), &found, e))
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
    enum outcome *outcome, int64_t *id, int64_t *since, struct err *e)
{
	struct undo u = { .m = m, .change = change, .force = force };
	struct sql_change read;

	if (!change_read(m, change, &read, e))
		return false;
	*outcome = OUTCOME_UNCHANGED;
	if (read.number == 0)
		return true;
	*outcome = OUTCOME_CHANGED;
	db_change_undoes(m->db, change);
	if (!mail_lock_aliases(m, e) || !history_last(m, since, e) ||
	    !rows_revert(&u, e))
		return false;
	if (u.obstacles.count == 0 && !undo_check(m, change, *since, force,
	    &u.obstacles, e))
		return err_wrap(e, "undo of change %lld", (long long)change);
	if (u.obstacles.count > 0)
		return refuse_obstacles(&u, e);
	return db_number(m->db, SQL_CHANGE_ID, NO_PARAMS, id, e);
}
