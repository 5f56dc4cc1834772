/*
 * Adopting a database of three tables that somebody made by hand.
 *
 * While the copy is compared and swapped nobody may write to the old tables.
 * LOCK TABLES would do, but RENAME TABLE is refused under it (1192), and
 * Postfix would wait; so triggers refuse the writes, and reading goes on.
 * Killed in between, the next run begins again with the tables that it finds.
 */
#include <string.h>

#include "base/text.h"
#include "db/columns.h"
#include "db/schema/private.h"

/* --- the old tables -------------------------------------------------- */

/* Each that is read, under which name, and each that is not. */
static void
columns_note(struct schema_work *w, const char *table,
    const struct db_cells *names)
{
	for (size_t i = 0; i < ADOPTED_COLUMNS; i++) {
		const struct adopted_column *of = &adopted_columns[i];

		if (strcmp(of->table, table) == 0 && of->kind ==
		    ADOPTED_NAME && strcasecmp(w->carried[i].column,
		    of->column) != 0)
			schema_step(w, "read %s.%s as %s", table,
			    w->carried[i].column, of->column);
	}
	for (size_t n = 0; n < names->rows; n++)
		if (!schema_carried_has(w, table, names->cell[n]))
			schema_step(w, "leave %s.%s in old_%s: it is not "
			    "taken over", table, names->cell[n], table);
}

static bool
columns_look(struct schema_work *w, const char *table, struct err *e)
{
	const char *lacking = NULL;
	struct db_cells names;

	if (!db_script_texts(w->db, w->arena, arena_printf(w->arena,
	    "SELECT column_name FROM information_schema.columns WHERE "
	    "table_schema = DATABASE() AND table_name = '%s' ORDER BY "
	    "ordinal_position", table), &names, e))
		return false;
	for (size_t i = 0; i < ADOPTED_COLUMNS; i++) {
		const struct adopted_column *of = &adopted_columns[i];

		if (strcmp(of->table, table) == 0 && of->kind ==
		    ADOPTED_NAME && w->carried[i].column == NULL)
			lacking = lacking == NULL ? of->column : arena_printf(
			    w->arena, "%s and the column %s", lacking,
			    of->column);
	}
	if (lacking == NULL) {
		columns_note(w, table, &names);
		return true;
	}
	err_set(e, ERR_REFUSED, "cannot adopt the table %s: it lacks the "
	    "column %s", table, lacking);
	return err_hint(e, "move its rows into a database of mailadm's own: "
	    "mailadm import from tables --source-defaults-file FILE");
}

/*
 * A table users alone may belong to any program, and what has no aliases may
 * keep them in a table of another name, which would be left behind.
 */
static bool
are_enough(struct schema_work *w, struct err *e)
{
	const char *missing = NULL;

	for (size_t i = 0; i < FOREIGN_TABLES; i++) {
		if (!catalogue_has(&w->catalogue, foreign_tables[i]))
			missing = missing == NULL ? foreign_tables[i] :
			    arena_printf(w->arena, "%s and the table %s",
			    missing, foreign_tables[i]);
	}
	if (missing == NULL || w->options->only)
		return true;
	err_set(e, ERR_REFUSED, "cannot adopt: there is no table %s, and what "
	    "is in other tables would be left behind", missing);
	return err_hint(e, "--only adopts what exists; import from tables "
	    "reads other tables, too");
}

static bool
layout_look(struct schema_work *w, struct err *e)
{
	for (size_t i = 0; i < FOREIGN_TABLES; i++) {
		const char *table = foreign_tables[i];
		const char *old = arena_printf(w->arena, "old_%s", table);

		if (catalogue_owner(&w->catalogue, old) != TABLE_ABSENT) {
			err_set(e, ERR_REFUSED, "the table %s is in the way",
			    old);
			return err_hint(e, "rename it: adoption keeps the "
			    "table %s under that name", table);
		}
		if (catalogue_owner(&w->catalogue, table) == TABLE_OURS ||
		    catalogue_is_view(&w->catalogue, table))
			return err_set(e, ERR_REFUSED, "cannot adopt: %s is "
			    "%s", table, catalogue_is_view(&w->catalogue,
			    table) ? "a view" : "mailadm's already");
		if (catalogue_has(&w->catalogue, table) &&
		    !columns_look(w, table, e))
			return false;
	}
	return true;
}

