/* check --fix: show the plan, ask, do it, and report what is left. */
#ifndef CMD_CHECK_FIX_H
#define CMD_CHECK_FIX_H

#include "cmd/run/session.h"
#include "model/check/check.h"

/* ERR_USAGE inside a transaction: the fixes are a change of their own. */
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
