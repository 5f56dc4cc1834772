/*
 * Growing arrays, for too many items to leave old copies in an arena.
 *
 *	VECTOR(struct finding) found;		a member, or a variable
 *	VECTOR_NAMED(nodes, uint32_t);		struct nodes, for parameters
 *
 *	struct finding *one = VECTOR_ADD(&found);
 *	for (size_t i = 0; i < found.count; i++)
 *		look(&found.item[i]);
 *
 * The compiler knows the type of the items, so nobody casts.  A zeroed
 * struct is empty.  New items are zeroed; all of them move when it grows.
 * The macros evaluate the vector several times.
 */
#ifndef BASE_VECTOR_H
#define BASE_VECTOR_H

#include <stddef.h>

#define VECTOR(type) struct {						\
	type *item;							\
	size_t count;							\
	size_t room;							\
}

#define VECTOR_NAMED(name, type) struct name {				\
	type *item;							\
	size_t count;							\
	size_t room;							\
}

/* Adds items until there are at least `least`. */
#define VECTOR_REACH(v, least) ((v)->item = vector_grown((v)->item,	\
    &(v)->count, &(v)->room, (least), sizeof(*(v)->item)))

/* Adds one item at the end: its address. */
#define VECTOR_ADD(v) (VECTOR_REACH(v, (v)->count + 1),			\
    &(v)->item[(v)->count - 1])

/* Releases the items; the vector is empty again. */
#define VECTOR_CLEAR(v) ((v)->item = vector_freed((v)->item,		\
    &(v)->count, &(v)->room))

/* The functions behind the macros, for items whose size is not constant. */
void *vector_grown(void *item, size_t *count, size_t *room, size_t least,
    size_t size);
void *vector_freed(void *item, size_t *count, size_t *room);

#endif
