/* The state of the schema: which tables exist, and what that means. */
#include "db/schema/schema.h"

#include <stdlib.h>
#include <string.h>

#include "db/schema/private.h"

const struct field schema_finding_fields[] = {
	FIELD(struct schema_finding, table, FIELD_TEXT),
	FIELD(struct schema_finding, name, FIELD_TEXT),
	FIELD(struct schema_finding, problem, FIELD_TEXT),
	FIELD(struct schema_finding, fix, FIELD_TEXT),
	{ 0 }
};

const struct field schema_migration_fields[] = {
	FIELD(struct schema_migration, version, FIELD_NUMBER),
	FIELD(struct schema_migration, name, FIELD_TEXT),
	FIELD(struct schema_migration, state, FIELD_TEXT),
	FIELD(struct schema_migration, applied, FIELD_TIME),
	{ 0 }
};

const char *const foreign_tables[FOREIGN_TABLES] = {
	"domains", "users", "aliases"
};

/* --- the catalogue --------------------------------------------------- */

bool
catalogue_read(struct db *db, struct arena *a, struct catalogue *c,
    struct err *e)
{
	return db_script_texts(db, a,
	    "SELECT table_name, table_type, table_comment "
	    "FROM information_schema.tables "
	    "WHERE table_schema = DATABASE()", &c->tables, e);
}

static const char **
catalogue_find(const struct catalogue *c, const char *name)
{
	const char **row = c->tables.cell;

	for (size_t i = 0; i < c->tables.rows; i++, row += c->tables.columns)
		if (strcmp(row[0], name) == 0)
			return row;
	return NULL;
}

enum table_owner
catalogue_owner(const struct catalogue *c, const char *name)
{
	const char **row = catalogue_find(c, name);

	if (row == NULL)
		return TABLE_ABSENT;
	return strcmp(row[2], SCHEMA_MARK) == 0 ? TABLE_OURS : TABLE_FOREIGN;
}

bool
catalogue_has(const struct catalogue *c, const char *name)
{
	return catalogue_find(c, name) != NULL;
}

bool
catalogue_is_view(const struct catalogue *c, const char *name)
{
	const char **row = catalogue_find(c, name);

	return row != NULL && strcmp(row[1], "VIEW") == 0;
}

bool
catalogue_has_foreign(const struct catalogue *c)
{
	for (size_t i = 0; i < FOREIGN_TABLES; i++)
		if (catalogue_owner(c, foreign_tables[i]) == TABLE_FOREIGN)
			return true;
	return false;
}

/* --- the state ------------------------------------------------------- */

static const struct stage_kind {
	enum err_code code;
	const char *summary;
	const char *hint;
} stage_kinds[] = {
	[STAGE_NONE] = { ERR_DATABASE,
	    "the tables do not exist",
	    "create them with: mailadm schema init" },
	[STAGE_FOREIGN] = { ERR_DATABASE,
	    "the tables are not mailadm's",
	    "mailadm schema upgrade --dry-run shows whether they can be "
	    "adopted" },
	[STAGE_HALF_WAY] = { ERR_REFUSED,
	    "the schema is half-way: a schema command was interrupted",
	    "finish it with: mailadm schema upgrade" },
	[STAGE_OLDER] = { ERR_REFUSED,
	    "the schema is older than the program",
	    "bring it up to date with: mailadm schema upgrade" },
	[STAGE_COMPLETE] = { ERR_NONE,
	    "complete", NULL },
	[STAGE_NEWER] = { ERR_REFUSED,
	    "the schema is newer than the program",
	    "install the version of mailadm that the others use" },
};

bool
stage_err(enum stage stage, struct err *e)
{
	const struct stage_kind *kind = &stage_kinds[stage];

	err_set(e, kind->code, "%s", kind->summary);
	return err_hint(e, "%s", kind->hint);
}

static enum stage
stage_of_version(int64_t version)
{
	int64_t newest = migration_newest();

	if (version == 0)
		return STAGE_HALF_WAY;
	if (version == newest)
		return STAGE_COMPLETE;
	return version < newest ? STAGE_OLDER : STAGE_NEWER;
}

