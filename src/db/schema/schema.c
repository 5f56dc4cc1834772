/* The schema: creating it, and bringing it up to date. */
#include <inttypes.h>
#include <string.h>
#include <sys/random.h>

#include "base/text.h"
#include "base/words.h"
#include "db/schema/private.h"

/* --- names ----------------------------------------------------------- */

static bool
is_adoptable(const char *name)
{
	for (size_t i = 0; i < FOREIGN_TABLES; i++)
		if (strcmp(foreign_tables[i], name) == 0)
			return true;
	return false;
}

/*
 * Refuses foreign tables with the names of ours, except those that are
 * adopted.
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

/* The last statement of a migration: now it counts as applied. */
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
		schema_step(w, "migration %" PRId64 " (%s): %zu statement%s",
		    m->version, m->name, m->statements.count,
		    m->statements.count == 1 ? "" : "s");
		if (w->options->dry_run)
			continue;
		if (!migration_run(w, m, e) || !version_write(w, m, e))
			return false;
	}
	return true;
}

/* --- triggers -------------------------------------------------------- */

/* The last statement in sql/ that creates the trigger. */
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
 * The triggers that exist and run as an account that exists; all triggers
 * where the accounts cannot be read.
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

/* Creates triggers again that a dump left out, or whose account was dropped. */
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

/* An administrator can connect although the database does not exist. */
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

/* 0: none is complete. */
static int64_t
newest_version(const struct db_cells *versions)
{
	return versions->rows == 0 ? 0 :
	    cell_number(versions, versions->rows - 1, 0);
}

static bool
has_foreign_tables(const struct catalogue *c)
{
	for (size_t i = 0; i < FOREIGN_TABLES; i++)
		if (catalogue_owner(c, foreign_tables[i]) == TABLE_FOREIGN)
			return true;
	return false;
}

/*
 * True when the schema was ever used.  Removed rows leave history, and pruned
 * history leaves an entry.
 */
static bool
is_unused(struct schema_work *w, bool *unused, struct err *e)
{
	static const char *const written[] = { "domains", "users", "aliases",
	    "homes", "changes", "history", NULL };
	struct db_cells found;

	*unused = true;
	for (size_t i = 0; written[i] != NULL && *unused; i++) {
		*unused = catalogue_owner(&w->catalogue, written[i]) ==
		    TABLE_OURS;
		if (!*unused)
			break;
		if (!db_script_texts(w->db, w->arena, arena_printf(w->arena,
		    "SELECT 1 FROM %s LIMIT 1", written[i]), &found, e))
			return false;
		*unused = found.rows == 0;
	}
	return true;
}

/*
 * An init that was interrupted between two versions leaves an older schema
 * that nobody has used.  One that was made long ago and never used looks the
 * same, and has nothing to lose either.
 */
static bool
init_finish(struct schema_work *w, int64_t version, struct err *e)
{
	bool unused;

	if (!is_unused(w, &unused, e))
		return false;
	if (!unused)
		return stage_err(STAGE_OLDER, e);
	return names_free(w, false, e) && schema_thaw(w, e) &&
	    migrations_apply(w, version, e);
}

static bool
init(struct schema_work *w, const struct db_cells *versions, struct err *e)
{
	enum stage stage = stage_of(&w->catalogue, versions);

	if (stage == STAGE_COMPLETE)
		return true;
	if (stage == STAGE_OLDER)
		return init_finish(w, newest_version(versions), e);
	if ((stage != STAGE_NONE && stage != STAGE_HALF_WAY) ||
	    has_foreign_tables(&w->catalogue))
		return stage_err(stage, e);
	return names_free(w, false, e) && migrations_apply(w, 0, e);
}

/* Under the lock that only one schema command can have. */
static bool
locked(struct schema_work *w, bool (*action)(struct schema_work *w,
    const struct db_cells *versions, struct err *e), struct err *e)
{
	struct db_cells versions;
	bool ok = schema_work_begin(w, &versions, e) && action(w, &versions,
	    e);

	schema_work_end(w);
	return ok;
}

bool
schema_init(struct db *db, struct arena *a, bool dry_run,
    struct schema_report *report, struct err *e)
{
	struct schema_options options = { .dry_run = dry_run };
	struct schema_work w = { .db = db, .arena = a, .options = &options,
	    .report = report };

	*report = (struct schema_report){ 0 };
	return schema_binlog_check(&w, e) && database_make(&w, e) &&
	    locked(&w, init, e);
}

static bool
adopt(struct schema_work *w, struct err *e)
{
	if (w->options->drop_old) {
		err_set(e, ERR_REFUSED, "the tables are not adopted yet");
		return err_hint(e, "run mailadm schema upgrade first, look at "
		    "the result, then drop the old tables");
	}
	if (!names_free(w, true, e) || !schema_adopt(w, e))
		return false;
	return (w->options->dry_run ||
	    version_write(w, &w->migration[0], e)) &&
	    migrations_apply(w, w->migration[0].version, e);
}

static bool
upgrade(struct schema_work *w, const struct db_cells *versions,
    struct err *e)
{
	enum stage stage = stage_of(&w->catalogue, versions);
	int64_t version = newest_version(versions);

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

	*report = (struct schema_report){ 0 };
	return schema_binlog_check(&w, e) && locked(&w, upgrade, e);
}

bool
schema_restore(struct db *db, struct arena *a,
    const struct schema_options *options, struct schema_report *report,
    struct err *e)
{
	struct schema_work w = { .db = db, .arena = a, .options = options,
	    .report = report };

	*report = (struct schema_report){ 0 };
	return locked(&w, schema_restore_old, e);
}
