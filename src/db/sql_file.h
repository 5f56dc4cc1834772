/*
 * The files of sql/, which are built into the program, as statements.
 *
 * A statement ends at a line that ends with the delimiter in force: ";", or
 * the one of the last DELIMITER line, as in the mariadb client.  Lines that
 * begin with "--" between statements are comments.
 */
#ifndef DB_SQL_FILE_H
#define DB_SQL_FILE_H

#include "base/arena.h"
#include "base/words.h"

struct words sql_statements_split(struct arena *a, const char *text);

/* Those of one file: "sql/grants.sql". */
struct words sql_file_statements(struct arena *a, const char *name);

#endif
