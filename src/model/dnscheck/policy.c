/* The policies of MTA-STS: fetched, and judged. */
#include "model/dns/sts_fetch.h"

#include "model/dns/sts.h"
#include "model/dns/tags.h"
#include "model/dnscheck/private.h"

#define DAY 86400

/* --- fetching -------------------------------------------------------- */

static bool
is_wanted(const struct findings *f)
{
	return f->chosen[DNS_STS_WRONG] || f->chosen[DNS_STS_TYPE] ||
	    f->chosen[DNS_STS_HOST] || f->chosen[DNS_STS_WEAK] ||
	    f->chosen[DNS_STS_UNANNOUNCED];
}

static const char *
web_name(struct dnscheck *c)
{
	return arena_printf(c->arena, "mta-sts.%s", c->domain->name);
}

static bool
web_addresses(struct dnscheck *c, struct words *addresses)
{
	return dnscheck_addresses(c, DNS_STS_WRONG, web_name(c), addresses,
	    NULL);
}

static struct dnscheck_policy
policy_of(const struct sts_fetch *f)
{
	if (f->why != NULL)
		return (struct dnscheck_policy){ FETCH_FAILED, .why = f->why };
	return (struct dnscheck_policy){ FETCH_DONE, NULL, f->bytes, f->len,
	    f->plain };
}

bool
dnscheck_fetch(struct dnscheck *c, const struct dns *dns,
    struct dnscheck_domain *domains, size_t count, struct err *e)
{
	struct findings *findings = c->findings;
	struct sts_fetch *fetch = arena_array(c->kept, count, sizeof(*fetch));
	struct dnscheck_domain **of = arena_array(c->kept, count,
	    sizeof(struct dnscheck_domain *));
	size_t n = 0;

	if (!is_wanted(findings))
		return true;
	c->findings = NULL;
	for (size_t i = 0; i < count; i++) {
		struct words addresses;

		c->domain = &domains[i];
		if (!web_addresses(c, &addresses) || addresses.count == 0)
			continue;
		fetch[n] = (struct sts_fetch){ .domain = domains[i].name,
		    .addresses = addresses };
		of[n++] = &domains[i];
	}
	c->findings = findings;
	if (!sts_fetch(dns, fetch, n, e))
		return false;
	for (size_t i = 0; i < n; i++)
		of[i]->policy = policy_of(&fetch[i]);
	return true;
}

/* --- judging --------------------------------------------------------- */

static void
policy_judge(struct dnscheck *c, const struct sts_policy *policy)
{
	const char *name = c->domain->name;

	dnscheck_fine(c, DNS_STS_WRONG, name, "the policy can be fetched, and "
	    "is valid");
	if (policy->mode == STS_ENFORCE &&
	    !sts_policy_has(policy, c->server->host))
		dnscheck_found(c, DNS_STS_HOST, name, "the policy has no mx: "
		    "for %s", c->server->host);
	if (policy->mode != STS_ENFORCE)
		dnscheck_found(c, DNS_STS_WEAK, name, "the mode is not "
		    "enforce");
	else if (policy->max_age < DAY)
		dnscheck_found(c, DNS_STS_WEAK, name, "max_age is %lu "
		    "seconds", policy->max_age);
}

static void
fetched_judge(struct dnscheck *c)
{
	const struct dnscheck_policy *p = &c->domain->policy;
	const char *name = c->domain->name, *why;
	struct sts_policy policy;

	if (!p->plain)
		dnscheck_found(c, DNS_STS_TYPE, name, "the policy is not "
		    "text/plain");
	why = sts_policy_parse(c->arena, p->bytes, p->len, &policy);
	if (why != NULL)
		dnscheck_found(c, DNS_STS_WRONG, name, "the policy %s", why);
	else
		policy_judge(c, &policy);
}

/* Of a domain whose record is right. */
static void
announced_judge(struct dnscheck *c)
{
	const struct dnscheck_policy *p = &c->domain->policy;
	const char *name = c->domain->name;
	struct words addresses;
	bool known = web_addresses(c, &addresses);

	if (p->state == FETCH_DONE)
		fetched_judge(c);
	else if (p->state == FETCH_FAILED)
		dnscheck_found(c, DNS_STS_WRONG, name, "the policy cannot be "
		    "fetched: %s", p->why);
	else if (known && addresses.count == 0)
		dnscheck_found(c, DNS_STS_WRONG, name, "the policy cannot be "
		    "fetched: mta-sts.%s has no address", name);
	else if (known)
		dnscheck_unchecked(c, DNS_NEEDS_STS, "the policy of MTA-STS "
		    "was not fetched");
}

/* A web server may have a page for each name that it is asked for. */
static void
unannounced_judge(struct dnscheck *c)
{
	const struct dnscheck_policy *p = &c->domain->policy;
	const char *name = c->domain->name;
	struct sts_policy policy;
	struct words addresses;

	if (web_addresses(c, &addresses) && p->state == FETCH_DONE &&
	    sts_policy_parse(c->arena, p->bytes, p->len, &policy) == NULL)
		dnscheck_found(c, DNS_STS_UNANNOUNCED, name, "no record "
		    "_mta-sts.%s", name);
}

void
dnscheck_sts(struct dnscheck *c)
{
	const char *name = c->domain->name, *text, *why = NULL, *id;
	const struct dns_answer *answer = dnscheck_look(c, DNS_STS_WRONG,
	    arena_printf(c->arena, "_mta-sts.%s", name), DNS_TXT);
	size_t count;

	if (answer == NULL)
		return;
	text = dns_tags_select(&answer->values, STS_VERSION, false, &count);
	if (text != NULL)
		why = sts_record_parse(c->arena, text, &id);
	if (count > 1)
		dnscheck_found(c, DNS_STS_WRONG, name, "%zu records _mta-sts."
		    "%s", count, name);
	else if (why != NULL)
		dnscheck_found(c, DNS_STS_WRONG, name, "the record "
		    "_mta-sts.%s %s", name, why);
	else if (count == 0)
		unannounced_judge(c);
	else
		announced_judge(c);
}
