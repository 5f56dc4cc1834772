/* Where mail goes, one step at a time. */
#include "model/mail/delivery.h"

#include "model/mail/lookup.h"

static enum resolution
how_found(const struct route_lookup *l)
{
	if (l->map == ROUTE_ALIAS_DOMAINS)
		return RESOLVED_ALIAS_DOMAIN;
	if (l->map == ROUTE_IDENTITY)
		return RESOLVED_USER;
	return l->form == ROUTE_CATCHALL ? RESOLVED_CATCHALL :
	    RESOLVED_ALIAS;
}

/* Does what was found take mail?  An alias domain's name is its target's. */
static const char *
why_off(const struct route_facts *f, const struct route_lookup *l)
{
	const char *name = l->key;

	if (l->map == ROUTE_ALIAS_DOMAINS) {
		name = f->target_key[l->form];
		if (!route_has_alias(f, name) && !route_has_user(f, name))
			name = f->target_key[ROUTE_CATCHALL];
	}
	if (!route_has_alias(f, name))
		return route_user_off(f, name);
	return route_alias_active(f, name) ? NULL : "is disabled";
}

bool
delivery_resolve(struct mail *m, const char *address, struct delivery *d,
    struct err *e)
{
	struct route_lookups asked = { 0 };
	const struct route_lookup *l;
	struct route_facts f;

	*d = (struct delivery){ .how = RESOLVED_NOTHING };
	if (!route_facts_read_all(m, address, &f, e))
		return false;
	if (!f.found) {
		d->how = RESOLVED_OUTSIDE;
		d->key = address;
		d->active = true;
		return true;
	}
	l = route_ask_virtual(m->arena, &f, &asked);
	if (l == NULL)
		return true;
	d->how = how_found(l);
	d->key = l->key;
	d->off = why_off(&f, l);
	d->active = d->off == NULL;
	for (size_t i = 0; d->how != RESOLVED_USER && i < l->answer.count;
	    i++)
		words_add(m->arena, &d->to, route_result(m->arena, &f, l,
		    i));
	return true;
}
