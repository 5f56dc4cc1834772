/* DMARC: what receivers do with mail that is not ours. */
#include "model/dns/dmarc.h"

#include <string.h>

#include "model/dns/tags.h"
#include "model/dnscheck/private.h"

/* --- the record of the domain itself --------------------------------- */

/* The words for the first TXT that is meant to be one. */
static const char *
meant_judge(struct dnscheck *c, const struct words *values)
{
	for (size_t i = 0; i < values->count; i++) {
		struct dmarc_record r;

		if (strcasestr(values->word[i], DMARC_VERSION) != NULL)
			return dmarc_record_parse(c->arena, values->word[i],
			    &r);
	}
	return NULL;
}

/* True where it is wrong, so that it says nothing that it is missing. */
static bool
own_judge(struct dnscheck *c, const struct words *values)
{
	const char *name = c->domain->name, *text, *why;
	struct dmarc_record r;
	size_t count;

	text = dns_tags_select(values, DMARC_VERSION, true, &count);
	if (count > 1) {
		dnscheck_found(c, DNS_DMARC_WRONG, name, "%zu DMARC records",
		    count);
		return true;
	}
	why = text == NULL ? meant_judge(c, values) :
	    dmarc_record_parse(c->arena, text, &r);
	if (why == NULL)
		return false;
	dnscheck_found(c, text != NULL && r.usable ? DNS_DMARC_PART :
	    DNS_DMARC_WRONG, name, "the DMARC record %s", why);
	return true;
}

/* --- reports --------------------------------------------------------- */

/* False while it is not known. */
static bool
is_same_organization(struct dnscheck *c, const struct dmarc_found *found,
    const char *other, bool *same)
{
	struct dmarc_found there = dmarc_find(c->arena, c->asker, other);

	if (there.state == DMARC_PENDING) {
		c->pending = true;
		return false;
	}
	*same = dns_name_same(there.organization, found->organization);
	return true;
}

static void
consent_judge(struct dnscheck *c, const struct dmarc_found *found,
    const char *address)
{
	const char *at = strrchr(address, '@'), *name;
	const struct dns_answer *answer;
	bool same;

	if (at == NULL || strstr(address, "://") != NULL ||
	    !dns_name_is_valid(at + 1) ||
	    !is_same_organization(c, found, at + 1, &same) || same)
		return;
	name = dmarc_consent_name(c->arena, found->domain, at + 1);
	answer = dnscheck_look(c, DNS_DMARC_CONSENT, name, DNS_TXT);
	if (answer != NULL && !dmarc_is_consent(c->arena, &answer->values))
		dnscheck_found(c, DNS_DMARC_CONSENT, c->domain->name,
		    "reports to %s need the record %s TXT \"v=DMARC1\"",
		    address, name);
}

/* --- the record that counts ------------------------------------------ */

static void
found_judge(struct dnscheck *c, const struct dmarc_found *found)
{
	const struct dmarc_record *r = &found->record;
	const char *name = c->domain->name;

	if (found->policy == DMARC_NONE)
		dnscheck_found(c, DNS_DMARC_NONE, name, "the policy is none");
	if (r->reports.count == 0)
		dnscheck_found(c, DNS_DMARC_REPORTS, name, "no rua=");
	if (r->removed != NULL)
		dnscheck_found(c, DNS_DMARC_REMOVED, name, "%s=",
		    r->removed);
	if (r->strict_dkim && c->domain->sends && !dnscheck_signs(c))
		dnscheck_found(c, DNS_DMARC_STRICT, name, "adkim=s, and no "
		    "key of the domain itself signs");
	for (size_t i = 0; i < r->reports.count; i++)
		consent_judge(c, found, r->reports.word[i]);
}

void
dnscheck_dmarc(struct dnscheck *c)
{
	const char *name = c->domain->name;
	struct dmarc_found found = dmarc_find(c->arena, c->asker, name);
	const struct dns_answer *own = dnscheck_look(c, DNS_DMARC_MISSING,
	    arena_printf(c->arena, "_dmarc.%s", name), DNS_TXT);
	bool wrong;

	if (found.state == DMARC_PENDING)
		c->pending = true;
	if (own == NULL || found.state == DMARC_PENDING)
		return;
	wrong = own_judge(c, &own->values);
	if (found.state == DMARC_UNKNOWN)
		dnscheck_silent(c, DNS_DMARC_MISSING, name);
	else if (found.state == DMARC_MISSING && !wrong)
		dnscheck_found(c, DNS_DMARC_MISSING, name, "no DMARC record");
	if (found.state != DMARC_FOUND)
		return;
	if (!dns_name_same(found.domain, name) && !wrong)
		dnscheck_found(c, DNS_DMARC_PARENT, name, "that of %s counts",
		    found.domain);
	if (!wrong)
		dnscheck_fine(c, DNS_DMARC_MISSING, name, "the policy is %s, "
		    "by the record of %s", dmarc_policy_name(found.policy),
		    found.domain);
	found_judge(c, &found);
}
