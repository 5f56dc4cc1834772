/* Which texts came before: a table of hashes and positions. */
#include "base/seen.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/bug.h"

#define SLOTS_FIRST 1024

/* The slot of the hash, or the free one where it would be. */
static uint32_t
slot_of(const struct seen *s, uint64_t hash)
{
	uint32_t mask = s->slots - 1;
	uint32_t i = (uint32_t)hash & mask;

	while (s->position[i] != 0 && s->hash[i] != hash)
		i = (i + 1) & mask;
	return i;
}

static void
slots_make(struct seen *s, uint32_t slots)
{
	s->slots = slots;
	s->hash = calloc(slots, sizeof(*s->hash));
	s->position = calloc(slots, sizeof(*s->position));
	if (s->hash == NULL || s->position == NULL)
		out_of_memory();
}

static void
grow(struct seen *s)
{
	const struct seen old = *s;

	if (s->slots == 0)
		s->seed = hash_seed_new();
	BUG_ON(s->slots > UINT32_MAX / 4);
	slots_make(s, s->slots == 0 ? SLOTS_FIRST : 2 * s->slots);
	for (uint32_t i = 0; i < old.slots; i++) {
		uint32_t slot = slot_of(s, old.hash[i]);

		if (old.position[i] == 0)
			continue;
		s->hash[slot] = old.hash[i];
		s->position[slot] = old.position[i];
	}
	free(old.hash);
	free(old.position);
}

uint32_t
seen_add(struct seen *s, const char *text, size_t len, uint32_t position)
{
	uint64_t hash;
	uint32_t slot;

	/* At most three quarters full. */
	if (s->count >= s->slots / 4 * 3)
		grow(s);
	hash = hash_text(&s->seed, text, len);
	slot = slot_of(s, hash);
	if (s->position[slot] != 0)
		return s->position[slot];
	s->hash[slot] = hash;
	s->position[slot] = position;
	s->count++;
	return 0;
}

void
seen_clear(struct seen *s)
{
	free(s->hash);
	free(s->position);
	*s = (struct seen){ 0 };
}
