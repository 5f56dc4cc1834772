/* The record of TLS reports: RFC 8460, 3. */
#include "model/dns/reports.h"

#include <string.h>
#include <strings.h>

#include "model/dns/tags.h"

/* Reports go by mail or by HTTPS. */
static bool
is_known(const char *address)
{
	return strstr(address, "://") == NULL ||
	    strncasecmp(address, "https://", 8) == 0;
}

const char *
reports_record_parse(struct arena *a, const char *text,
    struct words *addresses)
{
	struct dns_tags tags;
	const char *why = dns_tags_parse(a, text, false, &tags), *rua;

	*addresses = (struct words){ 0 };
	if (!dns_tags_have_version(&tags, text, REPORTS_VERSION, false))
		return "does not begin with v=" REPORTS_VERSION;
	if (why != NULL)
		return why;
	rua = dns_tags_find(&tags, "rua");
	if (rua == NULL)
		return "has no rua=";
	/* Both are written as %2C and %21 in an address. */
	if (strchr(rua, '!') != NULL)
		return "has a character that is not allowed in an address";
	why = dns_uris_parse(a, rua, addresses);
	for (size_t i = 0; why == NULL && i < addresses->count; i++) {
		if (!is_known(addresses->word[i]))
			why = "has an address without mailto: or https:";
	}
	return why;
}
