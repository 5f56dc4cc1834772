/* Where mail goes, one step at a time. */
#include "model/mail/delivery.h"

#include <string.h>

#include "model/address.h"
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
	return maps_alias_off(f, name);
}

/* A name that the server of a relay domain has, or may have. */
static bool
is_behind(const struct maps_facts *f, const struct maps_lookup *l)
{
	if (!maps_is_relay(f))
		return false;
	return l == NULL ? f->domain.accepts != NULL :
	    l->map == MAPS_IDENTITY && maps_is_recipient(f, l->key);
}

static void
resolved_outside(const struct maps_facts *f, struct delivery *d)
{
	d->how = RESOLVED_OUTSIDE;
	d->key = f->key[MAPS_FULL];
	d->active = true;
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
		resolved_outside(&f, d);
		return true;
	}
	l = maps_ask_virtual(m->arena, &f, &asked);
	if (is_behind(&f, l)) {
		resolved_outside(&f, d);
		return true;
	}
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

/* --- names on the way ------------------------------------------------ */

const char *
maps_name(struct arena *a, const char *address)
{
	size_t local = strcspn(address, "@");

	if (local <= ADDRESS_LOCAL_MAX)
		return address;
	return arena_printf(a, "%.*s%s", ADDRESS_LOCAL_MAX + 1, address,
	    address + local);
}

const char *
maps_tagged(struct arena *a, const char *address, const char *tag)
{
	size_t local = strcspn(address, "@");

	return arena_printf(a, "%.*s%s%s", (int)local, address, tag,
	    address + local);
}

const char *
maps_result(struct arena *a, const struct maps_facts *f,
    const struct maps_lookup *l, size_t i)
{
	const char *address = l->answer.word[i];

	/* propagate_unmatched_extensions */
	return l->form == MAPS_UNTAGGED ? maps_tagged(a, address, f->tag) :
	    address;
}
