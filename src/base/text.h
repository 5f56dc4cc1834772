/*
 * Growing text: always NUL-terminated, may hold any bytes.
 *
 * A zeroed struct (TEXT_INIT) is an empty text; buf is then "" and must not
 * be written.  When a text grows, the old memory is overwritten, so that a
 * secret leaves no copy behind.  Running out of memory ends the program.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct text {
	char *buf;
	size_t len;		/* bytes, without the final NUL */
	size_t size;		/* bytes allocated, 0: none yet */
};

extern char text_empty[];

#define TEXT_INIT { text_empty, 0, 0 }

void text_add(struct text *t, const char *s);
void text_add_bytes(struct text *t, const void *bytes, size_t len);
void text_add_char(struct text *t, char c);
void text_addf(struct text *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void text_addv(struct text *t, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

/* Allocates for `more` bytes; the text stays the same. */
void text_reserve(struct text *t, size_t more);

/* Shortens to len bytes. */
void text_cut(struct text *t, size_t len);

/* True for equal texts; NULL equals only NULL. */
bool text_same(const char *a, const char *b);

/* True for equal texts; NULL equals NULL and "". */
bool text_same_null_empty(const char *a, const char *b);

/* Gives the memory away; the caller frees it.  The text is empty again. */
char *text_steal(struct text *t);

/* Overwrites and frees; the text is empty again. */
void text_clear(struct text *t);

#endif
