/*
 * Adopting a database of three tables that somebody made by hand.
 *
 * While the copy is compared and swapped nobody may write to the old tables.
 * LOCK TABLES would do, but RENAME TABLE is refused under it (1192), and
 * Postfix would wait; so triggers refuse the writes, and reading goes on.
 * Killed in between, the next run begins anew with whatever is there.
 */
#include <string.h>

#include "base/text.h"
#include "db/schema_private.h"

/*
 * What is stored of a value.  The rules in C have accepted it before, so
 * that LOWER() meets ASCII only and LEFT() cuts nothing: it makes a short
 * type of it, which temporary tables can have a key on.
 */
#define FOLD(column)							\
    "(LEFT(LOWER(REGEXP_REPLACE(CONVERT(" column " USING utf8mb4), "	\
    "'^[[:space:]]+|[[:space:]]+$', '')), 400) COLLATE utf8mb4_nopad_bin)"
#define DOMAIN_OF(column)						\
    "SUBSTRING_INDEX(" FOLD(column) ", '@', -1)"
#define HASH(column)							\
    "(CONVERT(" column " USING utf8mb4) COLLATE utf8mb4_nopad_bin)"

/* A NUL would end the text in C; a backslash is in no valid value. */
#define SHOWN(column)							\
    "REPLACE(CONVERT(" column " USING utf8mb4), CHAR(0), '\\\\0')"

/* Rows of aliases as a, each part of its destination as p.part. */
#define ALIAS_PARTS							\
    "aliases AS a JOIN JSON_TABLE(CONCAT('[', REPLACE(JSON_QUOTE("	\
    "CONVERT(a.destination USING utf8mb4)), ',', '\",\"'), ']'), "	\
    "'$[*]' COLUMNS (part VARCHAR(400) CHARACTER SET utf8mb4 "		\
    "PATH '$')) AS p"
#define PART_GIVEN FOLD("p.part") " <> ''"

/* --- rules: row by row ----------------------------------------------- */

struct judge {
	struct schema_work *work;
	struct arena scratch;		/* of a row */
	size_t room;			/* for findings */
	const char *table;
	void (*row)(struct judge *j, const char *const *cell);
};

/* table, name, problem, mend */
static void
finding_add(struct judge *j, const char *const cell[4])
{
	struct schema_report *r = j->work->report;
	struct arena *a = j->work->arena;
	struct schema_finding *grown;
	const char *kept[4];

	if (r->findings == j->room) {
		j->room = j->room == 0 ? 64 : 2 * j->room;
		grown = arena_array(a, j->room, sizeof(*grown));
		for (size_t i = 0; i < r->findings; i++)
			grown[i] = r->finding[i];
		r->finding = grown;
	}
	for (size_t i = 0; i < 4; i++)
		kept[i] = cell[i] == NULL ? NULL : arena_strdup(a, cell[i]);
	r->finding[r->findings++] = (struct schema_finding){ .table = kept[0],
	    .name = kept[1], .problem = kept[2], .mend = kept[3] };
	r->unmended += cell[3] == NULL;
}

static void
wrong(struct judge *j, const char *name, const char *problem)
{
	finding_add(j, (const char *[]){ j->table, name, problem, NULL });
}

/* Without the blanks around it; those of [[:space:]] in FOLD. */
static char *
trimmed(struct arena *a, const char *text, size_t len)
{
	static const char blanks[] = " \t\n\v\f\r";

	while (len > 0 && strchr(blanks, text[0]) != NULL) {
		text++;
		len--;
	}
	while (len > 0 && strchr(blanks, text[len - 1]) != NULL)
		len--;
	return arena_strndup(a, text, len);
}

