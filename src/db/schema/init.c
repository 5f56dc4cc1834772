/* Making the database and its schema, or finishing what was begun. */
#include <string.h>

#include "base/text.h"
#include "db/schema/private.h"

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
	return schema_names_free(w, false, e) && schema_thaw(w, e) &&
	    migrations_apply(w, version, e);
}

static bool
init(struct schema_work *w, const struct db_cells *versions, struct err *e)
{
	enum stage stage = stage_of(&w->catalogue, versions);

	if (stage == STAGE_COMPLETE)
		return true;
	if (stage == STAGE_OLDER)
		return init_finish(w, versions_newest(versions), e);
	if ((stage != STAGE_NONE && stage != STAGE_HALF_WAY) ||
	    catalogue_has_foreign(&w->catalogue))
		return stage_err(stage, e);
	return schema_names_free(w, false, e) && migrations_apply(w, 0, e);
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
	    schema_locked(&w, init, e);
}
