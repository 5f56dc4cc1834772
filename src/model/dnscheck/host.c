/* The server's name and its addresses, there and back. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "model/dnscheck/private.h"
#include "model/server/addresses.h"

/* --- N004 ------------------------------------------------------------ */

static void
address_judge(struct dnscheck *c, const char *address)
{
	const char *host = c->server->host;

	if (!server_address_is_public(address))
		dnscheck_found(c, DNS_HOST_ADDRESS, host, "%s has the address "
		    "%s, which nobody outside reaches", host, address);
	else if (c->server->addresses.count > 0 &&
	    !words_have(&c->server->addresses, address))
		dnscheck_found(c, DNS_HOST_ADDRESS, host, "%s has the address "
		    "%s, which is not of this server", host, address);
	else
		dnscheck_fine(c, DNS_HOST_ADDRESS, host, "%s has the address "
		    "%s", host, address);
}

/* Also sets which addresses are the server's. */
static void
host_addresses(struct dnscheck *c)
{
	const char *host = c->server->host;
	const struct words *ours = &c->server->addresses;
	struct words found;

	if (ours->count > 0)
		c->addresses = *ours;
	if (!dnscheck_addresses(c, DNS_HOST_ADDRESS, host, &found, NULL))
		return;
	if (found.count == 0)
		dnscheck_found(c, DNS_HOST_ADDRESS, host, "%s has no address",
		    host);
	for (size_t i = 0; i < found.count; i++)
		address_judge(c, found.word[i]);
	for (size_t i = 0; found.count > 0 && i < ours->count; i++) {
		if (!words_have(&found, ours->word[i]))
			dnscheck_found(c, DNS_HOST_ADDRESS, host, "%s does "
			    "not lead to %s", host, ours->word[i]);
	}
	for (size_t i = 0; ours->count == 0 && i < found.count; i++) {
		if (!words_have(&c->addresses, found.word[i]))
			words_add(c->kept, &c->addresses, found.word[i]);
	}
}

/* --- N005 to N008 ---------------------------------------------------- */

/* The bytes of an IPv4 address, in or against their order. */
static bool
has_bytes(const char *name, const struct dns_address *address,
    const char *between, bool reverse)
{
	const unsigned char *b = address->bytes;
	struct arena a = { 0 };
	const char *text = arena_printf(&a, "%u%s%u%s%u%s%u",
	    b[reverse ? 3 : 0], between, b[reverse ? 2 : 1], between,
	    b[reverse ? 1 : 2], between, b[reverse ? 0 : 3]);
	bool has = strstr(name, text) != NULL;

	arena_clear(&a);
	return has;
}

/* Of IPv6 all digits, or the groups with hyphens. */
static bool
has_digits(const char *name, const struct dns_address *address)
{
	char digits[33], groups[41];

	for (size_t i = 0; i < 16; i++)
		snprintf(digits + 2 * i, 3, "%02x", address->bytes[i]);
	for (size_t i = 0; i < 8; i++)
		snprintf(groups + 5 * i, 6, "%.4s-", digits + 4 * i);
	groups[39] = '\0';
	return strstr(name, digits) != NULL || strstr(name, groups) != NULL;
}

static bool
is_generic(const char *name, const struct dns_address *address)
{
	if (address->size == 16)
		return has_digits(name, address);
	return has_bytes(name, address, "-", false) ||
	    has_bytes(name, address, "-", true) ||
	    has_bytes(name, address, ".", false) ||
	    has_bytes(name, address, ".", true);
}

/* True where the name leads back.  *known: it could be asked. */
static bool
leads_back(struct dnscheck *c, const char *name,
    const struct dns_address *address, bool *known)
{
	const struct dns_answer *back = dnscheck_look(c, DNS_PTR_BACK, name,
	    address->size == 4 ? DNS_A : DNS_AAAA);

	*known = back != NULL;
	return back != NULL && words_have(&back->values,
	    dns_address_text(c->arena, address));
}

static void
names_judge(struct dnscheck *c, const struct words *names,
    const char *text, const struct dns_address *address)
{
	bool back = false, known = true, host = false;
	const char *first = names->word[0];

	for (size_t i = 0; i < names->count; i++) {
		bool one;

		back = leads_back(c, names->word[i], address, &one) || back;
		known = known && one;
		host = host || dns_name_same(names->word[i],
		    c->server->host);
	}
	/* That the server's name lacks the address is another rule's. */
	if (!back && known && !host)
		dnscheck_found(c, DNS_PTR_BACK, text, "the name %s does not "
		    "lead back to %s", first, text);
	if (!host && is_generic(first, address))
		dnscheck_found(c, DNS_PTR_GENERIC, text, "the name %s "
		    "contains the address", first);
	else if (!host && back)
		dnscheck_found(c, DNS_PTR_OTHER, text, "the name is %s, and "
		    "the server is %s", first, c->server->host);
	else if (host && back)
		dnscheck_fine(c, DNS_PTR_MISSING, text, "the name is %s, and "
		    "leads back", c->server->host);
}

static void
pointer_judge(struct dnscheck *c, const char *text)
{
	struct dns_address address;
	const struct dns_answer *answer;

	if (!server_address_is_public(text) ||
	    !dns_address_parse(text, &address))
		return;
	answer = dnscheck_look(c, DNS_PTR_MISSING,
	    dns_address_reverse(c->arena, &address), DNS_PTR);
	if (answer == NULL)
		return;
	if (answer->values.count == 0)
		dnscheck_found(c, DNS_PTR_MISSING, text, "no PTR record: many "
		    "servers refuse its mail");
	else
		names_judge(c, &answer->values, text, &address);
}

void
dnscheck_host(struct dnscheck *c)
{
	host_addresses(c);
	for (size_t i = 0; i < c->addresses.count; i++)
		pointer_judge(c, c->addresses.word[i]);
}
