/*
 * Checking what is between alias rows: where each destination leads.
 *
 * Only rows that mail takes count: enabled ones whose domain, and for an
 * alias domain its target, is enabled.  A disabled row makes no loop and its
 * destination may be gone; alias_add() is stricter and looks at them too,
 * because switching one on must not close a loop.
 *
 * Where mail goes is what the shipped maps answer (postfix/sql_*.cf), on a
 * foreign schema too: what goes wrong only for want of an identity map is
 * one finding, about the catch-all, and not one for each row that it takes.
 */
#include <stdlib.h>
#include <string.h>

#include "model/address.h"
#include "model/check/graph.h"
#include "model/mail/lookup.h"

/*
 * Tags can be combined without end, so copies for them have one; behind it
 * a tag makes no difference.
 */
#define TAGGED_MAX 200000

struct node *
graph_node(const struct graph *g, uint32_t node)
{
	return (struct node *)g->nodes.item + node;
}

struct edge *
graph_edge(const struct graph *g, uint32_t edge)
{
	return (struct edge *)g->edges.item + edge;
}

uint32_t
graph_end(const struct graph *g, uint32_t node)
{
	return node + 1 < g->nodes.count ? graph_node(g, node + 1)->first :
	    (uint32_t)g->edges.count;
}

const char *
graph_name(const struct graph *g, uint32_t node)
{
	return nameset_text(&g->c->names, graph_node(g, node)->name);
}

static int
spelling_compare(const void *a, const void *b)
{
	const struct spelling *x = a, *y = b;

	return x->name == y->name ? 0 : x->name < y->name ? -1 : 1;
}

const char *
graph_spelled(const struct graph *g, uint32_t node)
{
	const struct checking *c = g->c;
	const struct spelling probe = { graph_node(g, node)->name, 0 }, *s;

	if (c->spellings.count == 0 ||
	    check_known(c, probe.name)->alias_as_is)
		return graph_name(g, node);
	s = bsearch(&probe, c->spellings.item, c->spellings.count,
	    sizeof(probe), spelling_compare);
	return s == NULL ? graph_name(g, node) :
	    nameset_text(&c->names, s->spelled);
}

/* --- building -------------------------------------------------------- */

/* A node for each address; `first` counts its rows. */
static void
nodes_count(struct graph *g, const struct vector *aliases)
{
	const struct known_alias *a = aliases->item;

	for (size_t i = 0; i < aliases->count; i++) {
		struct known_name *known = check_known(g->c, a[i].mail);
		struct node *n;

		if (known->node == 0) {
			n = vector_add(&g->nodes, sizeof(*n));
			n->name = a[i].mail;
			known->node = (uint32_t)g->nodes.count;
		}
		graph_node(g, known->node - 1)->first++;
	}
	g->rows = (uint32_t)g->nodes.count;
}

/* From the last row to the first, so that they keep their order. */
static void
edges_fill(struct graph *g, const struct vector *aliases)
{
	const struct known_alias *a = aliases->item;
	uint32_t sum = 0;

	for (uint32_t node = 0; node < g->rows; node++) {
		sum += graph_node(g, node)->first;
		graph_node(g, node)->first = sum;
	}
	vector_reach(&g->edges, aliases->count, sizeof(struct edge));
	for (size_t i = aliases->count; i-- > 0;) {
		uint32_t node = check_known(g->c, a[i].mail)->node - 1;

		*graph_edge(g, --graph_node(g, node)->first) = (struct edge){
			.name = a[i].destination,
			.active = a[i].active,
			.nowhere = a[i].nowhere,
		};
	}
}

static int
edge_compare(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;

	if (x->name != y->name)
		return x->name < y->name ? -1 : 1;
	return y->active - x->active;
}

static void
twins_find(struct graph *g, uint32_t node)
{
	uint32_t first = graph_node(g, node)->first;
	uint32_t end = graph_end(g, node);

	if (end - first < 2)
		return;
	qsort(graph_edge(g, first), end - first, sizeof(struct edge),
	    edge_compare);
	for (uint32_t i = first + 1; i < end; i++) {
		struct edge *e = graph_edge(g, i);

		e->again = e->name == e[-1].name;
		if (e->again && !e[-1].again)
			check_found(g->c, RULE_ALIAS_TWICE,
			    graph_spelled(g, node),
			    "alias %s leads to %s twice",
			    graph_spelled(g, node),
			    nameset_text(&g->c->names, e->name));
	}
}

/* --- what the maps answer -------------------------------------------- */

