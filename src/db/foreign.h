/*
 * Databases of other mail systems: what tables they have, and their rows.
 *
 * Which table holds what is said elsewhere (model/foreign/map.h); here names
 * from the catalogue become one SELECT, quoted.  Nothing is ever written
 * there, and everything is read in one consistent read-only snapshot.
 */
#ifndef DB_FOREIGN_H
#define DB_FOREIGN_H

#include "base/arena.h"
#include "base/field.h"
#include "base/vector.h"
#include "db/db.h"

/* --- the catalogue ------------------------------------------------------ */

struct foreign_column {
	const char *name;
	const char *type;	/* "int", "varchar", "enum" */
	const char *standard;	/* of a row that gives none; NULL: NULL */
	bool number;		/* of a type of numbers */
	bool automatic;		/* numbered, or computed from others */
};

struct foreign_table {
	const char *name;
	bool view;
	VECTOR(struct foreign_column) columns;
	VECTOR(size_t) key;	/* columns of the primary key */
};

struct foreign_catalogue {
	VECTOR(struct foreign_table) tables;
};

/*
 * Connects, begins the snapshot and reads what tables the account may see;
 * foreign_end() ends it.
 */
bool foreign_begin(struct db *db, struct arena *a,
    struct foreign_catalogue *catalogue, struct err *e);
void foreign_end(struct db *db);

/* The catalogue alone, of a connection that is open. */
bool foreign_catalogue_read(struct db *db, struct arena *a,
    struct foreign_catalogue *catalogue, struct err *e);
void foreign_catalogue_clear(struct foreign_catalogue *catalogue);

/* By name, in any case of its letters; or NULL. */
const struct foreign_table *foreign_table_find(
    const struct foreign_catalogue *catalogue, const char *name);

/* The number of the column, or -1. */
ptrdiff_t foreign_column_find(const struct foreign_table *table,
    const char *name);

/* --- rows --------------------------------------------------------------- */

/* A table whose row goes with each row, by a key; or none does. */
struct foreign_join {
	const struct foreign_table *table;
	size_t key;		/* its column */
	size_t of;		/* 0: the table, n: join n - 1 */
	size_t column;		/* which has the same value */
};

struct foreign_select {
	const struct foreign_table *table;
	VECTOR(struct foreign_join) joins;
	/* Sorted by these columns of the table, then by its primary key. */
	VECTOR(size_t) order;
};

/* NULL is SQL NULL; a text may have NULs in it. */
struct foreign_cell {
	const char *text;
	size_t len;
};

/*
 * Calls `each` with the cells of all columns of the table, then of those of
 * each join; they live until it returns.
 */
typedef bool (*foreign_row_each)(void *arg, const struct foreign_cell *cell,
    struct err *e);

bool foreign_each(struct db *db, const struct foreign_select *select,
    foreign_row_each each, void *arg, struct err *e);

/* How many rows it has. */
bool foreign_count(struct db *db, const struct foreign_table *table,
    int64_t *rows, struct err *e);

/* --- for other sources of rows ----------------------------------------- */

/* The columns of the database: one cell "TABLE.COLUMN" in each row. */
bool foreign_columns(struct db *db, struct arena *a,
    struct db_cells *columns, struct err *e);

/*
 * Of TABLE.COLUMN words the first that does not exist, with the prefix, or
 * NULL.
 */
const char *foreign_lacks(struct arena *a, const struct db_cells *columns,
    const char *prefix, const char *wanted);

/* Appends the query with the prefix in place of each $. */
void foreign_prefixed(struct text *t, const char *query, const char *prefix);

#endif
