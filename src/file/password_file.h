/*
 * Reading a password from a file or a stream: one line, exactly as it is.
 */
#ifndef FILE_PASSWORD_FILE_H
#define FILE_PASSWORD_FILE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/text.h"

/* Longer lines are refused. */
#define PASSWORD_LINE_MAX 4096

/*
 * The first line without its final newline; nothing else is trimmed.
 * ERR_DENIED by permission_check(); ERR_NOT_FOUND, ERR_IO; ERR_INVALID for
 * a NUL byte.  `given` is what named the file: the error has the path if
 * the file exists or password_file_is_path(given).
 */
bool password_file_read(const char *path, const char *given,
    struct text *secret, struct err *e);

/*
 * True for the name of a file, or of one in a directory that exists; else
 * what was given as the name of a file with a secret may be the secret.
 */
bool password_file_is_path(const char *text);

/* The next line of a descriptor; nothing behind it is read. */
bool password_line_read(int fd, const char *name, struct text *secret,
    struct err *e);

#endif
