/*
 * Parts of sentences for people: lists of names, and numbers of things.
 */
#ifndef BASE_SENTENCE_H
#define BASE_SENTENCE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/words.h"

/* "a, b, c and 7 more", in the arena. */
const char *sentence_list(struct arena *a, const struct words *names);

/* "1 user", "2 users", in the arena; the plural as given: "aliases". */
const char *sentence_number(struct arena *a, int64_t n, const char *one,
    const char *many);

#endif
