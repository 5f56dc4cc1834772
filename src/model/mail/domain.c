/* Domains: their rows (locked and cached), their limits, and lists. */
#include "model/mail/domain.h"

#include <string.h>

#include "base/sentence.h"
#include "model/address.h"

/* How many exist, with those that the transaction has added. */
struct counter {
	int64_t count;
	bool counted;
};

/* What the transaction has read of a domain; cached until it ends. */
struct cached {
	struct domain row;
	bool found;
	bool locked;
	struct counter users;
	struct counter aliases;
};

static struct cached *
cached(struct mail *m, const char *name, bool *fresh)
{
	return db_cache(m->db, "domain", name, sizeof(struct cached), fresh);
}

static bool
cached_read(struct mail *m, const char *name, bool lock, struct cached **c,
    struct err *e)
{
	bool fresh;

	*c = cached(m, name, &fresh);
	if (!fresh && ((*c)->locked || !lock))
		return true;
	(*c)->locked = lock;
	(*c)->users.counted = (*c)->aliases.counted = false;
	return db_row(m->db, db_memory(m->db), lock ? SQL_DOMAIN_LOCK :
	    SQL_DOMAIN_GET, PARAMS(TEXT(name)), &(*c)->row, &(*c)->found, e);
}

bool
domain_find(struct mail *m, const char *name, struct domain *domain,
    bool *found, struct err *e)
{
	struct cached *c;

	if (!cached_read(m, name, false, &c, e))
		return false;
	*domain = c->row;
	*found = c->found;
	return true;
}

static bool
no_such_domain(const char *name, struct err *e)
{
	return err_set(e, ERR_NOT_FOUND, "no such domain: %s", name);
}

bool
domain_require(struct mail *m, const char *name, struct err *e)
{
	struct domain domain;
	bool found;

	return domain_find(m, name, &domain, &found, e) &&
	    (found || no_such_domain(name, e));
}

bool
domain_lock_name(struct mail *m, const char *name, struct domain *domain,
    bool *found, struct err *e)
{
	struct cached *c;

	if (!cached_read(m, name, true, &c, e))
		return false;
	*domain = c->row;
	*found = c->found;
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

/* One of the limits of a domain. */
struct limit {
	const char *one, *many;	/* "user", "users" */
	enum sql_id count_id;
	int64_t most;		/* FIELD_NULL: no limit */
	struct counter *counter;
};

static struct limit
users_limit(struct cached *c)
{
	return (struct limit){ "user", "users", SQL_DOMAIN_USERS,
	    c->row.max_users, &c->users };
}

static struct limit
aliases_limit(struct cached *c)
{
	return (struct limit){ "alias", "aliases", SQL_DOMAIN_ALIASES_LIMITED,
	    c->row.max_aliases, &c->aliases };
}

static bool
over_limit(struct mail *m, const char *name, const struct limit *l,
    struct err *e)
{
	err_set(e, ERR_REFUSED, "%s may have no more than %s", name,
	    sentence_number(m->arena, l->most, l->one, l->many));
	return err_hint(e, "mailadm domain set %s --max-%s N", name,
	    l->many);
}

/* Counts only if a limit is set, once for each domain and transaction. */
static bool
limit_check(struct mail *m, const char *name, const struct limit *l,
    int64_t more, struct err *e)
{
	struct counter *c = l->counter;

	if (l->most == FIELD_NULL || (more < 0 && !c->counted))
		return true;
	if (!c->counted && !db_number(m->db, l->count_id, PARAMS(TEXT(name)),
	    &c->count, e))
		return false;
	c->counted = true;
	if (more > 0 && c->count + more > l->most)
		return over_limit(m, name, l, e);
	c->count += more;
	return true;
}

bool
domain_check_user_limit(struct mail *m, const char *name, int64_t more,
    struct err *e)
{
	struct cached *c;
	struct limit limit;

	if (!cached_read(m, name, true, &c, e))
		return false;
	limit = users_limit(c);
	return limit_check(m, name, &limit, more, e);
}

int64_t
domain_alias_counts(const char *mail)
{
	return strncmp(mail, "postmaster@", 11) != 0;
}

bool
domain_check_alias_limit(struct mail *m, const char *name, int64_t more,
    struct err *e)
{
	struct cached *c;
	struct limit limit;

	if (!cached_read(m, name, true, &c, e))
		return false;
	limit = aliases_limit(c);
	return limit_check(m, name, &limit, more, e);
}

static bool
limit_kept(struct mail *m, const char *name, const struct limit *l,
    struct err *e)
{
	int64_t count;

	if (l->most == FIELD_NULL)
		return true;
	return db_number(m->db, l->count_id, PARAMS(TEXT(name)), &count,
		e) &&
	    (count <= l->most || over_limit(m, name, l, e));
}

bool
domain_limits_kept(struct mail *m, const char *name, struct err *e)
{
	struct limit users, aliases;
	struct cached *c;

	if (!cached_read(m, name, true, &c, e))
		return false;
	users = users_limit(c);
	aliases = aliases_limit(c);
	return limit_kept(m, name, &users, e) &&
	    limit_kept(m, name, &aliases, e);
}

/* --- keys ------------------------------------------------------------ */

bool
domain_signing(struct mail *m, const char *name, struct err *e)
{
	int64_t active;

	if (!db_number(m->db, SQL_DKIM_COUNT_ACTIVE, PARAMS(TEXT(name)),
	    &active, e))
		return false;
	m->signing |= active > 0;
	return true;
}

/* --- alias domains --------------------------------------------------- */

bool
domain_aliases_of(struct mail *m, const char *name, struct words *domains,
    struct err *e)
{
	bool fresh;
	struct words *w = db_cache(m->db, "alias domains", name, sizeof(*w),
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
	    domain, &found, e) &&
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
