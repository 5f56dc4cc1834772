/* How delivery would differ after a plan: applies it, and rolls back. */
#include "model/plan/route.h"

#include "base/text.h"
#include "model/plan/apply.h"
#include "model/route/trace.h"

static const char *
verdict_text(struct arena *a, const struct route *r)
{
	static const char *const ends[] = {
		[ROUTE_MAILBOX] = "mailbox",
		[ROUTE_EXTERNAL] = "external",
		[ROUTE_BOUNCE] = "bounce",
	};
	struct text t = TEXT_INIT;
	const char *copy;

	if (r->verdict != ROUTE_ACCEPTED)
		return arena_printf(a, "%s: %s", r->verdict == ROUTE_REFUSED ?
		    "refused" : "deferred", r->reply);
	for (size_t i = 0; i < r->finals; i++)
		text_addf(&t, "%s%s %s", i > 0 ? ", " : "",
		    ends[r->final[i].end], r->final[i].address);
	copy = arena_strndup(a, t.buf, t.len);
	text_clear(&t);
	return copy;
}

static bool
follow(struct mail *m, const char *address, const char **verdict,
    struct err *e)
{
	struct route r;

	if (!route_trace(m, address, &r, e))
		return false;
	*verdict = verdict_text(m->arena, &r);
	return true;
}

bool
plan_route(struct mail *m, struct manifest *manifest,
    const struct plan *plan, const struct words *addresses,
    struct route_change **changes, struct err *e)
{
	struct route_change *c = arena_array(m->arena, addresses->count + 1,
	    sizeof(*c));
	size_t n = addresses->count;
	bool ok = true;

	for (size_t i = 0; ok && i < n; i++)
		ok = route_address(m->arena, addresses->word[i],
		    &c[i].address, e);
	if (!ok || !db_begin(m->db, e))
		return false;
	for (size_t i = 0; ok && i < n; i++)
		ok = follow(m, c[i].address, &c[i].before, e);
	ok = ok && plan_apply(m, manifest, plan, e);
	db_cache_clear(m->db);
	for (size_t i = 0; ok && i < n; i++)
		ok = follow(m, c[i].address, &c[i].after, e);
	db_rollback(m->db);
	*changes = c;
	return ok;
}
