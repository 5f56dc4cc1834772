/*
 * A number for each of many names.
 *
 * Each text is kept once, and 32-bit numbers refer to it, so that millions
 * of them fit into memory.
 *
 * Numbers begin at 0 and go up by one with each new name; arrays beside it
 * are indexed by them.  A zeroed struct is empty.  At most 4 GiB of text.
 */
#ifndef BASE_NAMESET_H
#define BASE_NAMESET_H

#include "base/hash.h"

#define NAME_NONE UINT32_MAX

struct nameset_slot;

struct nameset {
	char *bytes;		/* the texts, each with its NUL */
	size_t len;
	size_t room;
	uint32_t *at;		/* where each begins */
	uint32_t count;
	uint32_t at_room;
	struct nameset_slot *slot;	/* hash table */
	uint32_t slots;		/* a power of two */
	struct hash_seed seed;
};

/* The number of the text, which is added if it is new. */
uint32_t nameset_add(struct nameset *n, const char *text, size_t len);

/* The number of the text, or NAME_NONE. */
uint32_t nameset_find(const struct nameset *n, const char *text, size_t len);

/* Valid until the next nameset_add(). */
const char *nameset_text(const struct nameset *n, uint32_t name);

void nameset_clear(struct nameset *n);

#endif
