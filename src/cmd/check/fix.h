/*
 * check --fix: the plan shown, asked about, done, and what is left.
 */
#ifndef CMD_CHECK_FIX_H
#define CMD_CHECK_FIX_H

#include "cmd/run/session.h"
#include "model/check/check.h"

/* ERR_USAGE inside a transaction: what it did is a change of its own. */
bool check_fix_may(const struct session *s, struct err *e);

/*
 * Fixes what can be fixed of what check_run() found.  Afterwards `result`
 * holds the findings that are gone, marked as fixed, and what a second run
 * found; with --dry-run the same findings, and marks what would be fixed.
 * ERR_REFUSED without a yes.
 */
bool check_fix(struct session *s, const struct check_options *options,
    struct check_result *result, struct err *e);

#endif
