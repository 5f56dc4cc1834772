/* Is an address of the server on a blocklist?  Asked only on request. */
#include <string.h>

#include "model/dnscheck/private.h"
#include "model/server/addresses.h"

/* Lists that many servers refuse mail by; RFC 5782 says how they answer. */
static const char *const lists[] = {
	"zen.spamhaus.org", "bl.spamcop.net", "psbl.surriel.com",
	"dnsbl.dronebl.org"
};

/* The digits of the name of its PTR, below the list. */
static const char *
name_in(struct arena *a, const struct dns_address *address,
    const char *list)
{
	const char *reverse = dns_address_reverse(a, address);
	const char *end = strstr(reverse, address->size == 4 ?
	    "in-addr.arpa" : "ip6.arpa");

	return arena_printf(a, "%.*s%s", (int)(end - reverse), reverse, list);
}

/* 127.255.255.x says that the list does not answer this resolver. */
static void
answer_judge(struct dnscheck *c, const char *address, const char *list,
    const struct words *values)
{
	for (size_t i = 0; i < values->count; i++) {
		const char *value = values->word[i];

		if (strncmp(value, "127.255.255.", 12) == 0) {
			dnscheck_unchecked(c, DNS_NEEDS_LISTS, "a blocklist "
			    "does not answer this resolver");
			return;
		}
		if (strncmp(value, "127.", 4) == 0) {
			dnscheck_found(c, DNS_BLOCKLISTED, address, "%s has "
			    "it, as %s", list, value);
			return;
		}
	}
	dnscheck_fine(c, DNS_BLOCKLISTED, address, "%s does not have it",
	    list);
}

void
dnscheck_blocklists(struct dnscheck *c)
{
	for (size_t i = 0; c->server->blocklists && i < c->addresses.count;
	    i++) {
		const char *text = c->addresses.word[i];
		struct dns_address address;

		if (!server_address_is_public(text) ||
		    !dns_address_parse(text, &address))
			continue;
		for (size_t j = 0; j < sizeof(lists) / sizeof(*lists); j++) {
			const struct dns_answer *answer = dnscheck_look(c,
			    DNS_BLOCKLISTED, name_in(c->arena, &address,
			    lists[j]), DNS_A);

			if (answer != NULL)
				answer_judge(c, text, lists[j],
				    &answer->values);
		}
	}
}
