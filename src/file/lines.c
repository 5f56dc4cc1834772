/* Reading a stream line by line. */
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
	explicit_bzero(l->buf, sizeof(l->buf));
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

/* What is too long is not kept, but for how it ends. */
static void
line_add(struct lines *l, const char *bytes, size_t n)
{
	text_add_bytes(&l->line, bytes, n);
	/* One more may be the CR of the end. */
	if (l->line.len <= l->max + 1)
		return;
	l->too_long = true;
	memmove(l->line.buf, l->line.buf + l->line.len - l->max, l->max);
	text_cut(&l->line, l->max);
}

static void
line_end(struct lines *l)
{
	if (l->line.len > 0 && l->line.buf[l->line.len - 1] == '\r')
		text_cut(&l->line, l->line.len - 1);
	l->too_long |= l->line.len > l->max;
}

bool
lines_read(struct lines *l, struct err *e)
{
	const char *newline = NULL;

	text_cut(&l->line, 0);
	l->too_long = false;
	l->number++;
	while (newline == NULL) {
		const char *from = l->buf + l->at;
		size_t n = l->have - l->at;

		if (n == 0 && refill(l, e))
			continue;
		if (n == 0)
			break;
		newline = memchr(from, '\n', n);
		if (newline != NULL)
			n = (size_t)(newline - from);
		line_add(l, from, n);
		l->at += n + (newline != NULL);
	}
	if (e->code != ERR_NONE || (newline == NULL && l->line.len == 0))
		return false;
	line_end(l);
	return true;
}

bool
lines_next(struct lines *l, struct err *e)
{
	if (!lines_read(l, e))
		return false;
	if (l->too_long)
		err_set(e, ERR_INVALID, "longer than %zu bytes", l->max);
	else if (memchr(l->line.buf, '\0', l->line.len) != NULL)
		err_set(e, ERR_INVALID, "holds a NUL byte");
	else if (!utf8_valid(l->line.buf, l->line.len))
		err_set(e, ERR_INVALID, "not valid UTF-8");
	return e->code == ERR_NONE || lines_err(l, e);
}

bool
lines_rewind(struct lines *l, struct err *e)
{
	if (lseek(l->fd, 0, SEEK_SET) != 0)
		return err_errno(e, "cannot read %s again", l->name);
	l->number = l->at = l->have = 0;
	l->end = false;
	return true;
}
