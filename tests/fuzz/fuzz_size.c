/* Any text as a number, a size or a time: what is read is written again. */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/bug.h"
#include "base/size.h"
#include "base/time.h"

/* 2026-01-31T07:08:09Z */
#define NOW INT64_C(1769843289)

/* The last second of the year 9999. */
#define TIME_MAX INT64_C(253402300799)

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len);

static void
number_is_sound(const char *text)
{
	int64_t number, again;
	char buf[32];

	if (!number_parse(text, &number))
		return;
	BUG_ON(number < 0 || number == INT64_MAX);
	snprintf(buf, sizeof(buf), "%" PRId64, number);
	BUG_ON(!number_parse(buf, &again) || again != number);
	BUG_ON(!size_parse(text, &again) || again != number);
}

static void
size_is_sound(const char *text)
{
	char buf[SIZE_TEXT];
	int64_t bytes, again;

	if (!size_parse(text, &bytes))
		return;
	BUG_ON(bytes < 0 || bytes == INT64_MAX);
	size_format(buf, bytes);
	BUG_ON(strlen(buf) >= SIZE_TEXT);
	BUG_ON(!size_parse(buf, &again) || again != bytes);
}

/* An offset may lead a day out of the years that can be written. */
static void
time_is_sound(const char *text)
{
	char buf[TIME_TEXT];
	int64_t seconds, again;

	if (!time_parse(text, NOW, &seconds))
		return;
	BUG_ON(seconds < -86400 || seconds > TIME_MAX + 86400);
	if (seconds < 0 || seconds > TIME_MAX)
		return;
	time_format(buf, seconds);
	BUG_ON(strlen(buf) != strlen("2026-01-31T07:08:09Z"));
	BUG_ON(!time_parse(buf, NOW, &again) || again != seconds);
}

/* What is to come is within the years that a table holds. */
static void
ahead_is_sound(const char *text)
{
	int64_t seconds, again;
	char buf[TIME_TEXT];

	if (!time_parse_ahead(text, NOW, &seconds))
		return;
	BUG_ON(seconds < 0 || seconds > TIME_MAX);
	time_format(buf, seconds);
	BUG_ON(!time_date_parse(buf, &again) || again != seconds);
}

int
LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	struct arena a = { 0 };
	const char *text = arena_strndup(&a, (const char *)bytes, len);

	number_is_sound(text);
	size_is_sound(text);
	time_is_sound(text);
	ahead_is_sound(text);
	arena_clear(&a);
	return 0;
}
