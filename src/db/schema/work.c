/* A schema command that is running: its lock, its steps, its statements. */
#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "db/schema/private.h"

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
 * The lock's name is different for each database and has at most 64
 * characters.
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
	err_set(e, ERR_RETRY, "another schema command is running");
	return err_hint(e, "try again when it has finished");
}

/*
 * Statements are logged as they are with that format, and InnoDB takes none
 * that writes at READ COMMITTED then: the first migration would end at its
 * first row, and each command later on.
 */
bool
schema_binlog_check(struct schema_work *w, struct err *e)
{
	struct db_cells cells;

	if (!db_script_texts(w->db, w->arena, "SELECT 1 FROM DUAL WHERE "
	    "@@log_bin AND @@binlog_format = 'STATEMENT'", &cells, e))
		return false;
	if (cells.rows == 0)
		return true;
	err_set(e, ERR_REFUSED, "the server takes no writes of mailadm with "
	    "binlog_format = STATEMENT");
	return err_hint(e, "set binlog_format = MIXED or ROW in the "
	    "configuration of the server");
}

static bool
work_begin(struct schema_work *w, struct db_cells *versions,
    struct err *e)
{
	w->migration = migrations_read(w->arena, &w->migrations);
	if (!w->options->dry_run && !work_lock(w, e))
		return false;
	return catalogue_read(w->db, w->arena, &w->catalogue, e) &&
	    versions_read(w->db, w->arena, &w->catalogue, versions, e);
}

static void
work_end(struct schema_work *w)
{
	struct err ignored = { 0 };
	struct db_cells cells;

	db_script_texts(w->db, w->arena, "SELECT RELEASE_LOCK(CONCAT("
	    "'mailadm-schema-', MD5(DATABASE())))", &cells, &ignored);
	err_clear(&ignored);
}

bool
schema_locked(struct schema_work *w, bool (*action)(struct schema_work *w,
    const struct db_cells *versions, struct err *e), struct err *e)
{
	struct db_cells versions;
	bool ok = work_begin(w, &versions, e) && action(w, &versions, e);

	work_end(w);
	return ok;
}
