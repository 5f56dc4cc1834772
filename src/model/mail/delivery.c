/* Where mail goes, one step at a time. */
#include "model/mail/delivery.h"

#include "model/mail/postfix_maps.h"

static enum resolution
how_found(const struct maps_lookup *l)
{
	if (l->map == MAPS_ALIAS_DOMAINS)
		return RESOLVED_ALIAS_DOMAIN;
	if (l->map == MAPS_IDENTITY)
		return RESOLVED_USER;
	return l->form == MAPS_CATCHALL ? RESOLVED_CATCHALL :
	    l->map == MAPS_PATTERNS ? RESOLVED_PATTERN : RESOLVED_ALIAS;
}

/* Does what was found take mail?  An alias domain's name is its target's. */
static const char *
why_off(const struct maps_facts *f, const struct maps_lookup *l)
{
	const char *name = l->key;
	bool active = false;

	if (l->map == MAPS_PATTERNS) {
		for (size_t i = 0; i < f->patterns; i++)
			active |= f->pattern[i].active;
		return active ? NULL : "is disabled";
	}
	if (l->map == MAPS_ALIAS_DOMAINS) {
		name = f->target_key[l->form];
		if (!maps_has_alias(f, name) && !maps_has_user(f, name))
			name = f->target_key[MAPS_CATCHALL];
	}
	if (!maps_has_alias(f, name))
		return maps_user_off(f, name);
	return maps_alias_active(f, name) ? NULL : "is disabled";
}

bool
delivery_resolve(struct mail *m, const char *address, struct delivery *d,
    struct err *e)
{
	struct maps_lookups asked = { 0 };
	const struct maps_lookup *l;
	struct maps_facts f;

	*d = (struct delivery){ .how = RESOLVED_NOTHING };
	if (!maps_facts_read_all(m, address, &f, e))
		return false;
	if (!f.found) {
		d->how = RESOLVED_OUTSIDE;
		d->key = address;
		d->active = true;
		return true;
	}
	l = maps_ask_virtual(m->arena, &f, &asked);
	if (l == NULL)
		return true;
	d->how = how_found(l);
	d->key = l->key;
	d->off = why_off(&f, l);
	d->active = d->off == NULL;
	for (size_t i = 0; d->how != RESOLVED_USER && i < l->answer.count;
	    i++)
		words_add(m->arena, &d->to, maps_result(m->arena, &f, l,
		    i));
	return true;
}
