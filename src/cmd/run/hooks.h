/*
 * Hooks: programs of the admin that run after a commit.
 *
 * The change is made and true, whatever becomes of them.  So they cannot
 * refuse it, and what fails is a note, with the exit status
 * unchanged.  mailadm waits for each, as long as the setting hook_timeout.
 */
#ifndef CMD_RUN_HOOKS_H
#define CMD_RUN_HOOKS_H

#include "cmd/run/session.h"

/* Once after each commit, when no transaction is open. */
void session_hooks(struct session *s);

#endif
