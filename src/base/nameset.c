/* Many names by number: one block of text, one table of numbers. */
#include "base/nameset.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/arena.h"

#define SLOTS_FIRST 1024

static void *
grown(void *old, size_t count, size_t size)
{
	void *new = reallocarray(old, count, size);

	if (new == NULL)
		out_of_memory();
	return new;
}

/* Eight bytes a step; the multiplier is the golden ratio's. */
static uint64_t
hash_of(const struct nameset *n, const char *text, size_t len)
{
	uint64_t h = n->seed ^ (len * UINT64_C(0x9e3779b97f4a7c15));

	for (size_t i = 0; i < len; i += sizeof(uint64_t)) {
		size_t left = len - i;
		uint64_t part = 0;

		memcpy(&part, text + i, left < sizeof(part) ? left :
		    sizeof(part));
		h = (h ^ part) * UINT64_C(0x9e3779b97f4a7c15);
		h ^= h >> 29;
	}
	return h ^ h >> 32;
}

/* The slot that holds the text, or the free one where it belongs. */
static uint32_t *
slot_of(const struct nameset *n, const char *text, size_t len)
{
	uint32_t mask = n->slots - 1;
	uint32_t i = (uint32_t)hash_of(n, text, len) & mask;

	while (n->slot[i] != NAME_NONE) {
		const char *there = n->bytes + n->at[n->slot[i]];

		if (strncmp(there, text, len) == 0 && there[len] == '\0')
			break;
		i = (i + 1) & mask;
	}
	return &n->slot[i];
}

static void
slots_grow(struct nameset *n)
{
	if (n->slots == 0 &&
	    getrandom(&n->seed, sizeof(n->seed), 0) != sizeof(n->seed))
		n->seed = 0;
	n->slots = n->slots == 0 ? SLOTS_FIRST : 2 * n->slots;
	/* Filled anew, so nothing of the old table is kept. */
	free(n->slot);
	n->slot = grown(NULL, n->slots, sizeof(*n->slot));
	memset(n->slot, 0xff, n->slots * sizeof(*n->slot));
	for (uint32_t name = 0; name < n->count; name++) {
		const char *text = nameset_text(n, name);

		*slot_of(n, text, strlen(text)) = name;
	}
}

static uint32_t
text_keep(struct nameset *n, const char *text, size_t len)
{
	uint32_t at = (uint32_t)n->len;

	if (len >= UINT32_MAX - n->len)
		out_of_memory();
	while (n->room < n->len + len + 1) {
		n->room = n->room == 0 ? 4096 : n->room + n->room / 2;
		n->bytes = grown(n->bytes, n->room, 1);
	}
	memcpy(n->bytes + at, text, len);
	n->bytes[at + len] = '\0';
	n->len += len + 1;
	return at;
}

uint32_t
nameset_add(struct nameset *n, const char *text, size_t len)
{
	uint32_t *slot;

	/* At most three quarters full. */
	if (n->count >= n->slots / 4 * 3)
		slots_grow(n);
	slot = slot_of(n, text, len);
	if (*slot != NAME_NONE)
		return *slot;
	if (n->count == n->at_room) {
		n->at_room = n->at_room == 0 ? SLOTS_FIRST :
		    n->at_room + n->at_room / 2;
		n->at = grown(n->at, n->at_room, sizeof(*n->at));
	}
	n->at[n->count] = text_keep(n, text, len);
	*slot = n->count;
	return n->count++;
}

uint32_t
nameset_find(const struct nameset *n, const char *text, size_t len)
{
	return n->slots == 0 ? NAME_NONE : *slot_of(n, text, len);
}

const char *
nameset_text(const struct nameset *n, uint32_t name)
{
	return n->bytes + n->at[name];
}

void
nameset_clear(struct nameset *n)
{
	free(n->bytes);
	free(n->at);
	free(n->slot);
	*n = (struct nameset){ 0 };
}
