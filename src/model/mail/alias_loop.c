/*
 * Refusing aliases that lead in a circle, or too far.
 *
 * The rows of the alias are written and its transaction is open, so the walk
 * asks the database about the state as it would be.  Down from the alias:
 * every address that it leads to is a node, looked up once; a node that is
 * met again while it is open closes a loop.  Then up: every alias that leads
 * to this one is walked down likewise, as its limits count, too.
 */
#include "model/mail/alias_loop.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/sentence.h"
#include "model/address.h"
#include "model/mail/delivery.h"
#include "model/mail/domain.h"
#include "model/mail/list.h"
#include "model/mail/postfix_maps.h"

/*
 * An address with its tag: a name that has one may be an alias by itself,
 * and the tag goes on to what an untagged alias leads to.
 */
struct node {
	const char *address;
	const char *key;	/* the form that the maps knew */
	bool open;		/* on the path to here */
	size_t at;		/* then its index in the path */
	int64_t leaves;		/* addresses in the end, with repeats */
	int64_t height;		/* longest way down */
};

struct walk {
	struct mail *m;
	bool tagged;		/* an alias that bears a tag was met */
	void *nodes;		/* tsearch() tree of struct node */
	struct words path;
};

static int
node_compare(const void *a, const void *b)
{
	const struct node *x = a, *y = b;

	return strcmp(x->address, y->address);
}

static void
node_keep(void *node)
{
	(void)node;		/* it lives in the arena */
}

static struct node *
node_get(struct walk *w, const char *address, bool *fresh)
{
	struct node *n = arena_alloc(w->m->arena, sizeof(*n));
	struct node **found;

	n->address = maps_name(w->m->arena, address);
	found = tsearch(n, &w->nodes, node_compare);
	if (found == NULL)
		out_of_memory();
	*fresh = *found == n;
	return *found;
}

/*
 * Nodes are named by the form that the maps knew, so a tag that grows with
 * each step makes no new nodes.
 */
static bool
refuse_loop(struct walk *w, const struct node *n, struct err *e)
{
	struct words loop = { 0 };

	for (size_t i = n->at; i < w->path.count; i++) {
		size_t seen = 0;

		while (seen < loop.count &&
		    strcmp(loop.word[seen], w->path.word[i]) != 0)
			seen++;
		if (seen == loop.count)
			words_add(w->m->arena, &loop, w->path.word[i]);
	}
	return err_set(e, ERR_REFUSED, "loop: %s",
	    sentence_list(w->m->arena, &loop));
}

static bool
refuse_size(const char *key, const char *what, int64_t limit, struct err *e)
{
	err_set(e, ERR_REFUSED, "%s would %s %lld addresses", key, what,
	    (long long)limit);
	return err_hint(e, "Postfix refuses mail for such an alias "
	    "(virtual_alias_expansion_limit, virtual_alias_recursion_limit)");
}

/* An address that leads to itself ends there, where a mailbox is. */
static bool
keeps_copy(struct walk *w, const char *address, struct err *e)
{
	int64_t active;

	if (!db_number(w->m->db, SQL_USER_EXISTS, PARAMS(TEXT(address)),
	    &active, e))
		return false;
	if (active != FIELD_NULL)
		return true;
	err_set(e, ERR_REFUSED, "loop: %s leads to itself, and no user has "
	    "that address", address);
	return err_hint(e, "an alias to itself keeps a copy where the user "
	    "exists");
}

static bool walk_down(struct walk *w, const char *address,
    const struct node **result, struct err *e);

static bool
walk_target(struct walk *w, struct node *n, const char *to, struct err *e)
{
	const struct node *target;

	if (!walk_down(w, to, &target, e))
		return false;
	n->leaves += target->leaves;
	if (target->height + 1 > n->height)
		n->height = target->height + 1;
	return true;
}

static bool
walk_targets(struct walk *w, struct node *n, const struct delivery *d,
    struct err *e)
{
	for (size_t i = 0; i < d->to.count; i++) {
		if (strcmp(d->to.word[i], n->address) == 0) {
			if (!keeps_copy(w, n->key, e))
				return false;
			n->leaves++;
		} else if (!walk_target(w, n, d->to.word[i], e)) {
			return false;
		}
		if (n->leaves > EXPANSION_MAX)
			return refuse_size(n->key, "expand to more than",
			    EXPANSION_MAX, e);
		if (n->height > STEPS_MAX)
			return refuse_size(n->key, "lead through more than",
			    STEPS_MAX, e);
	}
	return true;
}

