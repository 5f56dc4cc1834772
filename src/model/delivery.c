/* Where mail goes: one step, and the walk that refuses loops and bombs. */
#include "model/delivery.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "model/address.h"
#include "model/domain.h"

/* --- one step -------------------------------------------------------- */

static bool
alias_rows(struct mail *m, const char *mail, struct delivery *d,
    struct err *e)
{
	struct db_rows rows;
	const struct alias *row;

	if (!db_query(m->db, m->arena, SQL_ALIAS_ROWS, PARAMS(TEXT(mail)),
	    sizeof(struct alias), &rows, e))
		return false;
	row = rows.row;
	for (size_t i = 0; i < rows.count; i++) {
		words_add(m->arena, &d->to, row[i].destination);
		d->active |= row[i].active;
	}
	if (rows.count > 0)
		d->key = mail;
	return true;
}

/* What an alias domain's own catch-all takes is not the target's. */
static bool
own_catchall(struct mail *m, const struct domain *domain, bool *own,
    struct err *e)
{
	int64_t active;

	if (!db_number(m->db, SQL_ALIAS_EXISTS, PARAMS(
	    TEXT(address_join(m->arena, "", domain->domain))), &active, e))
		return false;
	*own = active != FIELD_NULL;
	return true;
}

/* An alias domain answers for the names that its target has. */
static bool
resolve_in_target(struct mail *m, const struct domain *domain,
    const char *form, struct delivery *d, struct err *e)
{
	const char *same = address_join(m->arena,
	    address_local(m->arena, form), domain->alias_of);
	struct delivery target;
	bool own = false;

	if (!delivery_resolve(m, same, &target, e) ||
	    (target.how == RESOLVED_CATCHALL &&
	    !own_catchall(m, domain, &own, e)))
		return false;
	if (target.how == RESOLVED_NOTHING || own)
		return true;
	d->how = RESOLVED_ALIAS_DOMAIN;
	d->key = form;
	d->active = target.active;
	words_add(m->arena, &d->to, same);
	return true;
}

/* The alias, alias domain and identity maps, for one form of the key. */
static bool
resolve_form(struct mail *m, const struct domain *domain, const char *form,
    struct delivery *d, struct err *e)
{
	int64_t active;

	if (!alias_rows(m, form, d, e))
		return false;
	if (d->key != NULL) {
		d->how = RESOLVED_ALIAS;
		return true;
	}
	if (domain->alias_of != NULL)
		return resolve_in_target(m, domain, form, d, e);
	if (!db_number(m->db, SQL_USER_EXISTS, PARAMS(TEXT(form)), &active,
	    e))
		return false;
	if (active != FIELD_NULL) {
		d->how = RESOLVED_USER;
		d->key = form;
		d->active = active != 0;
	}
	return true;
}

bool
delivery_resolve(struct mail *m, const char *address, struct delivery *d,
    struct err *e)
{
	const char *untagged = address_untagged(m->arena, address);
	const char *catchall;
	struct domain domain;
	bool found;

	*d = (struct delivery){ .how = RESOLVED_NOTHING };
	if (!domain_find(m, address_domain(address), &domain, &found, e))
		return false;
	if (!found) {
		d->how = RESOLVED_OUTSIDE;
		d->key = address;
		d->active = true;
		return true;
	}
	if (!resolve_form(m, &domain, address, d, e))
		return false;
	if (d->key == NULL && untagged != NULL &&
	    !resolve_form(m, &domain, untagged, d, e))
		return false;
	if (d->key != NULL)
		return true;
	catchall = address_join(m->arena, "", domain.domain);
	if (!alias_rows(m, catchall, d, e))
		return false;
	if (d->key != NULL)
		d->how = RESOLVED_CATCHALL;
	return true;
}

/* --- the walk -------------------------------------------------------- */

struct node {
	const char *key;
	bool open;		/* on the path to here */
	int64_t leaves;		/* addresses in the end, with repeats */
	int64_t height;		/* longest way down */
};

struct walk {
	struct mail *m;
	void *nodes;		/* tsearch() tree of struct node */
	struct words path;
};

static int
node_compare(const void *a, const void *b)
{
	const struct node *x = a, *y = b;

	return strcmp(x->key, y->key);
}

static void
node_keep(void *node)
{
	(void)node;		/* it lives in the arena */
}

