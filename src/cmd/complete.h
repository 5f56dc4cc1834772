/*
 * Completion: what may stand where the cursor is, from the tables.
 *
 * One engine for readline, bash and zsh.
 */
#ifndef CMD_COMPLETE_H
#define CMD_COMPLETE_H

#include "cmd/session.h"

/* The words that `begun` may become behind `before`. */
struct words complete(struct arena *a, const struct words *before,
    const char *begun);

/* True where a file name is meant, which the caller completes itself. */
bool complete_is_file(struct arena *a, const struct words *before);

/* The script that makes bash or zsh ask `mailadm complete`. */
const char *completion_script(const char *shell);

#endif
