/*
 * The aliases as a graph, for the checker: what leads where.
 *
 * A node is an address with alias rows, one in an alias domain that leads to
 * the same name in the target, or the first with a tag that is no part of its
 * name: the maps add it to all that the alias leads to.  Edges stand behind
 * each other, those of a node together; there is no memory for a node or an
 * edge of its own, so a million of them take some tens of bytes each.
 */
#ifndef MODEL_CHECK_GRAPH_H
#define MODEL_CHECK_GRAPH_H

#include "model/check/private.h"

#define NODE_NONE UINT32_MAX

/* Of a node that the walk has left, with all that it leads to. */
#define DONE UINT32_MAX

struct edge {
	uint32_t name;	/* of the destination */
	uint32_t to;	/* once followed: a node, NODE_NONE: an end */
	bool active : 1;
	bool nowhere : 1;	/* its destination is no address */
	bool again : 1;		/* the same as the edge before it */
	bool live : 1;		/* mail follows it */
	bool self : 1;		/* keeps a copy: no loop */
	bool looped : 1;	/* already reported, in a loop */
};

struct node {
	uint32_t name;		/* that the maps know */
	uint32_t first;		/* edge; the next node's is its end */
	uint32_t order;		/* of the walk; 0: not yet, DONE */
	uint32_t low;		/* when done: its component's root */
	uint16_t leaves;	/* addresses in the end, up to one too many */
	uint16_t height;	/* longest way down, likewise */
	bool flows;		/* mail for it follows some edge */
};

struct graph {
	struct checking *c;
	VECTOR(struct node) nodes;	/* rows, then the others */
	VECTOR(struct edge) edges;
	uint32_t rows;		/* nodes that have alias rows */
	size_t tagged;		/* edges that were copied for a tag */
};

/* Nodes and edges of all rows; takes the rows. */
void graph_build(struct graph *g);

struct node *graph_node(const struct graph *g, uint32_t node);
struct edge *graph_edge(const struct graph *g, uint32_t edge);

/* The edge behind the node's last. */
uint32_t graph_end(const struct graph *g, uint32_t node);

const char *graph_name(const struct graph *g, uint32_t node);

/* As a row spells it, so that the row can be found by it. */
const char *graph_spelled(const struct graph *g, uint32_t node);

/* --- what the maps answer --------------------------------------------- */

enum how {
	ANSWER_END,		/* delivered, or another finding's matter */
	ANSWER_NODE,		/* an alias or a catch-all */
	ANSWER_SAME,		/* the same name in the target domain */
	ANSWER_NOTHING,
	ANSWER_DISABLED,
	ANSWER_EXPIRED,
	ANSWER_NOT_RECEIVING,	/* an enabled user who may not */
	ANSWER_DOMAIN_DISABLED
};

struct answer {
	enum how how;
	uint32_t key;		/* ANSWER_NODE, ANSWER_SAME: what is known */
	const char *same;	/* ANSWER_SAME: the name there */
	const char *tag;	/* that is no part of the key; NULL: none */
};

/* As sql_domains.cf; a target that does not exist is no reason. */
bool graph_domain_flows(const struct checking *c,
    const struct known_domain *d);

/* `address` is in the arena of the row. */
struct answer graph_resolve(const struct graph *g, const char *address);

/* --- nodes beside the rows' ------------------------------------------ */

/* The node that leads to the same name in the target. */
uint32_t graph_same_node(struct graph *g, const char *address,
    struct answer a);

/* The node of an alias for mail with a tag that no alias bears. */
uint32_t graph_tagged_node(struct graph *g, uint32_t alias,
    const char *tag);

/* --- loop.c ----------------------------------------------------------- */

/* Finds loops, and what is larger or deeper than Postfix follows. */
void check_loops(struct graph *g);

#endif
