/*
 * What the files of the schema share.
 *
 * They use each other in one direction: migration.c, state.c, work.c,
 * carried.c, judge.c, adopt.c, upgrade.c, init.c; work.c and restore.c; and
 * state.c, survey.c, then survey_server.c and facts.c, which compares
 * expressions by expression.c.
 */
#ifndef DB_SCHEMA_PRIVATE_H
#define DB_SCHEMA_PRIVATE_H

#include "db/adopted.h"
#include "db/schema/migration.h"
#include "db/schema/schema.h"

/* The comment of every table that sql/ makes. */
#define SCHEMA_MARK "mailadm"

/* The comment of a table that adoption made in place of a missing one. */
#define STAND_IN_MARK "empty, made by mailadm schema upgrade"

/* The program of the change that adoption is. */
#define ADOPTION_PROGRAM "mailadm schema upgrade"

/* The tables of the database and what is known of them. */
struct catalogue {
	struct db_cells tables;		/* name, type, comment */
};

/* A schema command that is running. */
struct schema_work {
	struct db *db;
	struct arena *arena;
	const struct schema_options *options;
	struct schema_report *report;
	const struct migration *migration;
	size_t migrations;
	struct catalogue catalogue;
	size_t odd_hashes;		/* of users taken over */
	struct {
		const char *column;	/* of the old table; or NULL */
		const char *below;	/* what goes on the path of a home */
		bool is_bits;
		bool is_bytes;		/* of no character set */
	} carried[ADOPTED_COLUMNS];
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
bool catalogue_has(const struct catalogue *c, const char *name);
bool catalogue_is_view(const struct catalogue *c, const char *name);
bool catalogue_has_foreign(const struct catalogue *c);

/*
 * Adoption makes schema_version before it takes over the tables, so where both
 * exist it was interrupted.
 */
enum stage {
	STAGE_NONE,		/* nothing of ours, nothing to adopt */
	STAGE_FOREIGN,
	STAGE_HALF_WAY,
	STAGE_OLDER,
	STAGE_COMPLETE,
	STAGE_NEWER
};

/* ERR_REFUSED or ERR_DATABASE with what to type about it. */
bool stage_err(enum stage stage, struct err *e);

/* version, name, applied, database_id: no rows where it is not ours. */
bool versions_read(struct db *db, struct arena *a, const struct catalogue *c,
    struct db_cells *versions, struct err *e);
enum stage stage_of(const struct catalogue *c,
    const struct db_cells *versions);
int64_t cell_number(const struct db_cells *cells, size_t row, size_t column);

/* 0: none is complete. */
int64_t versions_newest(const struct db_cells *versions);

/* ERR_REFUSED where the server's binary log does not allow the writes. */
bool schema_binlog_check(struct schema_work *w, struct err *e);

/*
 * Looks at the tables and runs the action, under the lock that only one schema
 * command can have.
 */
bool schema_locked(struct schema_work *w, bool (*action)(struct schema_work *w,
    const struct db_cells *versions, struct err *e), struct err *e);

/* Adds a step to the report; runs the statement unless in a dry run. */
void schema_step(struct schema_work *w, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
bool schema_run(struct schema_work *w, const char *statement, struct err *e);

/*
 * Checks every row of the old tables by every rule; the findings are in the
 * report.  ERR_INVALID if one remains that is not fixed.
 */
bool schema_judge(struct schema_work *w, struct err *e);

/* Looks which columns of carried.c the old tables have. */
bool schema_carried_look(struct schema_work *w, struct err *e);

/* Whether that column of an old table is carried over. */
bool schema_carried_has(const struct schema_work *w, const char *table,
    const char *column);

/*
 * The statement with the value of an old row in place of {users.home} and the
 * like, or with the default where the old table has no such column; with the
 * name of the old column for OLD_EMAIL and what else a table must have.
 */
const char *schema_carried_fill(struct schema_work *w,
    const char *statement);

/* Calls `each` with table, name, problem and fix of each wrong value. */
bool schema_carried_judge(struct schema_work *w, db_cells_each each,
    void *arg, struct err *e);

/* Takes over the foreign tables: migration 1 but for its version. */
bool schema_adopt(struct schema_work *w, struct err *e);

/* Removes what only a running adoption needs. */
bool schema_thaw(struct schema_work *w, struct err *e);

/* Drops the old_* tables. */
bool schema_drop_old(struct schema_work *w, struct err *e);

/*
 * Refuses foreign tables with the names of ours, except those that are
 * adopted.
 */
bool schema_names_free(struct schema_work *w, bool adopting, struct err *e);

/* Applies those that are newer than the version. */
bool migrations_apply(struct schema_work *w, int64_t version, struct err *e);

/* --- expressions on the old tables ----------------------------------- */

/* The columns that they must have: marks for schema_carried_fill(). */
#define OLD_DOMAIN "{domains.domain}"
#define OLD_EMAIL "{users.email}"
#define OLD_CRYPT "{users.crypt}"
#define OLD_MAIL "{aliases.mail}"
#define OLD_TO "{aliases.destination}"

/*
 * What is stored of a value.  The rules in C have accepted it before, so
 * that LOWER() meets ASCII only and LEFT() cuts nothing: it makes a short
 * type of it, which temporary tables can have a key on.
 */
#define FOLD(column)							\
    "(LEFT(LOWER(REGEXP_REPLACE(CONVERT(" column " USING utf8mb4), "	\
    "'^[[:space:]]+|[[:space:]]+$', '')), 400) COLLATE utf8mb4_nopad_bin)"
/* A NUL would end the text in C; a backslash is in no valid value. */
#define SHOWN(column)							\
    "REPLACE(CONVERT(" column " USING utf8mb4), CHAR(0), '\\\\0')"
#define DOMAIN_OF(column)						\
    "SUBSTRING_INDEX(" FOLD(column) ", '@', -1)"
#define HASH(column)							\
    "(CONVERT(" column " USING utf8mb4) COLLATE utf8mb4_nopad_bin)"

/* Rows of aliases as a, each part of its destination as p.part. */
#define ALIAS_PARTS							\
    "aliases AS a JOIN JSON_TABLE(CONCAT('[', REPLACE(JSON_QUOTE("	\
    "CONVERT(a." OLD_TO " USING utf8mb4)), ',', '\",\"'), "	\
    "']'), "								\
    "'$[*]' COLUMNS (part VARCHAR(400) CHARACTER SET utf8mb4 "		\
    "PATH '$')) AS p"
#define PART_GIVEN FOLD("p.part") " <> ''"

#endif
