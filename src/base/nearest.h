/*
 * Typing errors: which of the names that exist a word was meant to be.
 */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/words.h"

/*
 * The number of edits between two words (insert, delete, replace, swap
 * two), at most `limit` + 1.
 */
size_t word_distance(const char *a, const char *b, size_t limit);

/* At most two edits apart. */
bool is_near(const char *candidate, const char *word);

/*
 * Those at the least distance from the word, among the near ones: for
 * "lsit" that is list, although set is near, too.
 */
struct words nearest(struct arena *a, const struct words *names,
    const char *word);

#endif
