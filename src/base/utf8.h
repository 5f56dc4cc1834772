/*
 * UTF-8: validity, and width on a terminal.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

bool utf8_valid(const char *s, size_t len);

/* Columns on a terminal, for text that shown_add() has made safe. */
int utf8_width(const char *s);

/* The bytes of the longest start that takes at most so many columns. */
size_t utf8_fitting(const char *s, int columns);

#endif
