/* A growing array. */
#include "base/vector.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#define ROOM_FIRST 64

void
vector_reach(struct vector *v, size_t count, size_t size)
{
	size_t room = v->room;

	if (count <= v->count)
		return;
	while (room < count)
		room = room == 0 ? ROOM_FIRST : room + room / 2;
	if (room > v->room) {
		v->item = reallocarray(v->item, room, size);
		if (v->item == NULL)
			out_of_memory();
		v->room = room;
	}
	memset((char *)v->item + v->count * size, 0,
	    (count - v->count) * size);
	v->count = count;
}

void *
vector_add(struct vector *v, size_t size)
{
	vector_reach(v, v->count + 1, size);
	return (char *)v->item + (v->count - 1) * size;
}

void
vector_clear(struct vector *v)
{
	free(v->item);
	*v = (struct vector){ 0 };
}
