/*
 * Errors are values: a code that decides the exit status, a text, a hint.
 *
 * The caller owns a struct err (zero-initialised) and passes it last.  A
 * function that fails fills it and returns false, so a failing path is one
 * return statement.  The lowest function that knows says what is wrong,
 * callers add which thing by err_wrap(); nothing below the front ends
 * prints or exits.  Texts may hold a user's bytes as they came: whoever
 * prints them escapes them, and they are overwritten when released.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>

#include "base/bug.h"

enum err_code {
	ERR_NONE,
	ERR_DIFFERS,		/* a check or a comparison found something */
	ERR_USAGE,
	ERR_INVALID,
	ERR_NOT_FOUND,
	ERR_EXISTS,
	ERR_REFUSED,
	ERR_DATABASE,
	ERR_RETRY,		/* temporary: never reported as ERR_NOT_FOUND */
	ERR_DENIED,
	ERR_IO,
	ERR_UNKNOWN,		/* the connection broke during COMMIT */
	ERR_INTERRUPTED,
	ERR_CODES
};

struct err {
	enum err_code code;
	char *text;
	char *hint;
};

/* One row for each exit status; the manual and JSON use the names. */
struct err_kind {
	int status;
	const char *name;	/* NULL for success */
	const char *meaning;
};

extern const struct err_kind err_kinds[ERR_CODES];

/* Texts have at most this many bytes; "..." stands for the rest. */
#define ERR_TEXT_MAX 4096

/* Each returns false, for: return err_set(e, ...). */
bool err_set(struct err *e, enum err_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
bool err_wrap(struct err *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
bool err_hint(struct err *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* ERR_IO, or ERR_NOT_FOUND, with the text of errno behind the message. */
bool err_errno(struct err *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

void err_clear(struct err *e);

#endif
