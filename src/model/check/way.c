/*
 * Checking where mail goes: domains that are passed on, the names that they
 * have, and the ways out.
 *
 * Whether a server is this one is asked of this machine: its names and
 * addresses, as when the row is written.
 */
#include <string.h>

#include "base/sentence.h"
#include "model/address.h"
#include "model/check/private.h"
#include "model/mail/alias_row.h"
#include "model/next_hop.h"

/* --- the next hops of a domain ---------------------------------------- */

/* Another program of this machine may listen on a port of its own. */
static bool
is_loop(struct checking *c, const char *hop)
{
	const char *host;
	int64_t port;

	return next_hop_split(&c->row, hop, &host, &port) &&
	    port == NEXT_HOP_PORT &&
	    next_hop_is_own(&c->row, host, c->m->hostname);
}

void
check_hops(struct checking *c, const struct survey_domain *r)
{
	const char *stored;
	struct err e = { 0 };

	if (r->relay_to != NULL && !next_hop_parse(&c->row, r->relay_to,
	    NEXT_HOP_PORT, &stored, &e))
		check_found(c, RULE_DOMAIN_HOP, r->domain, "domain %s is "
		    "passed on to \"%s\", which is no server", r->domain,
		    r->relay_to);
	else if (r->relay_to != NULL && is_loop(c, r->relay_to))
		check_found(c, RULE_DOMAIN_LOOP, r->domain, "domain %s is "
		    "passed on to %s, which is this server itself", r->domain,
		    r->relay_to);
	err_clear(&e);
	if (r->transport != NULL && !next_hop_transport(&c->row, r->transport,
	    &stored, &e))
		check_found(c, RULE_DOMAIN_HOP, r->domain, "domain %s has the "
		    "transport \"%s\", which is not SERVICE:NEXT-HOP",
		    r->domain, r->transport);
	err_clear(&e);
	if (r->relay_to != NULL && r->accepts != NULL &&
	    strcmp(r->accepts, "all") == 0)
		check_found(c, RULE_DOMAIN_TAKES_ALL, r->domain, "domain %s "
		    "takes all names: what %s refuses bounces to forged "
		    "senders", r->domain, r->relay_to);
}

/* --- the names of relay domains --------------------------------------- */

static bool
recipient_read(void *arg, const void *row, struct err *e)
{
	const struct survey_pair *r = row;
	struct checking *c = arg;
	struct known_domain *d;
	uint32_t name;

	(void)e;
	if (r->name == NULL)
		return true;
	name = check_name(c, check_fold(c, r->name));
	d = check_domain_of(c, name);
	check_known(c, name)->recipient = true;
	if (d != NULL)
		d->recipients++;
	else
		check_found(c, RULE_DOMAIN_RECIPIENTS, r->name, "recipient %s "
		    "is in a domain that does not exist", r->name);
	arena_reset(&c->row);
	return true;
}

bool
check_recipients_read(struct checking *c, struct err *e)
{
	return survey_recipients_each(&c->survey, recipient_read, c, e);
}

static bool
is_recipient(const struct checking *c, const char *address)
{
	uint32_t name = nameset_find(&c->names, address, strlen(address));

	return name != NAME_NONE && check_known(c, name)->recipient;
}

bool
check_passes_on(struct checking *c, const struct known_domain *d,
    const char *address)
{
	const char *untagged;

	if (!d->relay || d->takes_rest)
		return d->takes_rest;
	untagged = address_untagged(&c->row, address);
	return is_recipient(c, address) ||
	    (untagged != NULL && is_recipient(c, untagged));
}

static bool
has_catchall(struct checking *c, const char *domain)
{
	const char *rest = address_join(&c->row, "", domain);
	uint32_t name = nameset_find(&c->names, rest, strlen(rest));

	return name != NAME_NONE && check_known(c, name)->alias_active;
}

/* An alias for postmaster alone, which is made with the domain, is no name. */
static bool
has_no_names(const struct known_domain *d)
{
	return !d->takes_rest && d->recipients == 0 && d->patterns == 0 &&
	    d->aliases - d->postmaster == 0;
}

