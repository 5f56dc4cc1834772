/*
 * Undo: a change taken back, whole.
 *
 * Its rows are reverted in reverse order, so each step leads back through
 * a state that was legal; what keys and triggers forbid now stays
 * forbidden.  A row that is not as the change left it (`modified` apart)
 * was changed since: without force, ERR_REFUSED names every such row.
 * Columns come back as they were, but for `modified`: undoing is a change,
 * too.  Limits are not enforced, only noted; loops are refused.  A row that
 * the tables' checks would not take (it came in when they were off, or
 * before they were made) comes back with force only.
 */
#ifndef MODEL_HISTORY_UNDO_H
#define MODEL_HISTORY_UNDO_H

#include "model/mail/mail.h"

/*
 * *id is the change that undoes it, *since its last row before that;
 * outcome UNCHANGED: there was nothing to undo.
 */
bool undo_change(struct mail *m, int64_t change, bool force,
    enum outcome *outcome, int64_t *id, int64_t *since, struct err *e);

#endif
