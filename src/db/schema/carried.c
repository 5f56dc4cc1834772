/*
 * Adopting: columns that many tables have beside those of the guide, and what
 * is made of them.
 *
 * A flag is written in many ways; a home is a path below the mail directory.
 * What the old table does without has the default of mailadm's own.
 */
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "db/schema/private.h"

/* --- what exists ------------------------------------------------------ */

/* A number is no name; a date is none, and no text either. */
static bool
is_fit(enum adopted_kind kind, const char *type)
{
	bool text = strstr(type, "char") != NULL ||
	    strstr(type, "text") != NULL || strstr(type, "blob") != NULL ||
	    strstr(type, "binary") != NULL || strcmp(type, "enum") == 0;

	if (kind == ADOPTED_EXPIRY)
		return text || strcmp(type, "date") == 0 ||
		    strcmp(type, "datetime") == 0 ||
		    strcmp(type, "timestamp") == 0;
	return text || kind == ADOPTED_FLAG || kind == ADOPTED_OFF;
}

/* Of two names of one column the one that is named first. */
static void
column_note(struct schema_work *w, size_t i, const char *name,
    const char *type)
{
	const struct adopted_column *of = &adopted_columns[i];
	size_t place = adopted_place(of->names, name);
	const char *had = w->carried[i].column;

	if (place == 0 || !is_fit(of->kind, type))
		return;
	if (of->kind == ADOPTED_HOME && strcasecmp(name, "maildir") == 0)
		w->carried[i].below = name;
	if (had != NULL && adopted_place(of->names, had) < place)
		return;
	w->carried[i].column = name;
	w->carried[i].is_bits = strcmp(type, "bit") == 0;
	w->carried[i].is_bytes = strstr(type, "blob") != NULL ||
	    strstr(type, "binary") != NULL;
}

bool
schema_carried_look(struct schema_work *w, struct err *e)
{
	struct db_cells cells;

	memset(w->carried, 0, sizeof(w->carried));
	if (!db_script_texts(w->db, w->arena, "SELECT table_name, "
	    "column_name, data_type FROM information_schema.columns "
	    "WHERE table_schema = DATABASE() ORDER BY table_name, "
	    "ordinal_position", &cells, e))
		return false;
	for (size_t n = 0; n < cells.rows; n++) {
		const char *const *cell = cells.cell + 3 * n;

		for (size_t i = 0; i < ADOPTED_COLUMNS; i++)
			if (strcmp(cell[0], adopted_columns[i].table) == 0)
				column_note(w, i, cell[1], cell[2]);
	}
	/* A maildir alone is the home itself, not below one. */
	for (size_t i = 0; i < ADOPTED_COLUMNS; i++)
		if (w->carried[i].below == w->carried[i].column)
			w->carried[i].below = NULL;
	return true;
}

bool
schema_carried_has(const struct schema_work *w, const char *table,
    const char *column)
{
	for (size_t i = 0; i < ADOPTED_COLUMNS; i++)
		if (strcmp(adopted_columns[i].table, table) == 0 &&
		    (text_same(w->carried[i].column, column) ||
		    text_same(w->carried[i].below, column)))
			return true;
	return false;
}

/* --- expressions ------------------------------------------------------ */

#define YES "('1', 'y', 'yes', 'true', 't', 'on', 'enabled', 'active')"
#define NO "('0', 'n', 'no', 'false', 'f', 'off', 'disabled', 'inactive', '')"

/* The user of the name, below the domain. */
#define OWN_HOME							\
    "CONCAT(" DOMAIN_OF(OLD_EMAIL) ", '/', SUBSTRING_INDEX("	\
    FOLD(OLD_EMAIL) ", '@', 1))"

/* As the users table has it, and without a blank at an end. */
#define HOME_VALID(home) "(" home " REGEXP '(?-imsx)^(?!~)"		\
    "(?!(?s:.*)[[:cntrl:]])(?!(.*/)?[.]{0,2}(/|$))' AND CHAR_LENGTH("	\
    home ") <= 400)"

/* The cell as text; a column that is NULL stays so. */
static const char *
cell_text(struct schema_work *w, size_t i)
{
	/* A bit would become the character of that number. */
	return arena_printf(w->arena, "TRIM(CONVERT(`%s`%s USING utf8mb4)) "
	    "COLLATE utf8mb4_nopad_bin", w->carried[i].column,
	    w->carried[i].is_bits ? " + 0" : "");
}

