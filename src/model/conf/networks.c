/* How many strangers a network of mynetworks lets in. */
#include <arpa/inet.h>
#include <stdint.h>
#include <string.h>

#include "base/size.h"
#include "model/conf/conf.h"

/* Providers give out /16 and smaller, and in IPv6 /32 and smaller. */
#define WIDE_4 16
#define WIDE_6 32
#define MAPPED 96		/* ::ffff:0:0/96 holds the IPv4 addresses */

/* Those that no router on the Internet knows. */
static const struct range {
	uint32_t begin;
	unsigned bits;
} private_ranges[] = {
	{ 0x0a000000, 8 }, { 0xac100000, 12 }, { 0xc0a80000, 16 },
	{ 0x7f000000, 8 }, { 0xa9fe0000, 16 }, { 0x64400000, 10 },
};

static bool
is_private(uint32_t address, unsigned bits)
{
	for (size_t i = 0; i < sizeof(private_ranges) /
	    sizeof(*private_ranges); i++) {
		const struct range *r = &private_ranges[i];

		if (bits >= r->bits &&
		    (address >> (32 - r->bits)) == r->begin >> (32 - r->bits))
			return true;
	}
	return false;
}

static bool
is_wide_4(const unsigned char *address, int64_t bits)
{
	uint32_t number = (uint32_t)address[0] << 24 |
	    (uint32_t)address[1] << 16 | (uint32_t)address[2] << 8 |
	    address[3];

	return bits < WIDE_4 && !is_private(number, (unsigned)bits);
}

static bool
is_wide_6(const unsigned char *address, int64_t bits)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (bits >= MAPPED && memcmp(address, mapped, sizeof(mapped)) == 0)
		return is_wide_4(address + 12, bits - MAPPED);
	/* fc00::/7 and fe80::/10 are private. */
	if ((bits >= 7 && (address[0] & 0xfe) == 0xfc) ||
	    (bits >= 10 && address[0] == 0xfe && (address[1] & 0xc0) == 0x80))
		return false;
	return bits < WIDE_6;
}

bool
conf_network_is_wide(const char *network)
{
	const char *slash = strrchr(network, '/');
	unsigned char address[16];
	char text[64];
	int64_t bits;
	size_t len;

	if (slash == NULL || !number_parse(slash + 1, &bits) || bits < 0)
		return false;
	len = (size_t)(slash - network);
	if (*network == '[' && len > 1 && network[len - 1] == ']') {
		network++;
		len -= 2;
	}
	if (len >= sizeof(text))
		return false;
	memcpy(text, network, len);
	text[len] = '\0';
	if (inet_pton(AF_INET, text, address) == 1)
		return is_wide_4(address, bits);
	return inet_pton(AF_INET6, text, address) == 1 &&
	    is_wide_6(address, bits);
}

/* Of one family: the bits behind the mask. */
static bool
has_host(int family, const char *address, size_t bytes, unsigned bits)
{
	unsigned char b[16];

	if (inet_pton(family, address, b) != 1 || bits > 8 * bytes)
		return false;
	for (size_t i = bits; i < 8 * bytes; i++) {
		if (b[i / 8] & (0x80 >> i % 8))
			return true;
	}
	return false;
}

bool
conf_network_has_host(const char *network)
{
	char address[64];
	const char *slash = strchr(network, '/');
	size_t begin = *network == '[', len;
	int64_t bits;

	if (slash == NULL || !number_parse(slash + 1, &bits) || bits < 0 ||
	    bits > 128)
		return false;
	len = (size_t)(slash - network);
	if (begin > 0 && network[len - 1] != ']')
		return false;
	len -= 2 * begin;
	if (len >= sizeof(address))
		return false;
	memcpy(address, network + begin, len);
	address[len] = '\0';
	return has_host(AF_INET, address, 4, (unsigned)bits) ||
	    has_host(AF_INET6, address, 16, (unsigned)bits);
}
