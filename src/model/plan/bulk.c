/*
 * Many rows at once, with their history.
 *
 * New rows go to the server as one JSON array for some hundred of them, in
 * an UPDATE of the row of the change: its trigger, changes_update, inserts
 * them and writes homes and history by one statement each.  One statement
 * of the client, so that nobody can have the rows without their history; and
 * no right to the history is needed.  Array binding of users, homes and
 * history was the way before, and faster: 50,000 users cost the server 1.7 s
 * of processor time then and 2.6 s now, of which JSON_TABLE() is 0.6 s; with
 * the triggers of each row it would be about twice as much.
 *
 * Homes are taken without looking for them first.  Nearly always all are
 * new, and the server says how many were not.
 */
#include "model/plan/bulk.h"

#include <string.h>

#include "base/nameset.h"
#include "base/text.h"
#include "model/address.h"

/* --- arrays ---------------------------------------------------------- */

/* A text without control characters, as JSON has it. */
static void
add_string(struct text *t, const char *s)
{
	text_add_char(t, '"');
	while (*s != '\0') {
		size_t plain = strcspn(s, "\"\\");

		text_add_bytes(t, s, plain);
		s += plain;
		if (*s != '\0') {
			text_add_char(t, '\\');
			text_add_char(t, *s++);
		}
	}
	text_add_char(t, '"');
}

static const char *
array_end(struct arena *a, struct text *t)
{
	const char *copy;

	text_add_char(t, ']');
	copy = arena_strndup(a, t->buf, t->len);
	text_clear(t);
	return copy;
}

const char *
bulk_names(struct arena *a, const char *const *name, size_t n)
{
	struct text t = TEXT_INIT;
	bool any = false;

	text_add_char(&t, '[');
	for (size_t i = 0; i < n; i++) {
		if (name[i] == NULL)
			continue;
		text_add(&t, any ? "," : "");
		add_string(&t, name[i]);
		any = true;
	}
	return array_end(a, &t);
}

const char *
bulk_pairs(struct arena *a, const struct alias *rows, size_t n)
{
	struct text t = TEXT_INIT;

	text_add_char(&t, '[');
	for (size_t i = 0; i < n; i++) {
		text_add(&t, i > 0 ? ",[" : "[");
		add_string(&t, rows[i].mail);
		text_add_char(&t, ',');
		add_string(&t, rows[i].destination);
		text_add_char(&t, ']');
	}
	return array_end(a, &t);
}

/* --- writing --------------------------------------------------------- */

/* Nobody had the name when it was looked for: look again. */
static bool
meanwhile(struct err *e)
{
	if (e->code != ERR_EXISTS)
		return false;
	e->code = ERR_RETRY;
	return err_wrap(e, "another session has written since");
}

static bool
rows_write(struct db *db, enum sql_id id, const struct param *p, size_t n,
    struct err *e)
{
	size_t params = sql_statements[id].params;

	for (size_t done = 0; done < n; done += DB_ROWS) {
		size_t rows = n - done < DB_ROWS ? n - done : DB_ROWS;

		if (!db_exec_rows(db, id, p + done * params, rows, e))
			return meanwhile(e);
	}
	return true;
}

/* --- new rows -------------------------------------------------------- */

/* A statement that adds rows with their history. */
struct kind {
	enum sql_id add;
	size_t columns;		/* of a row */
	bool *fresh;		/* false: one of the homes is not; or NULL */
};

static void
add_value(struct text *t, const struct param *p)
{
	if (p->type != PARAM_NUMBER && p->text != NULL)
		add_string(t, p->text);
	else if (p->type == PARAM_NUMBER && p->number != FIELD_NULL)
		text_addf(t, "%lld", (long long)p->number);
	else
		text_add(t, "null");
}

/* {"fresh": 2, "rows": [["a@x.org", ...], ...]}; fresh 0 is left out. */
static const char *
rows_json(struct arena *a, const struct kind *kind, const struct param *row,
    size_t n)
{
	struct text t = TEXT_INIT;
	const char *copy;

	text_add_char(&t, '{');
	if (kind->fresh != NULL)
		text_addf(&t, "\"fresh\": %zu, ", n);
	text_add(&t, "\"rows\": [");
	for (size_t i = 0; i < n * kind->columns; i++) {
		text_add(&t, i % kind->columns > 0 ? "," :
		    i > 0 ? "],[" : "[");
		add_value(&t, &row[i]);
	}
	text_add(&t, "]]}");
	copy = arena_strndup(a, t.buf, t.len);
	text_clear(&t);
	return copy;
}

