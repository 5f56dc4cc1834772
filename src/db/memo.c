/* What a transaction remembers: rows that it has locked and counted. */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "db/private.h"

struct memo {
	const char *kind;
	const char *name;
	void *memory;
};

static int
memo_compare(const void *a, const void *b)
{
	const struct memo *x = a, *y = b;
	int kind = strcmp(x->kind, y->kind);

	return kind != 0 ? kind : strcmp(x->name, y->name);
}

static void
memo_keep(void *memo)
{
	(void)memo;		/* it lives in the arena */
}

void *
db_memo(struct db *db, const char *kind, const char *name, size_t size,
    bool *fresh)
{
	struct memo probe = { .kind = kind, .name = name }, *memo;
	void *node = tfind(&probe, &db->memos, memo_compare);

	*fresh = node == NULL;
	if (node != NULL)
		return (*(struct memo **)node)->memory;
	memo = arena_alloc(&db->memory, sizeof(*memo));
	memo->kind = kind;
	memo->name = arena_strdup(&db->memory, name);
	memo->memory = arena_alloc(&db->memory, size);
	if (db->in_transaction &&
	    tsearch(memo, &db->memos, memo_compare) == NULL)
		out_of_memory();
	return memo->memory;
}

void
db_memo_forget(struct db *db)
{
	tdestroy(db->memos, memo_keep);
	db->memos = NULL;
}

struct arena *
db_memory(struct db *db)
{
	return &db->memory;
}
