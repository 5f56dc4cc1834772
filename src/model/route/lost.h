/*
 * What lost: rows that were asked for, or would have been, and why they did
 * not answer.
 *
 * More specific names win over less specific ones, aliases over mailboxes,
 * an alias domain's own names over those of its target, and any name over a
 * catch-all.  A trace shows each row that such a rule kept from its mail.
 */
#ifndef MODEL_ROUTE_LOST_H
#define MODEL_ROUTE_LOST_H

#include "model/mail/lookup.h"

/* Something that would have answered. */
struct route_loss {
	const char *what;	/* "info@x -> anna@x" */
	const char *why;
};

struct route_losses {
	struct route_loss *loss;
	size_t count;
	size_t room;
};

/* What lost against this answer of virtual_alias_maps; NULL: no answer. */
void route_lost(struct arena *a, const struct route_facts *f,
    const struct route_lookup *answer, struct route_losses *lost);

#endif
