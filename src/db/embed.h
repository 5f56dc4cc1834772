/*
 * The files of sql/ as they were when the program was built.
 *
 * The tables are made by embed.awk from the folder of the same name: sorted
 * by name, ended by { 0 }.  Migrations are NNN-name.sql.
 */
#ifndef DB_EMBED_H
#define DB_EMBED_H

#include <stddef.h>

struct embedded {
	const char *name;	/* without the folder; NULL ends the table */
	const char *text;	/* NUL-terminated, ends with a newline */
	size_t len;		/* bytes, without the NUL */
};

extern const struct embedded embedded_sql[];

#endif
