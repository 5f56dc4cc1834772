/*
 * The text files that are built into the program.
 *
 * embed.awk makes the table from sql/, postfix/, dovecot/, src/examples/,
 * src/maps/ and src/pages/, sorted by name, and of lists of words; { 0 }
 * ends it.  sql/NNN-name.sql are migrations, maps/NAME.map say what other
 * systems' tables hold, pages/ is the report; the others are templates that
 * "config render" fills in.
 */
#ifndef BASE_EMBED_H
#define BASE_EMBED_H

#include <stddef.h>

struct embedded {
	const char *name;	/* "sql/grants.sql"; NULL ends the table */
	const char *text;	/* NUL-terminated, ends with a newline */
	size_t len;		/* bytes, without the NUL */
};

extern const struct embedded embedded_files[];

#endif
