/*
 * What the checker found the last time: the state of "check --new".
 *
 * A text file, a line a finding, mode 0600.  It is locked from
 * check_state_open() to check_state_close(), so that two runs never report
 * the same finding as new, and never lose one.
 */
#ifndef FILE_CHECK_STATE_H
#define FILE_CHECK_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

/* What makes a finding the same one. */
struct check_seen {
	const char *rule;
	const char *name;	/* NULL: of the whole database */
	const char *text;
};

struct check_state {
	const char *path;
	int fd;			/* locked; -1: not open */
	struct text content;	/* where the rows stand */
	const struct check_seen *seen;	/* as it stands there: unsorted */
	size_t count;
	const char *damage;	/* why nothing of it is used; NULL: sound */
};

/*
 * Opens, locks and reads; one that is not there yet is made and has no
 * rows.  Waits for another run as many seconds, then ERR_RETRY.  A file
 * that cannot be made out is no error: it has no rows, and `damage` says
 * why.  ERR_REFUSED where it is of another database; ERR_DENIED where
 * another owner, or the mode, lets others write it.
 */
bool check_state_open(struct check_state *s, struct arena *a,
    const char *path, const char *database, int64_t seconds, struct err *e);

/* Takes the place of what was there; see file_replace(). */
bool check_state_write(const struct check_state *s, const char *database,
    const struct check_seen *seen, size_t count, struct err *e);

/* Also of one that is zeroed or could not be opened. */
void check_state_close(struct check_state *s);

#endif
