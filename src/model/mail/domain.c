/* Domains: adding, changing, listing; what they hold is in domain_move.c. */
#include "model/mail/domain.h"

#include <string.h>

#include "base/sentence.h"
#include "base/text.h"
#include "model/address.h"
#include "model/mail/alias.h"

/* What a transaction knows of a domain. */
struct known {
	struct domain row;
	bool found;
	bool locked;
	bool users_counted;
	bool aliases_counted;
};

static struct known *
known(struct mail *m, const char *name, bool *fresh)
{
	return db_memo(m->db, "domain", name, sizeof(struct known), fresh);
}

static bool
known_read(struct mail *m, const char *name, bool lock, struct known **k,
    struct err *e)
{
	bool fresh;

	*k = known(m, name, &fresh);
	if (!fresh && ((*k)->locked || !lock))
		return true;
	(*k)->locked = lock;
	(*k)->users_counted = (*k)->aliases_counted = false;
	return db_row(m->db, db_memory(m->db),
	    lock ? SQL_DOMAIN_LOCK : SQL_DOMAIN_GET, PARAMS(TEXT(name)),
	    &(*k)->row, sizeof((*k)->row), &(*k)->found, e);
}

bool
domain_find(struct mail *m, const char *name, struct domain *domain,
    bool *found, struct err *e)
{
	struct known *k;

	if (!known_read(m, name, false, &k, e))
		return false;
	*domain = k->row;
	*found = k->found;
	return true;
}

static bool
no_such_domain(const char *name, struct err *e)
{
	return err_set(e, ERR_NOT_FOUND, "no such domain: %s", name);
}

bool
domain_lock(struct mail *m, const char *name, struct domain *domain,
    struct err *e)
{
	struct known *k;

	if (!known_read(m, name, true, &k, e))
		return false;
	*domain = k->row;
	return k->found || no_such_domain(name, e);
}

/* --- limits ---------------------------------------------------------- */

static bool
over_limit(const char *name, int64_t limit, const char *what, struct err *e)
{
	err_set(e, ERR_REFUSED, "%s may have no more than %lld %s", name,
	    (long long)limit, what);
	return err_hint(e, "mailadm domain set %s --max-%s N", name, what);
}

/* Counted where a limit stands, once for each domain and transaction. */
static bool
room(struct mail *m, const char *name, enum sql_id count_id, int64_t limit,
    int64_t *counter, bool *counted, int64_t more, const char *what,
    struct err *e)
{
	if (limit == FIELD_NULL || (more < 0 && !*counted))
		return true;
	if (!*counted && !db_number(m->db, count_id, PARAMS(TEXT(name)),
	    counter, e))
		return false;
	*counted = true;
	if (more > 0 && *counter + more > limit)
		return over_limit(name, limit, what, e);
	*counter += more;
	return true;
}

bool
domain_room_for_users(struct mail *m, const char *name, int64_t count,
    struct err *e)
{
	struct known *k;

	return known_read(m, name, true, &k, e) &&
	    room(m, name, SQL_DOMAIN_USERS, k->row.max_users, &k->row.users,
		&k->users_counted, count, "users", e);
}

bool
domain_room_for_aliases(struct mail *m, const char *name, int64_t count,
    struct err *e)
{
	struct known *k;

	return known_read(m, name, true, &k, e) &&
	    room(m, name, SQL_DOMAIN_ALIASES, k->row.max_aliases,
		&k->row.aliases, &k->aliases_counted, count, "aliases", e);
}

static bool
limit_kept(struct mail *m, const char *name, enum sql_id count_id,
    int64_t limit, const char *what, struct err *e)
{
	int64_t count;

	if (limit == FIELD_NULL)
		return true;
	return db_number(m->db, count_id, PARAMS(TEXT(name)), &count, e) &&
	    (count <= limit || over_limit(name, limit, what, e));
}

bool
domain_limits_kept(struct mail *m, const char *name, struct err *e)
{
	struct known *k;

	return known_read(m, name, true, &k, e) &&
	    limit_kept(m, name, SQL_DOMAIN_USERS, k->row.max_users, "users",
		e) &&
	    limit_kept(m, name, SQL_DOMAIN_ALIASES, k->row.max_aliases,
		"aliases", e);
}

