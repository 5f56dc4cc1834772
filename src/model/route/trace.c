/* Postfix's way through the maps, step by step. */
#include "model/route/trace.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "base/sentence.h"
#include "model/address.h"
#include "model/mail/delivery.h"
#include "model/route/rcpt.h"

/* An expansion that is running. */
struct tracing {
	struct mail *m;
	struct route *r;
	enum route_about about;
	void *hops;			/* by address */
	void *been_here;		/* addresses that led to themselves */
	struct route_hop **slot;	/* the addresses found so far */
	size_t slots;
	size_t room;
};

bool
route_address(struct arena *a, const char *text, const char **address,
    struct err *e)
{
	size_t local = strcspn(text, "@"), name = strcspn(text, "+@");
	const char *canonical;

	if (!address_parse(a, ADDRESS_DESTINATION, text, &canonical, e))
		return false;
	/* Before the @ only capital letters can differ. */
	if (name == 0)
		name = local;
	*address = arena_printf(a, "%.*s%.*s%s", (int)name, canonical,
	    (int)(local - name), text + name, canonical + local);
	return true;
}

bool
route_view_begin(struct mail *m, bool *begun, struct err *e)
{
	*begun = !db_in_transaction(m->db);
	return !*begun || db_begin(m->db, e);
}

void
route_view_end(struct mail *m, bool begun)
{
	if (begun)
		db_rollback(m->db);
}

/* --- hops ------------------------------------------------------------ */

static int
hop_compare(const void *a, const void *b)
{
	const struct route_hop *x = a, *y = b;

	return strcmp(x->address, y->address);
}

/* Postfix remembers addresses in lower case. */
static int
been_compare(const void *a, const void *b)
{
	return strcasecmp(a, b);
}

static void
keep(void *node)
{
	(void)node;		/* it lives in the arena */
}

static struct route_hop *
hop_get(struct tracing *w, const char *address)
{
	struct route_hop probe = { .address = address }, *hop;
	void *node = tfind(&probe, &w->hops, hop_compare);

	if (node != NULL)
		return *(struct route_hop **)node;
	hop = arena_alloc(w->m->arena, sizeof(*hop));
	hop->address = address;
	hop->other = w->r->hops;
	w->r->hops = hop;
	if (tsearch(hop, &w->hops, hop_compare) == NULL)
		out_of_memory();
	return hop;
}

static bool
hop_look(struct tracing *w, struct route_hop *hop, struct err *e)
{
	if (hop->looked)
		return true;
	hop->looked = true;
	if (!maps_facts_read(w->m, hop->address, &hop->facts, e))
		return false;
	hop->facts.senders = w->about == ROUTE_SENDERS;
	return true;
}

static bool
hop_expand(struct tracing *w, struct route_hop *hop, struct err *e)
{
	struct arena *a = w->m->arena;
	const struct maps_lookup *l;

	if (hop->expanded)
		return true;
	if (!hop_look(w, hop, e))
		return false;
	hop->expanded = true;
	hop->answer = l = maps_ask_virtual(a, &hop->facts, &hop->asked);
	route_lost(a, &hop->facts, l, &hop->lost);
	if (l == NULL)
		return true;
	hop->to = arena_array(a, l->answer.count, sizeof(struct route_hop *));
	for (size_t i = 0; i < l->answer.count; i++)
		hop->to[hop->to_count++] = hop_get(w, maps_result(a,
		    &hop->facts, l, i));
	return true;
}

/* --- cleanup --------------------------------------------------------- */

/* The path from a hop back to itself. */
static const char *
loop_text(struct arena *a, const struct route_hop *from,
    const struct route_hop *to)
{
	struct words back = { 0 }, names = { 0 };

	words_add(a, &back, to->address);
	for (; from != to; from = from->up)
		words_add(a, &back, from->address);
	words_add(a, &names, to->address);
	for (size_t i = back.count; i-- > 0;)
		words_add(a, &names, back.word[i]);
	return arena_printf(a, "loop: %s", sentence_list(a, &names));
}

/*
 * One step of a depth-first search; *back is set when it finds the start
 * again.
 */
static struct route_hop *
search_step(struct route_hop *hop, struct route_hop **back)
{
	struct route_hop *to;

	if (hop->next == hop->to_count) {
		hop->open = false;
		return hop->up;
	}
	to = hop->to[hop->next++];
	if (to->open && to != hop)
		*back = to;
	if (to->seen)
		return hop;
	to->seen = to->open = true;
	to->up = hop;
	return to;
}

/* The first loop among the hops, or NULL. */
static const char *
loop_find(struct arena *a, struct route_hop *hop)
{
	struct route_hop *back = NULL;

	hop->seen = hop->open = true;
	while (hop != NULL && back == NULL)
		hop = search_step(hop, &back);
	return back != NULL ? loop_text(a, hop, back) : NULL;
}

