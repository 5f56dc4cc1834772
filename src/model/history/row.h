/*
 * A row of the history, as people read it.
 *
 * The triggers write the old and the new row as JSON, with hashes.  The
 * summary is made of the other columns, and says at most that the password
 * changed.
 */
#ifndef MODEL_HISTORY_ROW_H
#define MODEL_HISTORY_ROW_H

#include "base/arena.h"
#include "db/rows.h"
#include "db/sql.h"

/*
 * The summary is in the arena, the other texts are those of `raw`.  Without
 * notes it says of them, too, at most that they changed.
 */
struct history history_row_read(struct arena *a,
    const struct history_raw *raw, bool notes);

/*
 * The same as JSON for a program: kind, name, action, summary and both
 * rows, with those columns alone that a person may read.  No hash is among
 * them, and no part of a key.
 */
const char *history_row_json(struct arena *a, const struct history_raw *raw);

/* What all rows of its change share, as members without braces. */
const char *history_change_json(struct arena *a,
    const struct history_raw *raw);

#endif
