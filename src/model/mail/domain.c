/* Domains: their rows, locked and remembered, their limits, and lists. */
#include "model/mail/domain.h"

#include <string.h>

#include "base/sentence.h"
#include "model/address.h"

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
domain_lock_name(struct mail *m, const char *name, struct domain *domain,
    bool *found, struct err *e)
{
	struct known *k;

	if (!known_read(m, name, true, &k, e))
		return false;
	*domain = k->row;
	*found = k->found;
	return true;
}

bool
domain_lock(struct mail *m, const char *name, struct domain *domain,
    struct err *e)
{
	bool found;

	return domain_lock_name(m, name, domain, &found, e) &&
	    (found || no_such_domain(name, e));
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
