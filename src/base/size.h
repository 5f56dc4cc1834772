/*
 * Sizes, counts and rates as people write them.
 *
 * A size is bytes, or a number with K, M, G or T.  These are powers of 1024,
 * whatever follows them: "500M", "500 MB" and "500MiB" are the same.
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

/* "512", "500M", "2 GB"; false on anything else and on overflow. */
bool size_parse(const char *s, int64_t *bytes);

/*
 * A quota: a size that is not 0, "none" or "unlimited" for no limit, and, of
 * a user, "default" for that of the domain.  Everywhere the same: in options,
 * cells and manifests.  What is refused is explained by quota_hint().
 */
bool quota_parse(const char *s, bool of_user, int64_t *quota);
const char *quota_hint(bool of_user);

/* "none" or "unlimited", in any case. */
bool is_no_limit(const char *s);

/* For a table, where it need not be exact: "1.3G", "950M", "12". */
#define SIZE_SHORT 8
void size_short(char buf[static SIZE_SHORT], int64_t bytes);

/* The shortest form that size_parse() reads back to the same number. */
#define SIZE_TEXT 24
void size_format(char buf[static SIZE_TEXT], int64_t bytes);

/* --- how many in an hour: "200", "200/h", "200/hour" ------------------- */

/*
 * A rate that is not 0, "none" or "unlimited" for no limit, and, of a user,
 * "default" for that of the domain.  False on anything else; what is refused
 * is explained by rate_hint().
 */
bool rate_parse(const char *s, bool of_user, int64_t *rate);
const char *rate_hint(bool of_user);

/* "200/h", which rate_parse() reads back. */
#define RATE_TEXT 24
void rate_format(char buf[static RATE_TEXT], int64_t rate);

#endif
