/* What the files of planning share. */
#ifndef MODEL_PLAN_PRIVATE_H
#define MODEL_PLAN_PRIVATE_H

#include <stdio.h>

#include "model/plan/plan.h"

struct planning {
	struct mail *m;
	struct manifest *manifest;
	struct plan *plan;
	struct words patterns;	/* of the manifest */
	bool patterns_found;
};

/*
 * True when a hash must be made: for a password file whose password does not
 * match the current hash, or for a generated password.
 */
bool plan_password_needed(struct planning *p, const struct desired_user *w,
    const struct desired_user *old);

/* Of a row as it is, with its hash. */
void plan_digest(const struct desired *w,
    unsigned char digest[static PLAN_DIGEST]);

/* The path of the password file of a user: relative to the manifest. */
const char *plan_password_path(struct arena *a, const struct desired_user *w);

/*
 * Reads the lines of a saved plan; *database: the id of the one that it was
 * made for.  ERR_INVALID where it is not one that mailadm has written.
 */
bool plan_read(FILE *file, const char *name, struct manifest *manifest,
    struct plan *plan, const char **database, struct err *e);

/* True when mailadm generates the password of the user. */
bool plan_step_generates(const struct plan_step *step);

/* True where the plan removes something: without it nothing is pruned. */
bool plan_prunes(const struct plan *plan);

/* A digest of the names of what is in the domains that are pruned. */
bool plan_pruned_names(struct mail *m, const struct plan *plan,
    unsigned char names[static PLAN_DIGEST], struct err *e);

/* --- the state after the plan ----------------------------------------- */

struct domain_after {
	bool there;
	const char *alias_of;	/* NULL: a domain of its own */
	const char *relay_to;	/* NULL: its mailboxes are here */
	const char *accepts;
};

bool plan_domain_after(struct planning *p, const char *name,
    struct domain_after *d, struct err *e);

/* True when there will be this way out. */
bool plan_way_after(struct planning *p, const char *name, bool *there,
    struct err *e);

/* True where what the manifest does not name goes from its domain. */
bool plan_is_pruned(const struct planning *p, enum manifest_kind kind,
    const char *name);

/*
 * The names of a kind that are in the domain today, and stay there.
 */
bool plan_left_in(struct planning *p, enum manifest_kind kind,
    const char *domain, struct words *names, struct err *e);

/*
 * True when something will accept mail for the address after the plan.
 * Addresses in other domains count as accepted.  Where m->db is NULL nothing
 * exists but what the manifest has.
 */
bool plan_accepts(struct planning *p, const char *address, bool *accepted,
    struct err *e);

/*
 * ERR_REFUSED where something that the plan was made from has changed since.
 * Locks the rows that it changes, and gives them to the steps of a saved plan.
 */
bool plan_verify(struct mail *m, struct manifest *manifest,
    const struct plan *plan, struct err *e);

/* Adds a complaint for each step that cannot be done. */
bool plan_judge(struct planning *p, struct err *e);

/* The complaint about a step; the error is cleared. */
void plan_complain(struct planning *p, const struct plan_step *step,
    struct err *e);

/* Judges of a domain and of a way out; see plan_judge(). */
bool plan_judge_domain(struct planning *p, const struct plan_step *step,
    struct err *e);
bool plan_judge_relay(struct planning *p, const struct plan_step *step,
    struct err *e);
bool plan_judge_relay_removal(struct planning *p,
    const struct plan_step *step, struct err *e);

/* Complains where no way out has the name; NULL is none. */
bool plan_judge_way(struct planning *p, const struct plan_step *step,
    const char *way, struct err *e);

/* Writes a step of these kinds, or some that add. */
bool apply_relay(struct mail *m, const struct plan_step *step,
    struct err *e);
bool apply_recipient(struct mail *m, const struct plan_step *step,
    struct err *e);
bool apply_block(struct mail *m, const struct plan_step *step,
    struct err *e);
bool apply_recipients_add(struct mail *m, const struct plan_step *step,
    size_t n, struct err *e);
bool apply_blocks_add(struct mail *m, const struct plan_step *step,
    size_t n, struct err *e);

/* Writes steps that add users or aliases; see model/plan/bulk.h. */
bool apply_users_add(struct mail *m, const struct plan_step *step, size_t n,
    struct err *e);
bool apply_aliases_add(struct mail *m, const struct plan_step *step,
    size_t n, struct err *e);

#endif
