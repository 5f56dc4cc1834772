/*
 * Hashing texts so that nobody can choose some that collide.
 *
 * Whoever does not know the seed cannot tell which texts come together.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

struct hash_seed {
	uint64_t half[2];
};

/* Another one each time. */
struct hash_seed hash_seed_new(void);

uint64_t hash_text(const struct hash_seed *seed, const char *text,
    size_t len);

#endif
