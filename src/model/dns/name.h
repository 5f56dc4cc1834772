/*
 * Names of DNS and addresses in text: no final dot, any case.
 */
#ifndef MODEL_DNS_NAME_H
#define MODEL_DNS_NAME_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* RFC 1035, 2.3.4, of the text without the final dot. */
#define DNS_NAME_MAX 253
#define DNS_LABEL_MAX 63

/* An IPv4 address has 4 bytes, one of IPv6 has 16. */
struct dns_address {
	unsigned size;		/* 4 or 16 */
	unsigned char bytes[16];
};

/* True where it can be asked for: labels of 1 to 63 bytes, 253 together. */
bool dns_name_is_valid(const char *name);

/* Case does not count. */
bool dns_name_same(const char *a, const char *b);

/* True where the name is the other one, or stands below it. */
bool dns_name_is_in(const char *name, const char *above);

/* What stands behind the first dot, or NULL where no dot is. */
const char *dns_name_parent(const char *name);

/*
 * False where the text is no address.  An IPv4 address that is written as
 * one of IPv6 (::ffff:192.0.2.1) becomes the IPv4 address.
 */
bool dns_address_parse(const char *text, struct dns_address *address);

/* The same, but such an address stays one of IPv6. */
bool dns_network_parse(const char *text, struct dns_address *network);

/* As inet_ntop() writes it. */
const char *dns_address_text(struct arena *a,
    const struct dns_address *address);

/* True where both are of one kind and their first bits are equal. */
bool dns_address_is_in(const struct dns_address *address,
    const struct dns_address *network, unsigned bits);

/* 1.2.0.192.in-addr.arpa, or 32 digits and ip6.arpa. */
const char *dns_address_reverse(struct arena *a,
    const struct dns_address *address);

#endif
