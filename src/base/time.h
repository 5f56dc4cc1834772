/*
 * Times as people and programs write them: RFC 3339, in UTC.
 *
 * A time is a number of seconds since 1970-01-01T00:00:00Z.
 */
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include <stdbool.h>
#include <stdint.h>

/* RFC 3339 in UTC: 2026-01-31T07:08:09Z; from years 0 to 9999. */
#define TIME_TEXT 24
void time_format(char buf[static TIME_TEXT], int64_t seconds);

/*
 * For a table: "now" for less than a minute, "5m ago", "3h ago", "26 Nov",
 * and "2024-11-26" where the year is another; what lies ahead is a date.
 */
void time_short(char buf[static TIME_TEXT], int64_t seconds, int64_t now);

/*
 * RFC 3339, or YYYY-MM-DD[ HH:MM[:SS]] in UTC, or how long before `now`:
 * 90s, 15m, 2h, 7d, 4w.  Fractions of a second are ignored.  False on
 * anything else.
 */
bool time_parse(const char *s, int64_t now, int64_t *seconds);

/* The same without spans, from 1970 to 9999 whatever the offset is. */
bool time_date_parse(const char *s, int64_t *seconds);

/* Such a date, or how long after `now`: 30d is 30 days from then. */
bool time_parse_ahead(const char *s, int64_t now, int64_t *seconds);

/* Seconds since 1970 of a proleptic Gregorian date in UTC. */
int64_t time_from_date(int64_t year, unsigned month, unsigned day,
    unsigned hour, unsigned minute, unsigned second);

#endif
