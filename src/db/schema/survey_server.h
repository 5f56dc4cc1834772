/*
 * Questions about the database that check asks besides its rows.
 *
 * The answers are what the server really does: whether a lookup fails,
 * which texts a collation takes for one, who may do what.
 */
#ifndef DB_SCHEMA_SURVEY_SERVER_H
#define DB_SCHEMA_SURVEY_SERVER_H

#include "db/schema/survey.h"

/* The version of the schema, by its own table. */
struct survey_state {
	bool marked;		/* schema_version exists, and is ours */
	const char *wrong;	/* half-way, older, newer; NULL: right */
};

bool survey_state(struct survey *s, struct survey_state *state,
    struct err *e);

/*
 * Looks UTF-8 keys up as Postfix does: text, a literal, utf8mb4.  *number is
 * the server's error, 1267 where the column's character set has not all
 * letters of *key, the plainest one that fails; 0: every lookup works.
 * Table and column are names from sql/.
 */
bool survey_lookup(struct survey *s, const char *table, const char *column,
    const char **key, unsigned *number, struct err *e);

/* What a collation treats as equal: "capitals, accents"; NULL: nothing. */
bool survey_folds(struct survey *s, const char *collation,
    const char **folds, struct err *e);

/* True when the account may read a column that the catalogue hides. */
bool survey_column_denied(struct survey *s, const char *table,
    const char *column, bool *denied, struct err *e);

/* The most characters that hashes of the schemes in use can have. */
bool survey_hash_room(struct survey *s, int64_t *room, struct err *e);

/* --- accounts -------------------------------------------------------- */

/* The account as triggers name it, user@host. */
bool survey_account(struct survey *s, const char **account, struct err *e);

/* The accounts, user@host, that the triggers of this database run as. */
bool survey_definers(struct survey *s, struct words *definers,
    struct err *e);

/* user, host, role: who has been given a role. */
bool survey_roles(struct survey *s, struct db_cells *roles, struct err *e);

/* --- history --------------------------------------------------------- */

/*
 * Rows written after *since must have history: since the schema was made,
 * or after what was pruned; FIELD_NULL: not known.
 */
bool survey_history_since(struct survey *s, int64_t *since, struct err *e);

/* Each row of the history: kind, name, and when it was written. */
bool survey_history_each(struct survey *s, db_cells_each each, void *arg,
    struct err *e);

/* Numbers of changes that history rows name and that are not there. */
bool survey_history_orphans(struct survey *s, struct words *changes,
    struct err *e);

#endif
