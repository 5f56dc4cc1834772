/*
 * A line from a person: readline with completion, "?" and hints.
 *
 * TAB completes; "?" at the start of a word shows what may follow and
 * leaves the line as it is; what is still missing stands dimmed behind the
 * cursor where the terminal can show it.
 */
#ifndef SHELL_LINE_H
#define SHELL_LINE_H

#include "cmd/run/session.h"
#include "model/connect/names.h"

/* Once, before the first line; both must outlive the last. */
void line_begin(struct session *s, struct names *names);

/*
 * Without its newline, but with those in the middle of pasted text; from
 * malloc().  NULL at the end of input.
 */
char *line_read(const char *prompt);

void line_end(void);

#endif
