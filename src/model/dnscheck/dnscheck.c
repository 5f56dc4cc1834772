/* The run of the rules of DNS. */
#include "model/dnscheck/dnscheck.h"

#include "model/dnscheck/private.h"

bool
dnscheck_rule_known(const char *word, struct err *e)
{
	return rule_known(dnscheck_rules, "dns rules", word, e);
}

void
dnscheck_choose(struct findings *f, const struct dnscheck_server *server)
{
	findings_choose(f);
	if (!server->blocklists)
		f->chosen[DNS_BLOCKLISTED] = false;
	if (!server->authoritative)
		f->chosen[DNS_SERVERS_DIFFER] = false;
}

bool
dnscheck_asks_roles(const struct findings *f)
{
	return f->chosen[DNS_ROLE_NOBODY];
}

/* --- the run --------------------------------------------------------- */

static void
validation(struct dnscheck *c)
{
	const struct dns_answer *root = dnscheck_look(c, DNS_NOT_VALIDATED,
	    ".", DNS_NS);

	if (root != NULL && root->secure)
		dnscheck_fine(c, DNS_NOT_VALIDATED, c->server->host,
		    "the resolver validates DNSSEC");
	else if (root != NULL)
		dnscheck_found(c, DNS_NOT_VALIDATED, c->server->host,
		    "nobody notices forged answers, and records that need "
		    "DNSSEC cannot be judged");
}

static void
zone_signed(struct dnscheck *c)
{
	const struct dns_answer *zone = dnscheck_look(c, DNS_NOT_SIGNED,
	    c->domain->name, DNS_SOA);

	if (zone != NULL && zone->secure)
		dnscheck_fine(c, DNS_NOT_SIGNED, c->domain->name,
		    "the zone is signed");
	else if (zone != NULL && dnscheck_is_validated(c))
		dnscheck_found(c, DNS_NOT_SIGNED, c->domain->name,
		    "the zone has no signatures that a resolver can prove");
}

static void
roles(struct dnscheck *c)
{
	const char *role = c->domain->unread_role;

	if (role != NULL)
		dnscheck_found(c, DNS_ROLE_NOBODY, c->domain->name,
		    "%s reaches nobody", role);
	else
		dnscheck_fine(c, DNS_ROLE_NOBODY, c->domain->name,
		    "postmaster and abuse are read");
}

bool
dnscheck_server(struct dnscheck *c)
{
	c->domain = NULL;
	c->pending = c->bogus = false;
	dnscheck_host(c);
	dnscheck_helo(c);
	dnscheck_tlsa(c);
	dnscheck_blocklists(c);
	validation(c);
	return !c->pending;
}

bool
dnscheck_domain(struct dnscheck *c, const struct dnscheck_domain *domain)
{
	static void (*const rules[])(struct dnscheck *c) = {
		dnscheck_mx, dnscheck_spf, dnscheck_dkim, dnscheck_dmarc,
		dnscheck_sts, dnscheck_reports, dnscheck_srv, zone_signed,
		dnscheck_servers, roles
	};

	c->domain = domain;
	c->pending = c->bogus = false;
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		rules[i](c);
	return !c->pending;
}

bool
dnscheck_gather(struct dnscheck *c, struct dns_store *store,
    const struct dnscheck_domain *domains, size_t count, struct err *e)
{
	bool *done = arena_array(c->kept, count, sizeof(*done));
	struct findings *findings = c->findings;
	bool all = false, ok = true;

	c->findings = NULL;
	while (ok && !all) {
		/* The rules of domains want to know the server's addresses. */
		bool server = all = dnscheck_server(c);

		for (size_t i = 0; i < count; i++) {
			if (!done[i])
				done[i] = dnscheck_domain(c, &domains[i]) &&
				    server;
			all = all && done[i];
			arena_reset(c->arena);
		}
		ok = all || dns_store_wait(store, e);
	}
	c->findings = findings;
	return ok;
}
