/*
 * Checking what is between alias rows: where each destination leads.
 *
 * The rows become a graph (graph.h), each destination is followed once, and
 * loop.c then walks what mail can take.  Only rows that mail takes count:
 * enabled ones whose domain, and for an alias domain its target, is enabled.
 * A disabled row makes no loop and its destination may be missing;
 * alias_add() is stricter and looks at disabled rows too, because enabling
 * one must not close a loop.
 */
#include <stdlib.h>
#include <string.h>

#include "base/sentence.h"
#include "model/address.h"
#include "model/check/graph.h"
#include "model/mail/postfix_maps.h"

/* --- the same twice -------------------------------------------------- */

static int
edge_compare(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;

	if (x->name != y->name)
		return x->name < y->name ? -1 : 1;
	return y->active - x->active;
}

static void
duplicates_find(struct graph *g, uint32_t node)
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

/* --- following the rows ---------------------------------------------- */

/* As sql_aliases.cf: a row to itself counts while the user gets mail. */
static bool
node_flows(const struct graph *g, uint32_t node)
{
	uint32_t name = graph_node(g, node)->name;
	const struct known_domain *d = check_domain_of(g->c, name);

	if (d == NULL || !graph_domain_flows(g->c, d))
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
	    check_known(g->c, alias)->alias &&
	    !address_is_catchall(graph_name(g, node)) &&
	    address_untagged(&g->c->row, graph_name(g, node)) == NULL)
		graph_tagged_node(g, alias, MAPS_ANY_TAG);
}

static const struct {
	enum rule_id rule;
	const char *what;	/* NULL: no finding */
} answers[] = {
	[ANSWER_END] = { RULES, NULL },
	[ANSWER_NODE] = { RULES, NULL },
	[ANSWER_SAME] = { RULE_ALIAS_TO_ALIAS_DOMAIN,
	    "which is in an alias domain" },
	[ANSWER_NOTHING] = { RULE_ALIAS_DANGLING, "which does not exist" },
	[ANSWER_DISABLED] = { RULE_ALIAS_TO_INACTIVE, "which is disabled" },
	[ANSWER_EXPIRED] = { RULE_ALIAS_TO_INACTIVE, "which has expired" },
	[ANSWER_NOT_RECEIVING] = { RULE_ALIAS_TO_INACTIVE,
	    "who may not receive mail" },
	[ANSWER_DOMAIN_DISABLED] = { RULE_ALIAS_TO_INACTIVE_DOMAIN,
	    "whose domain is disabled" },
};

/* Of rows only: other nodes lead nowhere else. */
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
		return graph_same_node(g, to, a);
	if (a.how != ANSWER_NODE)
		return NODE_NONE;
	return a.tag == NULL ? check_known(g->c, a.key)->node - 1 :
	    graph_tagged_node(g, a.key, a.tag);
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
	/* New edges move the others. */
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

	if (d == NULL || !graph_domain_flows(g->c, d))
		return;
	for (uint32_t i = graph_node(g, node)->first; i < end; i++)
		edge_follow(g, node, i);
}

/* --- catch-alls ------------------------------------------------------ */

/* The users of a domain whose mail no alias of their own takes. */
struct exposed {
	uint32_t name;
	uint32_t count;
};

static void
exposed_count(const struct checking *c, struct exposed *exposed)
{
	for (uint32_t name = 0; name < c->names.count; name++) {
		const struct known_name *k = check_known(c, name);
		struct exposed *e;

		if (!k->user_receives || k->alias_active || k->domain == 0)
			continue;
		e = &exposed[k->domain - 1];
		if (e->count++ == 0 || strcmp(nameset_text(&c->names, name),
		    nameset_text(&c->names, e->name)) < 0)
			e->name = name;
	}
}

static void
catchall_check(struct graph *g, uint32_t node, const struct exposed *exposed)
{
	struct checking *c = g->c;
	const char *name = graph_name(g, node), *user;
	const struct exposed *e;

	if (!address_is_catchall(name) || !graph_node(g, node)->flows)
		return;
	e = &exposed[check_known(c, graph_node(g, node)->name)->domain - 1];
	if (e->count == 0)
		return;
	name = graph_spelled(g, node);
	user = nameset_text(&c->names, e->name);
	check_found(c, RULE_ALIAS_CATCHALL, name, "catch-all %s %s the mail "
	    "of %s, %s%s", name, c->survey.ours ?
	    "would take, with other lookups," : "takes",
	    sentence_number(&c->row, e->count, "mailbox", "mailboxes"),
	    e->count > 1 ? "for example " : "", user);
	arena_reset(&c->row);
}

