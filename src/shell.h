/*
 * The shell: a prompt, a history, completion.
 *
 * Every command is its own transaction outside begin ... commit.  A line
 * that holds a secret never enters the history, and is not kept in memory.
 */
#ifndef SHELL_H
#define SHELL_H

#include "cmd/run/session.h"

/* Until quit or the end of input; returns the exit status. */
int shell_run(struct session *s);

#endif
