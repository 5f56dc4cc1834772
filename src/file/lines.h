/*
 * Reading the lines of a stream, in constant memory.
 */
#ifndef FILE_LINES_H
#define FILE_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/text.h"

struct lines {
	int fd;
	const char *name;	/* for errors */
	size_t max;		/* bytes of a line */
	size_t number;		/* of the line, from 1 */
	struct text line;	/* without its end, LF or CRLF */
	bool too_long;		/* line is only the end of it */
	char buf[16 * 1024];
	size_t at, have;
	bool end;
};

void lines_init(struct lines *l, int fd, const char *name, size_t max);
void lines_clear(struct lines *l);

/*
 * The next line; false at the end, and with ERR_INVALID for one that is too
 * long, holds a NUL byte or is not UTF-8, or ERR_IO.  The last line needs no
 * end.
 */
bool lines_next(struct lines *l, struct err *e);

/* The same, whatever the line holds: false at the end or with ERR_IO. */
bool lines_read(struct lines *l, struct err *e);

/* From the beginning of the file again: ERR_IO where that cannot be. */
bool lines_rewind(struct lines *l, struct err *e);

/* True when reading the next line may have to wait. */
bool lines_may_wait(const struct lines *l);

/* "standard input, line 7: " before an error about the line. */
bool lines_err(const struct lines *l, struct err *e);

#endif
