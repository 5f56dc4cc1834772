/*
 * Descriptors: what the calls of the system leave to their callers.
 */
#ifndef BASE_IO_H
#define BASE_IO_H

#include <stdbool.h>
#include <stddef.h>

/* Every byte, over signals and short writes; false with errno. */
bool io_write_all(int fd, const char *bytes, size_t len);

#endif
