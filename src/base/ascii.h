/*
 * ASCII in texts: the blanks around a word, and capital letters.
 *
 * None of these looks at the locale.  Bytes above 0x7f are left as they
 * are, so UTF-8 stays valid.
 */
#ifndef BASE_ASCII_H
#define BASE_ASCII_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* Sets of characters that separate: pick the one that the format has. */
#define BLANKS " \t"			/* between the words of a line */
#define LINE_BLANKS " \t\r"		/* and the CR before its LF */
#define SPACES " \t\n\v\f\r"		/* as SQL's [[:space:]] */

/* A NUL is in no set. */
bool is_one_of(char c, const char *set);

/* The length without those at the end. */
size_t trimmed_length(const char *s, size_t len, const char *set);

/* A copy without those at either end. */
char *trimmed(struct arena *a, const char *s, size_t len, const char *set);

/* Cuts the text itself: returns its first character that is not one. */
char *trim(char *s, const char *set);

/* A to Z become a to z: of a character, in place, and in a copy. */
char lower_char(char c);
void lower_case(char *s);
char *lowered(struct arena *a, const char *s);

#endif
