/* Memory that is released at once, in blocks of 16 KiB. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"

struct arena_block {
	struct arena_block *next;
	size_t used;
	size_t size;
	alignas(max_align_t) unsigned char bytes[];
};

#ifdef ARENA_DEBUG
#define BLOCK_SIZE 0
#else
#define BLOCK_SIZE (16 * 1024)
#endif

static struct arena_block *
block_open(size_t size)
{
	const size_t least = BLOCK_SIZE;
	struct arena_block *b;

	if (size < least)
		size = least;
	b = calloc(1, sizeof(*b) + size);
	if (b == NULL)
		out_of_memory();
	b->size = size;
	return b;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	struct arena_block *b = a->blocks;
	size_t align = alignof(max_align_t);
	void *p;

	BUG_ON(size > SIZE_MAX / 2);
	if (BLOCK_SIZE > 0)
		size = (size + align - 1) / align * align;
	if (b == NULL || BLOCK_SIZE == 0 || b->size - b->used < size) {
		b = block_open(size);
		b->next = a->blocks;
		a->blocks = b;
	}
	p = b->bytes + b->used;
	b->used += size;
	return p;
}

void *
arena_array(struct arena *a, size_t count, size_t size)
{
	BUG_ON(size > 0 && count > SIZE_MAX / 2 / size);
	return arena_alloc(a, count * size);
}

void *
arena_grown(struct arena *a, void *items, size_t count, size_t size)
{
	void *grown;

	if ((count & (count - 1)) != 0)
		return items;
	grown = arena_array(a, count == 0 ? 1 : 2 * count, size);
	if (count > 0)
		memcpy(grown, items, count * size);
	return grown;
}

char *
arena_strndup(struct arena *a, const char *s, size_t len)
{
	char *copy = arena_alloc(a, len + 1);

	memcpy(copy, s, len);
	return copy;
}

char *
arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;
	char *s;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	BUG_ON(n < 0);
	s = arena_alloc(a, (size_t)n + 1);
	vsnprintf(s, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return s;
}

void
arena_reset(struct arena *a)
{
	struct arena_block *b = a->blocks;

	if (b == NULL || b->next != NULL || BLOCK_SIZE == 0) {
		arena_clear(a);
		return;
	}
	explicit_bzero(b->bytes, b->used);
	b->used = 0;
}

void
arena_clear(struct arena *a)
{
	struct arena_block *b;

	while ((b = a->blocks) != NULL) {
		a->blocks = b->next;
		explicit_bzero(b->bytes, b->used);
		free(b);
	}
}
