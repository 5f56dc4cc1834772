/*
 * Sizes and counts as people write them.
 *
 * A size is bytes, or a number with K, M, G or T (powers of 1024).
 */
#ifndef BASE_SIZE_H
#define BASE_SIZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads digits and moves *s behind them; false where there are none. */
bool digits_parse(const char **s, int64_t *number);

/* Exactly digits, 0 to INT64_MAX - 1; false otherwise. */
bool number_parse(const char *s, int64_t *number);

/* "512", "500M", "2G"; false on anything else and on overflow. */
bool size_parse(const char *s, int64_t *bytes);

/* The shortest form that size_parse() reads back to the same number. */
#define SIZE_TEXT 24
void size_format(char buf[static SIZE_TEXT], int64_t bytes);

#endif
