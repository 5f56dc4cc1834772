/*
 * Whole small files, judged by what was opened.
 *
 * Settings and option files are read in one piece.  The descriptor is
 * opened first and looked at then, so the file that is judged is the file
 * that is read.  Only regular files and the null device are read: a pipe
 * would block, a terminal or /dev/zero would never end.
 */
#ifndef FILE_READ_H
#define FILE_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

/* More is no file that a person wrote. */
#define FILE_READ_MAX (1024 * 1024)

/*
 * Appends the file to `content`, whose memory is overwritten whenever it is
 * given back; *st is of the open file.  ERR_NOT_FOUND; ERR_DENIED when it
 * may not be read; ERR_INVALID when it is too large; else ERR_IO.
 */
bool file_read(const char *path, struct text *content, struct stat *st,
    struct err *e);

/* What errno says of an open(): ERR_NOT_FOUND, ERR_DENIED or ERR_IO. */
bool file_open_failed(const char *path, struct err *e);

/* The name as a shell takes it: for a command in a hint. */
const char *file_shell_name(struct arena *a, const char *path);

#endif