/* The sender is asked to try again, which will not help. */
static bool
defer(struct tracing *w, const char *why)
{
	const char *loop = loop_find(w->m->arena, w->r->root);

	w->r->verdict = ROUTE_DEFERRED;
	w->r->reply = "451 4.6.0 Alias expansion error";
	w->r->why = loop != NULL ? loop : why;
	return false;
}

static void
slot_add(struct tracing *w, struct route_hop *hop)
{
	if (w->slots == w->room) {
		size_t room = w->room ? 2 * w->room : 8;
		struct route_hop **more = arena_array(w->m->arena, room,
		    sizeof(struct route_hop *));

		if (w->slots > 0)
			memcpy(more, w->slot, w->slots * sizeof(*more));
		w->slot = more;
		w->room = room;
	}
	w->slot[w->slots++] = hop;
}

/* The first result takes the place of the address, the rest queue up. */
static bool
slot_replace(struct tracing *w, size_t at, const struct route_hop *hop)
{
	for (size_t i = 0; i < hop->to_count; i++) {
		struct route_hop *to = hop->to[i];

		if (strlen(to->address) > ROUTE_ADDRESS_MAX)
			return defer(w, arena_printf(w->m->arena,
			    "loop: %.100s... grows to more than %d "
			    "characters", to->address, ROUTE_ADDRESS_MAX));
		if (i == 0)
			w->slot[at] = to;
		else
			slot_add(w, to);
		if (strcasecmp(to->address, hop->address) == 0 &&
		    tsearch(hop->address, &w->been_here, been_compare) ==
		    NULL)
			out_of_memory();
	}
	return true;
}

/* Expands one address until nothing changes; false also when it is deferred. */
static bool
expand_slot(struct tracing *w, size_t at, struct err *e)
{
	for (int count = 0;; count++) {
		struct route_hop *hop = w->slot[at];

		if (tfind(hop->address, &w->been_here, been_compare) != NULL)
			return true;
		if (count >= RECURSION_MAX)
			return defer(w, arena_printf(w->m->arena,
			    "more than %d steps one after the other",
			    RECURSION_MAX));
		if (!hop_expand(w, hop, e))
			return false;
		if (hop->to_count == 0)
			return true;
		if (!slot_replace(w, at, hop))
			return false;
	}
}

/* cleanup_map1n_internal() of Postfix, step for step. */
static bool
expand(struct tracing *w, struct err *e)
{
	slot_add(w, w->r->root);
	for (size_t at = 0; at < w->slots; at++) {
		if (w->slots > EXPANSION_MAX) {
			defer(w, arena_printf(w->m->arena, "more than %d "
			    "addresses", EXPANSION_MAX));
			return true;
		}
		if (!expand_slot(w, at, e))
			return e->code == ERR_NONE;
	}
	return true;
}

/* --- who gets it ----------------------------------------------------- */

/* What says how the mail of the domain leaves; only an answer is kept. */
static bool
transport_ask(struct arena *a, struct route_hop *hop)
{
	struct words answer = { 0 };

	maps_ask(a, MAPS_TRANSPORT, &hop->facts, MAPS_FULL, &answer);
	if (answer.count > 0)
		maps_asked(a, &hop->asked, MAPS_TRANSPORT, MAPS_FULL,
		    hop->facts.key[MAPS_FULL])->answer = answer;
	return answer.count > 0;
}

/*
 * The server that the domain names gets it.  Which names that has is looked
 * at only where mail comes in, and not where an alias leads there.
 */
static void
final_by_transport(struct arena *a, const struct maps_facts *f,
    struct route_final *final)
{
	const char *name = f->key[f->key[MAPS_UNTAGGED] != NULL];

	final->end = ROUTE_EXTERNAL;
	final->by_transport = true;
	final->mailbox = maps_user_receives(f, name) ? name : NULL;
	if (!maps_is_relay(f))
		final->why = "the domain has a transport of its own";
	else if (f->domain.accepts != NULL)
		final->why = arena_printf(a, "%s %s", f->domain.relay_to,
		    strcmp(f->domain.accepts, "all") == 0 ? "gets all names" :
		    "is asked about each name");
	else if (!maps_is_recipient(f, name) &&
	    !maps_is_recipient(f, f->key[MAPS_FULL]))
		final->why = arena_printf(a, "no recipient: %s may refuse it",
		    f->domain.relay_to);
	else
		final->why = arena_printf(a, "passed on to %s",
		    f->domain.relay_to);
}

/*
 * Dovecot cuts the name at the first + and looks for an active user who may
 * receive mail.
 */
