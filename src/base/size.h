/*
 * Sizes, counts and times as people write them.
 *
 * A size is bytes, or a number with K, M, G or T (powers of 1024).
 */
#ifndef BASE_SIZE_H
#define BASE_SIZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Exactly digits, 0 to INT64_MAX - 1; false otherwise. */
bool number_parse(const char *s, int64_t *number);

/* "512", "500M", "2G"; false on anything else and on overflow. */
bool size_parse(const char *s, int64_t *bytes);

/* The shortest form that size_parse() reads back to the same number. */
#define SIZE_TEXT 24
void size_format(char buf[static SIZE_TEXT], int64_t bytes);

/* RFC 3339 in UTC: 2026-01-31T07:08:09Z; from years 0 to 9999. */
#define TIME_TEXT 24
void time_format(char buf[static TIME_TEXT], int64_t seconds);

/*
 * RFC 3339, or YYYY-MM-DD[ HH:MM[:SS]] in UTC, or how long before `now`:
 * 90s, 15m, 2h, 7d, 4w.  False on anything else.
 */
bool time_parse(const char *s, int64_t now, int64_t *seconds);

/* Seconds since 1970 of a proleptic Gregorian date in UTC. */
int64_t time_from_date(int64_t year, unsigned month, unsigned day,
    unsigned hour, unsigned minute, unsigned second);

#endif
