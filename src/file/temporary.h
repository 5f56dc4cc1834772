/*
 * A temporary file beside the file that it will replace.
 *
 * It is called .NAME.mailadm-XXXXXX.  The dot keeps it out of patterns such
 * as "*.prom", and nobody gives a file of their own such a name.  Its writer
 * holds a lock on it.  A writer that was killed leaves it without a lock:
 * then the next writer of NAME removes it, for which it reads the directory.
 */
#ifndef FILE_TEMPORARY_H
#define FILE_TEMPORARY_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"

struct temporary {
	const char *name;
	int fd;			/* to write; -1: could not be made */
	int lock;		/* keeps the lock until temporary_close() */
};

/* Removes those that were left and belong to the user or to `owner`. */
void temporary_sweep(const char *path, uid_t owner);

/* Opens a new one for `path`, mode 0600; false with errno. */
bool temporary_open(struct temporary *s, struct arena *a, const char *path);

/*
 * Where nobody else writes the directory, and its writers wait for each other
 * by another lock: one name for each path, which no lock is held on.
 */
const char *temporary_of_many(struct arena *a, const char *path);

/* To be called after rename() or unlink(); the caller has closed `fd`. */
void temporary_close(struct temporary *s);

#endif
