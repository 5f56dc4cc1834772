/*
 * The history of the shell: the lines that were typed, now and before.
 *
 * It is in $XDG_STATE_HOME/mailadm/history, which only its owner can read.  A
 * line that holds a secret is never added.  Several shells may append to the
 * file; it is cut to the setting history_size when a shell begins.
 */
#ifndef SHELL_HISTORY_H
#define SHELL_HISTORY_H

#include "cmd/run/session.h"

void history_begin(struct session *s);

/* True when these words of a line may hold a secret. */
bool history_is_secret(struct session *s, const struct words *words);

/* Adds a line, unless it has a secret or is the same as the last one. */
void history_remember(struct session *s, const char *line,
    const struct words *words);

#endif
