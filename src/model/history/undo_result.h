/* What must hold after an undo; called by undo.c. */
#ifndef MODEL_HISTORY_UNDO_RESULT_H
#define MODEL_HISTORY_UNDO_RESULT_H

#include "model/mail/mail.h"

/*
 * Looks at the rows that the open transaction has written since one of
 * them.  ERR_REFUSED when aliases are in a loop now; an alias made after
 * `change` that leads to a name which is gone is an obstacle, unless
 * forced.  What a person should know is noted.
 */
bool undo_check(struct mail *m, int64_t change, int64_t since, bool force,
    struct words *obstacles, struct err *e);

#endif