/* --- alias domains --------------------------------------------------- */

bool
domain_aliases_of(struct mail *m, const char *name, struct words *domains,
    struct err *e)
{
	bool fresh;
	struct words *w = db_memo(m->db, "alias domains", name, sizeof(*w),
	    &fresh);

	if (fresh && !db_texts(m->db, db_memory(m->db),
	    SQL_DOMAIN_ALIAS_DOMAINS, PARAMS(TEXT(name)), w, e))
		return false;
	*domains = *w;
	return true;
}

/* May `name` become an alias of `target`?  The database asks it, too. */
static bool
alias_of_check(struct mail *m, const char *name, const char *target,
    struct err *e)
{
	struct domain t;
	struct words others;
	int64_t users;

	if (strcmp(name, target) == 0)
		return err_set(e, ERR_REFUSED,
		    "%s cannot be an alias of itself", name);
	if (!domain_lock(m, target, &t, e))
		return false;
	if (t.alias_of != NULL) {
		err_set(e, ERR_REFUSED, "%s is an alias of %s itself",
		    target, t.alias_of);
		return err_hint(e, "use --alias-of %s", t.alias_of);
	}
	if (!domain_aliases_of(m, name, &others, e) ||
	    !db_number(m->db, SQL_DOMAIN_USERS, PARAMS(TEXT(name)), &users,
		e))
		return false;
	if (others.count > 0)
		return err_set(e, ERR_REFUSED, "%s has alias domains itself: "
		    "%s", name, sentence_list(m->arena, &others));
	if (users > 0)
		return err_set(e, ERR_REFUSED, "%s has %s, and an alias "
		    "domain has none", name,
		    sentence_number(m->arena, users, "user", "users"));
	return true;
}

/* --- add and set ----------------------------------------------------- */

/* The row with what the options name put in; "" is none. */
static struct domain
values_put(const struct domain *old, const struct domain_values *v)
{
	struct domain new = *old;

	DOMAIN_VALUES(VALUE_PUT, &new, v)
	return new;
}

/* The names of the values in which two rows differ. */
static struct words
differences(struct arena *a, const struct domain *x, const struct domain *y)
{
	struct words w = { 0 };

	DOMAIN_VALUES(VALUE_DIFFER, a, &w, x, y)
	return w;
}

static bool
already_there(struct mail *m, const struct domain *old,
    const struct domain_values *v, bool if_not_exists,
    enum outcome *outcome, struct err *e)
{
	struct domain wanted = values_put(old, v);
	struct words differ = differences(m->arena, old, &wanted);

	if (!if_not_exists)
		return err_set(e, ERR_EXISTS, "domain %s is already there",
		    old->domain);
	if (differ.count > 0) {
		err_set(e, ERR_EXISTS, "domain %s is there with another %s",
		    old->domain, sentence_list(m->arena, &differ));
		return err_hint(e, "mailadm domain set %s changes it",
		    old->domain);
	}
	*outcome = OUTCOME_UNCHANGED;
	return true;
}

bool
domain_add(struct mail *m, const char *name, const struct domain_values *v,
    bool if_not_exists, enum outcome *outcome, struct err *e)
{
	const struct domain none = { .domain = name, .active = true,
	    DOMAIN_VALUES(COLUMN_DEFAULT,) };
	struct known *k;
	struct domain d;

	if ((v->alias_of != NULL && !mail_lock_aliases(m, e)) ||
	    !known_read(m, name, true, &k, e))
		return false;
	if (k->found)
		return already_there(m, &k->row, v, if_not_exists, outcome,
		    e);
	d = values_put(&none, v);
	if (d.alias_of != NULL && !alias_of_check(m, name, d.alias_of, e))
		return false;
	db_memo_forget(m->db);
	*outcome = OUTCOME_CHANGED;
	return db_exec(m->db, SQL_DOMAIN_ADD, PARAMS(TEXT(name),
	    NUMBER(d.active), DOMAIN_VALUES(COLUMN_PARAM, &d)), e) &&
	    (d.alias_of == NULL || alias_check_into(m, name, e));
}

