/*
 * smtpd at RCPT, for a client from outside or for a user who has logged in:
 * each restriction in its order.
 *
 * The first that refuses decides; what was asked is kept in the route.
 */
#include "model/route/rcpt.h"

#include <string.h>

#include "base/sentence.h"
#include "model/address.h"
#include "model/route/destinations.h"
#include "model/sending/sending.h"

/* A recipient that is being judged. */
struct rcpt {
	struct mail *m;
	struct route *r;
	enum route_about about;
};

const char *
route_user_text(struct arena *a, const struct maps_facts *f, const char *name)
{
	return arena_printf(a, "user %s %s", name, maps_user_off(f, name));
}

static bool
refuse(struct rcpt *w, const char *code, const char *text, const char *why)
{
	w->r->verdict = ROUTE_REFUSED;
	w->r->reply = arena_printf(w->m->arena, "%s <%s>: %s", code,
	    w->r->address, text);
	w->r->why = why;
	return false;
}

/* smtpd_relay_restrictions: who has logged in may write to anybody. */
static bool
is_relayed(struct rcpt *w, const struct maps_facts *f)
{
	struct arena *a = w->m->arena;
	struct maps_lookup *l = maps_asked(a, &w->r->asked, MAPS_DOMAINS,
	    MAPS_FULL, address_domain(f->key[MAPS_FULL]));

	maps_ask(a, MAPS_DOMAINS, f, MAPS_FULL, &l->answer);
	if (l->answer.count == 0) {
		l = maps_asked(a, &w->r->asked, MAPS_RELAY_DOMAINS,
		    MAPS_FULL, address_domain(f->key[MAPS_FULL]));
		maps_ask(a, MAPS_RELAY_DOMAINS, f, MAPS_FULL, &l->answer);
	}
	if (w->r->login != NULL)
		return true;
	if (l->answer.count == 0)
		return refuse(w, "554 5.7.1", "Relay access denied",
		    maps_domain_why(a, f));
	if (strchr(f->key[MAPS_FULL], '!') != NULL &&
	    w->about == ROUTE_WRITER)
		return refuse(w, "554 5.7.1", "Relay access denied",
		    "Postfix takes a \"!\" for a route to another server");
	return true;
}

static const char *
disabled_text(struct arena *a, const struct maps_facts *f,
    const struct maps_lookup *l)
{
	const char *name = f->target_key[l->form] != NULL &&
	    !maps_has_alias(f, l->key) ? f->target_key[l->form] : l->key;
	const char *off = maps_alias_off(f, name);

	return !maps_is_ours(f) ? maps_domain_why(a, f) :
	    maps_has_user(f, name) && !maps_user_receives(f, name) ?
	    route_user_text(a, f, name) :
	    arena_printf(a, "alias %s %s", name, off != NULL ? off :
		"is disabled");
}

/* mailadm_destinations: only of the address as it came. */
static bool
is_taken(struct rcpt *w, const struct maps_facts *f, struct err *e)
{
	struct arena *a = w->m->arena;
	struct maps_lookup *l = maps_asked(a, &w->r->asked,
	    MAPS_DESTINATIONS, MAPS_FULL, f->key[MAPS_FULL]);
	struct destinations d;

	if (!route_destinations(w->m, w->r->address, &d, e))
		return false;
	words_add(a, &l->answer, d.take ? MAPS_TAKEN : MAPS_UNKNOWN);
	return d.take || refuse(w, "550 5.1.1", "Recipient address rejected: "
	    "User unknown", arena_printf(a, "leads to nobody who takes mail: "
		"%s", sentence_list(a, &d.ends)));
}

/*
 * One of the maps of smtpd_recipient_restrictions: as the address came, then
 * without its tag.  NULL: no answer.
 */
static const struct maps_lookup *
access_ask(struct rcpt *w, const struct maps_facts *f, enum maps_kind map)
{
	struct arena *a = w->m->arena;

	for (int form = MAPS_FULL; form <= MAPS_UNTAGGED; form++) {
		struct maps_lookup *l;

		if (f->key[form] == NULL)
			continue;
		l = maps_asked(a, &w->r->asked, map, (enum maps_form)form,
		    f->key[form]);
		maps_ask(a, map, f, l->form, &l->answer);
		if (l->answer.count > 0)
			return l;
	}
	return NULL;
}

static bool
is_not_blocked(struct rcpt *w, const struct maps_facts *f)
{
	const struct maps_lookup *l = access_ask(w, f, MAPS_BLOCKS);

	return l == NULL || refuse(w, "550 5.1.1", "Recipient address "
	    "rejected: User unknown", arena_printf(w->m->arena,
		"%s is blocked", words_have(&f->blocked, l->key) ? l->key :
		f->target_key[l->form]));
}

