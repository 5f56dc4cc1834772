/*
 * A route through the maps that the installed Postfix has, whatever database
 * or file they are in: postmap is asked in the order in which Postfix asks.
 *
 * What the program trivial-rewrite(8) resolves, cleanup(8) rewrites by
 * canonical(5) and virtual(5), and smtpd(8) checks: that is followed.  Files
 * of local users (~/.forward) and what the next server does are not.
 */
#ifndef MODEL_ROUTE_FOLLOW_H
#define MODEL_ROUTE_FOLLOW_H

#include <stdint.h>

#include "base/vector.h"
#include "file/postfix.h"

struct route_step {
	int64_t depth;		/* 0: of the address itself */
	const char *hop;	/* the address that is looked at */
	const char *step;	/* "aliases", "mailbox", "external", ... */
	const char *key;	/* that was asked; NULL: none was */
	const char *result;	/* NULL: nothing */
	const char *reason;	/* the setting or the map */
};

VECTOR_NAMED(route_steps, struct route_step);

/*
 * Follows the address: the steps, then a result for each end, whose key is
 * the address that the mail ends at and whose hop is the one that was asked
 * for.  The texts of the steps live in the arena, the caller clears the
 * vector.  ERR_IO with the message of Postfix where a map cannot be asked.
 */
bool route_follow(struct arena *a, const struct postfix_config *config,
    const char *address, struct route_steps *steps, struct err *e);

#endif
