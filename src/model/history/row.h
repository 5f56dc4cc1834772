/*
 * A row of the history, as people read it.
 *
 * The database's triggers write old and new row as JSON, hashes included;
 * what comes out of here is made of the other columns, and says at most
 * that a password is another one.
 */
#ifndef MODEL_HISTORY_ROW_H
#define MODEL_HISTORY_ROW_H

#include "base/arena.h"
#include "db/rows.h"
#include "db/sql.h"

/* The summary is in the arena, the other texts are those of `raw`. */
struct history history_row_read(struct arena *a,
    const struct history_raw *raw);

#endif
