/*
 * The migrations in sql/, as statements.
 *
 * A file NNN-name.sql is migration NNN; they go from 1 up without gaps.  A
 * gap is a bug of the files, and the program does not start with it.
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

/*
 * What a statement makes, or NULL: the table of a CREATE TABLE IF NOT
 * EXISTS, the trigger of a CREATE OR REPLACE TRIGGER; without backticks.
 */
const char *migration_table(struct arena *a, const char *statement);
const char *migration_trigger(struct arena *a, const char *statement);

#endif