/* key, table, old table of each key that leads there from elsewhere. */
static bool
keys_to(struct schema_work *w, const char *tables, struct db_cells *found,
    struct err *e)
{
	return db_script_texts(w->db, w->arena, arena_printf(w->arena,
	    "SELECT constraint_name, IF(constraint_schema = DATABASE(), "
	    "table_name, CONCAT(constraint_schema, '.', table_name)), "
	    "referenced_table_name FROM "
	    "information_schema.referential_constraints WHERE "
	    "unique_constraint_schema = DATABASE() AND "
	    "referenced_table_name IN %s AND NOT (constraint_schema = "
	    "DATABASE() AND table_name IN %s) ORDER BY 2, 1", tables,
	    tables), found, e);
}

/* A key of a table that stays follows the old one to its new name. */
static bool
keys_look(struct schema_work *w, struct err *e)
{
	struct db_cells found;

	if (!keys_to(w, "('domains', 'users', 'aliases')", &found, e))
		return false;
	for (size_t i = 0; i < found.rows; i++) {
		const char *const *cell = found.cell + 3 * i;

		schema_step(w, "leave the foreign key %s of the table %s: it "
		    "will refer to old_%s", cell[0], cell[1], cell[2]);
	}
	return true;
}

/* --- doing it -------------------------------------------------------- */

/* Names of migration 1 in backticks are where it builds. */
static const char *
beside(struct arena *a, const char *statement)
{
	struct text t = TEXT_INIT;
	const char *result;

	for (; *statement != '\0'; statement++) {
		text_add_char(&t, *statement);
		for (size_t i = 0; i < FOREIGN_TABLES; i++) {
			const char *name = foreign_tables[i];
			size_t len = strlen(name);

			if (*statement == '`' && strncmp(statement + 1, name,
			    len) == 0 && statement[len + 1] == '`')
				text_add(&t, "new_");
		}
	}
	result = arena_strdup(a, t.buf);
	text_clear(&t);
	return result;
}

static bool
run_all(struct schema_work *w, const char *const *statement, struct err *e)
{
	for (; *statement != NULL; statement++)
		if (!schema_run(w, schema_carried_fill(w, *statement), e))
			return false;
	return true;
}

/* Migration 1 beside the old tables: its tables, or its triggers. */
static bool
build(struct schema_work *w, bool triggers, struct err *e)
{
	const struct words *s = &w->migration[0].statements;

	for (size_t i = 0; i < s->count; i++) {
		bool trigger = migration_trigger(w->arena, s->word[i]) != NULL;

		if (trigger == triggers &&
		    !schema_run(w, beside(w->arena, s->word[i]), e))
			return false;
	}
	return true;
}

static const char *const freeze_events[] = {
	"INSERT", "UPDATE", "DELETE", NULL
};

static bool
freeze(struct schema_work *w, struct err *e)
{
	for (size_t i = 0; i < FOREIGN_TABLES; i++) {
		const char *table = foreign_tables[i];

		if (!catalogue_has(&w->catalogue, table))
			continue;
		for (const char *const *event = freeze_events; *event != NULL;
		    event++)
			if (!schema_run(w, arena_printf(w->arena,
			    "CREATE OR REPLACE TRIGGER adopt_%s_%s "
			    "BEFORE %s ON `%s` FOR EACH ROW "
			    "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = "
			    "'mailadm schema upgrade is running'",
			    table, *event, *event, table), e))
				return false;
	}
	return true;
}

bool
schema_thaw(struct schema_work *w, struct err *e)
{
	struct db_cells names;

	if (!db_script_texts(w->db, w->arena, "SELECT trigger_name FROM "
	    "information_schema.triggers WHERE trigger_schema = DATABASE() "
	    "AND trigger_name REGEXP '^adopt_(domains|users|aliases)_'",
	    &names, e))
		return false;
	for (size_t i = 0; i < names.rows; i++)
		if (!schema_run(w, arena_printf(w->arena,
		    "DROP TRIGGER IF EXISTS `%s`", names.cell[i]), e))
			return false;
	return true;
}

