/* Rows that lead to names which nobody has, by the domain of the name. */
#include "model/route/strays.h"

#include <search.h>
#include <string.h>

#include "base/text.h"
#include "model/address.h"
#include "model/mail/alias.h"

/* Each destination, without its tag, beside what leads to it. */
struct stray_domain {
	const char *name;
	struct words mails;
	struct words destinations;
};

static int
compare(const void *a, const void *b)
{
	const struct stray_domain *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static void
keep(void *node)
{
	(void)node;		/* it lives in the arena */
}

static struct stray_domain *
domain_of(const struct route_strays *s, const char *name)
{
	struct stray_domain probe = { .name = name };
	void *node = tfind(&probe, &s->domains, compare);

	return node != NULL ? *(struct stray_domain **)node : NULL;
}

bool
route_strays_known(const struct route_strays *s, const char *address)
{
	return domain_of(s, address_domain(address)) != NULL;
}

/* A domain has no character that JSON would have to escape; some are twice. */
static const char *
json_names(struct arena *a, const struct words *names)
{
	struct text t = TEXT_INIT;
	const char *copy;

	for (size_t i = 0; i < names->count; i++)
		text_addf(&t, "%s\"%s\"", i > 0 ? "," : "[", names->word[i]);
	text_add(&t, names->count > 0 ? "]" : "[]");
	copy = arena_strndup(a, t.buf, t.len);
	text_clear(&t);
	return copy;
}

static void
domains_add(struct arena *a, struct route_strays *s,
    const struct words *domains)
{
	for (size_t i = 0; i < domains->count; i++) {
		struct stray_domain *d;

		if (domain_of(s, domains->word[i]) != NULL)
			continue;
		d = arena_alloc(a, sizeof(*d));
		d->name = domains->word[i];
		if (tsearch(d, &s->domains, compare) == NULL)
			out_of_memory();
	}
}

bool
route_strays_read(struct mail *m, struct route_strays *s,
    const struct words *domains, struct err *e)
{
	const char *names = json_names(m->arena, domains);
	const struct sql_pair *row;
	struct db_rows rows;

	if (!db_query(m->db, m->arena, SQL_ROUTE_STRAYS, PARAMS(TEXT(names),
	    TEXT(names)), &rows, e))
		return false;
	domains_add(m->arena, s, domains);
	row = rows.row;
	for (size_t i = 0; i < rows.count; i++) {
		struct stray_domain *d = domain_of(s,
		    address_domain(row[i].other));
		const char *untagged;

		BUG_ON(d == NULL);
		words_add(m->arena, &d->mails, row[i].name);
		untagged = address_untagged(m->arena, row[i].other);
		words_add(m->arena, &d->destinations, untagged != NULL ?
		    untagged : row[i].other);
	}
	return true;
}

void
route_strays_of(struct arena *a, const struct route_strays *s,
    const char *name, struct words *mails)
{
	const struct stray_domain *d = domain_of(s, address_domain(name));

	BUG_ON(d == NULL);
	for (size_t i = 0; i < d->mails.count; i++) {
		if (address_is_catchall(name) || alias_pattern_matches(name,
		    d->destinations.word[i]))
			words_add(a, mails, d->mails.word[i]);
	}
}

void
route_strays_clear(struct route_strays *s)
{
	tdestroy(s->domains, keep);
	s->domains = NULL;
}
