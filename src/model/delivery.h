/*
 * Where mail for an address goes, as the shipped Postfix maps say.
 *
 * Postfix asks every map for the full address, then for the address
 * without its +extension, then for @domain.  A row counts here whether it
 * is active or not: switching one on must never close a loop.
 */
#ifndef MODEL_DELIVERY_H
#define MODEL_DELIVERY_H

#include "model/mail.h"

/* Postfix: virtual_alias_expansion_limit, virtual_alias_recursion_limit. */
#define EXPANSION_MAX 1000
#define RECURSION_MAX 1000

enum resolution {
	RESOLVED_OUTSIDE,	/* not a domain of ours */
	RESOLVED_USER,
	RESOLVED_ALIAS,
	RESOLVED_ALIAS_DOMAIN,	/* the same name in the target */
	RESOLVED_CATCHALL,
	RESOLVED_NOTHING	/* unknown: refused */
};

struct delivery {
	enum resolution how;
	const char *key;	/* the address that the maps knew */
	struct words to;	/* where it leads; none for a user */
	bool active;		/* false: known, and switched off */
};

bool delivery_resolve(struct mail *m, const char *address,
    struct delivery *d, struct err *e);

/*
 * Refuses the alias `mail`, whose rows are written but not committed, when
 * it is part of a loop or it, or anything that leads to it, expands too
 * far.  The alias lock is held.
 */
bool delivery_check(struct mail *m, const char *mail, struct err *e);

#endif
