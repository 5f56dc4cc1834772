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

enum carried_kind {
	CARRIED_FLAG,
	CARRIED_TEXT,
	CARRIED_HOME
};

/* The first of the old names that exists is the column. */
static const struct {
	const char *table;
	const char *column;		/* mailadm's */
	const char *old;		/* words */
	enum carried_kind kind;
} carried[SCHEMA_CARRIED] = {
	{ "domains", "active", "active enabled is_active", CARRIED_FLAG },
	{ "domains", "description", "description", CARRIED_TEXT },
	{ "users", "active", "active enabled is_active", CARRIED_FLAG },
	{ "users", "name", "name full_name fullname realname", CARRIED_TEXT },
	{ "users", "home", "home", CARRIED_HOME },
	{ "aliases", "active", "active enabled is_active", CARRIED_FLAG },
};

/* --- what exists ------------------------------------------------------ */

/* The place of a name among words, from 1; 0: it is none of them. */
static size_t
place_of(const char *words, const char *name)
{
	size_t len, place = 1;

	for (; *words != '\0'; words += len + (words[len] == ' '), place++) {
		len = strcspn(words, " ");
		if (strlen(name) == len && strncasecmp(words, name, len) == 0)
			return place;
	}
	return 0;
}

/* Of two names of one column the one that is named first. */
static void
column_note(struct schema_work *w, size_t i, const char *name,
    const char *type)
{
	size_t place = place_of(carried[i].old, name);
	const char *had = w->carried[i].column;

	if (place == 0 || (had != NULL &&
	    place_of(carried[i].old, had) < place))
		return;
	w->carried[i].column = name;
	w->carried[i].is_bits = strcmp(type, "bit") == 0;
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

		for (size_t i = 0; i < SCHEMA_CARRIED; i++)
			if (strcmp(cell[0], carried[i].table) == 0)
				column_note(w, i, cell[1], cell[2]);
	}
	return true;
}

bool
schema_carried_has(const struct schema_work *w, const char *table,
    const char *column)
{
	for (size_t i = 0; i < SCHEMA_CARRIED; i++)
		if (strcmp(carried[i].table, table) == 0 &&
		    w->carried[i].column != NULL &&
		    strcmp(w->carried[i].column, column) == 0)
			return true;
	return false;
}

/* --- expressions ------------------------------------------------------ */

#define YES "('1', 'y', 'yes', 'true', 't', 'on', 'enabled', 'active')"
#define NO "('0', 'n', 'no', 'false', 'f', 'off', 'disabled', 'inactive', '')"

/* The user of the name, below the domain. */
#define OWN_HOME							\
    "CONCAT(" DOMAIN_OF("email") ", '/', SUBSTRING_INDEX("		\
    FOLD("email") ", '@', 1))"

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

/* Below the mail directory it is relative to that; NULL: none is given. */
static const char *
home_text(struct schema_work *w, size_t i)
{
	const char *text = cell_text(w, i);
	const char *directory = literal(w->arena, arena_printf(w->arena,
	    "%s/", w->options->mail_directory));

	return arena_printf(w->arena, "NULLIF(TRIM(TRAILING '/' FROM "
	    "IF(LEFT(%s, CHAR_LENGTH(%s)) = %s, SUBSTRING(%s, CHAR_LENGTH("
	    "%s) + 1), %s)), '')", text, directory, directory, text,
	    directory, text);
}

static const char *
value_of(struct schema_work *w, size_t i)
{
	bool exists = w->carried[i].column != NULL;
	const char *home;

	switch (carried[i].kind) {
	case CARRIED_FLAG:
		return !exists ? "1" : arena_printf(w->arena, "IF(LOWER(%s) "
		    "IN " YES ", 1, 0)", cell_text(w, i));
	case CARRIED_TEXT:
		return !exists ? "NULL" : arena_printf(w->arena,
		    "NULLIF(%s, '')", cell_text(w, i));
	case CARRIED_HOME:
		if (!exists)
			return OWN_HOME;
		home = home_text(w, i);
		return arena_printf(w->arena, "IF(%s IS NOT NULL AND "
		    HOME_VALID("%s") ", %s, " OWN_HOME ")", home, home, home,
		    home);
	}
	return "NULL";
}

const char *
schema_carried_fill(struct schema_work *w, const char *statement)
{
	struct text t = TEXT_INIT;
	const char *result;
	size_t i;

	while (*statement != '\0') {
		for (i = 0; i < SCHEMA_CARRIED; i++) {
			const char *mark = arena_printf(w->arena, "{%s.%s}",
			    carried[i].table, carried[i].column);

			if (strncmp(statement, mark, strlen(mark)) == 0) {
				text_add(&t, value_of(w, i));
				statement += strlen(mark);
				break;
			}
		}
		if (i == SCHEMA_CARRIED)
			text_add_char(&t, *statement++);
	}
	result = arena_strdup(w->arena, t.buf);
	text_clear(&t);
	return result;
}

/* --- values that cannot be carried over ------------------------------- */

static const char *
name_column(const char *table)
{
	return strcmp(table, "domains") == 0 ? "domain" :
	    strcmp(table, "users") == 0 ? "email" : "mail";
}

/* table, name, problem, fix, of the rows with a condition. */
static const char *
finds(struct schema_work *w, size_t i, const char *problem, const char *fix,
    const char *condition)
{
	return arena_printf(w->arena, "SELECT '%s', " SHOWN("%s")
	    ", CONCAT('%s: ', COALESCE(%s, 'NULL'), ': %s'), %s FROM %s "
	    "WHERE %s", carried[i].table, name_column(carried[i].table),
	    w->carried[i].column, cell_text(w, i), problem, fix,
	    carried[i].table, condition);
}

bool
schema_carried_judge(struct schema_work *w, db_cells_each each, void *arg,
    struct err *e)
{
	for (size_t i = 0; i < SCHEMA_CARRIED; i++) {
		const char *text, *query = NULL;

		if (w->carried[i].column == NULL)
			continue;
		text = cell_text(w, i);
		if (carried[i].kind == CARRIED_FLAG)
			query = finds(w, i, "neither yes nor no", "NULL",
			    arena_printf(w->arena, "COALESCE(LOWER(%s) NOT "
			    "IN " YES " AND LOWER(%s) NOT IN " NO ", TRUE)",
			    text, text));
		else if (carried[i].kind == CARRIED_TEXT)
			query = finds(w, i, "longer than 255 characters",
			    "NULL", arena_printf(w->arena,
			    "CHAR_LENGTH(%s) > 255", text));
		else
			query = finds(w, i, "not below the mail directory",
			    "'gets the home of its name: move the mail'",
			    arena_printf(w->arena, "%s IS NOT NULL AND NOT "
			    HOME_VALID("%s"), home_text(w, i),
			    home_text(w, i), home_text(w, i)));
		if (!db_script_each(w->db, query, each, arg, e))
			return false;
	}
	return !catalogue_has(&w->catalogue, "users") ||
	    db_script_each(w->db, schema_carried_fill(w, "SELECT 'users', "
	    "MIN(mailadm_email), CONCAT(COUNT(*), ' users have the home ', "
	    "mailadm_home), NULL FROM (SELECT DISTINCT " FOLD("email")
	    " AS mailadm_email, {users.home} AS mailadm_home FROM users) AS "
	    "mailadm_homes GROUP BY mailadm_home HAVING COUNT(*) > 1"), each,
	    arg, e);
}
