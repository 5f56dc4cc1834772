/*
 * The lines that were typed, in this shell and in those before.
 *
 * They are kept in $XDG_STATE_HOME/mailadm/history, which only its owner
 * can read.  A line that holds a secret never enters it.  Several shells
 * append to one file, each line as it is typed, and none is lost; the file
 * is cut to the setting history_size when a shell begins.
 */
#ifndef SHELL_HISTORY_H
#define SHELL_HISTORY_H

#include "cmd/run/session.h"

void history_begin(struct session *s);

/* May these words of a line hold a secret, which nobody is to remember? */
bool history_is_secret(struct session *s, const struct words *words);

/* A line and its words; not when it is the same as the last one. */
void history_remember(struct session *s, const char *line,
    const struct words *words);

#endif
