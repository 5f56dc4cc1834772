/*
 * What an error may quote of what came in.  One rule: nothing that may be a
 * password.
 *
 * Where it stood decides that, not what it looks like.  A value that is given
 * by its name (--quota 5X) takes no password and is quoted.  Two places may
 * have one, typed a prompt too early, in the wrong order or in the wrong file:
 *
 * - Names: of a command, an option, a key, a column, a setting.  What is no
 *   name is quoted only if it is a typing error of one: quote_name().
 * - Values that follow each other without a name, in a command that takes
 *   passwords, and all values of a file that has passwords or hashes.  They
 *   are not quoted, and quote_hide() takes them out of what was said of them.
 *
 * The history of the shell keeps a line by the same rule.
 */
#ifndef BASE_QUOTE_H
#define BASE_QUOTE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/words.h"

/* Behind what is said of a word that is not quoted. */
#define QUOTE_HIDDEN "not shown, as it may be a password"

/* True if the word begins one of the names, or is a typing error of one. */
bool quote_name(const struct words *names, const char *word);

/*
 * err_set() of "WHAT: WORD", or of WHAT and QUOTE_HIDDEN if the word is no
 * such name.
 */
bool quote_unknown(struct err *e, enum err_code code, const char *what,
    const struct words *names, const char *word);

/*
 * Takes the word out of text and hint: a quoted one leaves the rest of its
 * text; where a piece of it stands otherwise, all of the text is replaced.
 * False, as all functions of an error.
 */
bool quote_hide(struct err *e, const char *word);

#endif
