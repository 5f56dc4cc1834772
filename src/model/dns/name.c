/* Names of DNS and addresses in text. */
#include "model/dns/name.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

bool
dns_name_is_valid(const char *name)
{
	size_t len = strlen(name);

	if (len == 0 || len > DNS_NAME_MAX)
		return false;
	while (*name != '\0') {
		size_t label = strcspn(name, ".");

		if (label == 0 || label > DNS_LABEL_MAX)
			return false;
		name += label;
		if (*name == '.' && *++name == '\0')
			return false;
	}
	return true;
}

bool
dns_name_same(const char *a, const char *b)
{
	return strcasecmp(a, b) == 0;
}

bool
dns_name_is_in(const char *name, const char *above)
{
	size_t len = strlen(name), above_len = strlen(above);

	if (len < above_len || !dns_name_same(name + len - above_len, above))
		return false;
	return len == above_len || name[len - above_len - 1] == '.';
}

const char *
dns_name_parent(const char *name)
{
	const char *dot = strchr(name, '.');

	return dot == NULL ? NULL : dot + 1;
}

/* --- addresses ------------------------------------------------------- */

static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

bool
dns_network_parse(const char *text, struct dns_address *network)
{
	*network = (struct dns_address){ .size = 4 };
	if (inet_pton(AF_INET, text, network->bytes) == 1)
		return true;
	network->size = 16;
	return inet_pton(AF_INET6, text, network->bytes) == 1;
}

bool
dns_address_parse(const char *text, struct dns_address *address)
{
	if (!dns_network_parse(text, address))
		return false;
	if (address->size == 4 ||
	    memcmp(address->bytes, mapped, sizeof(mapped)) != 0)
		return true;
	memmove(address->bytes, address->bytes + 12, 4);
	memset(address->bytes + 4, 0, 12);
	address->size = 4;
	return true;
}

const char *
dns_address_text(struct arena *a, const struct dns_address *address)
{
	char text[INET6_ADDRSTRLEN];

	inet_ntop(address->size == 4 ? AF_INET : AF_INET6, address->bytes,
	    text, sizeof(text));
	return arena_strdup(a, text);
}

bool
dns_address_is_in(const struct dns_address *address,
    const struct dns_address *network, unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;

	if (address->size != network->size || bits > address->size * 8)
		return false;
	if (memcmp(address->bytes, network->bytes, whole) != 0)
		return false;
	return rest == 0 || (address->bytes[whole] ^ network->bytes[whole])
	    >> (8 - rest) == 0;
}

const char *
dns_address_reverse(struct arena *a, const struct dns_address *address)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *b = address->bytes;
	char text[65], *to = text;

	if (address->size == 4)
		return arena_printf(a, "%u.%u.%u.%u.in-addr.arpa", b[3],
		    b[2], b[1], b[0]);
	for (size_t i = 16; i-- > 0;) {
		*to++ = digits[b[i] & 15];
		*to++ = '.';
		*to++ = digits[b[i] >> 4];
		*to++ = '.';
	}
	*to = '\0';
	return arena_printf(a, "%sip6.arpa", text);
}
