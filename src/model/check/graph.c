/*
 * Building the graph of aliases, and what the maps answer in it.
 *
 * Postfix follows an alias one lookup at a time, so a graph of addresses and
 * destinations is not enough: a lookup may answer for a catch-all, for the
 * same name in the target of an alias domain, or without a tag.
 * graph_resolve() asks the maps that we ship (postfix/sql_*.cf) in Postfix's
 * order, in memory; what it answers is a node, or the end of the way.  Nodes
 * that no row has (a name in an alias domain, an alias with a tag) are added
 * when a destination leads there, so the graph holds only what mail can
 * reach.
 *
 * The maps of a foreign schema are unknown; ours are used there too.  What
 * goes wrong only because an identity map is missing is then one finding,
 * about the catch-all, and not one for each row that it takes.
 */
#include <stdlib.h>
#include <string.h>

#include "model/address.h"
#include "model/check/graph.h"
#include "model/mail/postfix_maps.h"

/*
 * Tags can be combined without limit, so the number of edges that are copied
 * for them has one; beyond it a tag is ignored.
 */
#define TAGGED_MAX 200000

struct node *
graph_node(const struct graph *g, uint32_t node)
{
	return &g->nodes.item[node];
}

struct edge *
graph_edge(const struct graph *g, uint32_t edge)
{
	return &g->edges.item[edge];
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
nodes_count(struct graph *g)
{
	const struct checking *c = g->c;
	const struct known_alias *a = c->aliases.item;

	for (size_t i = 0; i < c->aliases.count; i++) {
		struct known_name *known = check_known(g->c, a[i].mail);
		struct node *n;

		if (known->node == 0) {
			n = VECTOR_ADD(&g->nodes);
			n->name = a[i].mail;
			known->node = (uint32_t)g->nodes.count;
		}
		graph_node(g, known->node - 1)->first++;
	}
	g->rows = (uint32_t)g->nodes.count;
}

/* From the last row to the first, so that they keep their order. */
static void
edges_fill(struct graph *g)
{
	const struct checking *c = g->c;
	const struct known_alias *a = c->aliases.item;
	uint32_t sum = 0;

	for (uint32_t node = 0; node < g->rows; node++) {
		sum += graph_node(g, node)->first;
		graph_node(g, node)->first = sum;
	}
	VECTOR_REACH(&g->edges, c->aliases.count);
	for (size_t i = c->aliases.count; i-- > 0;) {
		uint32_t node = check_known(g->c, a[i].mail)->node - 1;

		*graph_edge(g, --graph_node(g, node)->first) = (struct edge){
			.name = a[i].destination,
			.active = a[i].active,
			.nowhere = a[i].nowhere,
		};
	}
}

void
graph_build(struct graph *g)
{
	struct checking *c = g->c;

	nodes_count(g);
	edges_fill(g);
	VECTOR_CLEAR(&c->aliases);
	if (c->spellings.count > 0)
		qsort(c->spellings.item, c->spellings.count,
		    sizeof(struct spelling), spelling_compare);
}

/* --- what the maps answer -------------------------------------------- */

bool
graph_domain_flows(const struct checking *c, const struct known_domain *d)
{
	const struct known_domain *target = d->target == NAME_NONE ? NULL :
	    check_domain_of(c, d->target);

	return d->active && (target == NULL || target->active);
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
	if (k->expired)
		return (struct answer){ .how = ANSWER_EXPIRED };
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
	/* A target that is missing or an alias domain has its own finding. */
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
		a.same = maps_tagged(&g->c->row, a.same, a.tag);
	return a;
}

/* An alias domain has the patterns of its target. */
static bool
pattern_answers(const struct graph *g, const struct known_domain *d,
    const char *name)
{
	struct arena *row = &g->c->row;

	if (g->c->patterns.count == 0)
		return false;
	if (d->target != NAME_NONE)
		name = address_join(row, address_local(row, name),
		    nameset_text(&g->c->names, d->target));
	return check_has_pattern(g->c, name);
}

struct answer
graph_resolve(const struct graph *g, const char *address)
{
	const char *untagged = address_untagged(&g->c->row, address);
	const struct known_domain *d = check_domain_of(g->c,
	    check_name(g->c, address));
	struct answer a;

	if (d == NULL)
		return (struct answer){ .how = ANSWER_END };
	if (!graph_domain_flows(g->c, d))
		return (struct answer){ .how = ANSWER_DOMAIN_DISABLED };
	a = form_answer(g, d, address);
	if (a.how == ANSWER_NOTHING && untagged != NULL)
		a = untagged_answer(g, d, address, untagged);
	if (a.how == ANSWER_NOTHING && check_passes_on(g->c, d, address))
		return (struct answer){ .how = ANSWER_END };
	/* Where a pattern leads is a matter of its own. */
	if (a.how == ANSWER_NOTHING && pattern_answers(g, d, untagged != NULL ?
	    untagged : address))
		return (struct answer){ .how = ANSWER_END };
	if (a.how == ANSWER_NOTHING)
		a = name_answer(g, catchall_of(g, d->name));
	return a;
}

/* --- nodes beside the rows' ------------------------------------------ */

static uint32_t
node_add(struct graph *g, uint32_t known, uint32_t name)
{
	struct node *n = VECTOR_ADD(&g->nodes);

	*n = (struct node){ .name = name, .flows = true,
	    .first = (uint32_t)g->edges.count };
	check_known(g->c, known)->node = (uint32_t)g->nodes.count;
	return (uint32_t)g->nodes.count - 1;
}

uint32_t
graph_same_node(struct graph *g, const char *address, struct answer a)
{
	struct arena *row = &g->c->row;
	uint32_t known = check_name(g->c, maps_name(row, address));
	uint32_t same = check_name(g->c, maps_name(row, a.same)), node;
	struct edge *e;

	if (check_known(g->c, known)->node != 0)
		return check_known(g->c, known)->node - 1;
	node = node_add(g, known, a.key);
	e = VECTOR_ADD(&g->edges);
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
		copy.name = check_name(g->c, maps_name(row, maps_tagged(row,
		    nameset_text(&g->c->names, copy.name), tag)));
	*VECTOR_ADD(&g->edges) = copy;
}

uint32_t
graph_tagged_node(struct graph *g, uint32_t alias, const char *tag)
{
	struct checking *c = g->c;
	uint32_t base = check_known(c, alias)->node - 1;
	uint32_t first = graph_node(g, base)->first;
	uint32_t end = graph_end(g, base), known, node;

	known = check_name(c, maps_name(&c->row, maps_tagged(&c->row,
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

