/*
 * Adding many rows by few statements, with the history that the triggers
 * would have written.
 *
 * For rows that were judged: names are canonical, domains exist, are locked
 * and are no alias domains, and the rows do not exist.  Where one came in
 * between, it is ERR_RETRY.
 */
#ifndef MODEL_PLAN_BULK_H
#define MODEL_PLAN_BULK_H

#include "model/mail/mail.h"
#include "model/manifest/manifest.h"

/* So many at once, at most. */
#define BULK_ROWS 2000

struct bulk_user {
	const struct desired_user *user;	/* whole, but for the home */
	const char *home;	/* that it gets, unless that is taken */
	const char *holder;	/* the user who has this home */
	bool taken;		/* somebody has it, or had it before */
};

/*
 * Fast path, nearly always: none of the homes was ever used.  Else *done is
 * false, and nothing was written.
 */
bool bulk_users_add_new(struct mail *m, struct arena *a, struct bulk_user *u,
    size_t n, bool *done, struct err *e);

/* Where bulk_users_look() finds nothing wrong, bulk_users_add() may come. */
bool bulk_users_look(struct mail *m, struct arena *a, struct bulk_user *u,
    size_t n, struct err *e);

/*
 * A home that is given is taken as it is.  A user without one whose home is
 * taken gets another, by the trigger.
 */
bool bulk_users_add(struct mail *m, struct arena *a,
    const struct bulk_user *u, size_t n, struct err *e);

/* Users that exist and are locked get these values; homes are unchanged. */
bool bulk_users_change(struct mail *m, struct arena *a,
    const struct bulk_user *u, size_t n, struct err *e);

bool bulk_aliases_add(struct mail *m, struct arena *a,
    const struct alias *rows, size_t n, struct err *e);

/* ["a","b"], in the arena; NULL is left out. */
const char *bulk_names(struct arena *a, const char *const *name, size_t n);

/* [["mail","destination"],...] */
const char *bulk_pairs(struct arena *a, const struct alias *rows, size_t n);

#endif
