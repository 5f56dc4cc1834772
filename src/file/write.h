/*
 * Whole small files, written so that nobody ever reads half of one.
 *
 * The content goes to a new file beside the old one, is synced and then
 * takes the old one's name, so that a full disk or a crash leaves the old
 * file as it was.
 */
#ifndef FILE_WRITE_H
#define FILE_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/err.h"

/*
 * Writes the file with exactly this mode.  What is there and is no regular
 * file (a device, a link) is not replaced.  ERR_DENIED where the
 * directory may not be written, else ERR_IO.
 */
bool file_replace(const char *path, const void *bytes, size_t len,
    mode_t mode, struct err *e);

/*
 * Likewise with an owner and a group, (uid_t)-1 and (gid_t)-1 for those who
 * write: nobody else can open it at any time.
 */
struct file_place {
	mode_t mode;
	uid_t uid;
	gid_t gid;
};

bool file_install(const char *path, const void *bytes, size_t len,
    const struct file_place *place, struct err *e);

/*
 * Keeps a copy of the file under a name that is free: FILE.bak, FILE.bak.1.
 * It has the same owner, and of the mode the bits that `most` has, too, but
 * is not executable: a secret that others could read is not kept so.
 */
bool file_backup(struct arena *a, const char *path, mode_t most,
    const char **name, struct err *e);

/*
 * The same, unless the file holds just these bytes with this mode already:
 * then it is left alone.
 */
bool file_replace_changed(const char *path, const void *bytes, size_t len,
    mode_t mode, bool *changed, struct err *e);

/*
 * Makes each missing directory of a path with this mode, behind its first
 * `exists` characters.  What fails, opening the file will report.
 */
void file_directories_make(const char *path, size_t exists, mode_t mode);

#endif
