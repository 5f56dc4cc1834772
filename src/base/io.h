/*
 * Descriptors: what the calls of the system leave to their callers.
 */
#ifndef BASE_IO_H
#define BASE_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/text.h"

/* Every byte, over signals and short writes; false with errno. */
bool io_write_all(int fd, const char *bytes, size_t len);

/* As read(), over signals. */
ssize_t io_read(int fd, void *bytes, size_t size);

/*
 * Appends what comes until its end; false with errno.  Stops when there
 * are more than `most` bytes in the text.
 */
bool io_read_all(int fd, struct text *content, size_t most);

#endif
