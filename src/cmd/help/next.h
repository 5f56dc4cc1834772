/*
 * What may come next: help for the "?" of the shell, and the hint after the
 * cursor.
 */
#ifndef CMD_HELP_NEXT_H
#define CMD_HELP_NEXT_H

#include "base/text.h"
#include "cmd/language/cmd.h"

/* Adds what may follow these words, with its help. */
void next_help(struct text *t, struct arena *a, const struct words *before);

/*
 * The arguments that are missing after the word that is being typed: "EMAIL",
 * " DESTINATION...", or "".
 */
const char *next_hint(struct arena *a, const struct words *before,
    const char *begun);

#endif
