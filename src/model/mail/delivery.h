/*
 * Where mail for an address goes, by the shipped maps of Postfix.
 *
 * The maps are those of postfix_maps.h, but disabled rows count as well:
 * enabling one must never close a loop.
 */
#ifndef MODEL_MAIL_DELIVERY_H
#define MODEL_MAIL_DELIVERY_H

#include "model/mail/mail.h"

/* Postfix: virtual_alias_expansion_limit, virtual_alias_recursion_limit. */
#define EXPANSION_MAX 1000
#define RECURSION_MAX 1000

/* Postfix counts the lookup that finds nothing more, too. */
#define STEPS_MAX (RECURSION_MAX - 1)

enum resolution {
	RESOLVED_OUTSIDE,	/* on another server */
	RESOLVED_USER,
	RESOLVED_ALIAS,
	RESOLVED_ALIAS_DOMAIN,	/* the same name in the target */
	RESOLVED_PATTERN,
	RESOLVED_CATCHALL,
	RESOLVED_NOTHING	/* unknown: refused */
};

struct delivery {
	enum resolution how;
	const char *key;	/* the form that the maps knew; none: NULL */
	struct words to;	/* where it leads, with its tag; no user's */
	bool active;		/* false: it exists, but takes no mail */
	const char *off;	/* then why: "is disabled", "has expired" */
};

bool delivery_resolve(struct mail *m, const char *address,
    struct delivery *d, struct err *e);

#endif
