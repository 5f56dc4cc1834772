/*
 * What the shell can be told about itself: set, use, source, quit.
 */
#ifndef CMD_SHELL_H
#define CMD_SHELL_H

#include <stddef.h>

/* The name of setting i, NULL behind the last. */
const char *shell_setting_name(size_t i);

/* The words that a setting takes, NULL for an unknown one. */
const char *const *shell_setting_values(const char *name);

#endif
