/* Names by number: one block of text and one hash table of numbers. */
#include "base/nameset.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"

#define SLOTS_FIRST 1024

/* The hash is kept, since different texts mostly have different ones. */
struct nameset_slot {
	uint32_t name;		/* NAME_NONE: free */
	uint32_t hash;
};

static void *
grown(void *old, size_t count, size_t size)
{
	void *new = reallocarray(old, count, size);

	if (new == NULL)
		out_of_memory();
	return new;
}

static bool
is_text(const struct nameset *n, uint32_t name, const char *text, size_t len)
{
	size_t at = n->at[name];

	/* The last text may end before `len` bytes. */
	return n->len - at > len && memcmp(n->bytes + at, text, len) == 0 &&
	    n->bytes[at + len] == '\0';
}

/* The slot of the text, or the free one where it would be. */
static struct nameset_slot *
slot_of(const struct nameset *n, uint32_t hash, const char *text, size_t len)
{
	uint32_t mask = n->slots - 1;
	uint32_t i = hash & mask;

	while (n->slot[i].name != NAME_NONE && (n->slot[i].hash != hash ||
	    !is_text(n, n->slot[i].name, text, len)))
		i = (i + 1) & mask;
	return &n->slot[i];
}

/* Puts it into the table, which does not have it. */
static void
slot_move(struct nameset *n, struct nameset_slot moved)
{
	uint32_t mask = n->slots - 1;
	uint32_t i = moved.hash & mask;

	while (n->slot[i].name != NAME_NONE)
		i = (i + 1) & mask;
	n->slot[i] = moved;
}

static void
slots_grow(struct nameset *n)
{
	struct nameset_slot *old = n->slot;
	uint32_t count = n->slots;

	if (count == 0)
		n->seed = hash_seed_new();
	n->slots = count == 0 ? SLOTS_FIRST : 2 * count;
	n->slot = grown(NULL, n->slots, sizeof(*n->slot));
	memset(n->slot, 0xff, n->slots * sizeof(*n->slot));
	for (uint32_t i = 0; i < count; i++) {
		if (old[i].name != NAME_NONE)
			slot_move(n, old[i]);
	}
	free(old);
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
	uint32_t hash;
	struct nameset_slot *slot;

	/* At most three quarters full. */
	if (n->count >= n->slots / 4 * 3)
		slots_grow(n);
	hash = (uint32_t)hash_text(&n->seed, text, len);
	slot = slot_of(n, hash, text, len);
	if (slot->name != NAME_NONE)
		return slot->name;
	if (n->count == n->at_room) {
		n->at_room = n->at_room == 0 ? SLOTS_FIRST :
		    n->at_room + n->at_room / 2;
		n->at = grown(n->at, n->at_room, sizeof(*n->at));
	}
	n->at[n->count] = text_keep(n, text, len);
	*slot = (struct nameset_slot){ n->count, hash };
	return n->count++;
}

uint32_t
nameset_find(const struct nameset *n, const char *text, size_t len)
{
	return n->slots == 0 ? NAME_NONE : slot_of(n,
	    (uint32_t)hash_text(&n->seed, text, len), text, len)->name;
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
