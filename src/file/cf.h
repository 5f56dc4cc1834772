/*
 * Files of "name = value": main.cf, the files of Postfix's maps, what
 * postconf prints, and Dovecot's files of SQL settings.
 *
 * A "#" at the start of a line begins a comment; blank lines are skipped.  A
 * value goes on in lines that begin with a blank, as Postfix has it, or
 * behind a backslash at the end of a line, as Dovecot has it.  Nothing in a
 * value is ever expanded.
 */
#ifndef FILE_CF_H
#define FILE_CF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct cf_entry {
	const char *name;
	const char *value;
	size_t line;		/* where it begins, from 1; 0: unknown */
};

struct cf {
	const struct cf_entry *entry;
	size_t count;
	size_t room;
};

enum cf_syntax {
	CF_POSTFIX,		/* continued by a blank */
	CF_DOVECOT		/* continued by a backslash */
};

/* Lines of another form are skipped: both servers only warn of them. */
void cf_parse(struct arena *a, const char *text, enum cf_syntax syntax,
    struct cf *cf);

void cf_add(struct arena *a, struct cf *cf, const char *name,
    const char *value);
void cf_add_at(struct arena *a, struct cf *cf, const char *name,
    const char *value, size_t line);

/* The last one of this name, or NULL; and its value. */
const struct cf_entry *cf_find(const struct cf *cf, const char *name);
const char *cf_value(const struct cf *cf, const char *name);

#endif
