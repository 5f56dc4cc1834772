/*
 * The file beside another one, which will take its name when it is whole.
 *
 * It is called .NAME.mailadm-XXXXXX: a dot, so that no pattern such as
 * "*.prom" takes it, and a name that nobody gives to a file of their own.
 * Whoever writes one holds a lock on it.  So one without a lock was left by
 * a program that was killed: the next one of the same name removes it.
 */
#ifndef FILE_ASIDE_H
#define FILE_ASIDE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"

struct aside {
	const char *name;
	int fd;			/* to write; -1: could not be made */
	int lock;		/* open until the file has its name */
};

/*
 * Opens a new one for `path`, mode 0600; false with errno.  Those that were
 * left by the user, or had become the file of `owner`, are removed.
 */
bool aside_open(struct aside *s, struct arena *a, const char *path,
    uid_t owner);

/* After it was renamed, or removed.  `fd` is the caller's to close. */
void aside_close(struct aside *s);

#endif
