/*
 * Typing errors: which existing name was probably meant.
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

/* True when they are at most two edits apart. */
bool is_near(const char *candidate, const char *word);

/*
 * The near names with the fewest edits: for "lsit" that is list, although
 * set is near, too.
 */
struct words nearest(struct arena *a, const struct words *names,
    const char *word);

#endif
