/* A seeded hash: sixteen bytes a step, multiplied and folded. */
#include "base/hash.h"

#include <string.h>
#include <sys/random.h>

struct hash_seed
hash_seed_new(void)
{
	struct hash_seed seed;

	if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
		seed.half[1] = UINT64_C(0x9e3779b97f4a7c15);
	return seed;
}

/* The low half of the product, mixed with the high one (carry ignored). */
static uint64_t
mixed(uint64_t a, uint64_t b)
{
	uint64_t x = a >> 32, y = b >> 32;

	return a * b ^ (x * y + (x * (uint32_t)b >> 32) +
	    (y * (uint32_t)a >> 32));
}

/* The last step may have fewer bytes: zeros fill it up. */
uint64_t
hash_text(const struct hash_seed *seed, const char *text, size_t len)
{
	uint64_t h = seed->half[0] ^ len, part[2];

	for (; len >= sizeof(part); len -= sizeof(part)) {
		memcpy(part, text, sizeof(part));
		h = mixed(part[0] ^ seed->half[1], part[1] ^ h);
		text += sizeof(part);
	}
	part[0] = part[1] = 0;
	memcpy(part, text, len);
	return mixed(part[0] ^ seed->half[1], part[1] ^ h);
}
