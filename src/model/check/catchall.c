/* Checking catch-alls that take a mailbox's mail. */
#include <string.h>

#include "base/sentence.h"
#include "model/address.h"
#include "model/check/graph.h"

/* The users of a domain whom no alias of their own keeps from a catch-all. */
struct exposed {
	uint32_t name;
	uint32_t count;
};

static void
exposed_count(const struct checking *c, struct vector *exposed)
{
	vector_reach(exposed, c->domains.count, sizeof(struct exposed));
	for (uint32_t name = 0; name < c->names.count; name++) {
		const struct known_name *k = check_known(c, name);
		struct exposed *e;

		if (!k->user_receives || k->alias_active || k->domain == 0)
			continue;
		e = (struct exposed *)exposed->item + k->domain - 1;
		if (e->count++ == 0 || strcmp(nameset_text(&c->names, name),
		    nameset_text(&c->names, e->name)) < 0)
			e->name = name;
	}
}

static void
catchall_check(struct graph *g, uint32_t node, const struct vector *exposed)
{
	struct checking *c = g->c;
	const char *name = graph_name(g, node), *user;
	const struct exposed *e;

	if (!address_is_catchall(name) || !graph_node(g, node)->flows)
		return;
	e = (const struct exposed *)exposed->item +
	    check_known(c, graph_node(g, node)->name)->domain - 1;
	if (e->count == 0)
		return;
	name = graph_spelled(g, node);
	user = nameset_text(&c->names, e->name);
	check_found(c, RULE_ALIAS_CATCHALL, name, "catch-all %s %s the mail "
	    "of %s, %s%s", name, c->survey.ours ?
	    "would with other lookups take" : "takes",
	    sentence_number(&c->row, e->count, "mailbox", "mailboxes"),
	    e->count > 1 ? "among them " : "", user);
	arena_reset(&c->row);
}

void
check_catchalls(struct graph *g)
{
	struct vector exposed = { 0 };

	if (!g->c->wanted[RULE_ALIAS_CATCHALL])
		return;
	exposed_count(g->c, &exposed);
	for (uint32_t node = 0; node < g->rows; node++)
		catchall_check(g, node, &exposed);
	vector_clear(&exposed);
}