/* A table that the other database does without is empty. */
#define STAND_IN "COMMENT = '" STAND_IN_MARK "'"
static const char *const stand_ins[FOREIGN_TABLES] = {
	"CREATE TABLE IF NOT EXISTS domains (domain VARCHAR(253)) "
	STAND_IN,
	"CREATE TABLE IF NOT EXISTS users (email VARCHAR(254), "
	"crypt VARCHAR(255)) " STAND_IN,
	"CREATE TABLE IF NOT EXISTS aliases (mail VARCHAR(254), "
	"destination TEXT) " STAND_IN,
};

/* In front of build(): what an earlier run left is not trusted. */
static const char *const leftovers[] = {
	"DROP TABLE IF EXISTS new_aliases, new_users",
	"DROP TABLE IF EXISTS new_domains",
	NULL
};

#define HISTORY(kind, name, table, row)					\
    "INSERT INTO history (`change`, actor, kind, name, new_row) "	\
    "SELECT (SELECT MAX(id) FROM changes), USER(), '" kind "', " name	\
    ", " row " FROM " table
/*
 * Few values are taken over, and some columns come with the migrations that
 * follow: a row has the default of each.
 */
#define MEMBER_DEFAULT(column, TYPE, ...) ", '" #column "', " DEFAULT_##TYPE
#define DEFAULT_RIGHT "1"
#define DEFAULT_TEXT "NULL"
#define DEFAULT_DOMAIN "NULL"
#define DEFAULT_ADDRESS "NULL"
#define DEFAULT_WORD "NULL"
#define DEFAULT_TIME "NULL"
#define DEFAULT_RATE "NULL"
#define DEFAULT_USER_RATE "NULL"
#define DEFAULT_SIZE "NULL"
#define DEFAULT_QUOTA "NULL"
#define DEFAULT_LIMIT "NULL"
/* Nobody but an adoption has written to the tables without new_. */
static const char *const copy[] = {
	"DELETE FROM history",
	"DELETE FROM changes",
	"DELETE FROM homes",
	"INSERT INTO new_domains (domain, active, description) "
	"SELECT mailadm_name, MIN(mailadm_active), MIN(mailadm_text) FROM ("
	"SELECT " FOLD(OLD_DOMAIN) " AS mailadm_name, {domains.active} "
	"AS mailadm_active, {domains.description} AS mailadm_text FROM domains "
	"UNION SELECT " DOMAIN_OF(OLD_EMAIL) ", 1, NULL FROM users "
	"UNION SELECT " DOMAIN_OF(OLD_MAIL) ", 1, NULL FROM aliases) AS "
	"mailadm_domains GROUP BY mailadm_name",
	"INSERT INTO new_users (email, crypt, active, name, home) "
	"SELECT " FOLD(OLD_EMAIL) " AS mailadm_name, "
	"MIN(" HASH(OLD_CRYPT) "), "
	"MIN({users.active}), MIN({users.name}), MIN({users.home}) "
	"FROM users GROUP BY mailadm_name",
	"INSERT INTO homes (home, email) SELECT home, email FROM new_users",
	"INSERT INTO new_aliases (mail, destination, active) "
	"SELECT " FOLD("a." OLD_MAIL) " AS mailadm_name, " FOLD("p.part")
	" AS mailadm_part, MAX({aliases.active}) FROM " ALIAS_PARTS
	" WHERE " PART_GIVEN " GROUP BY mailadm_name, mailadm_part",
	"INSERT INTO changes (actor, program) "
	"VALUES (USER(), '" ADOPTION_PROGRAM "')",
	HISTORY("domain", "domain", "new_domains",
	    "JSON_SET(JSON_OBJECT('domain', domain, 'active', active"
	    DOMAIN_VALUES(MEMBER_DEFAULT,) ", 'created', created, "
	    "'modified', modified), '$.description', description)"),
	HISTORY("user", "email", "new_users",
	    "JSON_SET(JSON_OBJECT('email', email, 'crypt', crypt, 'active', "
	    "active" USER_VALUES(MEMBER_DEFAULT,) ", 'home', home, "
	    "'created', created, 'modified', modified), '$.name', name)"),
	HISTORY("alias", "mail", "new_aliases",
	    "JSON_OBJECT('mail', mail, 'destination', destination, 'active', "
	    "active, 'expires', NULL" ALIAS_VALUES(MEMBER_DEFAULT,)
	    ", 'created', created, 'modified', modified)"),
	NULL
};