static bool
chunk_add(struct mail *m, const struct kind *kind, const char *json,
    struct err *e)
{
	int64_t added;

	if (!db_exec(m->db, kind->add, PARAMS(SECRET(json)), e))
		return meanwhile(e);
	if (kind->fresh == NULL)
		return true;
	if (!db_number(m->db, SQL_BULK_ADDED, NO_PARAMS, &added, e))
		return false;
	*kind->fresh = added > 0;
	return true;
}

/* Where a home is not fresh, the caller rolls back to its savepoint. */
static bool
rows_add(struct mail *m, struct arena *a, const struct kind *kind,
    const struct param *row, size_t n, struct err *e)
{
	bool ok = true, fresh = true;

	for (size_t at = 0; ok && fresh && at < n; at += DB_ROWS) {
		size_t rows = n - at < DB_ROWS ? n - at : DB_ROWS;

		ok = chunk_add(m, kind, rows_json(a, kind,
		    row + at * kind->columns, rows), e);
		fresh = kind->fresh == NULL || *kind->fresh;
	}
	return ok;
}

/* --- users ----------------------------------------------------------- */

static const char *
home_of(struct arena *a, const struct desired_user *u)
{
	if (u->home != NULL)
		return u->home;
	return arena_printf(a, "%s/%s", address_domain(u->is.name),
	    address_local(a, u->is.name));
}

static void
homes_mark(struct bulk_user *u, size_t n, const struct nameset *homes,
    const struct bulk_home *row)
{
	uint32_t at = nameset_find(homes, row->home, strlen(row->home));

	/* Of two with one home the first is meant; the second is marked. */
	if (at == NAME_NONE)
		return;
	for (size_t i = at; i < n; i++) {
		if (strcmp(u[i].home, row->home) != 0)
			continue;
		u[i].taken = true;
		if (u[i].holder == NULL)
			u[i].holder = row->holder;
		return;
	}
}

/* The number of a home in the set is never above its index in the array. */
static const char *
homes_names(struct arena *a, struct bulk_user *u, size_t n,
    struct nameset *homes)
{
	const char **name = arena_array(a, n + 1, sizeof(*name));
	uint32_t *first = arena_array(a, n + 1, sizeof(*first));

	for (size_t i = 0; i < n; i++) {
		uint32_t count = homes->count, at;

		u[i].home = home_of(a, u[i].user);
		u[i].taken = false;
		u[i].holder = NULL;
		at = nameset_add(homes, u[i].home, strlen(u[i].home));
		if (at < count) {
			u[i].taken = true;
			u[i].holder = u[first[at]].user->is.name;
			continue;
		}
		first[at] = (uint32_t)i;
		name[i] = u[i].home;
	}
	return bulk_names(a, name, n);
}

bool
bulk_users_look(struct mail *m, struct arena *a, struct bulk_user *u,
    size_t n, struct err *e)
{
	struct nameset homes = { 0 };
	struct db_rows rows = { 0 };
	const struct bulk_home *row;
	const char *names = homes_names(a, u, n, &homes);
	bool ok;

	ok = db_query(m->db, a, SQL_BULK_USERS_HOMES, PARAMS(TEXT(names)),
	    &rows, e);
	row = rows.row;
	for (size_t i = 0; ok && i < rows.count; i++)
		homes_mark(u, n, &homes, &row[i]);
	nameset_clear(&homes);
	return ok;
}

/* Only the trigger finds another home. */
static bool
by_trigger(const struct bulk_user *u)
{
	return u->taken && u->user->home == NULL;
}

enum {
	USER_PARAMS = 4 USER_VALUES(COLUMN_ONE,),
	ALIAS_PARAMS = 3 ALIAS_ALL_VALUES(COLUMN_ONE,)
};

/* A row of SQL_BULK_USERS_ADD: changes_update reads it by position. */
static void
user_params(struct param *p, const struct bulk_user *u)
{
	const struct desired_user *w = u->user;
	const struct param row[USER_PARAMS] = { TEXT(w->is.name),
	    SECRET(w->hash), NUMBER(w->active),
	    USER_VALUES(COLUMN_PARAM, w) TEXT(u->home) };

	memcpy(p, row, sizeof(row));
}

