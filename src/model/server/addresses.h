/*
 * The public addresses of the mail server, which DNS must have.
 *
 * Those of the setting, or of the network interfaces that are up.  Behind NAT
 * no interface has the public address, so there it must be set.
 */
#ifndef MODEL_SERVER_ADDRESSES_H
#define MODEL_SERVER_ADDRESSES_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/words.h"
#include "file/settings.h"

/* ERR_INVALID unless it is a list of addresses, IPv4 or IPv6, or empty. */
bool server_addresses_check(const char *value, struct err *e);

/*
 * True for one that everybody may reach: not private (RFC 1918, 4193, 6598),
 * loopback, link-local or multicast.  False for a text that is no address.
 */
bool server_address_is_public(const char *address);

struct server_addresses {
	struct words list;	/* as inet_ntop() writes them, IPv4 first */
	bool set;		/* by the setting; else of the interfaces */
};

/* None at all is no error.  ERR_INVALID, ERR_IO. */
bool server_addresses(struct arena *a, const struct settings *s,
    struct server_addresses *found, struct err *e);

#endif
