/*
 * The difference between the desired state and the database.
 *
 * A plan is a list of steps, an object each, sorted by kind and name.  It
 * is made by reading only.  What the manifest does not name stays, unless
 * `prune` says that it goes from the domains that the manifest names: users
 * and aliases, and recipients and blocks where it has their section, or the
 * domain goes as a whole.  A domain or a way out goes only if it is said.
 */
#ifndef MODEL_PLAN_PLAN_H
#define MODEL_PLAN_PLAN_H

#include "model/mail/mail.h"
#include "model/manifest/manifest.h"

#define PLAN_DIGEST 32		/* SHA-256 */

enum plan_action {
	PLAN_ADD,
	PLAN_CHANGE,
	PLAN_REMOVE,
	PLAN_ACTIONS
};

/* "add", "change", "remove". */
extern const char *const plan_action_names[];

struct plan_step {
	enum plan_action action;
	enum manifest_kind kind;
	const char *name;
	uint32_t changes;		/* bits of attributes */
	const struct desired *old;	/* as it is; NULL: it does not exist */
	const struct desired *new;	/* complete; NULL: to be removed */
	const struct desired *said;	/* in the manifest; NULL: pruned */
	bool password;			/* its hash is not made yet */
	bool digested;			/* only the digest of `old` is known */
	unsigned char digest[PLAN_DIGEST];
};

struct plan_options {
	bool prune;
	int64_t max_removes;	/* of --prune; FIELD_NULL: the default */
};

struct plan {
	struct arena *arena;
	VECTOR(struct plan_step) steps;
	int64_t number[PLAN_ACTIONS];
	int64_t rounds;		/* of hashes that it makes */
	int64_t password_length;	/* of passwords that it makes */
	/* Called while it hashes; false ends that.  Or NULL. */
	bool (*progress)(void *arg, size_t done, size_t all);
	void *progress_arg;
	/* The domains in which it prunes objects of a kind, sorted. */
	struct words pruned[MANIFEST_KINDS];
	unsigned char pruned_names[PLAN_DIGEST];	/* of those in them */
};

static inline struct plan_step *
plan_at(const struct plan *p, size_t i)
{
	return &p->steps.item[i];
}

/*
 * Compares.  If the manifest does not fit the database (a domain or a
 * destination that does not exist, a new user without a password), it gets a
 * complaint, and the plan must not be used.  The manifest must be sorted and
 * live as long as the plan.
 */
bool plan_make(struct mail *m, struct manifest *manifest,
    const struct plan_options *options, struct plan *plan, struct err *e);

/*
 * An attribute's value, in the arena; NULL: none.  A size is 2G for people,
 * and a number of bytes in data.
 */
const char *plan_value(struct arena *a, const struct attribute *attribute,
    const struct desired *w, bool people);

/* Notes of what will still be missing: passwords of ways out. */
void plan_note(struct mail *m, const struct plan *plan);

void plan_clear(struct plan *plan);

#endif
