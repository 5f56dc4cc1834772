/*
 * Fixing what the checker found, where that is safe: no user loses mail or a
 * login that worked, and only the user of the row can gain one.  What
 * needs a decision is left, with the reason.
 *
 * A step is a row, or the rows of one alias.  The plan is made without locks,
 * so that it can be shown; writing locks each row, plans its step again, and
 * leaves the step out if the two plans differ.
 */
#ifndef MODEL_REPAIR_REPAIR_H
#define MODEL_REPAIR_REPAIR_H

#include "model/check/check.h"

struct repair_step {
	const char *kind;	/* of its findings */
	const char *name;
	unsigned fixes;		/* bits of enum fix: what was found */
	const char *text;	/* what is done; NULL: nothing */
	const char *why;	/* why something is left; NULL: nothing is */
	const char *state;	/* what it was planned for */
	bool force;		/* only undo --force can bring it back */
	bool done;
};

struct repair {
	const char *postmaster;	/* of the settings; NULL: none */
	struct repair_step *step;	/* sorted by kind and name */
	size_t count;
	size_t current;		/* the step being written; count: none */
	int64_t change;		/* FIELD_NULL: nothing was written */
	bool force;		/* its undo needs --force */
};

/* True where a repair does something about findings of the rule. */
bool repair_has(const struct rule *rule);

/*
 * What would be done about a result.  ERR_REFUSED where the schema is not
 * ours: there is no history from which it could be undone.
 */
bool repair_plan(struct mail *m, const struct check_result *result,
    const char *postmaster, struct repair *repair, struct err *e);

/* How many steps do something. */
size_t repair_steps(const struct repair *repair);

/* Does it, in the transaction that is open; again after a rollback. */
bool repair_write(struct mail *m, struct repair *repair, struct err *e);

/*
 * After a failure: true if one step caused it.  That step is left out from
 * now on, with the error as its reason; the rest can be tried again.
 */
bool repair_skip(struct mail *m, struct repair *repair, struct err *e);

/* The step of a finding, or NULL. */
const struct repair_step *repair_step_of(const struct repair *repair,
    const struct finding *finding);

/*
 * Adds to `after` the findings before that are gone, marked as fixed.  The
 * counts stay those of what was found afterwards.
 */
void repair_merge(struct mail *m, const struct repair *repair,
    const struct report *before, struct report *after,
    size_t *fixed);

#endif
