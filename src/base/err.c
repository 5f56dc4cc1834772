/* Error values: one code, one text, one hint. */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

const struct err_kind err_kinds[ERR_CODES] = {
	[ERR_NONE] = { 0, NULL, "done, or nothing to do" },
	[ERR_DIFFERS] = { 1, "differs", "the answer is no: a check found "
	    "something, a plan sees changes, a password does not match" },
	[ERR_USAGE] = { 2, "usage", "unknown command or option, wrong number "
	    "of arguments" },
	[ERR_INVALID] = { 3, "invalid", "a value is not valid: address, "
	    "domain, hash, size, file content" },
	[ERR_NOT_FOUND] = { 4, "not-found", "no such domain, user, alias, "
	    "change or file" },
	[ERR_EXISTS] = { 5, "exists", "already exists" },
	[ERR_REFUSED] = { 6, "refused", "still in use, over a limit, would "
	    "make a loop, needs --yes" },
	[ERR_DATABASE] = { 7, "database", "the database cannot be reached, or "
	    "failed; nothing was changed, unless the error says so" },
	[ERR_RETRY] = { 8, "retry", "lock time-out, deadlock or cluster node "
	    "not ready, after bounded retries, or DNS gave no answer; nothing "
	    "was changed" },
	[ERR_DENIED] = { 9, "denied", "the database account lacks a "
	    "privilege, or a file's owner or mode is not safe" },
	[ERR_IO] = { 10, "io", "a file or a stream could not be read or "
	    "written" },
	[ERR_UNKNOWN] = { 11, "unknown", "it is not known whether the change "
	    "was committed: all of it, or nothing" },
	[ERR_INTERRUPTED] = { 130, "interrupted", "ended by Ctrl-C; what was "
	    "open is rolled back" },
};

/* Formats into new memory; longer texts are cut between two characters. */
static char * __attribute__((format(printf, 1, 0)))
format(const char *fmt, va_list ap)
{
	struct text t = TEXT_INIT;

	text_addv(&t, fmt, ap);
	if (t.len > ERR_TEXT_MAX) {
		size_t n = ERR_TEXT_MAX - 3;

		while (n > 0 && ((unsigned char)t.buf[n] & 0xc0) == 0x80)
			n--;
		text_cut(&t, n);
		text_add(&t, "...");
	}
	return text_steal(&t);
}

/* A text may quote what was refused, and that may be a secret. */
static void
release(char *text)
{
	if (text != NULL)
		explicit_bzero(text, strlen(text));
	free(text);
}

bool
err_set(struct err *e, enum err_code code, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = format(fmt, ap);
	va_end(ap);
	err_clear(e);
	e->code = code;
	e->text = text;
	return false;
}

bool
err_wrap(struct err *e, const char *fmt, ...)
{
	struct text t = TEXT_INIT;
	va_list ap;

	va_start(ap, fmt);
	text_addv(&t, fmt, ap);
	va_end(ap);
	text_addf(&t, ": %s", e->text ? e->text : "");
	release(e->text);
	e->text = text_steal(&t);
	return false;
}

bool
err_hint(struct err *e, const char *fmt, ...)
{
	va_list ap;
	char *hint;

	va_start(ap, fmt);
	hint = format(fmt, ap);
	va_end(ap);
	release(e->hint);
	e->hint = hint;
	return false;
}

bool
err_errno(struct err *e, const char *fmt, ...)
{
	int saved = errno;
	va_list ap;
	char *what;

	va_start(ap, fmt);
	what = format(fmt, ap);
	va_end(ap);
	err_set(e, saved == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%s: %s", what,
	    strerror(saved));
	release(what);
	return false;
}

void
err_clear(struct err *e)
{
	release(e->text);
	release(e->hint);
	*e = (struct err){ 0 };
}
