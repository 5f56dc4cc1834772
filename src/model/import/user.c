/* Importing users. */
#include <string.h>

#include "base/nameset.h"
#include "model/address.h"
#include "model/mail/domain.h"
#include "model/import/private.h"
#include "model/manifest/state.h"
#include "model/password/scheme.h"

/* --- users that exist ------------------------------------------------ */

/*
 * Rows by their names; *at[number] is the row.  Before the writing nobody
 * has looked for names that stand there twice.
 */
static const char **
names_add(struct import_chunk *c, struct nameset *names,
    struct import_row **at)
{
	const char **name = arena_array(&c->arena, c->count + 1,
	    sizeof(*name));

	for (size_t i = 0; i < c->count; i++) {
		struct import_row *row = &c->row[i];
		uint32_t count = names->count, number;

		number = nameset_add(names, row->is.name,
		    strlen(row->is.name));
		if (number < count)
			continue;
		at[number] = row;
		name[i] = row->is.name;
	}
	return name;
}

static const struct desired_user *
user_stored(struct arena *a, const struct user_state *row)
{
	struct desired_user *u = arena_alloc(a, sizeof(*u));

	*u = state_user(row);
	return u;
}

bool
import_users_find(struct mail *m, struct import_chunk *c, struct err *e)
{
	struct import_row **at = arena_array(&c->arena, c->count + 1,
	    sizeof(struct import_row *));
	struct nameset names = { 0 };
	struct db_rows rows = { 0 };
	const struct user_state *old;
	const char **name = names_add(c, &names, at);
	bool ok;

	ok = db_query(m->db, &c->arena, SQL_BULK_USERS_FIND,
	    PARAMS(TEXT(bulk_names(&c->arena, name, c->count))), &rows, e);
	old = rows.row;
	for (size_t i = 0; ok && i < rows.count; i++) {
		uint32_t number = nameset_find(&names, old[i].email,
		    strlen(old[i].email));

		at[number]->old = user_stored(&c->arena, &old[i]);
	}
	nameset_clear(&names);
	return ok;
}

/* --- changing users -------------------------------------------------- */

/* Users that keep their homes are changed together. */
struct changing {
	struct import *x;
	struct mail *m;
	struct import_chunk *c;
	struct bulk_user *row;	/* of the chunk, or NULL: none yet */
	size_t count;
};

static bool
changes_write(struct changing *g, struct err *e)
{
	size_t n = g->count;

	g->count = 0;
	return n == 0 || bulk_users_change(g->m, &g->c->arena, g->row, n, e);
}

static bool
home_set(struct mail *m, const struct import_row *row, struct err *e)
{
	const struct desired_user *u = &row->user;

	return db_exec(m->db, SQL_STATE_USER_SET, PARAMS(SECRET(u->hash),
	    NUMBER(u->active), USER_VALUES(COLUMN_PARAM, u) TEXT(u->home),
	    TEXT(u->is.name)), e) ||
	    err_wrap(e, "%s:%zu: user %s", row->is.position.file, row->line,
		u->is.name);
}

static bool
user_set(struct changing *g, struct import_row *row, struct err *e)
{
	state_complete(&row->is, &row->old->is);
	if (strcmp(row->user.home, row->old->home) != 0)
		return changes_write(g, e) && home_set(g->m, row, e);
	if (g->row == NULL)
		g->row = arena_array(&g->c->arena, g->c->count,
		    sizeof(*g->row));
	g->row[g->count++] = (struct bulk_user){ .user = &row->user,
	    .home = row->old->home };
	return true;
}

static bool
is_old(const struct desired_user *u)
{
	return u->hash != NULL && hash_is_old(u->hash);
}

static bool
change(struct changing *g, struct import_row *row, struct err *e)
{
	struct import *x = g->x;

	if (state_differs(&row->is, &row->old->is) == 0) {
		x->unchanged++;
		return true;
	}
	if (!import_may_change(x, row, row->is.name) ||
	    x->report.complaints.count > 0)
		return true;
	x->changed++;
	x->old_hashes += is_old(&row->user);
	return user_set(g, row, e);
}

/* --- adding users ---------------------------------------------------- */

/* Of a file with an error it is not known: none was made. */
static bool
lacks_password(const struct import *x, const struct import_row *row)
{
	return row->password == NULL &&
	    (x->options->generate == 0 || !x->not_hashed);
}

/* The defaults of a new user. */
static bool
new_user_ok(struct import *x, struct import_row *row)
{
	struct desired_user *u = &row->user;
	struct err e = { 0 };

	state_complete(&u->is, NULL);
	if (u->hash != NULL)
		return true;
	if (lacks_password(x, row)) {
		err_set(&e, ERR_INVALID, "user %s is new and has no hash or "
		    "password", u->is.name);
		err_hint(&e, "the hash ! creates a user who cannot log in");
		import_complain(x, row->line, 0, &e);
	}
	return false;
}

static void
held(struct import *x, const struct bulk_user *u)
{
	struct err e = { 0 };

	err_set(&e, ERR_INVALID, "home: %s is the home of %s", u->home,
	    u->holder);
	import_complain(x, u->user->is.position.line, 0, &e);
}

static bool
users_look_and_add(struct import *x, struct mail *m, struct import_chunk *c,
    struct bulk_user *u, size_t n, struct err *e)
{
	if (!bulk_users_look(m, &c->arena, u, n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (u[i].holder != NULL && u[i].user->home != NULL)
			held(x, &u[i]);
	}
	return x->report.complaints.count > 0 ||
	    bulk_users_add(m, &c->arena, u, n, e);
}

static bool
users_add(struct import *x, struct mail *m, struct import_chunk *c,
    struct bulk_user *u, size_t n, struct err *e)
{
	bool done = false;

	x->added += (int64_t)n;
	if (n == 0)
		return true;
	if (x->report.complaints.count == 0 &&
	    !bulk_users_add_new(m, &c->arena, u, n, &done, e))
		return false;
	return done || users_look_and_add(x, m, c, u, n, e);
}

static const char *
user_key(struct arena *a, const struct import_row *row)
{
	(void)a;
	return row->is.name;
}

bool
import_users_chunk(struct import *x, struct mail *m, struct import_chunk *c,
    struct err *e)
{
	struct bulk_user *new = arena_array(&c->arena, c->count + 1,
	    sizeof(*new));
	struct changing changing = { .x = x, .m = m, .c = c };
	size_t n = 0;
	bool ok;

	if (c->count == 0)
		return true;
	import_refuse_twice(x, c, user_key);
	if (!import_users_find(m, c, e))
		return false;
	for (size_t i = 0; i < c->count && !import_stopped(x); i++) {
		struct import_row *row = &c->row[i];

		if (row->is.faulty)
			continue;
		if (row->old != NULL) {
			if (!change(&changing, row, e))
				return false;
			continue;
		}
		if (!import_domain_ok(x, m, row, &ok, e))
			return false;
		if (!ok || !new_user_ok(x, row))
			continue;
		x->old_hashes += is_old(&row->user);
		new[n++].user = &row->user;
	}
	return changes_write(&changing, e) && users_add(x, m, c, new, n, e);
}
