/*
 * Who owns a file, by name: users and groups of this system, or of another
 * one that stands in a folder.
 */
#ifndef FILE_OWNER_H
#define FILE_OWNER_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/err.h"

/*
 * The ids that the names have in the system below `root`: its own
 * etc/passwd and etc/group where they are there, else what this system
 * knows.  ERR_NOT_FOUND.
 */
bool owner_find(struct arena *a, const char *root, const char *user,
    const char *group, uid_t *uid, gid_t *gid, struct err *e);

#endif
