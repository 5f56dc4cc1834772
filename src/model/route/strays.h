/*
 * Rows that lead to names which nobody has: the sources of catch-alls and
 * patterns.
 *
 * No key finds them, since a key goes by how a destination begins.  So all the
 * rows of aliases and patterns are read from end to end, for as many domains
 * at once as are known to be needed, and what is found is kept by domain.
 */
#ifndef MODEL_ROUTE_STRAYS_H
#define MODEL_ROUTE_STRAYS_H

#include "model/mail/mail.h"

/* Zeroed it holds nothing; what it holds is in m->arena. */
struct route_strays {
	void *domains;
};

/* Has it been looked for, in the domain of that address? */
bool route_strays_known(const struct route_strays *s, const char *address);

/* Looks for them in these domains, all at once. */
bool route_strays_read(struct mail *m, struct route_strays *s,
    const struct words *domains, struct err *e);

/*
 * Adds the aliases and patterns that lead to a name of this catch-all or
 * pattern.  Its domain has been read.
 */
void route_strays_of(struct arena *a, const struct route_strays *s,
    const char *name, struct words *mails);

void route_strays_clear(struct route_strays *s);

#endif
