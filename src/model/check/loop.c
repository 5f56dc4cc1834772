/*
 * Checking aliases for loops, size and depth.
 *
 * A set of nodes that all lead to each other is a strongly connected
 * component; Tarjan's algorithm finds them in one walk over the edges.  It is
 * written without recursion, as a chain may be as long as the table.
 *
 * Components are finished from the ends of the mail's ways upwards.  So when
 * a node's turn comes, what its destinations expand to is known, and size
 * and depth are one addition for each edge, however many aliases lead there.
 *
 * A component of many nodes can hold more loops than anybody can count, so
 * not each is reported: each edge that leads back is, in the shortest loop
 * that has it, and an edge that is in a reported loop already is not looked
 * at again.  What is left when the reported loops are broken shows in the
 * next run.
 */
#include <string.h>

#include "base/sentence.h"
#include "base/text.h"
#include "model/check/graph.h"
#include "model/mail/delivery.h"

/*
 * At most this many loops are reported of aliases that all lead to each
 * other, and at most this many edges looked at for them; then one finding
 * says that there are more.
 */
#define LOOPS_MAX 1000
#define LOOP_WORK 20000000

struct step {
	uint32_t node;
	uint32_t edge;		/* the next to take */
};

VECTOR_NAMED(node_list, uint32_t);

struct walk {
	struct graph *g;
	uint32_t order;
	struct node_list stack;	/* nodes that are not done */
	VECTOR(struct step) path;	/* from the root to here */
	struct node_list from;	/* by node: for the way back */
	struct node_list queue;	/* nodes that were reached */
	uint32_t work;
	struct nameset reported;	/* loops, as text */
};

static void
push(struct node_list *list, uint32_t node)
{
	*VECTOR_ADD(list) = node;
}

/* An edge inside of the component of the node that it leaves. */
static bool
is_inside(const struct graph *g, uint32_t node, const struct edge *e)
{
	return e->live && e->to != NODE_NONE &&
	    graph_node(g, e->to)->order == DONE &&
	    graph_node(g, e->to)->low == graph_node(g, node)->low;
}

/* --- size and depth -------------------------------------------------- */

static uint32_t
at_most(uint32_t n, uint32_t max)
{
	return n < max ? n : max;
}

/*
 * What leads back counts as one address, as Postfix would never finish; see
 * delivery.h for what it delivers all the same.
 */
static void
reach_set(struct graph *g, uint32_t node)
{
	struct node *n = graph_node(g, node);
	uint32_t leaves = 0, height = 0;

	for (uint32_t i = n->first; i < graph_end(g, node); i++) {
		const struct edge *e = graph_edge(g, i);
		const struct node *to;

		if (!e->live)
			continue;
		if (e->to == NODE_NONE || is_inside(g, node, e)) {
			leaves = at_most(leaves + 1, EXPANSION_MAX + 1);
			height += height == 0 && !e->self;
			continue;
		}
		to = graph_node(g, e->to);
		leaves = at_most(leaves + to->leaves, EXPANSION_MAX + 1);
		if (height < to->height + 1U)
			height = at_most(to->height + 1U, STEPS_MAX + 1);
	}
	n->leaves = (uint16_t)leaves;
	n->height = (uint16_t)height;
}

/* Postfix refuses mail for each of them, so each is reported. */
static void
limits_check(struct graph *g, uint32_t node)
{
	const struct node *n = graph_node(g, node);
	const char *name = graph_spelled(g, node);

	if (node >= g->rows)
		return;
	if (n->leaves > EXPANSION_MAX)
		check_found(g->c, RULE_ALIAS_EXPANSION, name, "alias %s "
		    "expands to more than %d addresses", name, EXPANSION_MAX);
	if (n->height > STEPS_MAX)
		check_found(g->c, RULE_ALIAS_DEPTH, name, "alias %s leads "
		    "through more than %d aliases", name, STEPS_MAX);
}

/* --- loops ----------------------------------------------------------- */

static void
edges_mark(struct graph *g, uint32_t node, uint32_t to)
{
	for (uint32_t i = graph_node(g, node)->first;
	    i < graph_end(g, node); i++) {
		if (graph_edge(g, i)->to == to)
			graph_edge(g, i)->looped = true;
	}
}

/* Mail with a tag may go in a loop of the same names. */
static bool
is_reported(struct walk *w, const struct words *names)
{
	struct text text = TEXT_INIT;
	uint32_t reported = w->reported.count;
	bool is;

	for (size_t i = 0; i < names->count; i++)
		text_addf(&text, "%s ", names->word[i]);
	is = nameset_add(&w->reported, text.buf, text.len) < reported;
	text_clear(&text);
	return is;
}

/* loop: count nodes, each leads to the next and the last to the first. */
static void
loop_found(struct walk *w, const uint32_t *loop, size_t count)
{
	struct graph *g = w->g;
	struct words names = { 0 };
	const char *least = graph_name(g, loop[0]);
	size_t start = 0;

	for (size_t i = 0; i < count; i++) {
		edges_mark(g, loop[i], loop[(i + 1) % count]);
		if (strcmp(graph_name(g, loop[i]), least) < 0) {
			least = graph_name(g, loop[i]);
			start = i;
		}
	}
	for (size_t i = 0; i < count; i++)
		words_add(&g->c->row, &names,
		    graph_name(g, loop[(start + i) % count]));
	if (!is_reported(w, &names))
		check_found(g->c, RULE_ALIAS_LOOP, least, "loop: %s",
		    sentence_list(&g->c->row, &names));
	arena_reset(&g->c->row);
}

