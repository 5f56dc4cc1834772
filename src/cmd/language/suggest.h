/*
 * What was probably meant: unknown words get "did you mean".
 */
#ifndef CMD_LANGUAGE_SUGGEST_H
#define CMD_LANGUAGE_SUGGEST_H

#include "cmd/language/cmd.h"

/*
 * The shell accepts unique prefixes: *whole is the name that `word` begins
 * (behind `noun` when that is not NULL), or stays.  The word that follows
 * may decide: "us li" is user list, "us example.com" is use.  Fails with
 * ERR_USAGE listing the candidates when there are several.
 */
bool command_complete_prefix(struct arena *a, const char *noun,
    const char *word, const char *next, const char **whole,
    struct err *e);

/* Each adds a hint and returns false, but hint_option(): true if it did. */
bool hint_command(struct arena *a, const char *noun, const char *word,
    struct err *e);
bool hint_verbs(struct arena *a, const char *noun, struct err *e);
bool hint_option(const struct cmd *cmd, const char *name, struct err *e);

#endif