/* Old rows without their new one. */
#define MISSING								\
    "SELECT (SELECT COUNT(*) FROM domains AS o LEFT JOIN new_domains "	\
    "AS n ON n.domain = " FOLD("o." OLD_DOMAIN)				\
    " WHERE n.domain IS NULL) + "					\
    "(SELECT COUNT(*) FROM users AS o LEFT JOIN new_users AS n "	\
    "ON n.email = " FOLD("o." OLD_EMAIL) " AND n.crypt = "		\
    HASH("o." OLD_CRYPT)						\
    " WHERE n.email IS NULL) + (SELECT COUNT(*) FROM " ALIAS_PARTS	\
    " LEFT JOIN new_aliases AS n ON n.mail = " FOLD("a." OLD_MAIL)	\
    " AND n.destination = " FOLD("p.part")				\
    " WHERE n.mail IS NULL AND " PART_GIVEN ")"

static bool
compare(struct schema_work *w, struct err *e)
{
	struct db_cells missing;

	if (!db_script_texts(w->db, w->arena, schema_carried_fill(w, MISSING),
	    &missing, e))
		return false;
	if (strcmp(missing.cell[0], "0") == 0)
		return true;
	return err_set(e, ERR_DATABASE, "%s rows were not copied; the old "
	    "tables are unchanged", missing.cell[0]);
}

static const char swap[] =
    "RENAME TABLE domains TO old_domains, users TO old_users, aliases TO "
    "old_aliases, new_domains TO domains, new_users TO users, new_aliases "
    "TO aliases";

/* From here on an interruption shows as half-way. */
static bool
mark(struct schema_work *w, struct err *e)
{
	const struct words *s = &w->migration[0].statements;

	for (size_t i = 0; i < s->count; i++) {
		const char *table = migration_table(w->arena, s->word[i]);

		if (table != NULL && strcmp(table, "schema_version") == 0)
			return schema_run(w, s->word[i], e);
	}
	BUG_ON(true);
	return false;
}

/*
 * Takes back what a refused or failed adoption, or one before it, has made:
 * the old tables are as they were.  Never after the swap.
 */
static const char *const undo[] = {
	"DROP TABLE IF EXISTS history",
	"DROP TABLE IF EXISTS changes, homes, locks, schema_version",
	NULL
};

static void
take_back(struct schema_work *w)
{
	struct err ignored = { 0 };

	if (schema_thaw(w, &ignored) && run_all(w, leftovers, &ignored))
		run_all(w, undo, &ignored);
	err_clear(&ignored);
}

/* Up to and with the swap. */
static bool
take_over(struct schema_work *w, struct err *e)
{
	if (!mark(w, e) || !freeze(w, e) || !schema_judge(w, e))
		return false;
	for (size_t i = 0; i < FOREIGN_TABLES; i++)
		if (!catalogue_has(&w->catalogue, foreign_tables[i]) &&
		    !schema_run(w, stand_ins[i], e))
			return false;
	return run_all(w, leftovers, e) && build(w, false, e) &&
	    run_all(w, copy, e) && compare(w, e) && build(w, true, e) &&
	    schema_run(w, swap, e);
}

