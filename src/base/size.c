/* Sizes and counts: digits, and units of 1024. */
#include "base/size.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

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

bool
size_parse(const char *s, int64_t *bytes)
{
	const char *unit;
	int64_t n;

	if (!digits_parse(&s, &n))
		return false;
	if (*s != '\0') {
		unit = strchr(units, *s & ~0x20);
		if (unit == NULL || s[1] != '\0')
			return false;
		for (; unit >= units; unit--) {
			if (__builtin_mul_overflow(n, 1024, &n))
				return false;
		}
	}
	*bytes = n;
	return n < INT64_MAX;
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