static const struct param *
users_bind(struct arena *a, const struct bulk_user *const *u, size_t n)
{
	struct param *p = arena_array(a, n * USER_PARAMS, sizeof(*p));

	for (size_t i = 0; i < n; i++)
		user_params(p + i * USER_PARAMS, u[i]);
	return p;
}

static bool
users_write(struct mail *m, struct arena *a,
    const struct bulk_user *const *u, size_t n, bool *fresh, struct err *e)
{
	const struct kind users = { SQL_BULK_USERS_ADD, USER_PARAMS, fresh };

	return rows_add(m, a, &users, users_bind(a, u, n), n, e);
}

bool
bulk_users_add_new(struct mail *m, struct arena *a, struct bulk_user *u,
    size_t n, bool *done, struct err *e)
{
	const struct bulk_user **all = arena_array(a, n + 1, sizeof(*all));

	BUG_ON(n > BULK_ROWS);
	for (size_t i = 0; i < n; i++) {
		u[i].home = home_of(a, u[i].user);
		all[i] = &u[i];
	}
	*done = true;
	return db_exec(m->db, SQL_BULK_SAVEPOINT, NO_PARAMS, e) &&
	    users_write(m, a, all, n, done, e) &&
	    (*done || db_exec(m->db, SQL_BULK_ROLLBACK, NO_PARAMS, e));
}

/* The trigger gives them homes, and writes the history. */
static bool
homeless_write(struct mail *m, struct arena *a,
    const struct bulk_user *const *u, size_t n, struct err *e)
{
	struct param *p = arena_array(a, n * USER_PARAMS, sizeof(*p));

	/* The home comes last: what is behind it is written over. */
	for (size_t i = 0; i < n; i++)
		user_params(p + i * (USER_PARAMS - 1), u[i]);
	return rows_write(m->db, SQL_BULK_USERS_HOMELESS, p, n, e);
}

/* In their order, which is that of the history. */
bool
bulk_users_add(struct mail *m, struct arena *a, const struct bulk_user *u,
    size_t n, struct err *e)
{
	const struct bulk_user **run = arena_array(a, n + 1, sizeof(*run));
	size_t count = 0;
	bool ok = true;

	BUG_ON(n > BULK_ROWS);
	for (size_t i = 0; ok && i < n; i++) {
		bool last = i + 1 == n || by_trigger(&u[i]) !=
		    by_trigger(&u[i + 1]);

		run[count++] = &u[i];
		if (!last)
			continue;
		ok = by_trigger(&u[i]) ?
		    homeless_write(m, a, run, count, e) :
		    users_write(m, a, run, count, NULL, e);
		count = 0;
	}
	return ok;
}

/* The home stays; the name stands behind.  The trigger writes the history. */
bool
bulk_users_change(struct mail *m, struct arena *a, const struct bulk_user *u,
    size_t n, struct err *e)
{
	struct param *p = arena_array(a, n * USER_PARAMS, sizeof(*p));

	for (size_t i = 0; i < n; i++) {
		struct param *row = p + i * (USER_PARAMS - 1);
		const struct param name = TEXT(u[i].user->is.name);

		user_params(row, &u[i]);
		memmove(row, row + 1, (USER_PARAMS - 2) * sizeof(*row));
		row[USER_PARAMS - 2] = name;
	}
	return rows_write(m->db, SQL_BULK_USERS_SET, p, n, e);
}

/* --- aliases --------------------------------------------------------- */

bool
bulk_aliases_add(struct mail *m, struct arena *a, const struct alias *rows,
    size_t n, struct err *e)
{
	static const struct kind aliases = { SQL_BULK_ALIASES_ADD,
	    ALIAS_PARAMS, NULL };
	struct param *p = arena_array(a, ALIAS_PARAMS * n + 1, sizeof(*p));

	BUG_ON(n > BULK_ROWS);
	for (size_t i = 0; i < n; i++) {
		const struct alias *row = &rows[i];
		const struct param param[ALIAS_PARAMS] = { TEXT(row->mail),
		    TEXT(row->destination), NUMBER(row->active),
		    ALIAS_ALL_VALUES(COLUMN_PARAM, row) };

		memcpy(p + ALIAS_PARAMS * i, param, sizeof(param));
	}
	return rows_add(m, a, &aliases, p, n, e);
}
