/*
 * What the commands of config share.
 */
#ifndef CMD_CONFIG_CONFIG_H
#define CMD_CONFIG_CONFIG_H

#include "cmd/run/session.h"
#include "model/findings.h"
#include "model/server/render.h"

/*
 * Prints files and what was done with each; for a person, the diffs as well.
 */
bool config_rows_print(struct session *s, const struct render_row *rows,
    size_t count, struct err *e);

/* The name of a directory without slashes at its end; the root stays "/". */
const char *config_directory(struct arena *a, const char *name);

/* The path of this program, for what cron is to run. */
const char *config_program(struct arena *a);

/* --- report.c: config verify for people ------------------------------- */

/* The findings, grouped by file, as wide as the terminal. */
bool config_report_print(struct session *s, const struct report *r,
    struct err *e);

/* All that is known about a rule of the verifier. */
bool config_rule_explain(struct session *s, const char *id, struct err *e);

extern const struct field config_page_fields[];

/* --- fix.c: config verify --fix ---------------------------------------- */

/*
 * Changes the settings of Postfix in the directory as it is advised, after a
 * yes; *fixed: something was.
 */
bool config_fix(struct session *s, const struct report *r,
    const char *directory, bool *fixed, struct err *e);

#endif
