/* Text that grows: every copy that is given up is overwritten. */
#include "base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"

char text_empty[1] = "";

void
text_reserve(struct text *t, size_t more)
{
	size_t need, size;
	char *buf;

	BUG_ON(more > SIZE_MAX / 2 - t->len);
	need = t->len + more + 1;
	if (need <= t->size)
		return;
	for (size = t->size ? t->size : 64; size < need; size *= 2)
		;
	buf = malloc(size);
	if (buf == NULL)
		out_of_memory();
	memcpy(buf, t->buf, t->len + 1);
	if (t->size > 0) {
		explicit_bzero(t->buf, t->len);
		free(t->buf);
	}
	t->buf = buf;
	t->size = size;
}

void
text_add_bytes(struct text *t, const void *bytes, size_t len)
{
	text_reserve(t, len);
	memcpy(t->buf + t->len, bytes, len);
	t->len += len;
	t->buf[t->len] = '\0';
}

void
text_add(struct text *t, const char *s)
{
	text_add_bytes(t, s, strlen(s));
}

void
text_add_char(struct text *t, char c)
{
	text_add_bytes(t, &c, 1);
}

void
text_addv(struct text *t, const char *fmt, va_list ap)
{
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	BUG_ON(n < 0);
	text_reserve(t, (size_t)n);
	vsnprintf(t->buf + t->len, (size_t)n + 1, fmt, ap);
	t->len += (size_t)n;
}

void
text_addf(struct text *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	text_addv(t, fmt, ap);
	va_end(ap);
}

void
text_cut(struct text *t, size_t len)
{
	BUG_ON(len > t->len);
	if (t->size == 0)
		return;
	explicit_bzero(t->buf + len, t->len - len);
	t->len = len;
}

bool
text_same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

bool
text_same_null_empty(const char *a, const char *b)
{
	return strcmp(a != NULL ? a : "", b != NULL ? b : "") == 0;
}

char *
text_steal(struct text *t)
{
	char *buf;

	text_reserve(t, 0);
	buf = t->buf;
	*t = (struct text)TEXT_INIT;
	return buf;
}

void
text_clear(struct text *t)
{
	if (t->size > 0) {
		explicit_bzero(t->buf, t->len);
		free(t->buf);
	}
	*t = (struct text)TEXT_INIT;
}
