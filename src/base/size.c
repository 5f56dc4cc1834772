/* Sizes, counts and rates: digits, and units of 1024. */
#include "base/size.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "base/field.h"

static const char units[] = "KMGTPE";

bool
digits_parse(const char **s, int64_t *number)
{
	int64_t n = 0;

	if (**s < '0' || **s > '9')
		return false;
	for (; **s >= '0' && **s <= '9'; (*s)++) {
		if (__builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, **s - '0', &n))
			return false;
	}
	*number = n;
	return n < INT64_MAX;
}

bool
number_parse(const char *s, int64_t *number)
{
	return digits_parse(&s, number) && *s == '\0';
}

/* Is `s`, in any case, this word of small letters? */
static bool
is_word(const char *s, const char *word)
{
	while (*word != '\0' && lower_char(*s) == *word) {
		s++;
		word++;
	}
	return *s == '\0' && *word == '\0';
}

/* Behind the digits: " MB", "MiB", "M", or nothing. */
static bool
unit_parse(const char *s, int64_t *n)
{
	const char *unit;

	if (*s == ' ' && s[1] != '\0')
		s++;
	if (*s == '\0' || is_word(s, "b"))
		return true;
	unit = strchr(units, *s & ~0x20);
	if (unit == NULL || !(s[1] == '\0' || is_word(s + 1, "b") ||
	    is_word(s + 1, "ib")))
		return false;
	for (; unit >= units; unit--) {
		if (__builtin_mul_overflow(*n, 1024, n))
			return false;
	}
	return true;
}

bool
size_parse(const char *s, int64_t *bytes)
{
	int64_t n;

	if (!digits_parse(&s, &n) || !unit_parse(s, &n))
		return false;
	*bytes = n;
	return n < INT64_MAX;
}

bool
is_no_limit(const char *s)
{
	return is_word(s, "none") || is_word(s, "unlimited");
}

bool
quota_parse(const char *s, bool of_user, int64_t *quota)
{
	if (is_no_limit(s))
		*quota = of_user ? QUOTA_NONE : FIELD_NULL;
	else if (of_user && is_word(s, "default"))
		*quota = FIELD_NULL;
	else
		return size_parse(s, quota) && *quota > 0;
	return true;
}

const char *
quota_hint(bool of_user)
{
	return of_user ?
	    "a number of bytes, or with K, M, G or T, like 500M; "
	    "none: no limit; default: that of the domain" :
	    "a number of bytes, or with K, M, G or T, like 500M; "
	    "none: no limit";
}

void
size_format(char buf[static SIZE_TEXT], int64_t bytes)
{
	int unit = -1;

	while (bytes != 0 && bytes % 1024 == 0 && units[unit + 1] != '\0') {
		bytes /= 1024;
		unit++;
	}
	if (unit < 0)
		snprintf(buf, SIZE_TEXT, "%" PRId64, bytes);
	else
		snprintf(buf, SIZE_TEXT, "%" PRId64 "%c", bytes, units[unit]);
}

void
size_short(char buf[static SIZE_SHORT], int64_t bytes)
{
	char exact[SIZE_TEXT];
	double scaled = (double)bytes;
	int unit = -1;

	size_format(exact, bytes);
	if (strlen(exact) < 6) {
		snprintf(buf, SIZE_SHORT, "%.5s", exact);
		return;
	}
	while (scaled >= 1024 && units[unit + 1] != '\0') {
		scaled /= 1024;
		unit++;
	}
	snprintf(buf, SIZE_SHORT, scaled < 9.95 ? "%.1f%c" : "%.0f%c", scaled,
	    units[unit]);
}

/* --- rates ----------------------------------------------------------- */

static bool
rate_number(const char *s, int64_t *rate)
{
	if (!digits_parse(&s, rate) || *rate <= 0 || *rate == INT64_MAX)
		return false;
	return *s == '\0' || strcmp(s, "/h") == 0 || strcmp(s, "/hour") == 0;
}

bool
rate_parse(const char *s, bool of_user, int64_t *rate)
{
	if (is_no_limit(s))
		*rate = of_user ? QUOTA_NONE : FIELD_NULL;
	else if (of_user && is_word(s, "default"))
		*rate = FIELD_NULL;
	else
		return rate_number(s, rate);
	return true;
}

const char *
rate_hint(bool of_user)
{
	return of_user ? "a number in an hour, like 200/h; none: no limit; "
	    "default: that of the domain" :
	    "a number in an hour, like 200/h; none: no limit";
}

void
rate_format(char buf[static RATE_TEXT], int64_t rate)
{
	snprintf(buf, RATE_TEXT, "%" PRId64 "/h", rate);
}
