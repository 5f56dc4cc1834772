/*
 * Word splitting: a line as a shell would read it, without expansions.
 *
 * Blanks separate words; '...' keeps everything; "..." keeps everything
 * but \" and \\; \x outside quotes is x; # at the start of a word begins a
 * comment.  Nothing is ever expanded or executed.
 */
#ifndef BASE_WORDS_H
#define BASE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

struct words {
	const char **word;	/* count words and a final NULL */
	size_t count;
};

/*
 * Fails with ERR_USAGE on an open quote, a backslash at the very end, and
 * with ERR_INVALID on bytes that no argument may hold (NUL, invalid UTF-8).
 */
bool words_split(struct arena *a, const char *line, size_t len,
    struct words *words, struct err *e);

/*
 * The same for a line whose end is still being typed: an open quote or
 * backslash is no error.  *begun is the word under the cursor, "" after a
 * blank; it is not among the words.  *start is where it begins in the line.
 */
void words_split_open(struct arena *a, const char *line, size_t len,
    struct words *words, const char **begun, size_t *start);

/* Appends the word, which is not copied. */
void words_add(struct arena *a, struct words *words, const char *word);

/* True when one of them equals the word. */
bool words_have(const struct words *words, const char *word);

/* All of them with `between` between two, in the arena; "" for none. */
const char *words_joined(struct arena *a, const struct words *words,
    const char *between);

/* Sorts by bytes. */
void words_sort(struct words *words);

#endif