/* The shortest way from one node to another of its component. */
static void
way_find(struct walk *w, uint32_t from, uint32_t to)
{
	const struct graph *g = w->g;
	uint32_t *came;

	if (w->from.count == 0) {
		VECTOR_REACH(&w->from, g->nodes.count);
		memset(w->from.item, 0xff, g->nodes.count * sizeof(*came));
	}
	came = w->from.item;
	w->queue.count = 0;
	push(&w->queue, from);
	came[from] = from;
	for (size_t q = 0; came[to] == NODE_NONE; q++) {
		uint32_t node = w->queue.item[q];

		for (uint32_t i = graph_node(g, node)->first;
		    i < graph_end(g, node); i++, w->work++) {
			const struct edge *e = graph_edge(g, i);

			if (!is_inside(g, node, e) ||
			    came[e->to] != NODE_NONE)
				continue;
			came[e->to] = node;
			push(&w->queue, e->to);
		}
	}
}

/* The loop that begins with the edge from `node` to `next`. */
static void
loop_close(struct walk *w, uint32_t node, uint32_t next)
{
	struct node_list loop = { 0 };
	uint32_t *came;

	way_find(w, next, node);
	came = w->from.item;
	/* Backwards from `node`; turned round it begins with `next`. */
	for (uint32_t n = node; n != next; n = came[n])
		push(&loop, n);
	push(&loop, next);
	for (size_t i = 0, j = loop.count - 1; i < j; i++, j--) {
		uint32_t swapped = loop.item[i];

		loop.item[i] = loop.item[j];
		loop.item[j] = swapped;
	}
	loop_found(w, loop.item, loop.count);
	VECTOR_CLEAR(&loop);
	for (size_t i = 0; i < w->queue.count; i++)
		came[w->queue.item[i]] = NODE_NONE;
}

/* More loops than are reported one by one. */
static void
tangle_found(struct graph *g, const uint32_t *member, size_t count)
{
	const char *least = graph_name(g, member[0]);

	for (size_t i = 1; i < count; i++) {
		if (strcmp(graph_name(g, member[i]), least) < 0)
			least = graph_name(g, member[i]);
	}
	check_found(g->c, RULE_ALIAS_LOOP, least, "more loops among %zu "
	    "aliases that lead to each other, %s is one of them", count,
	    least);
}

/* The shortest loop of each edge that is in none of those reported yet. */
static void
loops_find(struct walk *w, const uint32_t *member, size_t count)
{
	struct graph *g = w->g;
	size_t loops = 0;

	for (size_t m = 0; m < count; m++) {
		for (uint32_t i = graph_node(g, member[m])->first;
		    i < graph_end(g, member[m]); i++) {
			const struct edge *e = graph_edge(g, i);

			if (e->looped || !is_inside(g, member[m], e))
				continue;
			if (w->work > LOOP_WORK || loops++ == LOOPS_MAX) {
				tangle_found(g, member, count);
				return;
			}
			loop_close(w, member[m], e->to);
		}
	}
}

/* --- the walk -------------------------------------------------------- */

/* The nodes above and with `root` on the stack lead to each other. */
static void
component_close(struct walk *w, uint32_t root)
{
	struct graph *g = w->g;
	const uint32_t *member;
	size_t first = w->stack.count, count;

	while (w->stack.item[--first] != root)
		;
	member = &w->stack.item[first];
	count = w->stack.count - first;
	for (size_t i = 0; i < count; i++) {
		graph_node(g, member[i])->order = DONE;
		graph_node(g, member[i])->low = root;
	}
	for (size_t i = 0; i < count; i++) {
		reach_set(g, member[i]);
		limits_check(g, member[i]);
	}
	if (g->c->chosen[RULE_ALIAS_LOOP])
		loops_find(w, member, count);
	w->stack.count = first;
}

static void
node_enter(struct walk *w, uint32_t node)
{
	struct node *n = graph_node(w->g, node);
	struct step *s = VECTOR_ADD(&w->path);

	n->order = n->low = ++w->order;
	*s = (struct step){ node, n->first };
	push(&w->stack, node);
}

static void
node_leave(struct walk *w, uint32_t node)
{
	const struct node *n = graph_node(w->g, node);
	const struct step *up;

	w->path.count--;
	if (n->low == n->order) {
		component_close(w, node);
		return;
	}
	up = &w->path.item[w->path.count - 1];
	if (graph_node(w->g, up->node)->low > n->low)
		graph_node(w->g, up->node)->low = n->low;
}

static void
walk_from(struct walk *w, uint32_t root)
{
	node_enter(w, root);
	while (w->path.count > 0) {
		struct step *s = &w->path.item[w->path.count - 1];
		struct node *n = graph_node(w->g, s->node), *to;
		const struct edge *e;

		if (s->edge == graph_end(w->g, s->node)) {
			node_leave(w, s->node);
			continue;
		}
		e = graph_edge(w->g, s->edge++);
		if (!e->live || e->to == NODE_NONE)
			continue;
		to = graph_node(w->g, e->to);
		if (to->order == 0)
			node_enter(w, e->to);
		else if (to->order != DONE && to->order < n->low)
			n->low = to->order;
	}
}

void
check_loops(struct graph *g)
{
	struct walk w = { .g = g };

	for (uint32_t node = 0; node < g->nodes.count; node++) {
		if (graph_node(g, node)->order == 0)
			walk_from(&w, node);
	}
	VECTOR_CLEAR(&w.stack);
	VECTOR_CLEAR(&w.path);
	VECTOR_CLEAR(&w.from);
	VECTOR_CLEAR(&w.queue);
	nameset_clear(&w.reported);
}