/* False also when the destinations cannot be read. */
static bool
is_enabled(struct rcpt *w, const struct maps_facts *f, struct err *e)
{
	const struct maps_lookup *l = access_ask(w, f, MAPS_DISABLED);

	if (l == NULL || strcmp(l->answer.word[0], MAPS_TAKEN) == 0 ||
	    strcmp(l->answer.word[0], MAPS_ASK_SERVER) == 0)
		return true;
	if (strcmp(l->answer.word[0], MAPS_ASK_ON) == 0)
		return w->about == ROUTE_SENDERS || is_taken(w, f, e);
	return refuse(w, "550 5.1.1", "Recipient address rejected: User "
	    "unknown", disabled_text(w->m->arena, f, l));
}

/* On port 25, where nobody has logged in. */
static bool
is_public(struct rcpt *w, const struct maps_facts *f)
{
	const struct maps_lookup *l = access_ask(w, f, MAPS_INTERNAL);

	return l == NULL || strcmp(l->answer.word[0], MAPS_TAKEN) == 0 ||
	    refuse(w, "550 5.7.1", "Recipient address rejected: Only users "
		"of this server may write to this address", "internal: only "
		"who has logged in may write to it");
}

/* Is it an alias that is for some of our users only? */
static bool
is_limited(const struct maps_facts *f, const char *name)
{
	const struct sql_route_alias *row;

	return maps_alias_rows(f, name, &row) > 0 && row->writers != NULL &&
	    strcmp(row->writers, "users") != 0;
}

/* As sql_writers.cf: is the policy service asked? */
static bool
is_policy_asked(struct rcpt *w, const struct maps_facts *f)
{
	struct arena *a = w->m->arena;

	for (int form = MAPS_FULL; form <= MAPS_UNTAGGED; form++) {
		struct maps_lookup *l;

		if (f->key[form] == NULL)
			continue;
		l = maps_asked(a, &w->r->asked, MAPS_WRITERS,
		    (enum maps_form)form, f->key[form]);
		if (is_limited(f, f->key[form]) ||
		    is_limited(f, f->target_key[form])) {
			words_add(a, &l->answer, MAPS_ASK_POLICY);
			return true;
		}
	}
	return false;
}

/* False also when that cannot be read. */
static bool
is_writer(struct rcpt *w, const struct maps_facts *f, struct err *e)
{
	enum { CODE = sizeof("550 5.7.1") - 1 };
	struct arena *a = w->m->arena;
	const char *action;

	if (!is_policy_asked(w, f))
		return true;
	if (!sending_may_write(w->m, w->r->login, w->r->address, &action, e))
		return false;
	if (strcmp(action, SENDING_PASS) == 0)
		return true;
	refuse(w, arena_strndup(a, action, CODE), arena_printf(a, "Recipient "
	    "address rejected:%s", action + CODE), arena_printf(a, "%s may "
	    "not write to it", w->r->login));
	if (*action == '4')
		w->r->verdict = ROUTE_DEFERRED;
	return false;
}

/* Whose mail an alias takes that is not for everybody. */
static bool
may_write(struct rcpt *w, const struct maps_facts *f, struct err *e)
{
	return w->about == ROUTE_ALL_WRITERS ||
	    (w->r->login != NULL ? is_writer(w, f, e) : is_public(w, f));
}

/*
 * reject_unlisted_recipient: the recipient must be in one of the maps, if the
 * domain is ours.
 */
static bool
is_listed(struct rcpt *w, const struct maps_facts *f)
{
	struct arena *a = w->m->arena;
	enum maps_kind last = maps_is_relay(f) ? MAPS_RELAY_RECIPIENTS :
	    MAPS_USERS;

	if (!maps_is_ours(f))
		return true;
	if (maps_ask_virtual(a, f, &w->r->asked) != NULL)
		return true;
	for (int form = 0; form < MAPS_FORMS; form++) {
		struct maps_lookup *l;

		if (f->key[form] == NULL)
			continue;
		l = maps_asked(a, &w->r->asked, last,
		    (enum maps_form)form, f->key[form]);
		maps_ask(a, last, f, l->form, &l->answer);
		if (l->answer.count > 0)
			return true;
	}
	if (last == MAPS_RELAY_RECIPIENTS)
		return refuse(w, "550 5.1.1", "Recipient address rejected: "
		    "User unknown in relay recipient table", "no recipient, "
		    "no alias and no catch-all");
	return refuse(w, "550 5.1.1", "Recipient address rejected: User "
	    "unknown in virtual mailbox table", "no user, no alias, no "
	    "pattern and no catch-all");
}

bool
route_rcpt(struct mail *m, struct route *r, enum route_about about,
    struct err *e)
{
	struct rcpt w = { m, r, about };
	struct maps_facts *f = &r->root->facts;

	if (!is_relayed(&w, f))
		return false;
	/* What may be sent as an address does not depend on who may write. */
	if (about == ROUTE_SENDERS)
		return is_listed(&w, f) && is_enabled(&w, f, e);
	return maps_blocks_read(m, f, e) && is_not_blocked(&w, f) &&
	    is_listed(&w, f) && is_enabled(&w, f, e) && may_write(&w, f, e);
}
