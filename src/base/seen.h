/*
 * Which of many texts came before, and at which position.
 *
 * It keeps a 64-bit hash and a position for each, twelve bytes however long
 * the text is.  Two different texts of a million have the same hash once in
 * 30 million runs, and not in the next run, since each set has a random
 * seed.  A zeroed struct is empty.
 */
#ifndef BASE_SEEN_H
#define BASE_SEEN_H

#include "base/hash.h"

struct seen {
	uint64_t *hash;
	uint32_t *position;	/* 0: free */
	uint32_t count;
	uint32_t slots;		/* a power of two */
	struct hash_seed seed;
};

/* The position of an equal text that came before, or 0: then it is added. */
uint32_t seen_add(struct seen *s, const char *text, size_t len,
    uint32_t position);

void seen_clear(struct seen *s);

#endif