static bool
plan(struct schema_work *w, struct err *e)
{
	struct db_cells count;

	for (size_t i = 0; i < FOREIGN_TABLES; i++) {
		const char *table = foreign_tables[i];

		if (!catalogue_has(&w->catalogue, table))
			continue;
		if (!db_script_texts(w->db, w->arena, arena_printf(w->arena,
		    "SELECT COUNT(*) FROM %s", table), &count, e))
			return false;
		schema_step(w, "take over %s rows of %s, keep the table as "
		    "old_%s", count.cell[0], table, table);
	}
	/* Whoever logs in by such a hash today shall do so tomorrow. */
	if (w->odd_hashes > 0)
		schema_step(w, "keep %zu hashes as they are that user add "
		    "--hash would refuse", w->odd_hashes);
	return true;
}

bool
schema_adopt(struct schema_work *w, struct err *e)
{
	bool begun = catalogue_owner(&w->catalogue, "schema_version") ==
	    TABLE_OURS;

	if (!schema_carried_look(w, e) || !layout_look(w, e) ||
	    !keys_look(w, e) || (!begun && !are_enough(w, e)))
		return false;
	if (!schema_judge(w, e)) {
		if (begun && e->code == ERR_INVALID)
			take_back(w);
		return false;
	}
	if (!plan(w, e))
		return false;
	if (w->options->dry_run)
		return true;
	if (!take_over(w, e)) {
		take_back(w);
		return err_wrap(e, "adopting");
	}
	return schema_thaw(w, e);
}

/* --- afterwards ------------------------------------------------------ */

#define OLD_TABLES "('old_domains', 'old_users', 'old_aliases')"

/*
 * Keys of tables that stay: the server would refuse to drop what they lead
 * to, and one of the old tables could be gone by then.
 */
static bool
old_unreferenced(struct schema_work *w, struct err *e)
{
	struct db_cells found;

	if (!keys_to(w, OLD_TABLES, &found, e))
		return false;
	if (found.rows == 0)
		return true;
	err_set(e, ERR_REFUSED, "the foreign key %s of the table %s refers "
	    "to %s; nothing was dropped", found.cell[0], found.cell[1],
	    found.cell[2]);
	return err_hint(e, "drop it first: ALTER TABLE %s DROP FOREIGN KEY "
	    "%s", found.cell[1], found.cell[0]);
}

/* What names one of the tables fails from then on: it may be in use. */
#define NAMES_OLD " REGEXP '\\\\bold_(domains|users|aliases)\\\\b'"
static bool
old_uses_report(struct schema_work *w, struct err *e)
{
	struct db_cells found;

	if (!db_script_texts(w->db, w->arena, "SELECT 'view', table_name "
	    "FROM information_schema.views WHERE table_schema = DATABASE() "
	    "AND view_definition" NAMES_OLD " UNION ALL SELECT 'trigger', "
	    "trigger_name FROM information_schema.triggers WHERE "
	    "trigger_schema = DATABASE() AND event_object_table NOT IN "
	    OLD_TABLES " AND action_statement" NAMES_OLD " UNION ALL "
	    "SELECT 'event', event_name FROM information_schema.events WHERE "
	    "event_schema = DATABASE() AND event_definition" NAMES_OLD
	    " UNION ALL SELECT LOWER(routine_type), routine_name FROM "
	    "information_schema.routines WHERE routine_schema = DATABASE() "
	    "AND routine_definition" NAMES_OLD, &found, e))
		return false;
	for (size_t i = 0; i < found.rows; i++)
		schema_step(w, "warning: the %s %s uses a table that is "
		    "dropped", found.cell[2 * i], found.cell[2 * i + 1]);
	return true;
}

/* Keys between the old tables do not matter: all of them go. */
bool
schema_drop_old(struct schema_work *w, struct err *e)
{
	if (!old_unreferenced(w, e) || !old_uses_report(w, e))
		return false;
	for (size_t i = 0; i < FOREIGN_TABLES; i++) {
		const char *old = arena_printf(w->arena, "old_%s",
		    foreign_tables[FOREIGN_TABLES - 1 - i]);

		if (!catalogue_has(&w->catalogue, old))
			continue;
		schema_step(w, "drop the table %s", old);
		if (!schema_run(w, arena_printf(w->arena, "SET STATEMENT "
		    "foreign_key_checks = 0 FOR DROP TABLE IF EXISTS %s",
		    old), e))
			return false;
	}
	return true;
}
