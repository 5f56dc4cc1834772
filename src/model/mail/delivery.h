/*
 * Where mail for an address goes, as the shipped Postfix maps say.
 *
 * It is asked of the maps as route.h asks them, but a row counts whether it
 * is active or not: switching one on must never close a loop.
 */
#ifndef MODEL_MAIL_DELIVERY_H
#define MODEL_MAIL_DELIVERY_H

#include "model/mail/mail.h"

/* Postfix: virtual_alias_expansion_limit, virtual_alias_recursion_limit. */
#define EXPANSION_MAX 1000
#define RECURSION_MAX 1000

/* It counts the look that finds the end, too: so many steps may there be. */
#define STEPS_MAX (RECURSION_MAX - 1)

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
	const char *key;	/* the form that the maps knew; none: NULL */
	struct words to;	/* where it leads, with its tag; no user's */
	bool active;		/* false: known, and switched off */
	const char *off;	/* then why: "is disabled" */
};

bool delivery_resolve(struct mail *m, const char *address,
    struct delivery *d, struct err *e);

/*
 * Refuses the alias `mail`, whose rows are written but not committed, when
 * it is part of a loop or it, or anything that leads to it, expands too
 * far.  The alias lock is held.
 *
 * Three things are refused that Postfix would deliver.  A loop through a
 * name that keeps its own copy: Postfix follows such a name once only, but
 * the loop is endless as soon as the copy, or its user, is disabled.  A way
 * that is too long by a destination that is not its alias's first: Postfix
 * counts anew for each of the others, but which one is first is only the
 * order in which the database returns rows.  And a list of more than
 * EXPANSION_MAX in which a name that keeps its own copy is more than once:
 * each time counts here.
 */
bool delivery_check(struct mail *m, const char *mail, struct err *e);

#endif
