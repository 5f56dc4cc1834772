/* Where mail for a domain goes. */
#include <string.h>

#include "model/dnscheck/private.h"

/* "10 mx.example.org" */
static const char *
target_of(const char *value)
{
	return value + strcspn(value, " ") + (strchr(value, ' ') != NULL);
}

static void
no_mx(struct dnscheck *c)
{
	const char *name = c->domain->name;
	struct words addresses;

	if (!dnscheck_addresses(c, DNS_MX_MISSING, name, &addresses, NULL))
		return;
	if (addresses.count == 0)
		dnscheck_found(c, DNS_MX_MISSING, name, "no MX record");
	else if (dnscheck_is_ours(c, &addresses))
		dnscheck_found(c, DNS_MX_ADDRESS, name, "no MX record; mail "
		    "goes to %s", addresses.word[0]);
	else
		dnscheck_found(c, DNS_MX_ELSEWHERE, name, "no MX record; "
		    "mail goes to %s, which is not this server",
		    addresses.word[0]);
}

enum target {
	TARGET_UNKNOWN,		/* could not be asked */
	TARGET_WRONG,		/* reported: it is nobody's */
	TARGET_OURS,
	TARGET_OTHER
};

static enum target
target_judge(struct dnscheck *c, const char *target)
{
	bool host = dns_name_same(target, c->server->host), alias;
	const char *name = c->domain->name;
	struct dns_address address;
	struct words addresses;

	if (dns_address_parse(target, &address)) {
		dnscheck_found(c, DNS_MX_TARGET, name, "the MX record has the "
		    "address %s, and not a name", target);
		return TARGET_WRONG;
	}
	if (!dnscheck_addresses(c, DNS_MX_TARGET, target, &addresses, &alias))
		return host ? TARGET_OURS : TARGET_UNKNOWN;
	/* That the server has no address is another rule's matter. */
	if (addresses.count == 0 && host)
		return TARGET_OURS;
	if (addresses.count == 0) {
		dnscheck_found(c, DNS_MX_TARGET, name, "the MX record leads "
		    "to %s, which has no address", target);
		return TARGET_WRONG;
	}
	if (alias)
		dnscheck_found(c, DNS_MX_TARGET, name, "the MX record leads "
		    "to %s, which is an alias (CNAME)", target);
	return host || dnscheck_is_ours(c, &addresses) ? TARGET_OURS :
	    TARGET_OTHER;
}

static void
other_found(struct dnscheck *c, const char *target, bool some_ours)
{
	if (some_ours)
		dnscheck_found(c, DNS_MX_OTHERS, c->domain->name, "an MX "
		    "record leads to %s", target);
	else
		dnscheck_found(c, DNS_MX_ELSEWHERE, c->domain->name, "the MX "
		    "record leads to %s, which is not this server", target);
}

/* While one of them is not known, none is said to be another server's. */
static void
targets_judge(struct dnscheck *c, const struct words *values)
{
	struct words ours = { 0 }, others = { 0 };
	bool all_known = true;

	for (size_t i = 0; i < values->count; i++) {
		const char *target = target_of(values->word[i]);
		enum target is = target_judge(c, target);

		all_known = all_known && is != TARGET_UNKNOWN;
		if (is == TARGET_OURS)
			words_add(c->arena, &ours, target);
		if (is == TARGET_OTHER)
			words_add(c->arena, &others, target);
	}
	for (size_t i = 0; all_known && i < others.count; i++)
		other_found(c, others.word[i], ours.count > 0);
	for (size_t i = 0; all_known && others.count == 0 &&
	    i < ours.count; i++)
		dnscheck_fine(c, DNS_MX_ELSEWHERE, c->domain->name, "the MX "
		    "record leads to %s", ours.word[i]);
}

void
dnscheck_mx(struct dnscheck *c)
{
	const struct dns_answer *answer = dnscheck_look(c, DNS_MX_MISSING,
	    c->domain->name, DNS_MX);
	const struct words *values;

	if (answer == NULL)
		return;
	values = &answer->values;
	if (values->count == 0)
		no_mx(c);
	else if (values->count == 1 &&
	    strcmp(target_of(values->word[0]), ".") == 0)
		dnscheck_found(c, DNS_MX_MISSING, c->domain->name, "the MX "
		    "record says that the domain takes no mail");
	else
		targets_judge(c, values);
}
