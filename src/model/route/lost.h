/*
 * Rows that did not answer, and why.
 *
 * More specific keys win over less specific ones, aliases over mailboxes,
 * names in an alias domain over those of its target, and any name over a
 * catch-all.  A trace shows each row that lost its mail by such a rule.
 */
#ifndef MODEL_ROUTE_LOST_H
#define MODEL_ROUTE_LOST_H

#include "model/mail/postfix_maps.h"

/* A row that would have answered. */
struct route_loss {
	const char *what;	/* "info@x -> anna@x" */
	const char *why;
};

struct route_losses {
	struct route_loss *loss;
	size_t count;
	size_t room;
};

/*
 * The rows that lost against this answer of virtual_alias_maps; NULL: no
 * answer.
 */
void route_lost(struct arena *a, const struct maps_facts *f,
    const struct maps_lookup *answer, struct route_losses *lost);

#endif
