/*
 * The policies of MTA-STS, fetched as others do; RFC 8461, 3.3.
 *
 * By HTTPS alone, with a certificate that is verified and no redirect, from
 * addresses that DNS gave before: no other resolver is asked.  The file of
 * SSL_CERT_FILE has the authorities, where it is set.
 */
#ifndef MODEL_DNS_STS_FETCH_H
#define MODEL_DNS_STS_FETCH_H

#include "model/dns/ask.h"

struct sts_fetch {
	const char *domain;
	struct words addresses;	/* of mta-sts.DOMAIN; at least one */

	const char *why;	/* it cannot be fetched; NULL: it was */
	const char *bytes;
	size_t len;
	bool plain;		/* its type is text/plain */
};

/*
 * Several at once, each in the seconds of `dns`, whose arena has the answers.
 * ERR_INTERRUPTED.
 */
bool sts_fetch(const struct dns *dns, struct sts_fetch *fetches,
    size_t count, struct err *e);

#endif