/* As FOLD does it where FOLD is used. */
static const char *
folded(struct arena *a, const char *raw)
{
	char *text = trimmed(a, raw, strlen(raw));

	for (char *p = text; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	return text;
}

/*
 * A value that only capitals and blanks keep from being stored can be
 * mended.  For a U-label the admin has to say so: no server looked it up.
 */
static void
judge_value(struct judge *j, const char *name, const char *raw,
    bool (*valid)(struct arena *, const char *, const char **, struct err *))
{
	struct err e = { 0 };
	const char *stored, *text;

	if (raw == NULL) {
		wrong(j, name, "a value is NULL");
		return;
	}
	text = folded(&j->scratch, raw);
	if (!valid(&j->scratch, text, &stored, &e))
		wrong(j, name, e.text);
	else if (strcmp(stored, text) != 0)
		wrong(j, name, arena_printf(&j->scratch, "%s: must be "
		    "written as %s", raw, stored));
	else if (strcmp(raw, text) != 0)
		finding_add(j, (const char *[]){ j->table, name,
		    arena_printf(&j->scratch, "capitals or blanks: \"%s\"",
			raw),
		    arena_printf(&j->scratch, "stored as %s", text) });
	err_clear(&e);
}

static void
judge_domain(struct judge *j, const char *const *cell)
{
	judge_value(j, cell[0], cell[0], j->work->options->rules->domain);
}

static void
judge_user(struct judge *j, const char *const *cell)
{
	const struct schema_rules *rules = j->work->options->rules;
	struct err e = { 0 };

	judge_value(j, cell[0], cell[0], rules->user);
	if (cell[1] == NULL || *cell[1] == '\0')
		wrong(j, cell[0], "has no password hash");
	else if (!rules->hash(cell[1], &e))
		wrong(j, cell[0], e.text);
	err_clear(&e);
}

/* Blanks around the commas belong to the list, not to an address. */
static void
judge_alias(struct judge *j, const char *const *cell)
{
	const char *list = cell[1] == NULL ? "" : cell[1];
	size_t len, parts = 0;
	const char *part;

	judge_value(j, cell[0], cell[0], j->work->options->rules->alias);
	for (;; list += len + 1) {
		len = strcspn(list, ",");
		part = trimmed(&j->scratch, list, len);
		if (*part != '\0') {
			judge_value(j, cell[0], part,
			    j->work->options->rules->destination);
			parts++;
		}
		if (list[len] == '\0')
			break;
	}
	if (parts == 0)
		wrong(j, cell[0], "has no destination");
}

static bool
judge_row(void *arg, const char *const *cell, struct err *e)
{
	struct judge *j = arg;

	(void)e;
	j->row(j, cell);
	arena_clear(&j->scratch);
	return true;
}

static const struct {
	const char *table;
	const char *rows;
	void (*row)(struct judge *j, const char *const *cell);
} row_rules[FOREIGN_TABLES] = {
	{ "domains", "SELECT " SHOWN("domain") " FROM domains",
	    judge_domain },
	{ "users", "SELECT " SHOWN("email") ", " SHOWN("crypt")
	    " FROM users", judge_user },
	{ "aliases", "SELECT " SHOWN("mail") ", " SHOWN("destination")
	    " FROM aliases", judge_alias },
};

/* --- rules: between rows --------------------------------------------- */

#define LIST(column) "GROUP_CONCAT(DISTINCT " SHOWN(column)		\
    " COLLATE utf8mb4_nopad_bin ORDER BY 1 SEPARATOR ', ')"

/* What looks like an address; others have been found already. */
#define HAS_DOMAIN(column) FOLD(column) " REGEXP '@[a-z0-9.-]+$'"

/* Joined by digest: for whole names the server would make no key. */
#define UNKNOWN_DOMAIN(table, column)					\
    "SELECT '" table "', " SHOWN(column) ", CONCAT('no such domain: ', "\
    DOMAIN_OF(column) "), 'the domain is added' FROM " table		\
    " LEFT JOIN (SELECT DISTINCT MD5(" FOLD("domain") ") AS digest "	\
    "FROM domains) AS d ON d.digest = MD5(" DOMAIN_OF(column) ")"	\
    " WHERE d.digest IS NULL AND " HAS_DOMAIN(column)

/*
 * Each gives findings.  Two spellings of one alias are the same only where
 * both go everywhere that one of them goes.
 */
static const struct {
	const char *needs[FOREIGN_TABLES];
	const char *findings;
} set_rules[] = {
	{ { "domains" },
	    "SELECT 'domains', " FOLD("domain") " AS name, CONCAT('is there ',"
	    " COUNT(*), ' times: ', " LIST("domain") "), 'one is kept' "
	    "FROM domains WHERE domain IS NOT NULL "
	    "GROUP BY name HAVING COUNT(*) > 1" },
	{ { "users" },
	    "SELECT 'users', " FOLD("email") " AS name, CONCAT('is there ', "
	    "COUNT(*), ' times: ', " LIST("email") "), IF(COUNT(DISTINCT "
	    HASH("crypt") ") = 1, 'one is kept', NULL) "
	    "FROM users WHERE email IS NOT NULL "
	    "GROUP BY name HAVING COUNT(*) > 1" },
	{ { "users", "domains" }, UNKNOWN_DOMAIN("users", "email") },
	{ { "aliases" },
	    "SELECT 'aliases', " FOLD("a.mail") " AS name, "
	    "CONCAT('has several spellings: ', " LIST("a.mail") "), "
	    "IF(COUNT(DISTINCT BINARY a.mail, " FOLD("p.part") ") = "
	    "COUNT(DISTINCT BINARY a.mail) * COUNT(DISTINCT " FOLD("p.part")
	    "), 'one is kept', NULL) FROM " ALIAS_PARTS
	    " WHERE a.mail IS NOT NULL AND " PART_GIVEN
	    " GROUP BY name HAVING COUNT(DISTINCT BINARY a.mail) > 1" },
	{ { "aliases" },
	    "SELECT 'aliases', " FOLD("a.mail") " AS name, CONCAT('goes ', "
	    "COUNT(*), ' times to ', " FOLD("p.part") "), 'one is kept' FROM "
	    ALIAS_PARTS " WHERE a.mail IS NOT NULL AND " PART_GIVEN
	    " GROUP BY name, " FOLD("p.part") " HAVING COUNT(*) > 1" },
	{ { "aliases", "domains" }, UNKNOWN_DOMAIN("aliases", "mail") },
};

static bool
is_there(const struct schema_work *w, const char *table)
{
	return table == NULL ||
	    catalogue_owner(&w->catalogue, table) != TABLE_ABSENT;
}

static bool
finding_row(void *arg, const char *const *cell, struct err *e)
{
	(void)e;
	finding_add(arg, cell);
	return true;
}

static bool
judge_sets(struct judge *j, struct err *e)
{
	for (size_t i = 0; i < sizeof(set_rules) / sizeof(*set_rules); i++) {
		const char *const *needs = set_rules[i].needs;

		if (is_there(j->work, needs[0]) &&
		    is_there(j->work, needs[1]) &&
		    !db_script_each(j->work->db, set_rules[i].findings,
			finding_row, j, e))
			return false;
	}
	return true;
}

static bool
judge_rows(struct judge *j, struct err *e)
{
	for (size_t i = 0; i < FOREIGN_TABLES; i++) {
		j->table = row_rules[i].table;
		j->row = row_rules[i].row;
		if (is_there(j->work, j->table) &&
		    !db_script_each(j->work->db, row_rules[i].rows,
			judge_row, j, e))
			return false;
	}
	return true;
}

static bool
refuse(const struct schema_report *r, bool fix, struct err *e)
{
	size_t mended = r->findings - r->unmended;

	err_set(e, ERR_INVALID, "%zu rows break a rule; nothing was changed",
	    fix ? r->unmended : r->findings);
	if (r->unmended == 0)
		return err_hint(e, "--fix mends them as listed");
	if (fix || mended == 0)
		return err_hint(e, "mend them in the tables, then run the "
		    "command again");
	return err_hint(e, "--fix mends %zu of them as listed; mend the "
	    "others in the tables", mended);
}

/* Every rule on every row; the findings are in the report. */
static bool
judge(struct schema_work *w, struct err *e)
{
	struct judge j = { .work = w };
	bool ok;

	w->report->findings = w->report->unmended = 0;
	ok = judge_rows(&j, e) && judge_sets(&j, e);
	arena_clear(&j.scratch);
	if (!ok)
		return false;
	if (w->report->unmended > 0 ||
	    (w->report->findings > 0 && !w->options->fix))
		return refuse(w->report, w->options->fix, e);
	return true;
}

/* --- what is there --------------------------------------------------- */

static const struct {
	const char *table;
	const char *columns;		/* that are taken over, quoted */
	int count;
} layouts[FOREIGN_TABLES] = {
	{ "domains", "'domain'", 1 },
	{ "users", "'email', 'crypt'", 2 },
	{ "aliases", "'mail', 'destination'", 2 },
};

static bool
columns_look(struct schema_work *w, size_t i, struct err *e)
{
	const char *table = layouts[i].table;
	struct db_cells cells;
	int found = 0;

	if (!db_script_texts(w->db, w->arena, arena_printf(w->arena,
	    "SELECT column_name, column_name IN (%s) FROM "
	    "information_schema.columns WHERE table_schema = DATABASE() "
	    "AND table_name = '%s' ORDER BY ordinal_position",
	    layouts[i].columns, table), &cells, e))
		return false;
	for (size_t n = 0; n < cells.rows; n++) {
		const char **cell = cells.cell + 2 * n;

		if (strcmp(cell[1], "1") == 0)
			found++;
		else
			schema_step(w, "leave %s.%s in old_%s: it is not "
			    "taken over", table, cell[0], table);
	}
	if (found == layouts[i].count)
		return true;
	err_set(e, ERR_REFUSED, "cannot adopt the table %s: it needs the "
	    "columns %s", table, layouts[i].columns);
	return err_hint(e, "give mailadm a database of its own");
}

static bool
layout_look(struct schema_work *w, struct err *e)
{
	for (size_t i = 0; i < FOREIGN_TABLES; i++) {
		const char *table = layouts[i].table;
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
		if (is_there(w, table) && !columns_look(w, i, e))
			return false;
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
		if (!schema_run(w, *statement, e))
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

		for (const char *const *event = freeze_events;
		    *event != NULL && is_there(w, table); event++)
			if (!schema_run(w, arena_printf(w->arena,
			    "CREATE OR REPLACE TRIGGER adopt_%s_%s "
			    "BEFORE %s ON `%s` FOR EACH ROW "
			    "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = "
			    "'mailadm schema upgrade is at work'",
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
static const char *const stand_ins[FOREIGN_TABLES] = {
	"CREATE TABLE IF NOT EXISTS domains (domain VARCHAR(253))",
	"CREATE TABLE IF NOT EXISTS users (email VARCHAR(254), "
	"crypt VARCHAR(255))",
	"CREATE TABLE IF NOT EXISTS aliases (mail VARCHAR(254), "
	"destination TEXT)",
};

/* In front of build(): what an earlier run left is not trusted. */
static const char *const leftovers[] = {
	"DROP TABLE IF EXISTS new_aliases, new_users",
	"DROP TABLE IF EXISTS new_domains",
	NULL
};

#define HISTORY(kind, name, table, columns)				\
    "INSERT INTO history (`change`, actor, kind, name, new_row) "	\
    "SELECT (SELECT MAX(id) FROM changes), USER(), '" kind "', " name	\
    ", JSON_OBJECT(" columns ") FROM " table
#define HOME								\
    "CONCAT(" DOMAIN_OF("email") ", '/', SUBSTRING_INDEX("		\
    FOLD("email") ", '@', 1))"

/* Nobody but an adoption has written to the tables without new_. */
static const char *const copy[] = {
	"DELETE FROM history",
	"DELETE FROM changes",
	"DELETE FROM homes",
	"INSERT INTO new_domains (domain) "
	"SELECT " FOLD("domain") " FROM domains "
	"UNION SELECT " DOMAIN_OF("email") " FROM users "
	"UNION SELECT " DOMAIN_OF("mail") " FROM aliases",
	"INSERT INTO new_users (email, crypt, home) "
	"SELECT " FOLD("email") " AS address, MIN(" HASH("crypt") "), "
	"MIN(" HOME ") FROM users GROUP BY address",
	"INSERT INTO homes (home, email) SELECT home, email FROM new_users",
	"INSERT INTO new_aliases (mail, destination) "
	"SELECT DISTINCT " FOLD("a.mail") ", " FOLD("p.part") " FROM "
	ALIAS_PARTS " WHERE " PART_GIVEN,
	"INSERT INTO changes (actor, program) "
	"VALUES (USER(), 'mailadm schema upgrade')",
	HISTORY("domain", "domain", "new_domains",
	    "'domain', domain, 'active', active, 'description', "
	    "description, 'alias_of', alias_of, 'quota', quota, "
	    "'max_users', max_users, 'max_aliases', max_aliases, "
	    "'created', created, 'modified', modified"),
	HISTORY("user", "email", "new_users",
	    "'email', email, 'crypt', crypt, 'active', active, 'name', "
	    "name, 'quota', quota, 'home', home, 'created', created, "
	    "'modified', modified"),
	HISTORY("alias", "mail", "new_aliases",
	    "'mail', mail, 'destination', destination, 'active', active, "
	    "'created', created, 'modified', modified"),
	NULL
};

/* Old rows without their new one. */
#define MISSING								\
    "SELECT (SELECT COUNT(*) FROM domains AS o LEFT JOIN new_domains "	\
    "AS n ON n.domain = " FOLD("o.domain") " WHERE n.domain IS NULL) + "\
    "(SELECT COUNT(*) FROM users AS o LEFT JOIN new_users AS n "	\
    "ON n.email = " FOLD("o.email") " AND n.crypt = " HASH("o.crypt")	\
    " WHERE n.email IS NULL) + (SELECT COUNT(*) FROM " ALIAS_PARTS	\
    " LEFT JOIN new_aliases AS n ON n.mail = " FOLD("a.mail")		\
    " AND n.destination = " FOLD("p.part")				\
    " WHERE n.mail IS NULL AND " PART_GIVEN ")"

static bool
compare(struct schema_work *w, struct err *e)
{
	struct db_cells missing;

	if (!db_script_texts(w->db, w->arena, MISSING, &missing, e))
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
	if (!mark(w, e) || !freeze(w, e) || !judge(w, e))
		return false;
	for (size_t i = 0; i < FOREIGN_TABLES; i++)
		if (!is_there(w, foreign_tables[i]) &&
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

		if (!is_there(w, table))
			continue;
		if (!db_script_texts(w->db, w->arena, arena_printf(w->arena,
		    "SELECT COUNT(*) FROM %s", table), &count, e))
			return false;
		schema_step(w, "take over %s rows of %s, keep the table as "
		    "old_%s", count.cell[0], table, table);
	}
	return true;
}

bool
schema_adopt(struct schema_work *w, struct err *e)
{
	bool begun = catalogue_owner(&w->catalogue, "schema_version") ==
	    TABLE_OURS;

	if (!layout_look(w, e))
		return false;
	if (!judge(w, e)) {
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

bool
schema_drop_old(struct schema_work *w, struct err *e)
{
	for (size_t i = 0; i < FOREIGN_TABLES; i++) {
		const char *old = arena_printf(w->arena, "old_%s",
		    foreign_tables[FOREIGN_TABLES - 1 - i]);

		if (!is_there(w, old))
			continue;
		schema_step(w, "drop the table %s", old);
		if (!schema_run(w, arena_printf(w->arena,
		    "DROP TABLE IF EXISTS %s", old), e))
			return false;
	}
	return true;
}
