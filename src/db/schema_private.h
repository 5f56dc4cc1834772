/* What schema.c and schema_adopt.c share. */
#ifndef DB_SCHEMA_PRIVATE_H
#define DB_SCHEMA_PRIVATE_H

#include "db/migration.h"
#include "db/schema.h"

/* The tables of the database and what is known of them. */
struct catalogue {
	struct db_cells tables;		/* name, type, comment */
};

/* A schema command at work. */
struct schema_work {
	struct db *db;
	struct arena *arena;
	const struct schema_options *options;
	struct schema_report *report;
	const struct migration *migration;
	size_t migrations;
	struct catalogue catalogue;
};

/* The three tables that a foreign database has too. */
#define FOREIGN_TABLES 3
extern const char *const foreign_tables[FOREIGN_TABLES];

enum table_owner {
	TABLE_ABSENT,
	TABLE_OURS,
	TABLE_FOREIGN
};

bool catalogue_read(struct db *db, struct arena *a, struct catalogue *c,
    struct err *e);
enum table_owner catalogue_owner(const struct catalogue *c, const char *name);
bool catalogue_is_view(const struct catalogue *c, const char *name);

/* Notes a step; runs the statement unless this is a dry run. */
void schema_step(struct schema_work *w, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
bool schema_run(struct schema_work *w, const char *statement, struct err *e);

/*
 * Takes over the foreign tables, up to the swap.  Migration 1 has then to
 * be run once more, for what it makes besides them.
 */
bool schema_adopt(struct schema_work *w, struct err *e);

/* Undoes what only a running adoption needs; nothing when there is none. */
bool schema_thaw(struct schema_work *w, struct err *e);

/* Drops the old_* tables. */
bool schema_drop_old(struct schema_work *w, struct err *e);

#endif
