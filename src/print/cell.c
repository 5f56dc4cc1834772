/* One cell of a row: as people see it, and as a program reads it. */
#include <string.h>

#include "base/shown.h"
#include "base/size.h"
#include "base/time.h"
#include "print/private.h"

const char *
out_name(struct out *o, struct arena *a, const char *stored)
{
	const char *shown = o->unicode ? o->unicode(a, stored) : NULL;

	return shown ? arena_printf(a, "%s (%s)", stored, shown) : stored;
}

/* --- for people ------------------------------------------------------ */

static const char *
number_cell(struct out *o, const struct field *f, int64_t n)
{
	char buf[CELL_TEXT];

	switch (f->type) {
	case FIELD_QUOTA:
	case FIELD_USER_RATE:
		if (n == FIELD_NULL)
			return "default";
		if (n == QUOTA_NONE)
			return "none";
		break;
	case FIELD_SIZE:
	case FIELD_RATE:
		if (n == FIELD_NULL)
			return "none";
		break;
	default:
		if (n == FIELD_NULL)
			return "-";
	}
	if (f->type == FIELD_TIME && o->fitted)
		time_short(buf, n, o->now);
	else if (f->type == FIELD_TIME)
		time_format(buf, n);
	else if (f->type == FIELD_NUMBER)
		return arena_printf(&o->cells, "%lld", (long long)n);
	else if (f->type == FIELD_RATE || f->type == FIELD_USER_RATE)
		rate_format(buf, n);
	else if (o->fitted)
		size_short(buf, n);
	else
		size_format(buf, n);
	return arena_strdup(&o->cells, buf);
}

static const char *
shown(struct out *o, const char *s)
{
	struct text t = TEXT_INIT;
	const char *copy;

	shown_add(&t, s, strlen(s));
	copy = arena_strndup(&o->cells, t.buf, t.len);
	text_clear(&t);
	return copy;
}

const char *
out_cell(struct out *o, const struct field *f, const void *row)
{
	const void *slot = (const char *)row + f->offset;
	const char *s;

	switch (f->type) {
	case FIELD_FLAG:
		return *(const bool *)slot ? "yes" : "no";
	case FIELD_TEXT:
	case FIELD_ADDRESS:
	case FIELD_LIST:
		s = *(const char *const *)slot;
		if (s == NULL)
			return "-";
		if (f->type == FIELD_ADDRESS)
			s = out_name(o, &o->cells, s);
		return shown(o, s);
	case FIELD_NUMBER:
	case FIELD_SIZE:
	case FIELD_QUOTA:
	case FIELD_RATE:
	case FIELD_USER_RATE:
	case FIELD_TIME:
		break;
	}
	return number_cell(o, f, *(const int64_t *)slot);
}

/* --- for programs ---------------------------------------------------- */

/* Faster than snprintf(), which a million rows with six numbers notice. */
static const char *
number_data(int64_t n, char buf[static CELL_TEXT])
{
	char *p = buf + CELL_TEXT - 1;
	uint64_t u = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;

	*p = '\0';
	do {
		*--p = (char)('0' + u % 10);
		u /= 10;
	} while (u > 0);
	if (n < 0)
		*--p = '-';
	return p;
}

const char *
field_data(const struct field *f, const void *row, char buf[static CELL_TEXT])
{
	const void *slot = (const char *)row + f->offset;
	int64_t n;

	switch (f->type) {
	case FIELD_TEXT:
	case FIELD_ADDRESS:
	case FIELD_LIST:
		return *(const char *const *)slot;
	case FIELD_FLAG:
		return *(const bool *)slot ? "1" : "0";
	case FIELD_NUMBER:
	case FIELD_SIZE:
	case FIELD_QUOTA:
	case FIELD_RATE:
	case FIELD_USER_RATE:
	case FIELD_TIME:
		break;
	}
	n = *(const int64_t *)slot;
	if (n == FIELD_NULL)
		return NULL;
	if (f->type != FIELD_TIME)
		return number_data(n, buf);
	time_format(buf, n);
	return buf;
}
