/*
 * Writing small files: readers see the old file or the new one.
 *
 * The content goes to a temporary file beside the old one, is synced, and
 * then replaces it.  So a full disk or a crash leaves the old file as it was.
 */
#ifndef FILE_WRITE_H
#define FILE_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/err.h"

/*
 * Writes the file with exactly this mode.  A device or a link of that name
 * is not replaced.  The date of the new file is a later second than that of
 * the old one, even if that is in the future, so that all who compare dates
 * see that it is new.  ERR_DENIED where the directory may not be written, else
 * ERR_IO.
 */
bool file_replace(const char *path, const void *bytes, size_t len,
    mode_t mode, struct err *e);

/*
 * The same with an owner and a group; (uid_t)-1 and (gid_t)-1 are those of
 * the user.  At no time can others open it.
 */
struct file_place {
	mode_t mode;
	uid_t uid;
	gid_t gid;
};

bool file_install(const char *path, const void *bytes, size_t len,
    const struct file_place *place, struct err *e);

/*
 * One of many files in a directory that nobody else writes: what is needed
 * once for all of them is left to the caller.  That is to remove what killed
 * runs left, the temporary files whose names begin with a dot, and to call
 * file_names_sync() with one of the paths.
 */
bool file_install_many(const char *path, const void *bytes, size_t len,
    const struct file_place *place, struct err *e);
bool file_names_sync(const char *path, struct err *e);

/*
 * Copies the file to a name that is free: FILE.bak, FILE.bak.1.  The copy
 * has the same owner, and those bits of the mode that `most` has, too, so
 * that others cannot read a secret in it.  It is not executable.
 */
bool file_backup(struct arena *a, const char *path, mode_t most,
    const char **name, struct err *e);

/*
 * As file_replace(), but does nothing when the file already has these bytes
 * and this mode.
 */
bool file_replace_changed(const char *path, const void *bytes, size_t len,
    mode_t mode, bool *changed, struct err *e);

/*
 * Makes the missing directories of a path with this mode; those in its first
 * `exists` characters exist.  It reports no failure, since opening the file
 * will.
 */
void file_directories_make(const char *path, size_t exists, mode_t mode);

#endif
