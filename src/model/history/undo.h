/*
 * Undo: a change taken back, whole.
 *
 * Its rows are reverted in reverse order, so each step leads back through
 * a state that was legal; what keys and triggers forbid now stays
 * forbidden.  A row that is not as the change left it (`modified` apart)
 * was changed since: without force, ERR_REFUSED names every such row.
 * Columns come back as they were, but for `modified`: undoing is a change,
 * too.  Limits are not enforced, a note names them; loops are refused.  A
 * row that the tables' checks would refuse (it was written when they were
 * off, or before they were made) comes back with force only.
 */
#ifndef MODEL_HISTORY_UNDO_H
#define MODEL_HISTORY_UNDO_H

#include "model/mail/mail.h"

struct undo_result {
	bool undone;		/* false: there was nothing to undo */
	int64_t id;		/* the change that undoes the other */
	int64_t since;		/* the last row of the history before it */
};

bool undo_change(struct mail *m, int64_t change, bool force,
    struct undo_result *result, struct err *e);

#endif