/* Of a database whose schema_version is not ours, or holds nothing. */
static enum stage
stage_without_version(const struct catalogue *c)
{
	bool begun = catalogue_owner(c, "schema_version") == TABLE_OURS;

	if (begun)
		return STAGE_HALF_WAY;
	for (size_t i = 0; i < FOREIGN_TABLES; i++)
		if (catalogue_owner(c, foreign_tables[i]) != TABLE_ABSENT)
			return STAGE_FOREIGN;
	return STAGE_NONE;
}

bool
versions_read(struct db *db, struct arena *a, const struct catalogue *c,
    struct db_cells *versions, struct err *e)
{
	*versions = (struct db_cells){ 0 };
	if (catalogue_owner(c, "schema_version") != TABLE_OURS)
		return true;
	return db_script_texts(db, a, "SELECT version, name, "
	    "UNIX_TIMESTAMP(applied), database_id FROM schema_version "
	    "ORDER BY version", versions, e);
}

int64_t
cell_number(const struct db_cells *cells, size_t row, size_t column)
{
	const char *text = cells->cell[row * cells->columns + column];

	return text == NULL ? FIELD_NULL : strtoll(text, NULL, 10);
}

int64_t
versions_newest(const struct db_cells *versions)
{
	return versions->rows == 0 ? 0 :
	    cell_number(versions, versions->rows - 1, 0);
}

enum stage
stage_of(const struct catalogue *c, const struct db_cells *versions)
{
	if (versions->rows == 0)
		return stage_without_version(c);
	return stage_of_version(cell_number(versions, versions->rows - 1, 0));
}

/* What is wrong with a database whose version cannot be read. */
static bool
explain(struct db *db, struct err *e)
{
	struct arena a = { 0 };
	struct catalogue c = { 0 };
	struct err ignored = { 0 };
	enum stage stage = STAGE_COMPLETE;

	if (catalogue_read(db, &a, &c, &ignored))
		stage = stage_without_version(&c);
	if (stage == STAGE_FOREIGN ||
	    (stage == STAGE_NONE && e->code != ERR_DENIED)) {
		err_clear(e);
		stage_err(stage, e);
	}
	err_clear(&ignored);
	arena_clear(&a);
	return false;
}

bool
schema_usable(struct db *db, struct err *e)
{
	enum stage stage;
	int64_t version;

	if (!db_number(db, SQL_SCHEMA_VERSION, NO_PARAMS, &version, e))
		return explain(db, e);
	stage = stage_of_version(version);
	return stage == STAGE_COMPLETE || stage_err(stage, e);
}

/* --- status ---------------------------------------------------------- */

static void
status_applied(struct arena *a, const struct db_cells *versions,
    struct schema_status *status)
{
	for (size_t i = 0; i < versions->rows; i++) {
		const char *const *cell = versions->cell +
		    i * versions->columns;

		status->migration[status->count++] =
		    (struct schema_migration){
			.version = cell_number(versions, i, 0),
			.name = arena_strdup(a, cell[1]),
			.state = cell_number(versions, i, 0) <=
			    migration_newest() ? "applied" : "unknown",
			.applied = cell_number(versions, i, 2),
		    };
		status->database_id = cell[3];
	}
}

static void
status_pending(const struct migration *m, size_t count, enum stage stage,
    struct schema_status *status)
{
	size_t applied = status->count;

	for (size_t i = 0; i < count; i++) {
		if (applied > 0 && m[i].version <=
		    status->migration[applied - 1].version)
			continue;
		status->migration[status->count++] =
		    (struct schema_migration){
			.version = m[i].version,
			.name = m[i].name,
			.state = stage == STAGE_HALF_WAY && i == 0 ?
			    "half-way" : "pending",
			.applied = FIELD_NULL,
		    };
	}
}

bool
schema_status(struct db *db, struct arena *a, struct schema_status *status,
    struct err *e)
{
	struct catalogue c = { 0 };
	struct db_cells versions;
	const struct migration *m;
	enum stage stage;
	size_t count;

	*status = (struct schema_status){ 0 };
	if (!catalogue_read(db, a, &c, e) ||
	    !versions_read(db, a, &c, &versions, e))
		return false;
	stage = stage_of(&c, &versions);
	m = migrations_read(a, &count);
	status->summary = stage_kinds[stage].summary;
	status->migration = arena_array(a, versions.rows + count + 1,
	    sizeof(*status->migration));
	status_applied(a, &versions, status);
	status_pending(m, count, stage, status);
	return true;
}
