/* What a plan would do with mail, beside what the installed Postfix does. */
#ifndef CMD_FOREIGN_COMPARE_ROUTES_H
#define CMD_FOREIGN_COMPARE_ROUTES_H

#include "cmd/plan.h"

/*
 * Follows so many users and so many aliases of the manifest, spread over all
 * of them, and every catch-all and disabled name, both through the maps of
 * the Postfix in `dir` and as they will be after the plan; a note for each
 * difference, then the count.
 */
bool compare_routes(struct plan_session *w, const char *dir, int64_t number,
    struct err *e);

#endif