/* In hexadecimal nothing of it can end the literal. */
static const char *
literal(struct arena *a, const char *text)
{
	struct text t = TEXT_INIT;
	const char *result;

	text_add(&t, "CONVERT(0x");
	for (; *text != '\0'; text++)
		text_addf(&t, "%02x", (unsigned)(unsigned char)*text);
	text_add(&t, " USING utf8mb4)");
	result = arena_strdup(a, t.buf);
	text_clear(&t);
	return result;
}

/* "HOME/MAILDIR" where the row has both. */
static const char *
path_text(struct schema_work *w, size_t i)
{
	const char *home = cell_text(w, i), *below;

	if (w->carried[i].below == NULL)
		return home;
	below = arena_printf(w->arena, "TRIM(CONVERT(`%s` USING utf8mb4))",
	    w->carried[i].below);
	return arena_printf(w->arena, "COALESCE(CONCAT(TRIM(TRAILING '/' FROM "
	    "NULLIF(%s, '')), '/', %s), NULLIF(%s, ''), %s)", home, below,
	    home, below);
}

/* Below the mail directory it is relative to that; NULL: none is given. */
static const char *
home_text(struct schema_work *w, size_t i)
{
	const char *text = path_text(w, i);
	const char *directory = literal(w->arena, arena_printf(w->arena,
	    "%s/", w->options->mail_directory));

	return arena_printf(w->arena, "NULLIF(TRIM(TRAILING '/' FROM "
	    "IF(LEFT(%s, CHAR_LENGTH(%s)) = %s, SUBSTRING(%s, CHAR_LENGTH("
	    "%s) + 1), %s)), '')", text, directory, directory, text,
	    directory, text);
}

/* Dates before all mail (0000, 1970), and 9999, are "never". */
static const char *
unexpired(struct schema_work *w, size_t i)
{
	const char *text = cell_text(w, i);

	return arena_printf(w->arena, "COALESCE(LEFT(%s, 4) NOT BETWEEN "
	    "'1980' AND '9998' OR LEFT(%s, 10) >= CONVERT(UTC_DATE() USING "
	    "utf8mb4), TRUE)", text, text);
}

/* The value of one column: of a flag, a condition. */
static const char *
value_of(struct schema_work *w, size_t i)
{
	const char *column = w->carried[i].column, *home;

	switch (adopted_columns[i].kind) {
	case ADOPTED_NAME:
		return arena_printf(w->arena, "`%s`", column != NULL ?
		    column : adopted_columns[i].column);
	case ADOPTED_FLAG:
		return column == NULL ? "TRUE" : arena_printf(w->arena,
		    "LOWER(%s) IN " YES, cell_text(w, i));
	case ADOPTED_OFF:
		return column == NULL ? "TRUE" : arena_printf(w->arena,
		    "COALESCE(LOWER(%s) NOT IN " YES ", TRUE)",
		    cell_text(w, i));
	case ADOPTED_EXPIRY:
		return column == NULL ? "TRUE" : unexpired(w, i);
	case ADOPTED_TEXT:
		return column == NULL ? "NULL" : arena_printf(w->arena,
		    "NULLIF(%s, '')", cell_text(w, i));
	case ADOPTED_HOME:
		if (column == NULL)
			return schema_carried_fill(w, OWN_HOME);
		home = home_text(w, i);
		return schema_carried_fill(w, arena_printf(w->arena, "IF(%s "
		    "IS NOT NULL AND " HOME_VALID("%s") ", %s, " OWN_HOME
		    ")", home, home, home, home));
	}
	return "NULL";
}

/* All rows of one column of mailadm: flags must all hold. */
static const char *
value_all(struct schema_work *w, size_t first)
{
	const struct adopted_column *of = &adopted_columns[first];
	const char *value = value_of(w, first);

	if (of->kind != ADOPTED_FLAG)
		return value;
	for (size_t i = first + 1; i < ADOPTED_COLUMNS && strcmp(
	    adopted_columns[i].table, of->table) == 0 && strcmp(
	    adopted_columns[i].column, of->column) == 0; i++)
		value = arena_printf(w->arena, "%s AND %s", value,
		    value_of(w, i));
	return arena_printf(w->arena, "IF(%s, 1, 0)", value);
}

/* The number of the column whose mark begins here, or ADOPTED_COLUMNS. */
static size_t
mark_find(const char *statement, size_t *len)
{
	size_t i = 0;

	*len = strcspn(statement, "}") + 1;
	if (*statement != '{')
		return ADOPTED_COLUMNS;
	for (; i < ADOPTED_COLUMNS; i++) {
		const struct adopted_column *of = &adopted_columns[i];
		size_t table = strlen(of->table);

		if (strncmp(statement + 1, of->table, table) == 0 &&
		    statement[1 + table] == '.' && strlen(of->column) ==
		    *len - table - 3 && strncmp(statement + table + 2,
		    of->column, *len - table - 3) == 0)
			break;
	}
	return i;
}

