/*
 * How delivery would differ after a plan.
 *
 * Nothing is guessed: the plan is applied in a transaction of its own, the
 * addresses are followed before and after, and all of it is rolled back.
 */
#ifndef MODEL_PLAN_ROUTE_H
#define MODEL_PLAN_ROUTE_H

#include "model/plan/plan.h"

struct route_change {
	const char *address;
	const char *before;	/* "mailbox anna@x.org", "refused: 550 ..." */
	const char *after;
};

/*
 * One for each address, in the arena.  The account must be allowed to write;
 * no transaction is open.
 */
bool plan_route(struct mail *m, struct manifest *manifest,
    const struct plan *plan, const struct words *addresses,
    struct route_change **changes, struct err *e);

#endif