static void
final_set(struct arena *a, struct route_hop *hop, struct route_final *final)
{
	const struct maps_facts *f = &hop->facts;
	const char *name = f->key[f->key[MAPS_UNTAGGED] != NULL];

	final->address = hop->address;
	if (transport_ask(a, hop)) {
		final_by_transport(a, f, final);
	} else if (!maps_is_ours(f)) {
		final->end = ROUTE_EXTERNAL;
		final->why = f->found ? arena_printf(a, "%s: not ours, so "
		    "it goes out", maps_domain_why(a, f)) : NULL;
	} else if (maps_user_receives(f, name)) {
		final->end = ROUTE_MAILBOX;
		final->mailbox = name;
	} else {
		final->end = ROUTE_BOUNCE;
		const char *off = maps_alias_off(f, name);

		final->why = maps_has_user(f, name) ?
		    route_user_text(a, f, name) :
		    maps_has_alias(f, name) ?
		    arena_printf(a, "no user %s, and the alias %s", name,
			off != NULL ? off : "is disabled") :
		    arena_printf(a, "no user %s", name);
	}
}

static bool
finals(struct tracing *w, struct err *e)
{
	struct arena *a = w->m->arena;
	void *seen = NULL;
	bool ok = true;

	w->r->final = arena_array(a, w->slots, sizeof(*w->r->final));
	for (size_t i = 0; ok && i < w->slots; i++) {
		struct route_hop *hop = w->slot[i];

		/* Equal recipients get one message. */
		if (tfind(hop->address, &seen, been_compare) != NULL)
			continue;
		if (tsearch(hop->address, &seen, been_compare) == NULL)
			out_of_memory();
		ok = hop_look(w, hop, e);
		if (ok)
			final_set(a, hop, &w->r->final[w->r->finals++]);
	}
	tdestroy(seen, keep);
	return ok;
}

/* --- who writes, and by which way it leaves -------------------------- */

/* Name and domain of the sender, without a tag. */
struct from {
	const char *name;
	const char *domain;
};

static struct from
from_of(struct arena *a, const char *sender)
{
	const char *from = sender != NULL ? lowered(a, sender) : "@";
	const char *untagged = address_untagged(a, from);

	return (struct from){ address_local(a, untagged != NULL ? untagged :
	    from), address_domain(from) };
}

static bool
login_find(struct mail *m, const char *sender, const char **login,
    struct err *e)
{
	struct from from = from_of(m->arena, sender);
	struct words found = { 0 };

	*login = NULL;
	if (sender == NULL)
		return true;
	if (!db_texts(m->db, m->arena, SQL_ROUTE_LOGIN, PARAMS(
	    TEXT(from.name), TEXT(from.domain)), &found, e))
		return false;
	if (found.count > 0)
		*login = found.word[0];
	return true;
}

static bool
way_find(struct mail *m, const char *sender, struct route_way *way,
    struct err *e)
{
	struct from from = from_of(m->arena, sender);
	struct sql_way_out row = { 0 };
	bool found;

	*way = (struct route_way){ .sender = sender };
	if (!db_row(m->db, m->arena, SQL_ROUTE_WAY_OUT, PARAMS(
	    TEXT(from.domain), TEXT(from.name)), &row, &found, e))
		return false;
	if (!found || row.name == NULL)
		return true;
	way->name = row.name;
	way->hop = row.hop;
	way->of = row.of;
	return true;
}

/* --- the whole ------------------------------------------------------- */

static bool
trace(struct tracing *w, struct err *e)
{
	struct arena *a = w->m->arena;
	struct route_hop *root = w->r->root;
	const struct maps_facts *f = &root->facts;
	struct maps_lookups unasked = { 0 };

	if (!hop_look(w, root, e))
		return false;
	/*
	 * Refused mail goes nowhere; the rows that lost are shown all the
	 * same.
	 */
	if (!route_rcpt(w->m, w->r, w->about, e)) {
		if (e->code != ERR_NONE)
			return false;
		route_lost(a, f, maps_ask_virtual(a, f, &unasked),
		    &root->lost);
		return true;
	}
	if (!expand(w, e))
		return false;
	return w->r->verdict != ROUTE_ACCEPTED || finals(w, e);
}

static bool
trace_all(struct tracing *w, const char *address, const char *login,
    struct err *e)
{
	bool ok;

	*w->r = (struct route){ .address = address, .login = login };
	w->r->root = hop_get(w, address);
	ok = trace(w, e);
	tdestroy(w->hops, keep);
	tdestroy(w->been_here, keep);
	return ok;
}

bool
route_trace_about(struct mail *m, const char *address,
    enum route_about about, struct route *r, struct err *e)
{
	struct tracing w = { .m = m, .r = r, .about = about };

	return trace_all(&w, address, NULL, e);
}

bool
route_trace(struct mail *m, const char *address, struct route *r,
    struct err *e)
{
	return route_trace_about(m, address, ROUTE_WRITER, r, e);
}

bool
route_trace_from(struct mail *m, const char *address, const char *sender,
    struct route *r, struct err *e)
{
	struct tracing w = { .m = m, .r = r };
	const char *login;

	return login_find(m, sender, &login, e) &&
	    trace_all(&w, address, login, e) &&
	    way_find(m, sender, &r->way, e);
}
