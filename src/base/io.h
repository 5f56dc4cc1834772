/*
 * read() and write() until they are done.
 */
#ifndef BASE_IO_H
#define BASE_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/text.h"

/* Writes every byte, whatever interrupts it; false with errno. */
bool io_write_all(int fd, const char *bytes, size_t len);

/* As read(), but a signal does not end it. */
ssize_t io_read(int fd, void *bytes, size_t size);

/*
 * Appends everything up to the end of the file; false with errno.  Stops as
 * soon as the text has more than `most` bytes.
 */
bool io_read_all(int fd, struct text *content, size_t most);

#endif