const char *
schema_carried_fill(struct schema_work *w, const char *statement)
{
	struct text t = TEXT_INIT;
	const char *result;

	while (*statement != '\0') {
		size_t len, i = mark_find(statement, &len);

		if (i == ADOPTED_COLUMNS) {
			text_add_char(&t, *statement++);
			continue;
		}
		text_add(&t, value_all(w, i));
		statement += len;
	}
	result = arena_strdup(w->arena, t.buf);
	text_clear(&t);
	return result;
}

/* --- values that cannot be carried over ------------------------------- */

/* What a row of the old table is called. */
static const char *
name_of(size_t i)
{
	const char *table = adopted_columns[i].table;

	return strcmp(table, "domains") == 0 ? SHOWN(OLD_DOMAIN) :
	    strcmp(table, "users") == 0 ? SHOWN(OLD_EMAIL) : SHOWN(OLD_MAIL);
}

/* table, name, problem, fix, of the rows with a condition. */
static const char *
finds(struct schema_work *w, size_t i, const char *problem, const char *fix,
    const char *condition)
{
	const char *table = adopted_columns[i].table;

	return schema_carried_fill(w, arena_printf(w->arena, "SELECT '%s', "
	    "%s, CONCAT('%s: ', COALESCE(%s, 'NULL'), ': %s'), %s FROM %s "
	    "WHERE %s", table, name_of(i), w->carried[i].column,
	    cell_text(w, i), problem, fix, table, condition));
}

/* Bytes that are no text cannot be stored; they may be of a hash. */
static const char *
no_text(struct schema_work *w, size_t i)
{
	const char *table = adopted_columns[i].table;
	const char *column = w->carried[i].column;

	return schema_carried_fill(w, arena_printf(w->arena, "SELECT '%s', "
	    "%s, '%s: not valid UTF-8', NULL FROM %s WHERE BINARY CONVERT("
	    "`%s` USING utf8mb4) <> `%s`", table, name_of(i), column, table,
	    column, column));
}

/* The rows whose value cannot be carried over; NULL: none can be. */
static const char *
wrong_values(struct schema_work *w, size_t i)
{
	const char *text = cell_text(w, i), *home;

	switch (adopted_columns[i].kind) {
	case ADOPTED_NAME:
	case ADOPTED_EXPIRY:
		break;
	case ADOPTED_FLAG:
	case ADOPTED_OFF:
		return finds(w, i, "neither yes nor no", "NULL",
		    arena_printf(w->arena, "COALESCE(LOWER(%s) NOT IN " YES
		    " AND LOWER(%s) NOT IN " NO ", %s)", text, text,
		    adopted_columns[i].kind == ADOPTED_FLAG ? "TRUE" :
		    "FALSE"));
	case ADOPTED_TEXT:
		return finds(w, i, "longer than 255 characters", "NULL",
		    arena_printf(w->arena, "CHAR_LENGTH(%s) > 255", text));
	case ADOPTED_HOME:
		home = home_text(w, i);
		return finds(w, i, "not below the mail directory",
		    "'gets the home of its name: move the mail'",
		    arena_printf(w->arena, "%s IS NOT NULL AND NOT "
		    HOME_VALID("%s"), home, home, home));
	}
	return NULL;
}

bool
schema_carried_judge(struct schema_work *w, db_cells_each each, void *arg,
    struct err *e)
{
	for (size_t i = 0; i < ADOPTED_COLUMNS; i++) {
		const char *query = w->carried[i].column == NULL ? NULL :
		    wrong_values(w, i);

		if (w->carried[i].is_bytes && !db_script_each(w->db,
		    no_text(w, i), each, arg, e))
			return false;
		if (query != NULL && !db_script_each(w->db, query, each, arg,
		    e))
			return false;
	}
	return !catalogue_has(&w->catalogue, "users") ||
	    db_script_each(w->db, schema_carried_fill(w, "SELECT 'users', "
	    "MIN(mailadm_email), CONCAT(COUNT(*), ' users have the home ', "
	    "mailadm_home), NULL FROM (SELECT DISTINCT "
	    FOLD(OLD_EMAIL) " AS mailadm_email, {users.home} AS "
	    "mailadm_home FROM users) AS mailadm_homes GROUP BY mailadm_home "
	    "HAVING COUNT(*) > 1"), each, arg, e);
}
