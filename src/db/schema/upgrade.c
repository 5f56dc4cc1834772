/* Bringing the schema up to date: the migrations, and adoption before them. */
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

bool
schema_names_free(struct schema_work *w, bool adopting, struct err *e)
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

bool
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

static bool
adopt(struct schema_work *w, struct err *e)
{
	if (w->options->drop_old) {
		err_set(e, ERR_REFUSED, "the tables are not adopted yet");
		return err_hint(e, "run mailadm schema upgrade first, look at "
		    "the result, then drop the old tables");
	}
	if (!schema_names_free(w, true, e) || !schema_adopt(w, e))
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
	int64_t version = versions_newest(versions);

	if (stage == STAGE_NONE || stage == STAGE_NEWER)
		return stage_err(stage, e);
	if (version == 0 && catalogue_has_foreign(&w->catalogue))
		return adopt(w, e);
	if (!schema_names_free(w, false, e) || !schema_thaw(w, e))
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
	return schema_binlog_check(&w, e) && schema_locked(&w, upgrade, e);
}
