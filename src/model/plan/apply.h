/*
 * Doing what a plan says: all of it in one transaction, or nothing.
 */
#ifndef MODEL_PLAN_APPLY_H
#define MODEL_PLAN_APPLY_H

#include "model/plan/plan.h"

/* A generated password: shown once. */
struct password_made {
	const char *email;
	const char *password;
};

extern const struct field password_made_fields[];

/* Hashes the passwords that come from files. */
bool plan_hash_files(struct plan *plan, struct err *e);

/*
 * Makes the hashes that the plan still needs: before the transaction, because
 * it takes time. *made is an array in the arena of the plan.
 */
bool plan_hash(struct plan *plan, const struct password_made **made,
    size_t *count, struct err *e);

/*
 * Writes the plan in the open transaction.  Every object is read again with a
 * lock: ERR_REFUSED if one differs from what the plan found.  Loops, expansion
 * and limits are checked on the written rows.
 */
bool plan_apply(struct mail *m, struct manifest *manifest,
    const struct plan *plan, struct err *e);

#endif
