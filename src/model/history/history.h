/*
 * History: who changed what, and when.
 *
 * The triggers of the database write the old and the new row of every change,
 * whoever makes it.  Both may hold a hash.  So the rows are shown without it:
 * a summary says at most that the password changed.
 */
#ifndef MODEL_HISTORY_HISTORY_H
#define MODEL_HISTORY_HISTORY_H

#include "model/mail/list.h"

/* The last second that time_format() writes. */
#define HISTORY_TIME_MAX 253402300799

struct history_filter {
	struct list_filter list;	/* pattern, limit */
	const char *actor;	/* glob: of the whole, or the login name */
	const char *kind;	/* NULL: all */
	int64_t since;		/* seconds since 1970; 0: from the start */
	int64_t until;		/* likewise, the last; HISTORY_TIME_MAX */
	int64_t change;		/* FIELD_NULL: all */
	int64_t first;		/* filled by history_list() */
};

/* Newest first, struct history by struct history, in pages by key. */
bool history_list(struct mail *m, struct history_filter *f,
    db_row_each each, void *arg, struct err *e);

/* The last row that the open transaction has written, or 0. */
bool history_last(struct mail *m, int64_t *id, struct err *e);

/* The rows that it has written since, in order; at most `limit`. */
bool history_own(struct mail *m, int64_t since, int64_t limit,
    db_row_each each, void *arg, struct err *e);

/* The newest rows of a change, at most `limit`, without notes. */
bool history_of(struct mail *m, int64_t change, int64_t limit,
    db_row_each each, void *arg, struct err *e);

/*
 * A change as JSON for a program: number, time, who made it, with what, and
 * its rows by history_row_json(), of which at most `limit`; "complete" says
 * whether these are all.  NULL where the change has no rows.
 */
bool history_json(struct mail *m, int64_t change, int64_t limit,
    struct text *json, struct err *e);

/*
 * "3 users added, 1 alias removed": what a commit would keep, or NULL for
 * nothing.  A name that was added and removed again does not count.
 */
bool history_summary(struct mail *m, const char **summary, struct err *e);

/* How many changes are older than a time. */
bool history_old(struct mail *m, int64_t before, int64_t *changes,
    struct err *e);

/*
 * Deletes them in a change of its own.  The list of homes is kept: old mail
 * must not appear to a new user of the same name.
 */
bool history_prune(struct mail *m, int64_t before, int64_t *changes,
    struct err *e);

#endif
