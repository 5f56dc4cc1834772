/*
 * Blanks around a word, and capital letters: ASCII only.
 *
 * The locale does not matter.  Bytes above 0x7f stay as they are, so UTF-8
 * stays valid.
 */
#ifndef BASE_ASCII_H
#define BASE_ASCII_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* Sets of blanks.  Use the one that the format of the text has. */
#define BLANKS " \t"			/* inside a line */
#define LINE_BLANKS " \t\r"		/* with the CR of CR LF at its end */
#define SPACES " \t\n\v\f\r"		/* as SQL's [[:space:]] */

/* False for NUL, whatever the set is. */
bool is_one_of(char c, const char *set);

/* The same as one of the words, but for capitals; NULL ends them. */
bool word_is_one_of(const char *word, const char *const *words);

/* The length without the characters of the set at the end. */
size_t trimmed_length(const char *s, size_t len, const char *set);

/* A copy without them at both ends. */
char *trimmed(struct arena *a, const char *s, size_t len, const char *set);

/* Cuts them off in place: returns where the text begins then. */
char *trim(char *s, const char *set);

/* A to Z become a to z: of a character, in place, and in a copy. */
char lower_char(char c);
void lower_case(char *s);
char *lowered(struct arena *a, const char *s);

#endif
