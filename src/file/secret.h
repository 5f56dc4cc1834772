/*
 * Secrets from files and streams: one line, kept exactly.
 */
#ifndef FILE_SECRET_H
#define FILE_SECRET_H

#include <stdbool.h>

#include "base/err.h"
#include "base/text.h"

/* Longer lines are refused: no secret is. */
#define SECRET_MAX 4096

/*
 * The first line without its final newline; nothing else is trimmed.
 * ERR_DENIED when others than the owner can read the file; ERR_NOT_FOUND,
 * ERR_IO.  NUL bytes are ERR_INVALID.
 */
bool secret_from_file(const char *path, struct text *secret, struct err *e);

/* The next line of a descriptor, read byte by byte: the rest stays. */
bool secret_from_fd(int fd, const char *name, struct text *secret,
    struct err *e);

#endif
