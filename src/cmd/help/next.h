/*
 * What may come next, in words: the shell's "?" and the hint behind the
 * cursor.
 */
#ifndef CMD_HELP_NEXT_H
#define CMD_HELP_NEXT_H

#include "base/text.h"
#include "cmd/language/cmd.h"

/* What may stand behind these words, with its help. */
void next_help(struct text *t, struct arena *a, const struct words *before);

/*
 * The arguments that are missing behind the word that is being typed:
 * "EMAIL", " DESTINATION..."; "" when nothing is.
 */
const char *next_hint(struct arena *a, const struct words *before,
    const char *begun);

#endif
