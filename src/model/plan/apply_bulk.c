/* Applying a plan that adds many users or aliases. */
#include "model/address.h"
#include "model/mail/alias.h"
#include "model/mail/domain.h"
#include "model/password/hash.h"
#include "model/plan/bulk.h"
#include "model/plan/private.h"

/* --- users ----------------------------------------------------------- */

/* Bulk inserts bypass the trigger that refuses such a user. */
static bool
domain_ok(struct mail *m, const char *user, struct err *e)
{
	struct domain domain;

	return domain_lock(m, address_domain(user), &domain, e) &&
	    (domain.alias_of == NULL || err_set(e, ERR_REFUSED, "user %s: "
	    "an alias domain has no users", user));
}

static bool
users_look_and_add(struct mail *m, struct arena *a, struct bulk_user *u,
    size_t n, struct err *e)
{
	if (!bulk_users_look(m, a, u, n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (u[i].holder != NULL && u[i].user->home != NULL)
			return err_set(e, ERR_EXISTS, "user %s: %s is the "
			    "home of %s", u[i].user->is.name,
			    u[i].user->home, u[i].holder);
	}
	return bulk_users_add(m, a, u, n, e);
}

static bool
users_add(struct mail *m, struct arena *a, const struct plan_step *step,
    size_t n, struct err *e)
{
	struct desired_user *user = arena_array(a, n, sizeof(*user));
	struct bulk_user *many = arena_array(a, n, sizeof(*many));
	bool done;

	for (size_t i = 0; i < n; i++) {
		user[i] = *desired_user(step[i].new);
		/* Only a trial (see route.h) has no hashes yet. */
		if (step[i].password)
			user[i].hash = PASSWORD_NONE;
		many[i].user = &user[i];
		if (!domain_ok(m, user[i].is.name, e))
			return false;
	}
	return bulk_users_add_new(m, a, many, n, &done, e) &&
	    (done || users_look_and_add(m, a, many, n, e));
}

bool
apply_users_add(struct mail *m, const struct plan_step *step, size_t n,
    struct err *e)
{
	struct arena a = { 0 };
	bool ok = true;

	for (size_t done = 0; ok && done < n; done += BULK_ROWS) {
		ok = users_add(m, &a, step + done,
		    n - done < BULK_ROWS ? n - done : BULK_ROWS, e);
		arena_reset(&a);
	}
	arena_clear(&a);
	return ok;
}

/* --- aliases --------------------------------------------------------- */

struct rows {
	struct mail *m;
	struct arena a;
	struct alias row[BULK_ROWS];
	size_t count;
};

static bool
rows_write(struct rows *r, struct err *e)
{
	bool ok = bulk_aliases_add(r->m, &r->a, r->row, r->count, e);

	r->count = 0;
	arena_reset(&r->a);
	return ok;
}

static bool
list_add(struct rows *r, const struct desired_alias *w,
    const struct words *list, bool active, struct err *e)
{
	for (size_t i = 0; i < list->count; i++) {
		if (r->count == BULK_ROWS && !rows_write(r, e))
			return false;
		r->row[r->count] = (struct alias){ .mail = w->is.name,
		    .destination = list->word[i], .active = active,
		    ALIAS_VALUES(COLUMN_COPY, w)
		    .expires = expiry_of(&w->expires, list->word[i]) };
		/* There are few patterns, in a table of their own. */
		if (!address_is_pattern(w->is.name))
			r->count++;
		else if (!alias_row_insert(r->m, &r->row[r->count], false, e))
			return false;
	}
	return true;
}

bool
apply_aliases_add(struct mail *m, const struct plan_step *step, size_t n,
    struct err *e)
{
	struct rows r = { .m = m };
	bool ok = true;

	for (size_t i = 0; ok && i < n; i++) {
		const struct desired_alias *w = desired_alias(step[i].new);

		alias_note_wild(m, w->is.name);
		ok = list_add(&r, w, &w->destination, true, e) &&
		    list_add(&r, w, &w->inactive, false, e);
	}
	ok = ok && rows_write(&r, e);
	arena_clear(&r.a);
	return ok;
}
