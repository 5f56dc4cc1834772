/*
 * The cache of a transaction: what it has locked and counted already.
 *
 * A rule that needs the row of a domain asks for it once; a thousand users
 * of one domain do not lock and count it a thousand times.  Entries are kept
 * under a kind and a name in a search tree, their memory in the arena of the
 * transaction.  So they end with it, and what is written in between has to
 * clear the cache where it makes an entry untrue.
 */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "db/private.h"

struct cached {
	const char *kind;
	const char *name;
	void *memory;
};

static int
entry_compare(const void *a, const void *b)
{
	const struct cached *x = a, *y = b;
	int kind = strcmp(x->kind, y->kind);

	return kind != 0 ? kind : strcmp(x->name, y->name);
}

static void
entry_keep(void *entry)
{
	(void)entry;		/* it lives in the arena */
}

void *
db_cache(struct db *db, const char *kind, const char *name, size_t size,
    bool *fresh)
{
	struct cached probe = { .kind = kind, .name = name }, *entry;
	void *node = tfind(&probe, &db->transaction.cache, entry_compare);

	*fresh = node == NULL;
	if (node != NULL)
		return (*(struct cached **)node)->memory;
	entry = arena_alloc(&db->transaction.memory, sizeof(*entry));
	entry->kind = kind;
	entry->name = arena_strdup(&db->transaction.memory, name);
	entry->memory = arena_alloc(&db->transaction.memory, size);
	if (db->transaction.open &&
	    tsearch(entry, &db->transaction.cache, entry_compare) == NULL)
		out_of_memory();
	return entry->memory;
}

void
db_cache_clear(struct db *db)
{
	tdestroy(db->transaction.cache, entry_keep);
	db->transaction.cache = NULL;
}

struct arena *
db_memory(struct db *db)
{
	return &db->transaction.memory;
}