enum how {
	ANSWER_END,		/* delivered, or another finding's matter */
	ANSWER_NODE,		/* an alias or a catch-all */
	ANSWER_SAME,		/* the same name in the target domain */
	ANSWER_NOTHING,
	ANSWER_DISABLED,
	ANSWER_NOT_RECEIVING,	/* an enabled user who may not */
	ANSWER_DOMAIN_DISABLED
};

struct answer {
	enum how how;
	uint32_t key;		/* ANSWER_NODE, ANSWER_SAME: what is known */
	const char *same;	/* ANSWER_SAME: the name there */
	const char *tag;	/* that is no part of the key; NULL: none */
};

/* As sql_domains.cf; a target that is not there is no reason. */
static bool
domain_flows(const struct checking *c, const struct known_domain *d)
{
	const struct known_domain *target = d->target == NAME_NONE ? NULL :
	    check_domain_of(c, d->target);

	return d->active && (target == NULL || target->active);
}

/* As sql_aliases.cf: a row to itself counts while the user gets mail. */
static bool
node_flows(const struct graph *g, uint32_t node)
{
	uint32_t name = graph_node(g, node)->name;
	const struct known_domain *d = check_domain_of(g->c, name);

	if (d == NULL || !domain_flows(g->c, d))
		return false;
	for (uint32_t i = graph_node(g, node)->first;
	    i < graph_end(g, node); i++) {
		const struct edge *e = graph_edge(g, i);

		if (e->active && (e->name != name ||
		    check_known(g->c, name)->user_receives))
			return true;
	}
	return false;
}

static uint32_t
name_find(const struct graph *g, const char *text)
{
	return nameset_find(&g->c->names, text, strlen(text));
}

static bool
is_alias(const struct graph *g, uint32_t name)
{
	return name != NAME_NONE && check_known(g->c, name)->alias;
}

/*
 * sql_aliases.cf, then sql_identity.cf with sql_users.cf.  An enabled alias
 * that does not flow leads to itself only: that it has no user is its own
 * finding.
 */
static struct answer
name_answer(const struct graph *g, uint32_t name)
{
	const struct known_name *k;

	if (name == NAME_NONE)
		return (struct answer){ .how = ANSWER_NOTHING };
	k = check_known(g->c, name);
	if (k->node != 0 && graph_node(g, k->node - 1)->flows && k->alias)
		return (struct answer){ .how = ANSWER_NODE, .key = name };
	if (k->user_receives || (k->alias_active && !k->user))
		return (struct answer){ .how = ANSWER_END };
	if (k->user_active)
		return (struct answer){ .how = ANSWER_NOT_RECEIVING };
	return (struct answer){ .how = k->user || k->alias ?
	    ANSWER_DISABLED : ANSWER_NOTHING };
}

static uint32_t
catchall_of(const struct graph *g, uint32_t domain)
{
	const char *name = nameset_text(&g->c->names, domain);

	return name_find(g, address_join(&g->c->row, "", name));
}

/* sql_alias_domains.cf: names that the target has, and its catch-all. */
static const char *
name_in_target(const struct graph *g, const struct known_domain *d,
    const char *form)
{
	struct checking *c = g->c;
	const char *same = address_join(&c->row, address_local(&c->row,
	    form), nameset_text(&c->names, d->target));
	uint32_t name = name_find(g, same), rest;

	if (name != NAME_NONE && (check_known(c, name)->user ||
	    check_known(c, name)->alias))
		return same;
	rest = catchall_of(g, d->target);
	if (!is_alias(g, rest) || !check_known(c, rest)->alias_active ||
	    is_alias(g, catchall_of(g, d->name)) ||
	    address_untagged(&c->row, form) != NULL)
		return NULL;
	return same;
}

/* All maps, for one form of the key. */
static struct answer
form_answer(const struct graph *g, const struct known_domain *d,
    const char *form)
{
	uint32_t name = name_find(g, form);
	const struct known_domain *target;
	const char *same;

	if (d->target == NAME_NONE || is_alias(g, name))
		return name_answer(g, name);
	same = name_in_target(g, d, form);
	if (same != NULL)
		return (struct answer){ .how = ANSWER_SAME,
		    .key = check_name(g->c, form), .same = same };
	/* A target that is missing or an alias domain is told of there. */
	target = check_domain_of(g->c, d->target);
	if (target == NULL || target->target != NAME_NONE)
		return (struct answer){ .how = ANSWER_END };
	return name_answer(g, name);
}

