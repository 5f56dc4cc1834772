/*
 * Rows of aliases and of patterns: reading and writing one name's.
 *
 * A pattern (bo-*@example.com) is an alias whose name has a star.  Its rows
 * come as struct alias, with the values that a pattern has: the note.
 */
#ifndef MODEL_MAIL_ALIAS_ROW_H
#define MODEL_MAIL_ALIAS_ROW_H

#include "model/mail/mail.h"

/* The most patterns of a domain. */
#define PATTERNS_MAX 100

/* Are the rows of this name those of a pattern?  Also where it has none. */
bool alias_is_pattern(struct mail *m, const char *mail, bool *pattern,
    struct err *e);

/* ERR_INVALID for a name with * or ? that can be no pattern. */
bool alias_refuse_wild(const char *mail, struct err *e);

/* As the maps compare a name that nobody has; both lower case. */
bool alias_pattern_matches(const char *pattern, const char *address);

/* The rows of a name, in the arena, perhaps none; locked: FOR UPDATE. */
bool alias_rows(struct mail *m, struct arena *a, const char *mail,
    struct db_rows *rows, struct err *e);
bool alias_rows_locked(struct mail *m, struct arena *a, const char *mail,
    struct db_rows *rows, struct err *e);

/*
 * literal: an alias also where its name has a star.  ERR_REFUSED where the
 * domain can have no further pattern.
 */
bool alias_row_insert(struct mail *m, const struct alias *row, bool literal,
    struct err *e);

/* The row of this name and destination gets these values. */
bool alias_row_update(struct mail *m, const struct alias *row,
    struct err *e);
bool alias_row_enable(struct mail *m, const struct alias *row, bool active,
    struct err *e);
bool alias_row_remove(struct mail *m, const char *mail, const char *to,
    struct err *e);

#endif
