/* Questions about the database that check asks besides its rows. */
#include "db/schema/survey_server.h"

#include <stdlib.h>
#include <string.h>

#include "db/schema/private.h"

static bool
ask(struct survey *s, const char *text, struct db_cells *cells,
    struct err *e)
{
	return db_script_texts(s->db, s->arena, text, cells, e);
}

/* A single cell; NULL where it is NULL. */
static bool
ask_text(struct survey *s, const char *text, const char **answer,
    struct err *e)
{
	struct db_cells cells;

	if (!ask(s, text, &cells, e))
		return false;
	*answer = cells.rows == 0 ? NULL : cells.cell[0];
	return true;
}

bool
survey_state(struct survey *s, struct survey_state *state, struct err *e)
{
	struct err wrong = { 0 };
	struct catalogue c = { 0 };
	struct db_cells versions;
	enum stage stage;

	*state = (struct survey_state){ 0 };
	if (!catalogue_read(s->db, s->arena, &c, e) ||
	    !versions_read(s->db, s->arena, &c, &versions, e))
		return false;
	state->marked = catalogue_owner(&c, "schema_version") == TABLE_OURS;
	stage = stage_of(&c, &versions);
	if (stage == STAGE_HALF_WAY || stage == STAGE_OLDER ||
	    stage == STAGE_NEWER) {
		stage_err(stage, &wrong);
		state->wrong = arena_strdup(s->arena, wrong.text);
		err_clear(&wrong);
	}
	return true;
}

/* --- columns --------------------------------------------------------- */

/*
 * A letter that is not in ascii, one not in latin1, one in no single-byte set,
 * and one not in utf8mb3.
 */
#define LATIN1 "\xc3\xa9"
#define LATIN2 "\xc5\x82"
#define THREE_BYTES "\xe6\x97\xa5"
#define FOUR_BYTES "\xf0\x9f\x98\x80"
#define KEY(letters) "jo" letters "@example.org"
#define KEY_OF_ALL KEY(LATIN1 LATIN2 THREE_BYTES FOUR_BYTES)

static const char *const plainest_keys[] = {
	KEY(LATIN1), KEY(LATIN2), KEY(THREE_BYTES), KEY(FOUR_BYTES),
	KEY_OF_ALL, NULL
};

/*
 * A literal, because a parameter has another coercibility; no row is read:
 * the server refuses before.
 */
static bool
key_lookup(struct survey *s, const char *table, const char *column,
    const char *key, unsigned *number, struct err *e)
{
	return db_script_try(s->db, arena_printf(s->arena, "SELECT 1 FROM %s "
	    "WHERE %s = '%s' LIMIT 0", table, column, key), number, e);
}

bool
survey_lookup(struct survey *s, const char *table, const char *column,
    const char **key, unsigned *number, struct err *e)
{
	*key = KEY_OF_ALL;
	if (!key_lookup(s, table, column, *key, number, e))
		return false;
	if (*number == 0)
		return true;
	for (const char *const *k = plainest_keys; *k != NULL; k++) {
		*key = *k;
		if (!key_lookup(s, table, column, *key, number, e))
			return false;
		if (*number != 0)
			return true;
	}
	return true;
}