/* Without its tag, which goes on. */
static struct answer
untagged_answer(const struct graph *g, const struct known_domain *d,
    const char *address, const char *untagged)
{
	struct answer a = form_answer(g, d, untagged);
	size_t local = strcspn(untagged, "@");

	a.tag = arena_strndup(&g->c->row, address + local,
	    strcspn(address, "@") - local);
	if (a.how == ANSWER_SAME)
		a.same = route_tagged(&g->c->row, a.same, a.tag);
	return a;
}

/* `address` is in the arena of the row. */
static struct answer
graph_resolve(const struct graph *g, const char *address)
{
	const char *untagged = address_untagged(&g->c->row, address);
	const struct known_domain *d = check_domain_of(g->c,
	    check_name(g->c, address));
	struct answer a;

	if (d == NULL)
		return (struct answer){ .how = ANSWER_END };
	if (!domain_flows(g->c, d))
		return (struct answer){ .how = ANSWER_DOMAIN_DISABLED };
	a = form_answer(g, d, address);
	if (a.how == ANSWER_NOTHING && untagged != NULL)
		a = untagged_answer(g, d, address, untagged);
	if (a.how == ANSWER_NOTHING)
		a = name_answer(g, catchall_of(g, d->name));
	return a;
}

/* --- nodes beside the rows' ------------------------------------------ */

static uint32_t
node_add(struct graph *g, uint32_t known, uint32_t name)
{
	struct node *n = vector_add(&g->nodes, sizeof(*n));

	*n = (struct node){ .name = name, .flows = true,
	    .first = (uint32_t)g->edges.count };
	check_known(g->c, known)->node = (uint32_t)g->nodes.count;
	return (uint32_t)g->nodes.count - 1;
}

/* The node that leads to the same name in the target. */
static uint32_t
same_node(struct graph *g, const char *address, struct answer a)
{
	struct arena *row = &g->c->row;
	uint32_t known = check_name(g->c, route_name(row, address));
	uint32_t same = check_name(g->c, route_name(row, a.same)), node;
	struct edge *e;

	if (check_known(g->c, known)->node != 0)
		return check_known(g->c, known)->node - 1;
	node = node_add(g, known, a.key);
	e = vector_add(&g->edges, sizeof(*e));
	*e = (struct edge){ .active = true, .name = same };
	return node;
}

/* An edge of the alias, with the tag behind its destination. */
static void
edge_copy(struct graph *g, uint32_t i, uint32_t alias, const char *tag)
{
	struct edge copy = { .active = true,
	    .nowhere = graph_edge(g, i)->nowhere };
	struct arena *row = &g->c->row;

	copy.name = graph_edge(g, i)->name;
	copy.self = copy.name == alias;
	if (!copy.nowhere)
		copy.name = check_name(g->c, route_name(row, route_tagged(row,
		    nameset_text(&g->c->names, copy.name), tag)));
	*(struct edge *)vector_add(&g->edges, sizeof(copy)) = copy;
}

/* The node of an alias for mail with a tag that no alias bears. */
static uint32_t
tagged_node(struct graph *g, uint32_t alias, const char *tag)
{
	struct checking *c = g->c;
	uint32_t base = check_known(c, alias)->node - 1;
	uint32_t first = graph_node(g, base)->first;
	uint32_t end = graph_end(g, base), known, node;

	known = check_name(c, route_name(&c->row, route_tagged(&c->row,
	    nameset_text(&c->names, alias), tag)));
	if (check_known(c, known)->node != 0)
		return check_known(c, known)->node - 1;
	if (g->tagged + (end - first) > TAGGED_MAX)
		return base;
	g->tagged += end - first;
	node = node_add(g, known, alias);
	for (uint32_t i = first; i < end; i++) {
		if (graph_edge(g, i)->active && !graph_edge(g, i)->again)
			edge_copy(g, i, alias, tag);
	}
	return node;
}

/*
 * An alias takes mail with any tag, too.  It goes the same ways, except that
 * it passes an alias that bears the tag of a destination.
 */
static void
any_tag_follow(struct graph *g, uint32_t node, const char *to,
    struct answer a)
{
	uint32_t alias = graph_node(g, node)->name;

	if ((a.how == ANSWER_NODE || a.how == ANSWER_SAME) &&
	    a.tag == NULL && address_untagged(&g->c->row, to) != NULL &&
	    is_alias(g, alias) && !address_is_catchall(graph_name(g, node)) &&
	    address_untagged(&g->c->row, graph_name(g, node)) == NULL)
		tagged_node(g, alias, ROUTE_ANY_TAG);
}

