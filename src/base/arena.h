/*
 * Memory by lifetime: what a command allocates lives until it ends.
 *
 * A zeroed struct arena is empty.  Nothing in it is freed alone;
 * arena_clear() overwrites and releases everything, so a password is gone
 * before the next prompt.  Allocations are zeroed and aligned for any type.
 * Running out of memory ends the program.  Built with -DARENA_DEBUG each
 * allocation is a malloc() of its own, so that the sanitizers see overruns.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

#include "base/bug.h"

struct arena_block;

struct arena {
	struct arena_block *blocks;
};

void *arena_alloc(struct arena *a, size_t size);
void *arena_array(struct arena *a, size_t count, size_t size);

/*
 * The array, with room for one more item behind its `count`: a longer copy
 * when it is full, which it is at each power of two.  Every item is added
 * this way, beginning with NULL and 0.
 */
void *arena_grown(struct arena *a, void *items, size_t count, size_t size);
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t len);
char *arena_printf(struct arena *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Overwrites everything and keeps one block for what comes next. */
void arena_reset(struct arena *a);

/* Overwrites and releases everything; the arena is empty again. */
void arena_clear(struct arena *a);

#endif