/* A limit below what is there is legal: it only stops more. */
static void
note_limit(struct mail *m, const char *name, int64_t limit, int64_t count,
    const char *what)
{
	if (limit != FIELD_NULL && count > limit)
		mail_note(m, "%s has %lld %s already, more than the limit",
		    name, (long long)count, what);
}

static bool
note_limits(struct mail *m, const struct domain *d,
    const struct domain_values *v, struct err *e)
{
	int64_t users = 0, aliases = 0;

	if (v->max_users != VALUE_KEPT && !db_number(m->db,
	    SQL_DOMAIN_USERS, PARAMS(TEXT(d->domain)), &users, e))
		return false;
	if (v->max_aliases != VALUE_KEPT && !db_number(m->db,
	    SQL_DOMAIN_ALIASES, PARAMS(TEXT(d->domain)), &aliases, e))
		return false;
	note_limit(m, d->domain, d->max_users, users, "users");
	note_limit(m, d->domain, d->max_aliases, aliases, "aliases");
	return true;
}

bool
domain_set(struct mail *m, const char *name, const struct domain_values *v,
    enum outcome *outcome, struct err *e)
{
	struct domain old, new;
	bool moved;

	if ((v->alias_of != NULL && !mail_lock_aliases(m, e)) ||
	    !domain_lock(m, name, &old, e))
		return false;
	new = values_put(&old, v);
	*outcome = OUTCOME_UNCHANGED;
	if (differences(m->arena, &old, &new).count == 0)
		return true;
	moved = !text_same(old.alias_of, new.alias_of);
	if (moved && new.alias_of != NULL &&
	    !alias_of_check(m, name, new.alias_of, e))
		return false;
	*outcome = OUTCOME_CHANGED;
	if (!note_limits(m, &new, v, e) ||
	    !db_exec(m->db, SQL_DOMAIN_SET, PARAMS(NUMBER(new.active),
		DOMAIN_VALUES(COLUMN_PARAM, &new) TEXT(name)), e))
		return false;
	db_memo_forget(m->db);
	return !moved || alias_check_into(m, name, e);
}

bool
domain_set_active(struct mail *m, const char *name, bool active,
    enum outcome *outcome, struct err *e)
{
	struct domain d;

	if (!domain_lock(m, name, &d, e))
		return false;
	*outcome = d.active == active ? OUTCOME_UNCHANGED : OUTCOME_CHANGED;
	if (d.active == active)
		return true;
	if (!db_exec(m->db, SQL_DOMAIN_SET_ACTIVE, PARAMS(NUMBER(active),
	    TEXT(name)), e))
		return false;
	db_memo_forget(m->db);
	return true;
}

/* --- show and list --------------------------------------------------- */

bool
domain_show(struct mail *m, const char *name, struct domain *domain,
    struct err *e)
{
	bool found;

	return db_row(m->db, m->arena, SQL_DOMAIN_SHOW, PARAMS(TEXT(name)),
	    domain, sizeof(*domain), &found, e) &&
	    (found || no_such_domain(name, e));
}

static size_t
list_params(struct arena *a, const struct list_filter *f, const void *last,
    int64_t limit, bool page, struct param *p)
{
	const struct domain *d = last;
	size_t n = 0;

	p[n++] = (struct param)TEXT(like_pattern(a, f->pattern));
	p[n++] = (struct param)NUMBER(!f->inactive);
	if (page)
		p[n++] = (struct param)TEXT(d ? d->domain : "");
	p[n++] = (struct param)NUMBER(limit);
	return n;
}

bool
domain_list(struct mail *m, const struct list_filter *f, db_row_each each,
    void *arg, struct err *e)
{
	static const struct list list = { SQL_DOMAIN_LIST,
	    SQL_DOMAIN_LIST_SORTED, domain_fields, sizeof(struct domain),
	    list_params };

	return list_run(m, &list, f, each, arg, e);
}

bool
domain_count(struct mail *m, const struct list_filter *f, int64_t *count,
    struct err *e)
{
	return db_number(m->db, SQL_DOMAIN_COUNT, PARAMS(
	    TEXT(like_pattern(m->arena, f->pattern)), NUMBER(!f->inactive)),
	    count, e);
}
