/*
 * A hash with a random seed.
 *
 * Nobody who does not know the seed can choose texts that collide, and make
 * a hash table slow.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

struct hash_seed {
	uint64_t half[2];
};

/* A new random seed. */
struct hash_seed hash_seed_new(void);

uint64_t hash_text(const struct hash_seed *seed, const char *text,
    size_t len);

#endif
