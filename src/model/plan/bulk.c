/* Many rows at once: set-wise statements instead of triggers. */
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

/* *affected, where it is not NULL, is what the server counted. */
static bool
rows_write(struct db *db, enum sql_id id, const struct param *p, size_t n,
    int64_t *affected, struct err *e)
{
	size_t params = sql_statements[id].params;
	int64_t sum = 0;

	for (size_t done = 0; done < n; done += DB_ROWS) {
		size_t rows = n - done < DB_ROWS ? n - done : DB_ROWS;

		if (!db_exec_rows(db, id, p + done * params, rows, e))
			return meanwhile(e);
		sum += db_affected(db);
	}
	if (affected != NULL)
		*affected = sum;
	return true;
}

/* --- with their history ---------------------------------------------- */

/* Up to the value of a column. */
#define JSON_KEY(column, ...) ", \"" #column "\": ",

/* The first parameter of a row is its name. */
struct kind {
	const char *name;
	enum sql_id add;
	const char *const *member;	/* JSON_KEY of each; NULL ends */
};

/* What bulk work owes: a row of the history for each that is written. */
struct pending_history {
	struct db *db;
	struct param *history;
	size_t count;
};

static bool
flush(void *arg, struct err *e)
{
	const struct pending_history *o = arg;

	return rows_write(o->db, SQL_BULK_HISTORY, o->history, o->count,
	    NULL, e);
}

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

/*
 * What the trigger would have written, as JSON_OBJECT() does.  The server
 * could make it of the rows, but takes twice as long.
 */
static const char *
row_json(struct arena *a, struct text *t, const struct kind *kind,
    const struct param *row, const char *moment)
{
	text_cut(t, 0);
	for (size_t i = 0; kind->member[i] != NULL; i++) {
		text_add(t, kind->member[i]);
		add_value(t, &row[i]);
	}
	text_add(t, ", \"created\": ");
	add_string(t, moment);
	text_add(t, ", \"modified\": ");
	add_string(t, moment);
	text_add_char(t, '}');
	return arena_strndup(a, t->buf, t->len);
}

static struct param *
history_bind(struct arena *a, const struct kind *kind,
    const struct param *row, size_t n, const char *moment)
{
	size_t params = sql_statements[kind->add].params;
	struct param *p = arena_array(a, 3 * n, sizeof(*p));
	struct text t = TEXT_INIT;

	for (size_t i = 0; i < n; i++, row += params) {
		p[3 * i] = (struct param)TEXT(kind->name);
		p[3 * i + 1] = row[0];
		p[3 * i + 2] = (struct param)SECRET(row_json(a, &t, kind,
		    row, moment));
	}
	text_clear(&t);
	return p;
}

/* `created` and `modified` of rows must be known for their history. */
static bool
moment_take(struct mail *m, struct arena *a, const char **moment,
    struct err *e)
{
	struct words text;

	if (!db_texts(m->db, a, SQL_BULK_MOMENT, NO_PARAMS, &text, e))
		return false;
	*moment = text.word[0];
	return db_exec(m->db, SQL_BULK_MOMENT_SET, PARAMS(TEXT(*moment)), e);
}

static bool
write_with_history(struct mail *m, struct arena *a, const struct kind *kind,
    const struct param *row, size_t n, struct err *e)
{
	struct pending_history pending = { m->db, NULL, n };
	const char *moment;

	if (!moment_take(m, a, &moment, e))
		return false;
	pending.history = history_bind(a, kind, row, n, moment);
	return db_bulk_begin(m->db, flush, &pending, e) &&
	    rows_write(m->db, kind->add, row, n, NULL, e) &&
	    db_bulk_end(m->db, e);
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
	ALIAS_PARAMS = 3 ALIAS_VALUES(COLUMN_ONE,)
};

/* A row of SQL_BULK_USERS_ADD. */
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

static const struct param *
homes_bind(struct arena *a, const struct bulk_user *const *u, size_t n)
{
	struct param *p = arena_array(a, 2 * n, sizeof(*p));

	for (size_t i = 0; i < n; i++) {
		p[2 * i] = (struct param)TEXT(u[i]->home);
		p[2 * i + 1] = (struct param)TEXT(u[i]->user->is.name);
	}
	return p;
}

static bool
users_write(struct mail *m, struct arena *a,
    const struct bulk_user *const *u, size_t n, struct err *e)
{
	static const char *const member[] = {
		"{\"email\": ", ", \"crypt\": ", ", \"active\": ",
		USER_VALUES(JSON_KEY,) ", \"home\": ", NULL
	};
	static const struct kind users = { "user", SQL_BULK_USERS_ADD,
	    member };

	return write_with_history(m, a, &users, users_bind(a, u, n), n, e);
}

static bool
users_and_homes_write(struct mail *m, struct arena *a,
    const struct bulk_user *const *u, size_t n, struct err *e)
{
	return users_write(m, a, u, n, e) && rows_write(m->db,
	    SQL_BULK_HOMES_ADD, homes_bind(a, u, n), n, NULL, e);
}

bool
bulk_users_add_new(struct mail *m, struct arena *a, struct bulk_user *u,
    size_t n, bool *done, struct err *e)
{
	const struct bulk_user **all = arena_array(a, n + 1, sizeof(*all));
	int64_t fresh;

	BUG_ON(n > BULK_ROWS);
	for (size_t i = 0; i < n; i++) {
		u[i].home = home_of(a, u[i].user);
		all[i] = &u[i];
	}
	if (!db_exec(m->db, SQL_BULK_SAVEPOINT, NO_PARAMS, e) ||
	    !rows_write(m->db, SQL_BULK_HOMES_TRY, homes_bind(a, all, n), n,
		&fresh, e))
		return false;
	*done = fresh == (int64_t)n;
	return *done ? users_write(m, a, all, n, e) :
	    db_exec(m->db, SQL_BULK_ROLLBACK, NO_PARAMS, e);
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
	return rows_write(m->db, SQL_BULK_USERS_HOMELESS, p, n, NULL, e);
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
		    users_and_homes_write(m, a, run, count, e);
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
	return rows_write(m->db, SQL_BULK_USERS_SET, p, n, NULL, e);
}

/* --- aliases --------------------------------------------------------- */

bool
bulk_aliases_add(struct mail *m, struct arena *a, const struct alias *rows,
    size_t n, struct err *e)
{
	static const char *const member[] = { "{\"mail\": ",
		", \"destination\": ", ", \"active\": ",
		ALIAS_VALUES(JSON_KEY,) NULL
	};
	static const struct kind aliases = { "alias", SQL_BULK_ALIASES_ADD,
	    member };
	struct param *p = arena_array(a, ALIAS_PARAMS * n + 1, sizeof(*p));

	BUG_ON(n > BULK_ROWS);
	for (size_t i = 0; i < n; i++) {
		const struct alias *row = &rows[i];
		const struct param param[ALIAS_PARAMS] = { TEXT(row->mail),
		    TEXT(row->destination), NUMBER(row->active),
		    ALIAS_VALUES(COLUMN_PARAM, row) };

		memcpy(p + ALIAS_PARAMS * i, param, sizeof(param));
	}
	return n == 0 || write_with_history(m, a, &aliases, p, n, e);
}
