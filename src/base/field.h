/*
 * The description of a row: one table for columns, output and --columns.
 *
 * A field is the name of a column, its type, and where its value is in a C
 * struct.  The same array binds the columns of a statement (db/), prints
 * every format (print/) and lists what --columns accepts (cmd/).
 */
#ifndef BASE_FIELD_H
#define BASE_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum field_type {
	FIELD_TEXT,		/* const char *, NULL is SQL NULL */
	FIELD_ADDRESS,		/* likewise, shown with its U-label form */
	FIELD_FLAG,		/* bool */
	FIELD_NUMBER,		/* int64_t, FIELD_NULL is SQL NULL */
	FIELD_SIZE,		/* likewise, bytes; "2G" in tables only */
	FIELD_QUOTA,		/* a user's size: NULL is the domain's */
	FIELD_RATE,		/* likewise; "200/h" in tables only */
	FIELD_USER_RATE,	/* a user's rate: NULL is the domain's */
	FIELD_TIME,		/* likewise, seconds since 1970 UTC */
	FIELD_LIST		/* const char *, with commas; NULL: empty */
};

#define FIELD_NULL INT64_MIN

/* The quota of a user without a limit, whatever the domain has. */
#define QUOTA_NONE INT64_MAX

struct field {
	const char *name;	/* NULL ends the array */
	enum field_type type;
	size_t offset;
	bool more;		/* in a list only if --columns names it */
	size_t row_size;	/* of the whole struct */
};

/*
 * FIELD(struct user, email, FIELD_ADDRESS): does not compile when the
 * member's C type is not the one of the field type.  FIELD_MORE() is one
 * that a list does not show unasked.
 */
#define FIELD_CTYPE_FIELD_TEXT const char *
#define FIELD_CTYPE_FIELD_ADDRESS const char *
#define FIELD_CTYPE_FIELD_FLAG bool
#define FIELD_CTYPE_FIELD_NUMBER int64_t
#define FIELD_CTYPE_FIELD_SIZE int64_t
#define FIELD_CTYPE_FIELD_QUOTA int64_t
#define FIELD_CTYPE_FIELD_RATE int64_t
#define FIELD_CTYPE_FIELD_USER_RATE int64_t
#define FIELD_CTYPE_FIELD_TIME int64_t
#define FIELD_CTYPE_FIELD_LIST const char *
#define FIELD_AT(st, member, ctype) offsetof(st, member) +		\
    0 * sizeof(_Generic(((st *)0)->member, ctype: 0))
#define FIELD(st, member, type) { #member, type,			\
    FIELD_AT(st, member, FIELD_CTYPE_##type), .row_size = sizeof(st) }
#define FIELD_MORE(st, member, type) { #member, type,			\
    FIELD_AT(st, member, FIELD_CTYPE_##type), true, sizeof(st) }

/* The size of the row: of its struct, or of the largest that it may be in. */
static inline size_t
field_row_size(const struct field *f)
{
	size_t size = 0;

	for (; f->name != NULL; f++)
		size = f->row_size > size ? f->row_size : size;
	return size;
}

/* The number of fields. */
static inline size_t
field_count(const struct field *f)
{
	size_t n = 0;

	while (f[n].name != NULL)
		n++;
	return n;
}

#endif
