/* Reading line by line. */
#include "file/lines.h"

#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/utf8.h"

void
lines_init(struct lines *l, int fd, const char *name, size_t max)
{
	*l = (struct lines){ .fd = fd, .name = name, .max = max,
	    .line = TEXT_INIT };
}

void
lines_clear(struct lines *l)
{
	text_clear(&l->line);
}

bool
lines_err(const struct lines *l, struct err *e)
{
	return err_wrap(e, "%s, line %zu", l->name, l->number);
}

bool
lines_may_wait(const struct lines *l)
{
	return memchr(l->buf + l->at, '\n', l->have - l->at) == NULL;
}

static bool
refill(struct lines *l, struct err *e)
{
	ssize_t n;

	if (l->end)
		return false;
	n = io_read(l->fd, l->buf, sizeof(l->buf));
	if (n < 0)
		return err_errno(e, "cannot read %s", l->name);
	l->at = 0;
	l->have = (size_t)n;
	l->end = n == 0;
	return !l->end;
}

static bool
line_valid(struct lines *l, struct err *e)
{
	if (l->line.len > 0 && l->line.buf[l->line.len - 1] == '\r')
		text_cut(&l->line, l->line.len - 1);
	if (l->line.len > l->max)
		err_set(e, ERR_INVALID, "longer than %zu bytes", l->max);
	else if (memchr(l->line.buf, '\0', l->line.len) != NULL)
		err_set(e, ERR_INVALID, "holds a NUL byte");
	else if (!utf8_valid(l->line.buf, l->line.len))
		err_set(e, ERR_INVALID, "not valid UTF-8");
	return e->code == ERR_NONE || lines_err(l, e);
}

bool
lines_next(struct lines *l, struct err *e)
{
	const char *newline = NULL;

	text_cut(&l->line, 0);
	l->number++;
	while (newline == NULL) {
		const char *from = l->buf + l->at;
		size_t n = l->have - l->at;

		if (n == 0) {
			if (refill(l, e))
				continue;
			return e->code == ERR_NONE && l->line.len > 0 &&
			    line_valid(l, e);
		}
		newline = memchr(from, '\n', n);
		if (newline != NULL)
			n = (size_t)(newline - from);
		/* What is too long is known to be by one byte and a CR. */
		if (l->line.len < l->max + 2)
			text_add_bytes(&l->line, from, n);
		l->at += n + (newline != NULL);
	}
	return line_valid(l, e);
}