/* --- following the rows ---------------------------------------------- */

static const struct {
	enum rule_id rule;
	const char *what;	/* NULL: nothing to tell */
} answers[] = {
	[ANSWER_END] = { RULES, NULL },
	[ANSWER_NODE] = { RULES, NULL },
	[ANSWER_SAME] = { RULE_ALIAS_TO_ALIAS_DOMAIN,
	    "which is in an alias domain" },
	[ANSWER_NOTHING] = { RULE_ALIAS_DANGLING, "which nothing accepts" },
	[ANSWER_DISABLED] = { RULE_ALIAS_TO_INACTIVE, "which is disabled" },
	[ANSWER_NOT_RECEIVING] = { RULE_ALIAS_TO_INACTIVE,
	    "who may not receive mail" },
	[ANSWER_DOMAIN_DISABLED] = { RULE_ALIAS_TO_INACTIVE_DOMAIN,
	    "whose domain is disabled" },
};

/* Of rows only: the other nodes have nothing that these have not. */
static void
destination_check(struct graph *g, uint32_t node, const char *to,
    enum how how)
{
	if (how == ANSWER_SAME) {
		struct answer there = graph_resolve(g,
		    graph_resolve(g, to).same);

		if (answers[there.how].what != NULL)
			how = there.how;
	}
	if (answers[how].what != NULL)
		check_found(g->c, answers[how].rule, graph_spelled(g, node),
		    "alias %s leads to %s, %s", graph_spelled(g, node), to,
		    answers[how].what);
}

static uint32_t
destination_follow(struct graph *g, uint32_t node, uint32_t name)
{
	const char *to = arena_strdup(&g->c->row, nameset_text(&g->c->names,
	    name));
	struct answer a = graph_resolve(g, to);

	if (node < g->rows)
		destination_check(g, node, to, a.how);
	any_tag_follow(g, node, to, a);
	if (a.how == ANSWER_SAME)
		return same_node(g, to, a);
	if (a.how != ANSWER_NODE)
		return NODE_NONE;
	return a.tag == NULL ? check_known(g->c, a.key)->node - 1 :
	    tagged_node(g, a.key, a.tag);
}

static void
self_follow(struct graph *g, uint32_t node, struct edge *e)
{
	const struct known_name *known = check_known(g->c,
	    graph_node(g, node)->name);

	e->self = true;
	e->live = known->user_receives;
	e->to = NODE_NONE;
	if (!known->user && !e->again && node < g->rows)
		check_found(g->c, RULE_ALIAS_SELF, graph_spelled(g, node),
		    "alias %s leads to itself, and no user has that address",
		    graph_spelled(g, node));
}

static void
edge_follow(struct graph *g, uint32_t node, uint32_t i)
{
	struct edge *e = graph_edge(g, i);
	uint32_t to = NODE_NONE;

	if (!e->active)
		return;
	if (e->self || (node < g->rows &&
	    e->name == graph_node(g, node)->name)) {
		self_follow(g, node, e);
		return;
	}
	if (e->again)
		to = e[-1].to;
	else if (!e->nowhere)
		to = destination_follow(g, node, e->name);
	/* What is new moves the edges. */
	e = graph_edge(g, i);
	e->to = to;
	e->live = true;
	arena_reset(&g->c->row);
}

static void
node_follow(struct graph *g, uint32_t node)
{
	const struct known_domain *d = check_domain_of(g->c,
	    graph_node(g, node)->name);
	uint32_t end = graph_end(g, node);

	if (d == NULL || !domain_flows(g->c, d))
		return;
	for (uint32_t i = graph_node(g, node)->first; i < end; i++)
		edge_follow(g, node, i);
}

/* --- all of it ------------------------------------------------------- */

void
check_aliases(struct checking *c)
{
	struct graph g = { .c = c };

	nodes_count(&g, &c->aliases);
	edges_fill(&g, &c->aliases);
	vector_clear(&c->aliases);
	if (c->spellings.count > 0)
		qsort(c->spellings.item, c->spellings.count,
		    sizeof(struct spelling), spelling_compare);
	for (uint32_t node = 0; node < g.rows; node++) {
		twins_find(&g, node);
		graph_node(&g, node)->flows = node_flows(&g, node);
	}
	/* There may be more of them at each turn. */
	for (uint32_t node = 0; node < g.nodes.count; node++)
		node_follow(&g, node);
	check_loops(&g);
	check_catchalls(&g);
	vector_clear(&g.nodes);
	vector_clear(&g.edges);
	vector_clear(&c->spellings);
}
