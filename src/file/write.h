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
 * Many files in a directory that nobody else writes, where it takes too long
 * to wait for the disk for each.  Each is written beside its place, by any
 * thread; then file_many_sync(), once, with one of the paths, waits for the
 * whole file system; then each takes its place, or is dropped; and
 * file_names_sync(), once, waits for the names.  What killed runs leave begins
 * with a dot, and the caller removes it.
 */
bool file_many_write(const char *path, const void *bytes, size_t len,
    const struct file_place *place, struct err *e);
bool file_many_sync(const char *path, struct err *e);
bool file_many_take(const char *path, struct err *e);
void file_many_drop(const char *path);
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
