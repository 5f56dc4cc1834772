/*
 * Wiping what readline keeps of a line that held a secret.
 *
 * The line, what the screen shows of it, what was killed while it was typed:
 * all of that stays in readline's memory for the lines to come.
 */
#ifndef SHELL_WIPE_H
#define SHELL_WIPE_H

#include <stddef.h>

/*
 * Between two lines: overwrites all of it, and the text that could be yanked
 * with it.  No line, with its prompt, has been longer than `longest` bytes.
 */
void readline_wipe(size_t longest);

#endif
