/*
 * Reading a password from a file or a stream: one line, exactly as it is.
 */
#ifndef FILE_SECRET_H
#define FILE_SECRET_H

#include <stdbool.h>

#include "base/err.h"
#include "base/text.h"

/* Longer lines are refused. */
#define SECRET_MAX 4096

/*
 * The first line without its final newline; nothing else is trimmed.
 * ERR_DENIED by permission_check(); ERR_NOT_FOUND, ERR_IO; ERR_INVALID for
 * a NUL byte.
 */
bool secret_from_file(const char *path, struct text *secret, struct err *e);

/* The next line of a descriptor; nothing behind it is read. */
bool secret_from_fd(int fd, const char *name, struct text *secret,
    struct err *e);

#endif
