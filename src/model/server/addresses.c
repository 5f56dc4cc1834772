/* The public addresses of the mail server: set, or of the interfaces. */
#include "model/server/addresses.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>

#include "model/server/hosts.h"

/* How it is written everywhere; NULL: no address. */
static const char *
canonical(struct arena *a, const char *word)
{
	char text[INET6_ADDRSTRLEN];
	struct in6_addr address;
	int family = strchr(word, ':') != NULL ? AF_INET6 : AF_INET;

	return inet_pton(family, word, &address) == 1 && inet_ntop(family,
	    &address, text, sizeof(text)) != NULL ? arena_strdup(a, text) :
	    NULL;
}

/* --- which are public ------------------------------------------------ */

/* The first bits of the networks that are not; of RFC 6890. */
static const struct network {
	uint8_t begin[16];
	int bits;
} private4[] = {
	{ { 0 }, 8 }, { { 10 }, 8 }, { { 100, 64 }, 10 }, { { 127 }, 8 },
	{ { 169, 254 }, 16 }, { { 172, 16 }, 12 }, { { 192, 168 }, 16 },
	{ { 198, 18 }, 15 }, { { 224 }, 3 },
}, private6[] = {
	{ { 0 }, 8 }, { { 0xfc }, 7 }, { { 0xfe, 0x80 }, 10 },
	{ { 0xfe, 0xc0 }, 10 }, { { 0xff }, 8 },
};

static bool
is_in(const uint8_t *address, const struct network *n)
{
	int bytes = n->bits / 8, rest = n->bits % 8;
	uint8_t mask = (uint8_t)(0xff << (8 - rest));

	return memcmp(address, n->begin, (size_t)bytes) == 0 && (rest == 0 ||
	    (address[bytes] & mask) == n->begin[bytes]);
}

static bool
is_public(int family, const void *address)
{
	const struct network *n = family == AF_INET ? private4 : private6;
	size_t count = family == AF_INET ? sizeof(private4) / sizeof(*n) :
	    sizeof(private6) / sizeof(*n);

	for (size_t i = 0; i < count; i++) {
		if (is_in(address, &n[i]))
			return false;
	}
	return true;
}

bool
server_address_is_public(const char *address)
{
	struct in6_addr bytes;
	int family = strchr(address, ':') != NULL ? AF_INET6 : AF_INET;

	return inet_pton(family, address, &bytes) == 1 &&
	    is_public(family, &bytes);
}

/* --- the setting ----------------------------------------------------- */

bool
server_addresses_check(const char *value, struct err *e)
{
	struct arena a = { 0 };
	struct words words = server_list(&a, value);
	bool ok = true;

	for (size_t i = 0; ok && i < words.count; i++)
		ok = canonical(&a, words.word[i]) != NULL || err_set(e,
		    ERR_INVALID, "not an IPv4 or IPv6 address: \"%.200s\"",
		    words.word[i]);
	arena_clear(&a);
	return ok;
}

/* --- the interfaces -------------------------------------------------- */

/* Where its bytes are; NULL: no address of IP. */
static const void *
bytes_of(const struct sockaddr *address)
{
	const void *at = address;

	if (address == NULL)
		return NULL;
	if (address->sa_family == AF_INET)
		return &((const struct sockaddr_in *)at)->sin_addr;
	if (address->sa_family == AF_INET6)
		return &((const struct sockaddr_in6 *)at)->sin6_addr;
	return NULL;
}

static void
interface_add(struct arena *a, struct words *list, const struct ifaddrs *i)
{
	const void *bytes = bytes_of(i->ifa_addr);
	char text[INET6_ADDRSTRLEN];

	if (bytes == NULL || !(i->ifa_flags & IFF_UP) ||
	    !is_public(i->ifa_addr->sa_family, bytes) ||
	    inet_ntop(i->ifa_addr->sa_family, bytes, text, sizeof(text)) ==
	    NULL || words_have(list, text))
		return;
	words_add(a, list, arena_strdup(a, text));
}

static bool
interfaces_read(struct arena *a, struct words *list, struct err *e)
{
	struct ifaddrs *all;

	if (getifaddrs(&all) != 0)
		return err_errno(e, "cannot read the network interfaces");
	for (const struct ifaddrs *i = all; i != NULL; i = i->ifa_next)
		interface_add(a, list, i);
	freeifaddrs(all);
	return true;
}

/* --- both ------------------------------------------------------------ */

static struct words
ipv4_first(struct arena *a, const struct words *list)
{
	struct words sorted = { 0 };

	for (int six = 0; six <= 1; six++) {
		for (size_t i = 0; i < list->count; i++) {
			if ((strchr(list->word[i], ':') != NULL) == six)
				words_add(a, &sorted, list->word[i]);
		}
	}
	return sorted;
}

bool
server_addresses(struct arena *a, const struct settings *s,
    struct server_addresses *found, struct err *e)
{
	struct words words = server_list(a, s->addresses), list = { 0 };

	*found = (struct server_addresses){ .set = words.count > 0 };
	if (s->addresses != NULL && !server_addresses_check(s->addresses, e))
		return err_wrap(e, "addresses");
	if (!found->set && !interfaces_read(a, &list, e))
		return false;
	for (size_t i = 0; i < words.count; i++) {
		const char *address = canonical(a, words.word[i]);

		if (!words_have(&list, address))
			words_add(a, &list, address);
	}
	found->list = ipv4_first(a, &list);
	return true;
}
