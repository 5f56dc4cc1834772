/*
 * Values to be set: what an option gives, next to the current row.
 *
 * A text is NULL where no option gave one, and "" to remove it; a number is
 * VALUE_UNSET.  The macros are for the lists of db/columns.h: each does its
 * work for one column, whatever its type in C.
 */
#ifndef MODEL_MAIL_VALUES_H
#define MODEL_MAIL_VALUES_H

#include "base/text.h"
#include "db/columns.h"

/* A value that no option gave: it is unchanged. */
#define VALUE_UNSET (INT64_MIN + 1)

/* A value of nothing given, for a struct of values: .column = ... */
#define VALUE_NOT_GIVEN(column, TYPE, ...)				\
	.column = VALUE_NOT_GIVEN_##TYPE,
#define VALUE_NOT_GIVEN_FLAG VALUE_UNSET
#define VALUE_NOT_GIVEN_RIGHT VALUE_UNSET
#define VALUE_NOT_GIVEN_TEXT NULL
#define VALUE_NOT_GIVEN_DOMAIN NULL
#define VALUE_NOT_GIVEN_ADDRESS NULL
#define VALUE_NOT_GIVEN_WORD NULL
#define VALUE_NOT_GIVEN_TIME VALUE_UNSET
#define VALUE_NOT_GIVEN_SIZE VALUE_UNSET
#define VALUE_NOT_GIVEN_QUOTA VALUE_UNSET
#define VALUE_NOT_GIVEN_LIMIT VALUE_UNSET
#define VALUE_NOT_GIVEN_RATE VALUE_UNSET
#define VALUE_NOT_GIVEN_USER_RATE VALUE_UNSET

static inline void
value_put_text(const char **to, const char *value)
{
	if (value != NULL)
		*to = *value != '\0' ? value : NULL;
}

static inline void
value_put_flag(bool *to, int64_t value)
{
	if (value != VALUE_UNSET)
		*to = value != 0;
}

static inline void
value_put_number(int64_t *to, int64_t value)
{
	if (value != VALUE_UNSET)
		*to = value;
}

static inline bool
value_same_number(int64_t a, int64_t b)
{
	return a == b;
}

static inline bool
value_is_unset_text(const char *value)
{
	return value == NULL;
}

static inline bool
value_is_unset_number(int64_t value)
{
	return value == VALUE_UNSET;
}

/* Puts the given values into the row. */
#define VALUE_PUT(column, TYPE, SHOWN, label, row, values)		\
	_Generic((row)->column, bool: value_put_flag,			\
	    int64_t: value_put_number, const char *: value_put_text)	\
	    (&(row)->column, (values)->column);

/* Adds the names of the columns in which two rows differ to a list. */
#define VALUE_DIFFER(column, TYPE, SHOWN, label, arena, list, a, b)	\
	if (!_Generic((a)->column, bool: value_same_number,		\
	    int64_t: value_same_number, const char *: text_same)	\
	    ((a)->column, (b)->column))					\
		words_add(arena, list, #column);

/* For a condition that nothing is given, joined by &&. */
#define VALUE_IS_UNSET(column, TYPE, SHOWN, label, values)		\
	&& _Generic((values)->column, int64_t: value_is_unset_number,	\
	    const char *: value_is_unset_text)((values)->column)

#endif
