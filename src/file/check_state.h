/*
 * The findings of the last run of "check --new".
 *
 * A text file with one line for each finding, mode 0600.  It is locked from
 * check_state_open() to check_state_close(), so that two runs neither report
 * the same finding as new nor lose one.
 */
#ifndef FILE_CHECK_STATE_H
#define FILE_CHECK_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

/* Findings are the same when all three are equal. */
struct check_seen {
	const char *rule;
	const char *name;	/* NULL: of the whole database */
	const char *text;
};

struct check_state {
	const char *path;
	int fd;			/* locked; -1: not open */
	struct text content;	/* the memory of the rows */
	const struct check_seen *seen;	/* in the order of the file */
	size_t count;
	const char *damage;	/* why it is not used; NULL: it is */
};

/*
 * Opens, locks and reads the file, or makes an empty one.  Waits so many
 * seconds for another run, then ERR_RETRY.  A damaged file is no error: it
 * has no rows, and `damage` says why.  ERR_REFUSED when it is of another
 * database; ERR_DENIED by permission_check().
 */
bool check_state_open(struct check_state *s, struct arena *a,
    const char *path, const char *database, int64_t seconds, struct err *e);

/* Replaces the file; see file_replace(). */
bool check_state_write(const struct check_state *s, const char *database,
    const struct check_seen *seen, size_t count, struct err *e);

/* Also when it could not be opened, or was zeroed. */
void check_state_close(struct check_state *s);

#endif
