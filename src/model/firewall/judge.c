/* The way of a packet through the chains. */
#include <stdlib.h>
#include <string.h>

#include "model/firewall/firewall.h"

/* Chains that jump to each other; nft refuses circles, and so do we. */
#define DEEPEST 16
#define LOOKS_MOST 100000

void
firewall_clear(struct firewall *f)
{
	for (size_t i = 0; i < f->chains.count; i++)
		VECTOR_CLEAR(&f->chains.item[i].rules);
	VECTOR_CLEAR(&f->chains);
}

static struct firewall_chain *
find(const struct firewall *f, const char *table, const char *name)
{
	for (size_t i = 0; i < f->chains.count; i++) {
		struct firewall_chain *c = &f->chains.item[i];

		if (strcmp(c->table, table) == 0 &&
		    strcmp(c->name, name) == 0)
			return c;
	}
	return NULL;
}

struct firewall_chain *
firewall_chain(struct firewall *f, const char *table, const char *name)
{
	struct firewall_chain *c = find(f, table, name);

	if (c != NULL)
		return c;
	c = VECTOR_ADD(&f->chains);
	c->table = arena_strdup(f->arena, table);
	c->name = arena_strdup(f->arena, name);
	return c;
}

/* --- walking ----------------------------------------------------------- */

enum fate { FATE_OPEN, FATE_ACCEPTED, FATE_BLOCKED };

struct walk {
	const struct firewall *f;
	unsigned port;
	bool unclear;		/* a rule before may have accepted it */
	size_t looks;
	const struct firewall_rule *blocker;
};

static bool
is_for(const struct firewall_rule *r, unsigned port)
{
	bool in = false;

	if (r->never)
		return false;
	if (r->range == NULL)
		return true;
	for (size_t i = 0; i < r->ranges; i++)
		in = in || (port >= r->range[i].first &&
		    port <= r->range[i].last);
	return in != r->but;
}

static enum fate through(struct walk *w, const struct firewall_chain *c,
    unsigned depth);

static enum fate
jump(struct walk *w, const struct firewall_chain *c,
    const struct firewall_rule *r, unsigned depth)
{
	const struct firewall_chain *to = r->target != NULL ? find(w->f,
	    c->table, r->target) : NULL;

	/* Of a chain that is not there nobody knows what it does. */
	if (to == NULL || depth >= DEEPEST) {
		w->unclear = true;
		return FATE_OPEN;
	}
	return through(w, to, depth + 1);
}

/* A rule that may hold or not: only what it would let in counts. */
static void
perhaps(struct walk *w, const struct firewall_chain *c,
    const struct firewall_rule *r, unsigned depth)
{
	struct walk other = *w;

	switch (r->action) {
	case FIREWALL_ACCEPT:
	case FIREWALL_RETURN:
	case FIREWALL_GOTO:
		w->unclear = true;
		return;
	case FIREWALL_JUMP:
		if (jump(&other, c, r, depth) == FATE_ACCEPTED)
			other.unclear = true;
		w->unclear = other.unclear;
		w->looks = other.looks;
		return;
	case FIREWALL_NOTHING:
	case FIREWALL_DROP:
		return;
	}
}

/* *done: no rule behind it is asked. */
static enum fate
follow(struct walk *w, const struct firewall_chain *c,
    const struct firewall_rule *r, unsigned depth, bool *done)
{
	enum fate fate = FATE_OPEN;

	*done = true;
	switch (r->action) {
	case FIREWALL_ACCEPT:
		return FATE_ACCEPTED;
	case FIREWALL_DROP:
		w->blocker = r;
		return FATE_BLOCKED;
	case FIREWALL_RETURN:
		return FATE_OPEN;
	case FIREWALL_GOTO:
		return jump(w, c, r, depth);
	case FIREWALL_JUMP:
		fate = jump(w, c, r, depth);
		*done = fate != FATE_OPEN;
		return fate;
	case FIREWALL_NOTHING:
		break;
	}
	*done = false;
	return FATE_OPEN;
}

static enum fate
through(struct walk *w, const struct firewall_chain *c, unsigned depth)
{
	for (size_t i = 0; i < c->rules.count; i++) {
		const struct firewall_rule *r = &c->rules.item[i];
		bool done = false;
		enum fate fate;

		if (++w->looks > LOOKS_MOST) {
			w->unclear = true;
			return FATE_OPEN;
		}
		if (!is_for(r, w->port))
			continue;
		if (r->perhaps) {
			perhaps(w, c, r, depth);
			continue;
		}
		fate = follow(w, c, r, depth, &done);
		if (done)
			return fate;
	}
	return FATE_OPEN;
}

/* --- the answer -------------------------------------------------------- */

static int
by_priority(const void *a, const void *b)
{
	const struct firewall_chain *x = *(void *const *)a;
	const struct firewall_chain *y = *(void *const *)b;

	return (x->priority > y->priority) - (x->priority < y->priority);
}

static void
blocked(struct firewall_answer *answer, const struct walk *w,
    const struct firewall_chain *c)
{
	answer->state = w->unclear ? FIREWALL_UNCLEAR : FIREWALL_BLOCKED;
	answer->rule = w->blocker != NULL ? w->blocker->text :
	    arena_printf(w->f->arena, "the policy of chain %s in table %s, "
	    "as no rule accepts it", c->name, c->table);
	answer->advice = w->blocker != NULL ? w->blocker->advice : c->advice;
}

/* Each chain of the hook has to let it pass. */
void
firewall_judge(struct firewall *f, unsigned port,
    struct firewall_answer *answer)
{
	const struct firewall_chain **input = arena_array(f->arena,
	    f->chains.count + 1, sizeof(*input));
	size_t count = 0;

	*answer = (struct firewall_answer){ FIREWALL_OPEN, NULL, NULL };
	for (size_t i = 0; i < f->chains.count; i++) {
		if (f->chains.item[i].input)
			input[count++] = &f->chains.item[i];
	}
	qsort(input, count, sizeof(*input), by_priority);
	for (size_t i = 0; i < count; i++) {
		struct walk w = { .f = f, .port = port };
		enum fate fate = through(&w, input[i], 0);

		if (fate == FATE_BLOCKED || (fate == FATE_OPEN &&
		    input[i]->drops))
			blocked(answer, &w, input[i]);
		if (answer->state == FIREWALL_BLOCKED)
			return;
	}
}