static struct node *
node_get(struct walk *w, const char *key, bool *fresh)
{
	struct node *n = arena_alloc(w->m->arena, sizeof(*n));
	struct node **found;

	n->key = key;
	found = tsearch(n, &w->nodes, node_compare);
	if (found == NULL)
		out_of_memory();
	*fresh = *found == n;
	return *found;
}

static bool
refuse_loop(struct walk *w, const char *key, struct err *e)
{
	struct words loop = { 0 };
	size_t from = 0;

	while (strcmp(w->path.word[from], key) != 0)
		from++;
	for (size_t i = from; i < w->path.count; i++)
		words_add(w->m->arena, &loop, w->path.word[i]);
	return err_set(e, ERR_REFUSED, "loop: %s",
	    mail_names(w->m->arena, &loop));
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
walk_targets(struct walk *w, struct node *n, const struct delivery *d,
    struct err *e)
{
	for (size_t i = 0; i < d->to.count; i++) {
		const struct node *target;

		if (strcmp(d->to.word[i], n->key) == 0) {
			if (!keeps_copy(w, n->key, e))
				return false;
			n->leaves++;
			continue;
		}
		if (!walk_down(w, d->to.word[i], &target, e))
			return false;
		n->leaves += target->leaves;
		if (n->leaves > EXPANSION_MAX)
			return refuse_size(n->key, "expand to more than",
			    EXPANSION_MAX, e);
		if (target->height + 1 > n->height)
			n->height = target->height + 1;
		if (n->height > RECURSION_MAX)
			return refuse_size(n->key, "lead through more than",
			    RECURSION_MAX, e);
	}
	return true;
}

static bool
walk_down(struct walk *w, const char *address, const struct node **result,
    struct err *e)
{
	struct delivery d;
	struct node *n;
	bool fresh;

	if (!delivery_resolve(w->m, address, &d, e))
		return false;
	n = node_get(w, d.key ? d.key : address, &fresh);
	*result = n;
	if (n->open)
		return refuse_loop(w, n->key, e);
	if (!fresh)
		return true;
	if (d.to.count == 0) {
		n->leaves = 1;
		return true;
	}
	if (w->path.count >= RECURSION_MAX)
		return refuse_size(w->path.word[0], "lead through more than",
		    RECURSION_MAX, e);
	n->open = true;
	words_add(w->m->arena, &w->path, n->key);
	if (!walk_targets(w, n, &d, e))
		return false;
	w->path.count--;
	n->open = false;
	return true;
}

/* The aliases that lead to `key` by name, with a tag, by alias domain. */
static bool
sources(struct walk *w, const char *key, struct words *found, struct err *e)
{
	struct mail *m = w->m;
	const char *local = address_local(m->arena, key);
	struct words more, domains;

	if (!db_texts(m->db, m->arena, SQL_ALIAS_SOURCES, PARAMS(TEXT(key)),
	    found, e))
		return false;
	if (*local == '\0')
		return true;
	if (!db_texts(m->db, m->arena, SQL_ALIAS_TAGGED_SOURCES,
	    PARAMS(TEXT(like_pattern(m->arena, arena_printf(m->arena,
		"%s+*@%s", local, address_domain(key))))), &more, e) ||
	    !domain_aliases_of(m, address_domain(key), &domains, e))
		return false;
	for (size_t i = 0; i < more.count; i++)
		words_add(m->arena, found, more.word[i]);
	for (size_t i = 0; i < domains.count; i++)
		words_add(m->arena, found, address_join(m->arena, local,
		    domains.word[i]));
	return true;
}

/* Every alias above this one must stay within the limits, too. */
static bool
walk_up(struct walk *w, const char *mail, struct err *e)
{
	struct walk seen = { .m = w->m };
	struct words todo = { 0 };
	const struct node *n;
	bool fresh, ok = true;

	words_add(w->m->arena, &todo, mail);
	node_get(&seen, mail, &fresh);
	for (size_t i = 0; ok && i < todo.count; i++) {
		struct words up;

		ok = sources(w, todo.word[i], &up, e) &&
		    walk_down(w, todo.word[i], &n, e);
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
delivery_check(struct mail *m, const char *mail, struct err *e)
{
	struct walk w = { .m = m };
	const struct node *n;
	bool ok;

	/* A catch-all resolves like an address: "@d" is its own row. */
	ok = walk_down(&w, mail, &n, e) && walk_up(&w, mail, e);
	tdestroy(w.nodes, node_keep);
	return ok;
}