static bool
is_identifier(const char *text)
{
	return *text != '\0' && strspn(text, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == strlen(text);
}

/* Both texts in the character set that the collation is of. */
#define SAME(x, y) "CONVERT('" x "' USING %.*s) COLLATE %s = "		\
    "CONVERT('" y "' USING %.*s) COLLATE %s"
#define BY(set, collation) set, collation, collation, set, collation,	\
    collation

bool
survey_folds(struct survey *s, const char *collation, const char **folds,
    struct err *e)
{
	int set = (int)strcspn(collation, "_");

	*folds = NULL;
	if (!is_identifier(collation))
		return true;
	return ask_text(s, arena_printf(s->arena, "SELECT NULLIF(CONCAT_WS("
	    "', ', IF(" SAME("A", "a") ", 'capitals', NULL), "
	    "IF(" SAME("jo\xc3\xa9", "joe") ", 'accents', NULL), "
	    "IF(" SAME("a", "a ") ", 'trailing blanks', NULL)), '')",
	    BY(set, collation), BY(set, collation), BY(set, collation)),
	    folds, e);
}

bool
survey_column_denied(struct survey *s, const char *table, const char *column,
    bool *denied, struct err *e)
{
	return survey_denied(s, arena_printf(s->arena, "SELECT %s FROM %s "
	    "LIMIT 0", *column == '\0' ? "1" : arena_printf(s->arena, "`%s`",
		column), table), denied, e);
}

/* With rounds and 16 characters of salt; the label is {SHA256-CRYPT}. */
#define ROOM_SHA256 "80"
#define ROOM_SHA512 "123"
#define ROOM_LABEL "14"

bool
survey_hash_room(struct survey *s, int64_t *room, struct err *e)
{
	const char *answer = NULL;

	if (!s->hashes)
		answer = ROOM_SHA256;
	else if (!ask_text(s, "SELECT IF(MAX(crypt LIKE '%$6$%'), "
	    ROOM_SHA512 ", " ROOM_SHA256 ") + IF(MAX(crypt LIKE '{%'), "
	    ROOM_LABEL ", 0) FROM users", &answer, e))
		return false;
	BUG_ON(answer == NULL);
	*room = strtoll(answer, NULL, 10);
	return true;
}

/* --- accounts -------------------------------------------------------- */

bool
survey_account(struct survey *s, const char **account, struct err *e)
{
	return ask_text(s, "SELECT CURRENT_USER()", account, e);
}

bool
survey_definers(struct survey *s, struct words *definers, struct err *e)
{
	struct db_cells cells;

	if (!ask(s, "SELECT DISTINCT definer FROM "
	    "information_schema.triggers WHERE trigger_schema = DATABASE() "
	    "AND definer IS NOT NULL", &cells, e))
		return false;
	for (size_t i = 0; i < cells.rows; i++)
		words_add(s->arena, definers, cells.cell[i]);
	return true;
}

bool
survey_roles(struct survey *s, struct db_cells *roles, struct err *e)
{
	return ask(s, "SELECT user, host, role FROM mysql.roles_mapping",
	    roles, e);
}

/* --- history --------------------------------------------------------- */

/*
 * A change that lasted while the history was pruned may have lost its row
 * and kept some later ones: an hour is more than any lasts.
 */
#define SINCE								\
    "SELECT UNIX_TIMESTAMP(IF(EXISTS (SELECT 1 FROM history WHERE "	\
    "name = 'prune' AND kind = 'history'), (SELECT MIN(at) + INTERVAL 1 "\
    "HOUR FROM changes), (SELECT applied FROM schema_version WHERE "	\
    "version = 1)))"

bool
survey_history_since(struct survey *s, int64_t *since, struct err *e)
{
	const char *answer;

	if (!ask_text(s, SINCE, &answer, e))
		return false;
	*since = answer == NULL ? FIELD_NULL : strtoll(answer, NULL, 10);
	return true;
}

bool
survey_history_each(struct survey *s, db_cells_each each, void *arg,
    struct err *e)
{
	return db_script_each(s->db, "SELECT kind, name, UNIX_TIMESTAMP(at) "
	    "FROM history", each, arg, e);
}

bool
survey_history_orphans(struct survey *s, struct words *changes,
    struct err *e)
{
	struct db_cells cells;

	/* Each number once, by the key, before it is looked for. */
	if (!ask(s, "SELECT h.`change` FROM (SELECT DISTINCT `change` FROM "
	    "history) AS h LEFT JOIN changes AS c ON c.id = h.`change` WHERE "
	    "c.id IS NULL", &cells, e))
		return false;
	for (size_t i = 0; i < cells.rows; i++)
		words_add(s->arena, changes, cells.cell[i]);
	return true;
}
