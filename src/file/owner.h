/*
 * Who owns a file, by name: users and groups of this system, or of another one
 * in a directory.
 */
#ifndef FILE_OWNER_H
#define FILE_OWNER_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "file/write.h"

/*
 * Gives `place` the ids that the names have in the system below `root`: in
 * its own etc/passwd and etc/group where these exist, else in this system.
 * ERR_NOT_FOUND.
 */
bool owner_find(struct arena *a, const char *root, const char *user,
    const char *group, struct file_place *place, struct err *e);

#endif
