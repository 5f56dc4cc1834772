/* The schema: making it, knowing its state, bringing it up to date. */
#include "db/schema.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/text.h"
#include "db/schema_private.h"

const struct field schema_finding_fields[] = {
	FIELD(struct schema_finding, table, FIELD_TEXT),
	FIELD(struct schema_finding, name, FIELD_TEXT),
	FIELD(struct schema_finding, problem, FIELD_TEXT),
	FIELD(struct schema_finding, mend, FIELD_TEXT),
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

/* The comment of every table that sql/ makes. */
#define COMMENT "mailadm"

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
	return strcmp(row[2], COMMENT) == 0 ? TABLE_OURS : TABLE_FOREIGN;
}

bool
catalogue_is_view(const struct catalogue *c, const char *name)
{
	const char **row = catalogue_find(c, name);

	return row != NULL && strcmp(row[1], "VIEW") == 0;
}

/* --- the state ------------------------------------------------------- */

/*
 * Adoption makes schema_version before it takes over the tables, so both
 * together tell that it was interrupted.
 */
enum stage {
	STAGE_NONE,		/* nothing of ours, nothing to adopt */
	STAGE_FOREIGN,
	STAGE_HALF_WAY,
	STAGE_OLDER,
	STAGE_COMPLETE,
	STAGE_NEWER
};

