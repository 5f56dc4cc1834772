/* Where the mail of role addresses ends, as route follows it. */
#include "model/report/private.h"
#include "model/route/probe.h"
#include "model/route/trace.h"

const char *const facts_role_names[FACTS_ROLES] = {
	[ROLE_POSTMASTER] = "postmaster",
	[ROLE_ABUSE] = "abuse",
	[ROLE_HOSTMASTER] = "hostmaster",
	[ROLE_CATCHALL] = "catch-all",
};

/* "anna@example.com" or "anna@example.com and 2 more". */
static const char *
ends_text(struct arena *a, const struct route *r)
{
	const char *first = NULL;
	size_t more = 0;

	for (size_t i = 0; i < r->finals; i++) {
		if (r->final[i].end == ROUTE_BOUNCE)
			continue;
		if (first == NULL)
			first = r->final[i].address;
		else
			more++;
	}
	if (first == NULL)
		return NULL;
	return more == 0 ? arena_strdup(a, first) :
	    arena_printf(a, "%s and %zu more", first, more);
}

static bool
role_follow(struct gathering *g, struct facts_roles_row *row,
    enum facts_role role, struct arena *hops, struct err *e)
{
	struct mail m = *g->m;
	struct route r;
	const char *address;

	m.arena = hops;
	if (role != ROLE_CATCHALL)
		address = arena_printf(hops, "%s@%s", facts_role_names[role],
		    row->domain);
	else if (!route_stranger(&m, row->domain, &address, e))
		return false;
	if (address == NULL)
		return true;
	if (!route_trace(&m, address, &r, e))
		return false;
	if (r.verdict == ROUTE_ACCEPTED)
		row->ends[role] = ends_text(g->m->arena, &r);
	return true;
}

static bool
domain_follow(struct gathering *g, struct facts_roles_row *row,
    struct err *e)
{
	struct arena hops = { 0 };
	bool begun, ok;

	if (!route_view_begin(g->m, &begun, e))
		return false;
	ok = true;
	for (int role = 0; ok && role < FACTS_ROLES; role++)
		ok = role_follow(g, row, (enum facts_role)role, &hops, e);
	route_view_end(g->m, begun);
	arena_clear(&hops);
	return ok;
}

bool
facts_roles(struct gathering *g, struct err *e)
{
	const struct facts_domains *d = &g->facts->by_domain;
	struct facts_roles *roles = &g->facts->roles;

	roles->why = d->why;
	roles->row = arena_array(g->m->arena, d->count, sizeof(*roles->row));
	for (size_t i = 0; i < d->count && roles->count < FACTS_ROLE_DOMAINS;
	    i++) {
		struct facts_roles_row *row = &roles->row[roles->count];

		if (!d->row[i].of.active)
			continue;
		row->domain = d->row[i].of.domain;
		if (!domain_follow(g, row, e))
			return facts_denied(g, NEED("domains, users and "
			    "aliases", &roles->why), e);
		roles->count++;
	}
	return true;
}
