/* The state after a plan: what the manifest says, or else the database. */
#include <string.h>

#include "model/address.h"
#include "model/mail/alias.h"
#include "model/mail/domain.h"
#include "model/manifest/state.h"
#include "model/plan/private.h"

/* A value that is given, or that of the row. */
#define VALUE_AFTER(column)						\
	if (w != NULL && desired_has(&w->is,				\
	    attribute_bit(MANIFEST_DOMAIN, #column)))			\
		d->column = w->column;					\
	else if (found)							\
		d->column = row.column;

bool
plan_domain_after(struct planning *p, const char *name,
    struct domain_after *d, struct err *e)
{
	const struct desired_domain *w = desired_domain(manifest_find(
	    p->manifest, MANIFEST_DOMAIN, name));
	struct domain row;
	bool found;

	*d = (struct domain_after){ 0 };
	if (w != NULL && w->is.absent)
		return true;
	if (p->m->db == NULL)
		found = false;
	else if (!domain_find(p->m, name, &row, &found, e))
		return false;
	d->there = found || w != NULL;
	VALUE_AFTER(alias_of)
	VALUE_AFTER(relay_to)
	VALUE_AFTER(accepts)
	/* Without another server nobody takes names for it. */
	if (d->relay_to == NULL)
		d->accepts = NULL;
	return true;
}

bool
plan_is_pruned(const struct planning *p, enum manifest_kind kind,
    const char *name)
{
	return words_have(&p->plan->pruned[kind], address_domain(name));
}

/* A way out is of no domain, and so never pruned. */
bool
plan_way_after(struct planning *p, const char *name, bool *there,
    struct err *e)
{
	const struct desired *w = manifest_find(p->manifest, MANIFEST_RELAY,
	    name);
	bool *found, fresh;
	struct relay row;

	*there = w != NULL && !w->absent;
	if (w != NULL)
		return true;
	found = db_cache(p->m->db, "way out", name, sizeof(*found), &fresh);
	if (fresh && !db_row(p->m->db, p->m->arena, SQL_RELAY_GET, PARAMS(
	    TEXT(name)), &row, found, e))
		return false;
	*there = *found;
	return true;
}

/* True when a user or an alias will have exactly this name. */
static bool
name_future(struct planning *p, const char *name, bool *there,
    struct err *e)
{
	static const enum sql_id exists[] = {
		[MANIFEST_USER] = SQL_USER_EXISTS,
		[MANIFEST_ALIAS] = SQL_ALIAS_EXISTS,
	};
	int64_t active;

	*there = false;
	for (int k = MANIFEST_USER; k <= MANIFEST_ALIAS; k++) {
		enum manifest_kind kind = (enum manifest_kind)k;
		const struct desired *w = manifest_find(p->manifest, kind,
		    name);

		if (w != NULL)
			*there |= !w->absent;
		if (w != NULL || *there || plan_is_pruned(p, kind, name) ||
		    p->m->db == NULL)
			continue;
		if (!db_number(p->m->db, exists[kind], PARAMS(TEXT(name)),
		    &active, e))
			return false;
		*there |= active != FIELD_NULL;
	}
	return true;
}

static void
patterns_find(struct planning *p)
{
	size_t count = manifest_count(p->manifest, MANIFEST_ALIAS);

	for (size_t i = 0; !p->patterns_found && i < count; i++) {
		const struct desired *w = manifest_at(p->manifest,
		    MANIFEST_ALIAS, i);

		if (!w->absent && address_is_pattern(w->name))
			words_add(p->plan->arena, &p->patterns, w->name);
	}
	p->patterns_found = true;
}

/* True when a pattern will have this name. */
static bool
pattern_future(struct planning *p, const char *name, bool *there,
    struct err *e)
{
	struct words stored = { 0 };

	patterns_find(p);
	*there = false;
	for (size_t i = 0; i < p->patterns.count; i++)
		*there |= alias_pattern_matches(p->patterns.word[i], name);
	if (*there || plan_is_pruned(p, MANIFEST_ALIAS, name) ||
	    p->m->db == NULL)
		return true;
	if (!db_texts(p->m->db, p->m->arena, SQL_PATTERN_NAMES, PARAMS(
	    TEXT(address_domain(name))), &stored, e))
		return false;
	for (size_t i = 0; i < stored.count; i++)
		*there |= manifest_find(p->manifest, MANIFEST_ALIAS,
		    stored.word[i]) == NULL &&
		    alias_pattern_matches(stored.word[i], name);
	return true;
}

/*
 * True when the address, the address without its +tag, a pattern or a
 * catch-all will exist.
 */
static bool
accepted_in(struct planning *p, const char *local, const char *domain,
    bool *accepted, struct err *e)
{
	struct arena *a = p->plan->arena;
	const char *address = address_join(a, local, domain);
	const char *untagged = address_untagged(a, address);

	if (!name_future(p, address, accepted, e))
		return false;
	if (!*accepted && untagged != NULL &&
	    !name_future(p, untagged, accepted, e))
		return false;
	if (!*accepted && !pattern_future(p, untagged != NULL ? untagged :
	    address, accepted, e))
		return false;
	return *accepted || name_future(p, address_join(a, "", domain),
	    accepted, e);
}

/* Without its +tag: a recipient has none. */
static bool
recipient_after(struct planning *p, const char *address, bool *there,
    struct err *e)
{
	const char *untagged = address_untagged(p->plan->arena, address);
	const char *name = untagged != NULL ? untagged : address;
	const struct desired *w = manifest_find(p->manifest,
	    MANIFEST_RECIPIENT, name);
	struct recipient row;

	*there = w != NULL && !w->absent;
	return w != NULL || plan_is_pruned(p, MANIFEST_RECIPIENT, name) ||
	    p->m->db == NULL || db_row(p->m->db, p->m->arena,
		SQL_RECIPIENT_GET, PARAMS(TEXT(name)), &row, there, e);
}

/* A relay domain takes the names of its server, or as many as it knows. */
bool
plan_accepts(struct planning *p, const char *address, bool *accepted,
    struct err *e)
{
	const char *local = address_local(p->plan->arena, address);
	struct domain_after d;

	if (!plan_domain_after(p, address_domain(address), &d, e))
		return false;
	*accepted = !d.there || d.accepts != NULL;
	if (!*accepted && d.relay_to != NULL &&
	    !recipient_after(p, address, accepted, e))
		return false;
	if (*accepted)
		return true;
	if (!accepted_in(p, local, address_domain(address), accepted, e))
		return false;
	return *accepted || d.alias_of == NULL ||
	    accepted_in(p, local, d.alias_of, accepted, e);
}

/* --- what stays in a domain ------------------------------------------- */

struct left {
	struct planning *p;
	enum manifest_kind kind;
	struct words *names;
};

static bool
left_row(void *arg, const struct desired *there, struct err *e)
{
	struct left *l = arg;
	const struct desired *w = manifest_find(l->p->manifest, l->kind,
	    there->name);

	(void)e;
	if (w != NULL ? !w->absent : !plan_is_pruned(l->p, l->kind,
	    there->name))
		words_add(l->p->plan->arena, l->names, arena_strdup(
		    l->p->plan->arena, there->name));
	return true;
}

bool
plan_left_in(struct planning *p, enum manifest_kind kind,
    const char *domain, struct words *names, struct err *e)
{
	struct left l = { p, kind, names };
	struct words only = { 0 };

	words_add(p->plan->arena, &only, domain);
	return state_all(p->m, kind, &only, left_row, &l, e);
}
