/* Obstacles to an undo: all of them are named, not only the first. */
#include <search.h>
#include <string.h>

#include "base/sentence.h"
#include "base/text.h"
#include "model/history/private.h"
#include "model/mail/domain.h"

/* For this many rows the obstacle says who changed them. */
#define CHANGERS_SHOWN 20

/* --- rows as parameters ---------------------------------------------- */

/* An array of the rows' JSON; it may hold hashes, so it is a secret. */
const char *
undo_json(struct undo *u, const struct undo_run *run, enum side side)
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

bool
undo_find(struct undo *u, const struct undo_run *run, enum sql_id id,
    enum side side, struct words *found, struct err *e)
{
	return db_texts(u->m->db, u->m->arena, id, PARAMS(SECRET(
	    undo_json(u, run, side))), found, e);
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
void
obstacle_leave(struct undo *u, const struct undo_row *row)
{
	const char *key[] = { row->old_key, row->new_key };

	for (size_t i = 0; i < 2; i++) {
		if (key[i] != NULL && tsearch(row_key(u, row, key[i]),
		    &u->left, key_compare) == NULL)
			out_of_memory();
	}
}

bool
obstacle_is_left(struct undo *u, const struct undo_row *row)
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

void
obstacle_forget_left(struct undo *u)
{
	tdestroy(u->left, key_keep);
	u->left = NULL;
}

void
obstacle_add(struct undo *u, const char *kind, const char *name,
    const char *why)
{
	words_add(u->m->arena, &u->obstacles, arena_printf(u->m->arena,
	    "%s %s %s", kind, name, why));
}

static bool
obstacle_add_all(struct undo *u, const char *kind,
    const struct words *names, const char *why)
{
	for (size_t i = 0; i < names->count; i++)
		obstacle_add(u, kind, names->word[i], why);
	return true;
}

/* What was changed since; who did it is looked up for a few. */
static bool
changed_since(struct undo *u, const struct undo_run *run,
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
		    SQL_CHANGE_LAST, PARAMS(TEXT(run->table->kind), TEXT(name),
		    NUMBER(u->change), NUMBER(0)), &by, &found, e))
			return false;
		if (found)
			why = arena_printf(a, "(last changed by "
			    "change %lld, %s)", (long long)by.id, by.actor);
		obstacle_add(u, run->table->kind, names->word[i], why);
	}
	return true;
}

bool
obstacle_changed(struct undo *u, const struct undo_run *run, struct err *e)
{
	struct words names;

	return undo_find(u, run, run->table->changed, SIDE_NEW, &names, e) &&
	    changed_since(u, run, &names, e);
}

/* The rows that get another name. */
static struct undo_run
arrivals(const struct undo_run *run)
{
	struct undo_run some = { .table = run->table, .action = run->action };

	for (size_t i = 0; i < run->count; i++) {
		const struct undo_row *row = run->row[i];

		if (row->new_key == NULL ||
		    strcmp(row->old_key, row->new_key) != 0)
			some.row[some.count++] = row;
	}
	return some;
}

bool
obstacle_taken(struct undo *u, const struct undo_run *run, struct err *e)
{
	struct undo_run some = arrivals(run);
	struct words names;

	return some.count == 0 ||
	    (undo_find(u, &some, run->table->there, SIDE_OLD, &names, e) &&
	    changed_since(u, &some, &names, e));
}

bool
undo_run_is_of(const struct undo_run *run, const char *kind)
{
	return strcmp(run->table->kind, kind) == 0;
}

/* Of one that moves with its user, the user comes behind it. */
static bool
find_userless(struct undo *u, const struct undo_run *run, struct err *e)
{
	struct words names;

	if (run->action != UNDO_INSERT)
		return true;
	return undo_find(u, run, SQL_UNDO_GRANT_USERLESS, SIDE_OLD, &names,
		e) &&
	    obstacle_add_all(u, "grant", &names, "no longer has a user");
}

/* What --force cannot help: a home is taken, or a domain does not exist. */
bool
obstacle_impossible(struct undo *u, const struct undo_run *run, struct err *e)
{
	struct undo_run some = arrivals(run);
	const char *kind = run->table->kind;
	struct words names;

	if (some.count == 0 || undo_run_is_of(run, "domain") ||
	    undo_run_is_of(run, "relay"))
		return true;
	if (undo_run_is_of(run, "grant"))
		return find_userless(u, run, e);
	if (!undo_find(u, &some, SQL_UNDO_HOMELESS, SIDE_OLD, &names, e))
		return false;
	obstacle_add_all(u, kind, &names, "no longer has a domain");
	if (!undo_run_is_of(run, "user") || run->action != UNDO_INSERT)
		return true;
	return undo_find(u, &some, SQL_UNDO_HOMES, SIDE_OLD, &names, e) &&
	    obstacle_add_all(u, kind, &names, "has its mail now");
}

/* A user who is removed or renamed must have no grants. */
bool
obstacle_grants(struct undo *u, const struct undo_run *run, struct err *e)
{
	struct undo_run some = run->action == UNDO_DELETE ? *run :
	    arrivals(run);
	struct words names;

	if (some.count == 0)
		return true;
	return undo_find(u, &some, SQL_UNDO_USER_GRANTS, SIDE_NEW, &names,
		e) &&
	    obstacle_add_all(u, "grant", &names, "was added since");
}

/* A key that was retired cannot sign again, whatever the force. */
bool
obstacle_keys(struct undo *u, const struct undo_run *run, struct err *e)
{
	struct words names;

	return undo_find(u, run, SQL_UNDO_KEY_LOST, SIDE_PAIR, &names, e) &&
	    obstacle_add_all(u, "key", &names, "has no private half any "
		"more");
}

/* A domain that is removed must be empty. */
bool
obstacle_contents(struct undo *u, const struct undo_run *run, struct err *e)
{
	db_cache_clear(u->m->db);
	for (size_t i = 0; i < run->count; i++) {
		const char *name = run->row[i]->name;
		struct domain_contents c = { 0 };
		bool found;

		if (!domain_look(u->m, name, &c, &found, e))
			return false;
		c.outside = (struct words){ 0 };
		if (c.users + c.aliases + c.patterns + c.blocks +
		    c.recipients + c.keys > 0 || c.alias_domains.count > 0)
			obstacle_add(u, "domain", name, arena_printf(
			    u->m->arena, "has %s since",
			    domain_contents_text(u->m->arena, &c)));
	}
	return true;
}

/* A way out that is removed must not be taken. */
bool
obstacle_uses(struct undo *u, const struct undo_run *run, struct err *e)
{
	for (size_t i = 0; i < run->count; i++) {
		const char *name = run->row[i]->name;
		struct words uses;

		if (!db_texts(u->m->db, u->m->arena, SQL_RELAY_USES,
		    PARAMS(TEXT(name), TEXT(name)), &uses, e))
			return false;
		if (uses.count > 0)
			obstacle_add(u, "relay", name, arena_printf(
			    u->m->arena, "is taken by %s since",
			    sentence_list(u->m->arena, &uses)));
	}
	return true;
}
