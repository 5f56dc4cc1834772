/*
 * Whether any destination of a name takes mail: what smtpd asks at RCPT
 * where a look at the name says too little, as postfix/sql_destinations.cf.
 */
#ifndef MODEL_ROUTE_DESTINATIONS_H
#define MODEL_ROUTE_DESTINATIONS_H

#include "model/mail/mail.h"

struct destinations {
	bool take;		/* somebody does, or the way has no end */
	struct words ends;	/* why not: "user x is disabled", ... */
};

/* The address is one of route_address().  Reads only. */
bool route_destinations(struct mail *m, const char *address,
    struct destinations *d, struct err *e);

#endif