void
check_relay_domain(struct checking *c, const struct known_domain *d)
{
	const char *name = nameset_text(&c->names, d->name);

	if (!d->relay && d->recipients > 0)
		check_found(c, RULE_DOMAIN_RECIPIENTS, name, "domain %s is not "
		    "passed on and has %s", name, sentence_number(&c->row,
			d->recipients, "recipient", "recipients"));
	if (d->relay && d->users > 0)
		check_found(c, RULE_DOMAIN_RELAY_HAS_USERS, name, "domain %s "
		    "is passed on and has %s, who receive no mail", name,
		    sentence_number(&c->row, d->users, "user", "users"));
	if (d->relay && d->active && has_no_names(d))
		check_found(c, RULE_DOMAIN_NO_NAMES, name, "domain %s takes "
		    "known names only and has no recipients", name);
	if (d->takes_rest && d->active && has_catchall(c, name))
		check_found(c, RULE_DOMAIN_CATCHALL, name, "the catch-all "
		    "@%s takes all that should be passed on", name);
	if (d->patterns > PATTERNS_MAX)
		check_found(c, RULE_DOMAIN_PATTERNS, name, "domain %s has %s, "
		    "%d allowed", name, sentence_number(&c->row, d->patterns,
			"pattern", "patterns"), PATTERNS_MAX);
}

/* --- archives ----------------------------------------------------------- */

void
check_archive(struct checking *c, const char *owner, const char *address,
    bool incoming)
{
	struct archive *a;

	if (address == NULL || strchr(address, '@') == NULL)
		return;
	a = VECTOR_ADD(&c->archives);
	a->owner = arena_strdup(c->m->arena, owner);
	a->address = arena_strdup(c->m->arena, check_fold(c, address));
	a->incoming = incoming;
}

/* --- the ways out ------------------------------------------------------- */

static bool
is_own_way(struct checking *c, const struct survey_way *w)
{
	return w->host != NULL && (w->port == 25 || w->port == 465 ||
	    w->port == 587) && next_hop_is_own(&c->row, w->host,
	    c->m->hostname);
}

static void
login_check(struct checking *c, const struct survey_way *w)
{
	if (w->login != NULL && !w->has_password)
		check_found(c, RULE_WAY_NO_PASSWORD, w->name, "way out %s has "
		    "a login and no password: its mail waits", w->name);
	if (w->login == NULL && w->has_password)
		check_found(c, RULE_WAY_NO_LOGIN, w->name, "way out %s has a "
		    "password and no login: neither is used", w->name);
	if (w->login != NULL && w->tls != NULL && strcmp(w->tls, "may") == 0)
		check_found(c, RULE_WAY_CLEAR, w->name, "way out %s has a "
		    "login, and may do without TLS", w->name);
}

static bool
way_read(void *arg, const void *row, struct err *e)
{
	const struct survey_way *w = row;
	struct checking *c = arg;

	(void)e;
	if (w->name == NULL)
		return true;
	login_check(c, w);
	if (is_own_way(c, w))
		check_found(c, RULE_WAY_LOOP, w->name, "way out %s is %s, "
		    "which is this server itself", w->name, w->host);
	if (!w->used && strcmp(w->name, "default") != 0)
		check_found(c, RULE_WAY_UNUSED, w->name, "no user and no "
		    "domain takes way out %s", w->name);
	arena_reset(&c->row);
	return true;
}

static bool
lost_read(void *arg, const void *row, struct err *e)
{
	const struct survey_pair *lost = row;
	struct checking *c = arg;

	(void)e;
	if (lost->name != NULL)
		check_found(c, strchr(lost->name, '@') != NULL ?
		    RULE_USER_WAY_MISSING : RULE_DOMAIN_WAY_MISSING,
		    lost->name, "the mail of %s should leave by way out %s, "
		    "which does not exist", lost->name, lost->other);
	return true;
}

bool
check_ways(struct checking *c, struct err *e)
{
	return survey_ways_each(&c->survey, way_read, c, e) &&
	    survey_lost_ways_each(&c->survey, lost_read, c, e);
}
