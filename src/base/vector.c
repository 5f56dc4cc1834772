/* Growing arrays: half as large again each time. */
#include "base/vector.h"

#include <stdlib.h>
#include <string.h>

#include "base/bug.h"

#define ROOM_FIRST 64

void *
vector_grown(void *item, size_t *count, size_t *room, size_t least,
    size_t size)
{
	size_t more = *room;

	if (least <= *count)
		return item;
	while (more < least)
		more = more == 0 ? ROOM_FIRST : more + more / 2;
	if (more > *room) {
		item = reallocarray(item, more, size);
		if (item == NULL)
			out_of_memory();
		*room = more;
	}
	memset((char *)item + *count * size, 0, (least - *count) * size);
	*count = least;
	return item;
}

void *
vector_freed(void *item, size_t *count, size_t *room)
{
	free(item);
	*count = *room = 0;
	return NULL;
}
