/*
 * Doing what a plan says: all of it in one transaction, or nothing.
 */
#ifndef MODEL_PLAN_APPLY_H
#define MODEL_PLAN_APPLY_H

#include "model/plan/plan.h"

/* A password that was made: to be shown once. */
struct password_made {
	const char *email;
	const char *password;
};

extern const struct field password_made_fields[];

/* Hashes the passwords that come from files. */
bool plan_hash_files(struct plan *plan, struct err *e);

/*
 * Makes the hashes that the plan still wants: before the transaction, since
 * it takes time.  *made is an array in the plan's arena.
 */
bool plan_hash(struct plan *plan, const struct password_made **made,
    size_t *count, struct err *e);

/*
 * Writes the plan in the open transaction.  Every object is read again with
 * a lock: ERR_REFUSED where one is not as the plan found it.  What could not
 * be judged by reading alone (loops, expansion, limits) is judged by what
 * was written.
 */
bool plan_apply(struct mail *m, struct manifest *manifest,
    const struct plan *plan, struct err *e);

#endif
