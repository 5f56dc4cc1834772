/*
 * Where a word occurs in the help: commands, options, settings, rules,
 * statuses, and sections of the manual.
 */
#ifndef CMD_HELP_SEARCH_H
#define CMD_HELP_SEARCH_H

#include "base/arena.h"
#include "base/text.h"

/* Adds one line for each place, whatever the case of letters. */
void search_add(struct text *t, struct arena *a, const char *phrase);

#endif