static void
check_catchalls(struct graph *g)
{
	VECTOR(struct exposed) exposed = { 0 };

	if (!g->c->chosen[RULE_ALIAS_CATCHALL])
		return;
	VECTOR_REACH(&exposed, g->c->domains.count);
	exposed_count(g->c, exposed.item);
	for (uint32_t node = 0; node < g->rows; node++)
		catchall_check(g, node, exposed.item);
	VECTOR_CLEAR(&exposed);
}

/* --- patterns -------------------------------------------------------- */

static bool
pattern_follow(void *arg, const void *row, struct err *e)
{
	const struct survey_pair *pair = row;
	struct graph *g = arg;
	struct answer a = graph_resolve(g, check_fold(g->c, pair->other));

	(void)e;
	if (a.how != ANSWER_SAME && answers[a.how].what != NULL)
		check_found(g->c, RULE_PATTERN_DANGLING, pair->name, "pattern "
		    "%s leads to %s, %s", pair->name, pair->other,
		    answers[a.how].what);
	arena_reset(&g->c->row);
	return true;
}

/* --- archives ---------------------------------------------------------- */

/* Its own mail would be copied to itself; what comes in there is not. */
static bool
is_inside(const struct archive *a)
{
	return strcmp(a->address, a->owner) == 0 || (!a->incoming &&
	    strchr(a->owner, '@') == NULL && strcmp(address_domain(a->address),
	    a->owner) == 0);
}

/*
 * Why copies do not arrive; NULL: they do.  Of incoming mail the lookups leave
 * out what is not a user's plain address, or elsewhere.
 */
static const char *
lost(struct graph *g, const struct archive *a, const struct answer *there)
{
	const struct known_name *known = check_known(g->c, check_name(g->c,
	    a->address));
	const char *what = there->how == ANSWER_SAME ? NULL :
	    answers[there->how].what;

	if (what != NULL || !a->incoming || check_domain_of(g->c,
	    check_name(g->c, a->address)) == NULL)
		return what;
	if (known->alias)
		return "which is an alias, and gets no copies";
	return known->user || known->recipient ? NULL :
	    "which is not a user's plain address, and gets no copies";
}

static void
archive_check(struct graph *g, const struct archive *a)
{
	bool user = strchr(a->owner, '@') != NULL;
	const char *to = arena_strdup(&g->c->row, a->address);
	struct answer there = graph_resolve(g, to);
	const char *why;

	if (there.how == ANSWER_SAME)
		there = graph_resolve(g, there.same);
	if (is_inside(a))
		check_found(g->c, user ? RULE_USER_ARCHIVE_INSIDE :
		    RULE_DOMAIN_ARCHIVE_INSIDE, a->owner, "the archive of %s "
		    "is %s, %s", a->owner, to, user ? "the user" :
		    "which is inside of it");
	else if (check_domain_of(g->c, check_name(g->c, to)) == NULL)
		check_found(g->c, user ? RULE_USER_ARCHIVE_OUTSIDE :
		    RULE_DOMAIN_ARCHIVE_OUTSIDE, a->owner, "the archive of %s "
		    "is %s, which is not on this server", a->owner, to);
	why = lost(g, a, &there);
	if (why != NULL)
		check_found(g->c, user ? RULE_USER_ARCHIVE_LOST :
		    RULE_DOMAIN_ARCHIVE_LOST, a->owner, "the archive of %s is "
		    "%s, %s", a->owner, to, why);
	arena_reset(&g->c->row);
}

static void
check_archives(struct graph *g)
{
	for (size_t i = 0; i < g->c->archives.count; i++)
		archive_check(g, &g->c->archives.item[i]);
}

/* --- all of it ------------------------------------------------------- */

bool
check_aliases(struct checking *c, struct err *e)
{
	struct graph g = { .c = c };
	bool ok;

	graph_build(&g);
	for (uint32_t node = 0; node < g.rows; node++) {
		duplicates_find(&g, node);
		graph_node(&g, node)->flows = node_flows(&g, node);
	}
	/* Each may add nodes to the end. */
	for (uint32_t node = 0; node < g.nodes.count; node++)
		node_follow(&g, node);
	check_loops(&g);
	check_catchalls(&g);
	check_archives(&g);
	ok = survey_look_each(&c->survey, SURVEY_PATTERN_ROWS, pattern_follow,
	    &g, e);
	VECTOR_CLEAR(&g.nodes);
	VECTOR_CLEAR(&g.edges);
	VECTOR_CLEAR(&c->spellings);
	return ok;
}
