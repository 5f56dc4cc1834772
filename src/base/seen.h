/*
 * Which of many texts have been there before, and where.
 *
 * Only a hash of 64 bits is held of each, twelve bytes with its place, so
 * that memory does not grow with the texts.  Two of a million may then be
 * taken for one: once in 30 million times, and not again with the same two,
 * since each set has a seed of its own.  A zeroed struct is empty.
 */
#ifndef BASE_SEEN_H
#define BASE_SEEN_H

#include "base/hash.h"

struct seen {
	uint64_t *hash;
	uint32_t *place;	/* 0: free */
	uint32_t count;
	uint32_t slots;		/* a power of two */
	struct hash_seed seed;
};

/* The place of an equal text that came before, which stays, or 0. */
uint32_t seen_add(struct seen *s, const char *text, size_t len,
    uint32_t place);

void seen_clear(struct seen *s);

#endif
