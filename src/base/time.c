/* Times, calculated here: gmtime() is too slow for a million rows. */
#include "base/time.h"

#include <stdio.h>
#include <string.h>

#include "base/size.h"

/* Days since 1970-01-01, counted in years that begin in March. */
int64_t
time_from_date(int64_t year, unsigned month, unsigned day, unsigned hour,
    unsigned minute, unsigned second)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t m = month > 2 ? month - 3 : month + 9;
	int64_t era = y / 400, yoe = y % 400;
	int64_t doy = (153 * m + 2) / 5 + day - 1;
	int64_t days = era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy -
	    719468;

	return days * 86400 + hour * 3600 + minute * 60 + second;
}

static void
two_digits(char *p, int64_t n)
{
	p[0] = (char)('0' + n / 10);
	p[1] = (char)('0' + n % 10);
}

void
time_format(char buf[static TIME_TEXT], int64_t seconds)
{
	int64_t days = seconds / 86400, rest = seconds % 86400;
	int64_t era, doe, yoe, doy, month, year;

	if (rest < 0) {
		rest += 86400;
		days--;
	}
	days += 719468;
	era = days / 146097;
	doe = days % 146097;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	month = (5 * doy + 2) / 153;
	year = yoe + era * 400 + (month >= 10);
	memcpy(buf, "0000-00-00T00:00:00Z", 21);
	two_digits(buf, year / 100);
	two_digits(buf + 2, year % 100);
	two_digits(buf + 5, month < 10 ? month + 3 : month - 9);
	two_digits(buf + 8, doy - (153 * month + 2) / 5 + 1);
	two_digits(buf + 11, rest / 3600);
	two_digits(buf + 14, rest / 60 % 60);
	two_digits(buf + 17, rest % 60);
}

void
time_short(char buf[static TIME_TEXT], int64_t seconds, int64_t now)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	int64_t ago = now - seconds;
	char today[TIME_TEXT];
	unsigned month, day;

	if (ago >= 0 && ago < 60)
		snprintf(buf, TIME_TEXT, "now");
	else if (ago >= 60 && ago < 3600)
		snprintf(buf, TIME_TEXT, "%dm ago", (int)(ago / 60));
	else if (ago >= 3600 && ago < 86400)
		snprintf(buf, TIME_TEXT, "%dh ago", (int)(ago / 3600));
	if (ago >= 0 && ago < 86400)
		return;
	time_format(buf, seconds);
	time_format(today, now);
	month = (unsigned)(buf[5] - '0') * 10 + (unsigned)(buf[6] - '0');
	day = (unsigned)(buf[8] - '0') * 10 + (unsigned)(buf[9] - '0');
	if (strncmp(buf, today, 4) == 0)
		snprintf(buf, TIME_TEXT, "%u %.3s", day,
		    months + 3 * ((month - 1) % 12));
	else
		buf[10] = '\0';
}

/* --- times as people write them -------------------------------------- */

/* So many seconds: 90s, 15m, 2h, 7d, 4w. */
static bool
span_parse(const char *s, int64_t *seconds)
{
	static const struct {
		char unit;
		int64_t seconds;
	} spans[] = {
		{ 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 },
		{ 'w', 7 * 86400 }, { 0 }
	};
	int64_t n;
	size_t i = 0;

	if (!digits_parse(&s, &n) || *s == '\0' || s[1] != '\0')
		return false;
	while (spans[i].unit != 0 && spans[i].unit != *s)
		i++;
	if (spans[i].unit == 0 ||
	    __builtin_mul_overflow(n, spans[i].seconds, seconds))
		return false;
	return true;
}

/* Exactly `digits` digits, from min to max. */
static bool
part_parse(const char **s, int digits, unsigned min, unsigned max,
    unsigned *part)
{
	*part = 0;
	for (; digits > 0; digits--, (*s)++) {
		if (**s < '0' || **s > '9')
			return false;
		*part = *part * 10 + (unsigned)(**s - '0');
	}
	return *part >= min && *part <= max;
}

static bool
mark_parse(const char **s, const char *marks)
{
	if (**s == '\0' || strchr(marks, **s) == NULL)
		return false;
	(*s)++;
	return true;
}

static unsigned
month_days(unsigned year, unsigned month)
{
	static const unsigned char days[] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
	};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return month == 2 && leap ? 29 : days[month - 1];
}

/* Z, +HH:MM, -HH:MM or nothing. */
static bool
offset_parse(const char *s, int64_t *offset)
{
	int64_t sign = *s == '-' ? -1 : 1;
	unsigned hour, minute;

	*offset = 0;
	if (*s == '\0' || ((*s == 'Z' || *s == 'z') && s[1] == '\0'))
		return true;
	if (!mark_parse(&s, "+-") || !part_parse(&s, 2, 0, 23, &hour) ||
	    !mark_parse(&s, ":") || !part_parse(&s, 2, 0, 59, &minute) ||
	    *s != '\0')
		return false;
	*offset = sign * (hour * 3600 + minute * 60);
	return true;
}

static bool
clock_parse(const char *s, unsigned *hour, unsigned *minute,
    unsigned *second, int64_t *offset)
{
	if (!mark_parse(&s, "Tt ") || !part_parse(&s, 2, 0, 23, hour) ||
	    !mark_parse(&s, ":") || !part_parse(&s, 2, 0, 59, minute))
		return false;
	if (mark_parse(&s, ":") && !part_parse(&s, 2, 0, 60, second))
		return false;
	if (mark_parse(&s, ".")) {
		if (*s < '0' || *s > '9')
			return false;
		s += strspn(s, "0123456789");
	}
	return offset_parse(s, offset);
}

static bool
date_parse(const char *s, int64_t *seconds)
{
	unsigned year, month, day, hour = 0, minute = 0, second = 0;
	int64_t offset = 0;

	if (!part_parse(&s, 4, 1970, 9999, &year) || !mark_parse(&s, "-") ||
	    !part_parse(&s, 2, 1, 12, &month) || !mark_parse(&s, "-") ||
	    !part_parse(&s, 2, 1, month_days(year, month), &day) ||
	    (*s != '\0' && !clock_parse(s, &hour, &minute, &second,
	    &offset)))
		return false;
	*seconds = time_from_date(year, month, day, hour, minute, second) -
	    offset;
	return true;
}

bool
time_parse(const char *s, int64_t now, int64_t *seconds)
{
	int64_t span;

	if (!span_parse(s, &span))
		return date_parse(s, seconds);
	*seconds = now - span;
	return span <= now;
}

/* The last second that a date can have: 9999-12-31T23:59:59Z. */
#define TIME_LAST INT64_C(253402300799)

/* An offset may lead beyond the years that are parsed. */
bool
time_date_parse(const char *s, int64_t *seconds)
{
	return date_parse(s, seconds) && *seconds >= 0 &&
	    *seconds <= TIME_LAST;
}

bool
time_parse_ahead(const char *s, int64_t now, int64_t *seconds)
{
	int64_t span;

	if (!span_parse(s, &span))
		return time_date_parse(s, seconds);
	*seconds = now + (span <= TIME_LAST - now ? span : 0);
	return span <= TIME_LAST - now;
}
