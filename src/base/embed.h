/*
 * The text files that belong to the program, as they were when it was built.
 *
 * The table is made by embed.awk from sql/, postfix/, dovecot/ and
 * src/examples/: in the order of their names, ended by { 0 }.  Migrations
 * are sql/NNN-name.sql; the others are templates of what "config render"
 * writes.
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
