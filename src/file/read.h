/*
 * Reading small files completely.
 *
 * The status is that of the open file, so the file that is judged is the
 * file that is read.  Only regular files and the null device are read: a
 * pipe would block, a terminal or /dev/zero would never end.
 */
#ifndef FILE_READ_H
#define FILE_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

/* Larger files were not written by a person. */
#define FILE_READ_MAX (1024 * 1024)

/*
 * Appends the file to `content`, whose memory is overwritten whenever it is
 * given back; *st is of the open file.  ERR_NOT_FOUND; ERR_DENIED when it
 * may not be read; ERR_INVALID when it is too large; else ERR_IO.
 */
bool file_read(const char *path, struct text *content, struct stat *st,
    struct err *e);

/* The same for a file of at most so many bytes. */
bool file_read_most(const char *path, size_t most, struct text *content,
    struct stat *st, struct err *e);

/* After open() has failed: ERR_NOT_FOUND, ERR_DENIED or ERR_IO. */
bool file_open_failed(const char *path, struct err *e);

/* The name, quoted for a shell: for a command in a hint. */
const char *file_shell_name(struct arena *a, const char *path);

/* The most files that file_tree_size() looks at. */
#define FILE_TREE_MAX 100000

/*
 * Bytes of the regular files in a directory and below it; symbolic links
 * are not followed.  False where a directory cannot be read, or there are
 * too many files to count.
 */
bool file_tree_size(const char *path, int64_t *bytes);

#endif
