/*
 * The way back from an adoption: the old tables get their names again, and
 * what is mailadm's goes.
 *
 * Before the tables change names the versions go, so that an interruption
 * shows as half-way: schema upgrade then stays here, and running this again
 * goes back.
 */
#include <string.h>

#include "db/schema/private.h"

/* As adopt.c names them; all at once, as a lookup must find one of the two. */
static const char swap_back[] =
    "RENAME TABLE domains TO new_domains, users TO new_users, aliases TO "
    "new_aliases, old_domains TO domains, old_users TO users, old_aliases TO "
    "aliases";

static const char *
with_mark(struct schema_work *w, const char *mark, const char *table)
{
	return arena_printf(w->arena, "%s_%s", mark, table);
}

/* --- what would be lost ------------------------------------------------ */

/* Each write since is in a change, whoever made it: triggers see to it. */
#define WRITTEN_SINCE							\
    "SELECT COUNT(*), DATE_FORMAT(MAX(at), '%Y-%m-%d %H:%i') FROM "	\
    "changes WHERE NOT program <=> '" ADOPTION_PROGRAM "'"

static bool
nothing_lost(struct schema_work *w, struct err *e)
{
	struct db_cells found;
	int64_t changes;

	if (!db_script_texts(w->db, w->arena, WRITTEN_SINCE, &found, e))
		return false;
	changes = cell_number(&found, 0, 0);
	if (changes == 0)
		return true;
	if (w->options->force) {
		schema_step(w, "lose what was written since (changes: %lld)",
		    (long long)changes);
		return true;
	}
	err_set(e, ERR_REFUSED, "what was written since the adoption would "
	    "be lost (changes: %lld, the last on %s)", (long long)changes,
	    found.cell[1]);
	return err_hint(e, "mailadm history lists them; --force restores the "
	    "old tables nevertheless");
}

/* --- doing it ---------------------------------------------------------- */

/* Tables that stood in for one that was never there. */
static bool
stand_ins_drop(struct schema_work *w, struct err *e)
{
	struct db_cells found;

	if (!db_script_texts(w->db, w->arena, "SELECT table_name FROM "
	    "information_schema.tables WHERE table_schema = DATABASE() AND "
	    "table_comment = '" STAND_IN_MARK "'", &found, e))
		return false;
	for (size_t i = 0; i < found.rows; i++)
		if (!schema_run(w, arena_printf(w->arena, "DROP TABLE IF "
		    "EXISTS `%s`", found.cell[i]), e))
			return false;
	return true;
}

static bool
table_drop(struct schema_work *w, const char *table, struct err *e)
{
	return schema_run(w, arena_printf(w->arena, "SET STATEMENT "
	    "foreign_key_checks = 0 FOR DROP TABLE IF EXISTS `%s`", table),
	    e);
}

/* schema_version last: while it exists, this can be finished. */
static bool
ours_drop(struct schema_work *w, struct err *e)
{
	const struct db_cells *t = &w->catalogue.tables;

	if (!catalogue_read(w->db, w->arena, &w->catalogue, e))
		return false;
	for (size_t i = 0; i < t->rows; i++) {
		const char *table = t->cell[i * t->columns];

		if (catalogue_owner(&w->catalogue, table) == TABLE_OURS &&
		    strcmp(table, "schema_version") != 0 &&
		    !table_drop(w, table, e))
			return false;
	}
	return stand_ins_drop(w, e) && table_drop(w, "schema_version", e);
}

/* --- how far it is ------------------------------------------------------ */

static size_t
old_count(struct schema_work *w)
{
	size_t n = 0;

	for (size_t i = 0; i < FOREIGN_TABLES; i++)
		n += catalogue_has(&w->catalogue, with_mark(w, "old",
		    foreign_tables[i]));
	return n;
}

/* Interrupted behind the swap. */
static bool
is_swapped(struct schema_work *w)
{
	for (size_t i = 0; i < FOREIGN_TABLES; i++) {
		if (catalogue_owner(&w->catalogue, foreign_tables[i]) !=
		    TABLE_FOREIGN)
			return false;
	}
	return catalogue_owner(&w->catalogue, "schema_version") == TABLE_OURS;
}

static bool
old_refused(struct schema_work *w, struct err *e)
{
	if (old_count(w) == 0)
		return err_set(e, ERR_NOT_FOUND, "no old tables exist: this "
		    "schema was not adopted, or they were dropped");
	return err_set(e, ERR_REFUSED, "not all of old_domains, old_users "
	    "and old_aliases exist");
}

static bool
restore(struct schema_work *w, const struct db_cells *versions, struct err *e)
{
	bool swapped = is_swapped(w);

	(void)versions;
	if (!swapped && old_count(w) < FOREIGN_TABLES)
		return old_refused(w, e);
	if (!swapped && !nothing_lost(w, e))
		return false;
	if (!swapped)
		schema_step(w, "give old_domains, old_users and old_aliases "
		    "their names again");
	schema_step(w, "drop the tables of mailadm");
	if (w->options->dry_run)
		return true;
	return (swapped || (schema_run(w, "DELETE FROM schema_version", e) &&
	    schema_run(w, swap_back, e))) && ours_drop(w, e);
}

bool
schema_restore(struct db *db, struct arena *a,
    const struct schema_options *options, struct schema_report *report,
    struct err *e)
{
	struct schema_work w = { .db = db, .arena = a, .options = options,
	    .report = report };

	*report = (struct schema_report){ 0 };
	return schema_locked(&w, restore, e);
}
