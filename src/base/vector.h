/*
 * A growing array of what does not fit into an arena: millions of items.
 *
 * A zeroed struct is empty.  Items are zeroed; they move when it grows.
 */
#ifndef BASE_VECTOR_H
#define BASE_VECTOR_H

#include <stddef.h>

struct vector {
	void *item;
	size_t count;
	size_t room;
};

/* Room for at least `count` items of `size` bytes, all counted. */
void vector_reach(struct vector *v, size_t count, size_t size);

/* One more, at the end. */
void *vector_add(struct vector *v, size_t size);

void vector_clear(struct vector *v);

#endif
