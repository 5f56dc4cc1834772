/*
 * SRV: where mail programs find a service; RFC 2782, 6186 and 8314.
 */
#ifndef MODEL_DNS_SRV_H
#define MODEL_DNS_SRV_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/words.h"

struct srv_record {
	unsigned priority;
	unsigned weight;
	unsigned port;
	const char *target;	/* "." : the service is not offered */
};

/* False where the value is no "0 1 993 mail.example.org". */
bool srv_record_parse(struct arena *a, const char *value,
    struct srv_record *record);

/* The port that "_imaps" and the like stand for; 0: none that is known. */
unsigned srv_port(const char *service);

/*
 * NULL where these values lead to that host and port, or why they do not:
 * "leads to imap.example.net port 993".  Port 0: the service is off, and is
 * said to be so, or nothing is said.
 */
const char *srv_judge(struct arena *a, const struct words *values,
    const char *host, unsigned port);

#endif
