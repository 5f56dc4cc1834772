/*
 * The migrations in sql/, as statements.
 *
 * A file NNN-name.sql is migration NNN; they go from 1 up without gaps.  A
 * statement ends at a line that ends with the delimiter in force (";" or
 * what a DELIMITER line said, as in the mariadb client); lines that begin
 * with "--" between statements are comments.  Anything else is a bug of the
 * file, and the program does not start with it.
 */
#ifndef DB_SCHEMA_MIGRATION_H
#define DB_SCHEMA_MIGRATION_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/words.h"

struct migration {
	int64_t version;
	const char *name;		/* "mail" */
	struct words statements;
};

/* The version that the program needs. */
int64_t migration_newest(void);

/* All of them, in order; *count is migration_newest(). */
const struct migration *migrations_read(struct arena *a, size_t *count);

/* Those of a file that is no migration: "sql/grants.sql". */
struct words embedded_statements(struct arena *a, const char *name);

/*
 * What a statement makes, or NULL: the table of a CREATE TABLE IF NOT
 * EXISTS, the trigger of a CREATE OR REPLACE TRIGGER; without backticks.
 */
const char *migration_table(struct arena *a, const char *statement);
const char *migration_trigger(struct arena *a, const char *statement);

#endif
