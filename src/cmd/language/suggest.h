/*
 * What was probably meant: unknown words get "did you mean".
 */
#ifndef CMD_LANGUAGE_SUGGEST_H
#define CMD_LANGUAGE_SUGGEST_H

#include "cmd/language/cmd.h"

/*
 * The shell accepts unique prefixes.  *whole becomes the name that begins
 * with `word`, after `noun` unless that is NULL; it is unchanged if there is
 * none.  The next word can decide: "us li" is user list, "us example.com" is
 * use.  ERR_USAGE lists the candidates if there are several.
 */
bool command_complete_prefix(struct arena *a, const char *noun,
    const char *word, const char *next, const char **whole,
    struct err *e);

/*
 * Each adds a hint and returns false; hint_option() returns true if it added
 * one.
 */
bool hint_command(struct arena *a, const char *noun, const char *word,
    struct err *e);
bool hint_verbs(struct arena *a, const char *noun, struct err *e);
bool hint_option(const struct cmd *cmd, const char *name, struct err *e);

/*
 * ERR_USAGE with a hint, for a word that is no command, after a noun or NULL.
 * True if the word is a typing error of one and is quoted.
 */
bool refuse_command(struct arena *a, const char *noun, const char *word,
    struct err *e);

/*
 * True if an unknown option may be quoted: it is a typing error of one of the
 * command, a letter, or has the form of one where no password may stand.
 */
bool quote_option(struct arena *a, const struct cmd *cmd, const char *name);

/* True if one of `all` is similar to the word: then it adds a hint. */
bool hint_near(struct arena *a, const struct words *all, const char *word,
    struct err *e);

#endif