static const struct stage_kind {
	enum err_code code;
	const char *summary;
	const char *hint;
} stage_kinds[] = {
	[STAGE_NONE] = { ERR_DATABASE,
	    "the tables are not there",
	    "create them with: mailadm schema init" },
	[STAGE_FOREIGN] = { ERR_DATABASE,
	    "the tables are not mailadm's",
	    "mailadm schema upgrade --dry-run tells whether they can be "
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

static bool
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

static bool
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

static int64_t
cell_number(const struct db_cells *cells, size_t row, size_t column)
{
	const char *text = cells->cell[row * cells->columns + column];

	return text == NULL ? FIELD_NULL : strtoll(text, NULL, 10);
}

static enum stage
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

/* --- a command at work ----------------------------------------------- */

void
schema_step(struct schema_work *w, const char *fmt, ...)
{
	struct text t = TEXT_INIT;
	va_list ap;

	va_start(ap, fmt);
	text_addv(&t, fmt, ap);
	va_end(ap);
	words_add(w->arena, &w->report->steps, arena_strdup(w->arena, t.buf));
	text_clear(&t);
}

bool
schema_run(struct schema_work *w, const char *statement, struct err *e)
{
	return w->options->dry_run || db_script(w->db, statement, e);
}

/*
 * The lock's name has to tell databases apart and at most 64 characters.
 * It goes with the session: the server ends that of a killed mailadm when
 * its last statement is done, for which the next one waits a little.
 */
static bool
work_lock(struct schema_work *w, struct err *e)
{
	struct db_cells got;

	if (!db_script_texts(w->db, w->arena, "SELECT GET_LOCK(CONCAT("
	    "'mailadm-schema-', MD5(DATABASE())), 30)", &got, e))
		return false;
	if (got.cell[0] != NULL && strcmp(got.cell[0], "1") == 0)
		return true;
	err_set(e, ERR_RETRY, "another schema command is at work");
	return err_hint(e, "try again when it is done");
}

static void
work_unlock(struct schema_work *w)
{
	struct err ignored = { 0 };
	struct db_cells cells;

	db_script_texts(w->db, w->arena, "SELECT RELEASE_LOCK(CONCAT("
	    "'mailadm-schema-', MD5(DATABASE())))", &cells, &ignored);
	err_clear(&ignored);
}

static bool
is_adoptable(const char *name)
{
	for (size_t i = 0; i < FOREIGN_TABLES; i++)
		if (strcmp(foreign_tables[i], name) == 0)
			return true;
	return false;
}

/*
 * Our tables' names must not be taken by somebody else's, but for those
 * that are being adopted.
 */
static bool
names_free(struct schema_work *w, bool adopting, struct err *e)
{
	for (size_t i = 0; i < w->migrations; i++) {
		const struct words *s = &w->migration[i].statements;

		for (size_t j = 0; j < s->count; j++) {
			const char *name = migration_table(w->arena,
			    s->word[j]);

			if (name == NULL || catalogue_owner(&w->catalogue,
			    name) != TABLE_FOREIGN ||
			    (adopting && is_adoptable(name)))
				continue;
			err_set(e, ERR_REFUSED, "the database has a table %s "
			    "that is not mailadm's", name);
			return err_hint(e, "rename it, or give mailadm a "
			    "database of its own");
		}
	}
	return true;
}

/* --- applying migrations --------------------------------------------- */

static bool
database_id(struct schema_work *w, const char **id, struct err *e)
{
	unsigned char bytes[16];
	struct text t = TEXT_INIT;
	struct db_cells old;

	if (!db_script_texts(w->db, w->arena, "SELECT MAX(database_id) "
	    "FROM schema_version", &old, e))
		return false;
	*id = old.cell[0];
	if (*id != NULL)
		return true;
	if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
		return err_errno(e, "no random bytes");
	for (size_t i = 0; i < sizeof(bytes); i++)
		text_addf(&t, "%02x", bytes[i]);
	*id = arena_strdup(w->arena, t.buf);
	text_clear(&t);
	return true;
}

/* The last word of a migration: from here on it is applied. */
static bool
version_write(struct schema_work *w, const struct migration *m,
    struct err *e)
{
	const char *id;

	return database_id(w, &id, e) && schema_run(w, arena_printf(w->arena,
	    "INSERT INTO schema_version (version, name, database_id) "
	    "VALUES (%" PRId64 ", '%s', '%s')", m->version, m->name, id), e);
}

static bool
migration_run(struct schema_work *w, const struct migration *m,
    struct err *e)
{
	for (size_t i = 0; i < m->statements.count; i++)
		if (!schema_run(w, m->statements.word[i], e))
			return err_wrap(e, "migration %" PRId64 " (%s)",
			    m->version, m->name);
	return true;
}

static bool
migrations_apply(struct schema_work *w, int64_t version, struct err *e)
{
	for (size_t i = 0; i < w->migrations; i++) {
		const struct migration *m = &w->migration[i];

		if (m->version <= version)
			continue;
		schema_step(w, "migration %" PRId64 " (%s): %zu statements",
		    m->version, m->name, m->statements.count);
		if (w->options->dry_run)
			continue;
		if (!migration_run(w, m, e) || !version_write(w, m, e))
			return false;
	}
	return true;
}

/* --- triggers -------------------------------------------------------- */

/* The statement that has the last word on a trigger. */
static const char *
trigger_statement(struct schema_work *w, const char *name)
{
	const char *last = NULL;

	for (size_t i = 0; i < w->migrations; i++) {
		const struct words *s = &w->migration[i].statements;

		for (size_t j = 0; j < s->count; j++) {
			const char *made = migration_trigger(w->arena,
			    s->word[j]);

			if (made != NULL && strcmp(made, name) == 0)
				last = s->word[j];
		}
	}
	return last;
}

#define TRIGGERS							\
    "SELECT t.trigger_name FROM information_schema.triggers AS t "	\
    "WHERE t.trigger_schema = DATABASE()"
#define RUNS_AS_SOMEBODY						\
    " AND EXISTS (SELECT 1 FROM mysql.user AS u WHERE CONVERT("	\
    "CONCAT(u.user, '@', u.host) USING utf8mb4) COLLATE utf8mb4_bin "	\
    "= CONVERT(t.definer USING utf8mb4))"

/*
 * Those that are there and run as an account that is; where the accounts
 * may not be looked at, those that are there.
 */
static bool
triggers_read(struct schema_work *w, struct words *sound, struct err *e)
{
	struct db_cells cells;
	bool ok = db_script_texts(w->db, w->arena, TRIGGERS RUNS_AS_SOMEBODY,
	    &cells, e);

	if (!ok && e->code == ERR_DENIED) {
		err_clear(e);
		ok = db_script_texts(w->db, w->arena, TRIGGERS, &cells, e);
	}
	for (size_t i = 0; ok && i < cells.rows; i++)
		words_add(w->arena, sound, cells.cell[i]);
	return ok;
}

static bool
words_have(const struct words *words, const char *word)
{
	for (size_t i = 0; i < words->count; i++)
		if (strcmp(words->word[i], word) == 0)
			return true;
	return false;
}

/* A dump without triggers, an account that was dropped: made anew. */
static bool
triggers_mend(struct schema_work *w, struct err *e)
{
	struct words sound = { 0 }, made = { 0 };

	if (!triggers_read(w, &sound, e))
		return false;
	for (size_t i = 0; i < w->migrations; i++) {
		const struct words *s = &w->migration[i].statements;

		for (size_t j = 0; j < s->count; j++) {
			const char *name = migration_trigger(w->arena,
			    s->word[j]);

			if (name == NULL || words_have(&sound, name) ||
			    words_have(&made, name))
				continue;
			words_add(w->arena, &made, name);
			schema_step(w, "create the trigger %s again", name);
			if (!schema_run(w, trigger_statement(w, name), e))
				return false;
		}
	}
	return true;
}

/* --- commands -------------------------------------------------------- */

static bool
work_begin(struct schema_work *w, struct db_cells *versions, struct err *e)
{
	w->migration = migrations_read(w->arena, &w->migrations);
	if (!w->options->dry_run && !work_lock(w, e))
		return false;
	return catalogue_read(w->db, w->arena, &w->catalogue, e) &&
	    versions_read(w->db, w->arena, &w->catalogue, versions, e);
}

static const char *
quoted(struct arena *a, const char *name)
{
	struct text t = TEXT_INIT;
	const char *result;

	text_add_char(&t, '`');
	for (; *name != '\0'; name++) {
		if (*name == '`')
			text_add_char(&t, '`');
		text_add_char(&t, *name);
	}
	text_add_char(&t, '`');
	result = arena_strdup(a, t.buf);
	text_clear(&t);
	return result;
}

/* An administrator is connected even where the database does not exist. */
static bool
database_make(struct schema_work *w, struct err *e)
{
	const char *name = db_name(w->db);
	struct db_cells current;

	if (!db_script_texts(w->db, w->arena, "SELECT DATABASE()", &current,
	    e))
		return false;
	if (name == NULL && current.cell[0] != NULL)
		return true;
	if (name == NULL) {
		err_set(e, ERR_DATABASE, "no database is named");
		return err_hint(e, "set database in the group [mailadm] of "
		    "the option file, or give --database");
	}
	if (current.cell[0] != NULL && strcmp(current.cell[0], name) == 0)
		return true;
	schema_step(w, "create the database %s", name);
	return schema_run(w, arena_printf(w->arena, "CREATE DATABASE IF NOT "
		"EXISTS %s CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin",
		quoted(w->arena, name)), e) &&
	    schema_run(w, arena_printf(w->arena, "USE %s",
		quoted(w->arena, name)), e);
}

static bool
has_foreign_tables(const struct catalogue *c)
{
	for (size_t i = 0; i < FOREIGN_TABLES; i++)
		if (catalogue_owner(c, foreign_tables[i]) == TABLE_FOREIGN)
			return true;
	return false;
}

static bool
init(struct schema_work *w, const struct db_cells *versions, struct err *e)
{
	enum stage stage = stage_of(&w->catalogue, versions);

	if (stage == STAGE_COMPLETE)
		return true;
	if ((stage != STAGE_NONE && stage != STAGE_HALF_WAY) ||
	    has_foreign_tables(&w->catalogue))
		return stage_err(stage, e);
	return names_free(w, false, e) && migrations_apply(w, 0, e);
}

bool
schema_init(struct db *db, struct arena *a, bool dry_run,
    struct schema_report *report, struct err *e)
{
	struct schema_options options = { .dry_run = dry_run };
	struct schema_work w = { .db = db, .arena = a, .options = &options,
	    .report = report };
	struct db_cells versions;
	bool ok;

	*report = (struct schema_report){ 0 };
	if (!database_make(&w, e))
		return false;
	ok = work_begin(&w, &versions, e) && init(&w, &versions, e);
	work_unlock(&w);
	return ok;
}

static bool
adopt(struct schema_work *w, struct err *e)
{
	if (w->options->drop_old) {
		err_set(e, ERR_REFUSED, "the tables are not adopted yet");
		return err_hint(e, "run mailadm schema upgrade first, look at "
		    "the result, then drop the old tables");
	}
	return names_free(w, true, e) && schema_adopt(w, e) &&
	    migrations_apply(w, 0, e);
}

static bool
upgrade(struct schema_work *w, const struct db_cells *versions,
    struct err *e)
{
	enum stage stage = stage_of(&w->catalogue, versions);
	int64_t version = versions->rows == 0 ? 0 :
	    cell_number(versions, versions->rows - 1, 0);

	if (stage == STAGE_NONE || stage == STAGE_NEWER)
		return stage_err(stage, e);
	if (version == 0 && has_foreign_tables(&w->catalogue))
		return adopt(w, e);
	if (!names_free(w, false, e) || !schema_thaw(w, e))
		return false;
	if (stage == STAGE_COMPLETE && !triggers_mend(w, e))
		return false;
	return migrations_apply(w, version, e) &&
	    (!w->options->drop_old || schema_drop_old(w, e));
}

bool
schema_upgrade(struct db *db, struct arena *a,
    const struct schema_options *options, struct schema_report *report,
    struct err *e)
{
	struct schema_work w = { .db = db, .arena = a, .options = options,
	    .report = report };
	struct db_cells versions;
	bool ok;

	*report = (struct schema_report){ 0 };
	ok = work_begin(&w, &versions, e) && upgrade(&w, &versions, e);
	work_unlock(&w);
	return ok;
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
