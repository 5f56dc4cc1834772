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
#include <stdio.h>
#include <stdlib.h>

#include "base/bug.h"

enum err_code {
	ERR_NONE,
	ERR_DIFFERS,		/* the answer is no */
	ERR_USAGE,
	ERR_INVALID,
	ERR_NOT_FOUND,
	ERR_EXISTS,
	ERR_REFUSED,
	ERR_DATABASE,
	ERR_RETRY,		/* temporary; never the same as not found */
	ERR_DENIED,
	ERR_IO,
	ERR_UNKNOWN,		/* lost while committing */
	ERR_INTERRUPTED,
	ERR_CODES
};

struct err {
	enum err_code code;
	char *text;
	char *hint;
};

/* One row an exit status: the manual and the JSON names come from here. */
struct err_kind {
	int status;
	const char *name;	/* NULL for success */
	const char *meaning;
};

extern const struct err_kind err_kinds[ERR_CODES];

/* The longest text that is kept, in bytes; the rest becomes "...". */
#define ERR_TEXT_MAX 4096

/* Each returns false, for: return err_set(e, ...). */
bool err_set(struct err *e, enum err_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
bool err_wrap(struct err *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
bool err_hint(struct err *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* ERR_IO with what errno says; `what` names the action and the file. */
bool err_errno(struct err *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

void err_clear(struct err *e);

#endif
