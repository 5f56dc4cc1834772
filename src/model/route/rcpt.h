/*
 * Does smtpd take mail for the address at RCPT?
 */
#ifndef MODEL_ROUTE_RCPT_H
#define MODEL_ROUTE_RCPT_H

#include "model/route/trace.h"

/*
 * Sets the verdict, the reply and the reason of the route, whose root has its
 * facts.  Where the route has a login, it is asked on submission, else on port
 * 25.  False also when something cannot be read.
 */
bool route_rcpt(struct mail *m, struct route *r, enum route_about about,
    struct err *e);

/* "user anna@x.org is disabled" */
const char *route_user_text(struct arena *a, const struct maps_facts *f,
    const char *name);

#endif