/* Looks up a node that is new. */
static bool
walk_fresh(struct walk *w, struct node *n, const char *address,
    struct err *e)
{
	struct delivery d;

	if (!delivery_resolve(w->m, address, &d, e))
		return false;
	n->key = d.key != NULL ? d.key : n->address;
	if (d.to.count == 0) {
		n->leaves = 1;
		return true;
	}
	w->tagged |= address_untagged(w->m->arena, n->key) != NULL;
	if (w->path.count > STEPS_MAX)
		return refuse_size(w->path.word[0], "lead through more than",
		    STEPS_MAX, e);
	n->open = true;
	n->at = w->path.count;
	words_add(w->m->arena, &w->path, n->key);
	if (!walk_targets(w, n, &d, e))
		return false;
	w->path.count--;
	n->open = false;
	return true;
}

static bool
walk_down(struct walk *w, const char *address, const struct node **result,
    struct err *e)
{
	bool fresh;
	struct node *n = node_get(w, address, &fresh);

	*result = n;
	if (n->open)
		return refuse_loop(w, n, e);
	return !fresh || walk_fresh(w, n, address, e);
}

/*
 * An alias takes mail with any tag, too.  That goes the same ways, except
 * where one of them has a tag and leads to an alias that bears it.
 */
static bool
walk_alias(struct walk *w, const char *mail, struct err *e)
{
	struct arena *a = w->m->arena;
	const struct node *n;

	if (!walk_down(w, mail, &n, e))
		return false;
	if (!w->tagged || address_is_catchall(mail) ||
	    address_untagged(a, mail) != NULL)
		return true;
	return walk_down(w, maps_tagged(a, mail, MAPS_ANY_TAG), &n, e);
}

static bool
sources_of_name(struct walk *w, const char *name, struct words *found,
    struct err *e)
{
	struct mail *m = w->m;
	const char *local = address_local(m->arena, name);
	const char *tagged = like_pattern(m->arena, arena_printf(m->arena,
	    "%s+*@%s", local, address_domain(name)));
	struct words more, domains;

	if (!db_texts(m->db, m->arena, SQL_ALIAS_TAGGED_SOURCES,
	    PARAMS(TEXT(tagged), TEXT(tagged)), &more, e) ||
	    !domain_aliases_of(m, address_domain(name), &domains, e))
		return false;
	for (size_t i = 0; i < more.count; i++)
		words_add(m->arena, found, more.word[i]);
	for (size_t i = 0; i < domains.count; i++)
		words_add(m->arena, found, address_join(m->arena, local,
		    domains.word[i]));
	return true;
}

/* The aliases that lead to `key` by name, with a tag, by alias domain. */
static bool
sources(struct walk *w, const char *key, struct words *found, struct err *e)
{
	const char *untagged = address_untagged(w->m->arena, key);

	if (!db_texts(w->m->db, w->m->arena, SQL_ALIAS_SOURCES,
	    PARAMS(TEXT(key), TEXT(key)), found, e))
		return false;
	/* A tag may have come to the destination of another. */
	if (untagged != NULL)
		words_add(w->m->arena, found, untagged);
	return address_is_catchall(key) || sources_of_name(w, key, found, e);
}

/* Every alias that leads here must stay within the limits, too. */
static bool
walk_up(struct walk *w, const char *mail, struct err *e)
{
	struct walk seen = { .m = w->m };
	struct words todo = { 0 };
	bool fresh, ok = true;

	words_add(w->m->arena, &todo, mail);
	node_get(&seen, mail, &fresh);
	for (size_t i = 0; ok && i < todo.count; i++) {
		struct words up;

		ok = sources(w, todo.word[i], &up, e) &&
		    walk_alias(w, todo.word[i], e);
		for (size_t j = 0; ok && j < up.count; j++) {
			node_get(&seen, up.word[j], &fresh);
			if (fresh)
				words_add(w->m->arena, &todo, up.word[j]);
		}
	}
	tdestroy(seen.nodes, node_keep);
	return ok;
}

bool
alias_loop_refuse(struct mail *m, const char *mail, struct err *e)
{
	struct walk w = { .m = m };
	bool ok;

	/* A catch-all resolves like an address: "@d" is its own row. */
	ok = walk_alias(&w, mail, e) && walk_up(&w, mail, e);
	tdestroy(w.nodes, node_keep);
	return ok;
}
