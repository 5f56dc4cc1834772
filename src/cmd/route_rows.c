/* What route prints of a trace, in every format. */
#include "cmd/route_rows.h"

#include <string.h>

#include "base/shown.h"
#include "base/text.h"
#include "model/route/live.h"

const struct field route_fields[] = {
	FIELD(struct route_row, address, FIELD_ADDRESS),
	FIELD(struct route_row, depth, FIELD_NUMBER),
	FIELD(struct route_row, hop, FIELD_ADDRESS),
	FIELD(struct route_row, step, FIELD_TEXT),
	FIELD(struct route_row, key, FIELD_TEXT),
	FIELD(struct route_row, result, FIELD_TEXT),
	FIELD(struct route_row, reason, FIELD_TEXT),
	{ 0 }
};

void
route_rows_add(struct arena *a, struct route_rows *rows,
    const struct route_row *row)
{
	if (rows->count == rows->room) {
		size_t room = rows->room ? 2 * rows->room : 16;
		struct route_row *more = arena_array(a, room, sizeof(*more));

		if (rows->count > 0)
			memcpy(more, rows->row, rows->count * sizeof(*more));
		rows->row = more;
		rows->room = room;
	}
	rows->row[rows->count++] = *row;
}

/* --- rows ------------------------------------------------------------ */

/* A trace that becomes rows. */
struct writer {
	struct arena *arena;
	const struct route *route;
	struct route_rows *rows;
	bool every;
};

static void
add(struct writer *w, const struct route_hop *hop, int64_t depth,
    struct route_row row)
{
	row.address = w->route->address;
	row.depth = depth;
	row.hop = hop->address;
	route_rows_add(w->arena, w->rows, &row);
}

/* What the maps of disabled names answer for others: nothing is refused. */
static bool
is_passed(const struct maps_lookup *l)
{
	return (l->map == MAPS_DISABLED || l->map == MAPS_DESTINATIONS ||
	    l->map == MAPS_INTERNAL || l->map == MAPS_WRITERS) &&
	    l->answer.count > 0 &&
	    strncmp(l->answer.word[0], "550", 3) != 0;
}

/* Why a name is refused that the domain or its target has. */
static const char *
refused_reason(const struct maps_facts *f, const struct maps_lookup *l)
{
	const char *name = f->target_key[l->form] != NULL &&
	    !maps_has_alias(f, l->key) ? f->target_key[l->form] : l->key;

	const char *off = maps_has_user(f, name) ?
	    maps_user_off(f, name) : maps_alias_off(f, name);

	return off != NULL && strcmp(off, "has expired") == 0 ? "expired" :
	    "disabled";
}

static bool
has_archive(const struct maps_facts *f, const struct maps_lookup *l)
{
	const char *archive = maps_archive(f, l->key);

	return archive != NULL && l->answer.count > 1 &&
	    (l->map == MAPS_ALIASES || l->map == MAPS_IDENTITY) &&
	    strcmp(l->answer.word[l->answer.count - 1], archive) == 0;
}

/* A short explanation of an answer, or NULL if it needs none. */
static const char *
answer_reason(struct arena *a, const struct maps_facts *f,
    const struct maps_lookup *l)
{
	bool copied = has_archive(f, l);

	if (l->map == MAPS_DESTINATIONS)
		return is_passed(l) ? "enabled" : "no destination takes mail";
	if (l->map == MAPS_DISABLED)
		return !is_passed(l) ? refused_reason(f, l) :
		    strcmp(l->answer.word[0], MAPS_TAKEN) == 0 ? "enabled" :
		    strcmp(l->answer.word[0], MAPS_ASK_SERVER) == 0 ?
		    "its server is asked" :
		    "depends on the destinations";
	if (l->map == MAPS_BLOCKS)
		return "blocked";
	if (l->map == MAPS_INTERNAL)
		return is_passed(l) ? "anybody may write to it" :
		    "only users of this server may write to it";
	if (l->map == MAPS_WRITERS)
		return "the policy service is asked";
	if (l->map == MAPS_PATTERNS)
		return arena_printf(a, "pattern %s", f->pattern[0].mail);
	if (l->map == MAPS_RELAY_RECIPIENTS)
		return l->form == MAPS_CATCHALL ? "all names are taken" :
		    NULL;
	if (l->map == MAPS_TRANSPORT)
		return f->domain.transport != NULL ? "of the domain" : NULL;
	if (l->form == MAPS_CATCHALL)
		return "catch-all: the name does not exist";
	if (l->map == MAPS_ALIAS_DOMAINS)
		return arena_printf(a, "the same name in %s",
		    f->domain.alias_of);
	if (l->form == MAPS_UNTAGGED)
		return arena_printf(a, "without %s, which is kept%s",
		    f->tag, copied ? "; the last is the archive" : "");
	return copied ? "the last is the archive" : NULL;
}

static void
add_lookup(struct writer *w, const struct route_hop *hop, int64_t depth,
    const struct maps_lookup *l)
{
	const struct maps_setting *kind = &maps_settings[l->map];
	bool answered = l->answer.count > 0 && (w->every || !is_passed(l));
	const char *reason = answered ?
	    answer_reason(w->arena, &hop->facts, l) : "no answer";

	if (answered || w->every)
		add(w, hop, depth, (struct route_row){
		    .step = answered ? kind->name : kind->setting,
		    .key = l->key, .reason = reason,
		    .result = l->answer.count == 0 ? NULL :
		    words_joined(w->arena, &l->answer, ", ") });
}

static void
add_domain(struct writer *w, const struct route_hop *hop, int64_t depth)
{
	const struct maps_facts *f = &hop->facts;

	add(w, hop, depth, (struct route_row){ .step = "domain",
	    .key = f->key[MAPS_CATCHALL] + 1,
	    .result = !maps_is_ours(f) ? "not ours" :
	        maps_is_relay(f) ? "relay" : "ours",
	    .reason = maps_domain_why(w->arena, f) });
}

static void
add_lost(struct writer *w, const struct route_hop *hop, int64_t depth)
{
	for (size_t i = 0; i < hop->lost.count; i++)
		add(w, hop, depth, (struct route_row){ .step = "not used",
		    .result = hop->lost.loss[i].what,
		    .reason = hop->lost.loss[i].why });
}

/* smtpd also asks the alias maps; those answers are printed with the hop. */
static void
add_smtpd(struct writer *w)
{
	const struct route *r = w->route;

	for (size_t i = 0; i < r->asked.count; i++) {
		const struct maps_lookup *l = &r->asked.lookup[i];

		if (l->map == MAPS_BLOCKS || l->map == MAPS_DISABLED ||
		    l->map == MAPS_DESTINATIONS ||
		    l->map == MAPS_INTERNAL || l->map == MAPS_WRITERS ||
		    l->map == MAPS_USERS ||
		    l->map == MAPS_RELAY_RECIPIENTS ||
		    (!r->root->expanded && l->map != MAPS_DOMAINS))
			add_lookup(w, r->root, 0, l);
	}
}

static void
add_hop(struct writer *w, const struct route_hop *hop, int64_t depth)
{
	if (!hop->looked) {
		add(w, hop, depth, (struct route_row){ .step = "limit",
		    .reason = "Postfix stops here: too many addresses" });
		return;
	}
	add_domain(w, hop, depth);
	if (hop == w->route->root)
		add_smtpd(w);
	for (size_t i = 0; i < hop->asked.count; i++)
		add_lookup(w, hop, depth, &hop->asked.lookup[i]);
	if (hop->expanded && hop->answer == NULL && maps_is_ours(&hop->facts))
		add(w, hop, depth, (struct route_row){
		    .step = maps_settings[MAPS_ALIASES].setting,
		    .reason = "the name does not exist" });
	add_lost(w, hop, depth);
}

struct visit {
	struct route_hop *hop;
	int64_t depth;
};

/* Pushes the hops of an answer in reverse, so that the first is on top. */
static size_t
push_results(struct writer *w, struct visit **stack, size_t count,
    size_t *room, const struct visit *v)
{
	size_t need = count + v->hop->to_count;

	if (need > *room) {
		struct visit *more = arena_array(w->arena, 2 * need,
		    sizeof(*more));

		memcpy(more, *stack, count * sizeof(*more));
		*stack = more;
		*room = 2 * need;
	}
	for (size_t i = v->hop->to_count; i-- > 0;) {
		if (v->hop->to[i] != v->hop)
			(*stack)[count++] = (struct visit){ v->hop->to[i],
			    v->depth + 1 };
	}
	return count;
}

static void
add_tree(struct writer *w)
{
	struct visit first = { w->route->root, 0 }, *stack = &first;
	size_t count = 1, room = 1;

	while (count > 0) {
		struct visit v = stack[--count];

		if (v.hop->shown) {
			add(w, v.hop, v.depth, (struct route_row){
			    .step = "above", .reason = "see above" });
			continue;
		}
		v.hop->shown = true;
		add_hop(w, v.hop, v.depth);
		count = push_results(w, &stack, count, &room, &v);
	}
}

static void
add_final(struct writer *w, const struct route_final *final)
{
	static const char *const steps[] = {
		[ROUTE_MAILBOX] = "mailbox",
		[ROUTE_EXTERNAL] = "external",
		[ROUTE_BOUNCE] = "bounce",
	};
	struct route_row row = { .step = steps[final->end],
	    .key = final->address, .result = final->address,
	    .reason = final->why };

	if (final->end == ROUTE_MAILBOX) {
		row.result = final->mailbox;
		if (strcmp(final->mailbox, final->address) != 0)
			row.reason = arena_printf(w->arena, "as %s",
			    final->address);
	}
	add(w, w->route->root, 0, row);
}

/* One way for all that leaves: it goes by the sender. */
static void
add_way(struct writer *w)
{
	const struct route_way *way = &w->route->way;
	bool leaves = false;

	for (size_t i = 0; i < w->route->finals; i++)
		leaves |= w->route->final[i].end == ROUTE_EXTERNAL &&
		    !w->route->final[i].by_transport;
	if (leaves && way->name != NULL)
		add(w, w->route->root, 0, (struct route_row){
		    .step = "way out", .key = way->sender,
		    .result = way->hop,
		    .reason = strcmp(way->of, "default") == 0 ? way->name :
		    arena_printf(w->arena, "%s, of the %s", way->name,
			way->of) });
}

void
route_rows_of(struct arena *a, const struct route *r, bool every,
    struct route_rows *rows)
{
	struct writer w = { a, r, rows, every };

	add_tree(&w);
	for (size_t i = 0; i < r->finals; i++)
		add_final(&w, &r->final[i]);
	add_way(&w);
	if (r->verdict != ROUTE_ACCEPTED)
		add(&w, r->root, 0, (struct route_row){
		    .step = r->verdict == ROUTE_REFUSED ? "refused" :
		    "deferred", .result = r->reply, .reason = r->why });
}

/* --- printing -------------------------------------------------------- */

static void
add_shown(struct text *t, const char *s)
{
	if (s != NULL)
		shown_add(t, s, strlen(s));
}

/* Only the beginning of a long list: its addresses follow below. */
static void
add_list_shown(struct text *t, const char *s)
{
	enum { SHOWN = 200 };
	size_t n = strlen(s);

	if (n <= SHOWN) {
		add_shown(t, s);
		return;
	}
	for (n = SHOWN; n > 0 && s[n] != ' '; n--)
		;
	shown_add(t, s, n > 0 ? n : SHOWN);
	text_add(t, " ...");
}

/* "    aliases       anna@x, bob@x (why)" */
static void
finding_add(struct text *t, const struct route_row *row)
{
	text_addf(t, "    %-13s ", row->step);
	if (row->result != NULL) {
		add_list_shown(t, row->result);
		text_add(t, row->reason != NULL ? " (" : "");
		add_shown(t, row->reason);
		text_add(t, row->reason != NULL ? ")" : "");
	} else {
		add_shown(t, row->key);
		text_add(t, row->key != NULL ? ": " : "");
		add_shown(t, row->reason);
	}
	text_add_char(t, '\n');
}

/* A line for each hop, and below it what was found. */
static void
tree_add(struct route_print *p, struct text *t,
    const struct route_rows *rows)
{
	const char *hop = "";
	struct arena a = { 0 };

	for (size_t i = 0; i < rows->count; i++) {
		const struct route_row *row = &rows->row[i];
		int indent = (int)(2 * (row->depth < 30 ? row->depth : 30));

		text_addf(t, "%*s", indent, "");
		if (strcmp(hop, row->hop) != 0) {
			add_shown(t, out_name(p->out, &a, row->hop));
			text_addf(t, "\n%*s", indent, "");
		}
		hop = row->hop;
		finding_add(t, row);
	}
	arena_clear(&a);
}

bool
route_print_begin(struct route_print *p, struct out *out, bool tree,
    bool many, struct err *e)
{
	*p = (struct route_print){ .out = out };
	p->tree = tree && out_is_table(out) && !out->vertical &&
	    out->style.columns == NULL;
	/* As out_group() does; in a batch each row is a line. */
	p->objects = out->style.format == OUT_JSON && !out->vertical &&
	    !out->array_as_lines;
	p->array = p->objects && many;
	if (p->tree)
		return true;
	if (p->objects)
		return !p->array || out_text(out, "[", e);
	return out_begin(out, route_fields, OUT_LIST, e);
}

bool
route_print(struct route_print *p, const struct route_rows *rows,
    struct err *e)
{
	bool first = p->addresses++ == 0;
	struct text t = TEXT_INIT;
	bool ok = true;

	if (rows->count == 0)
		return true;
	if (p->objects)
		return (first || out_text(p->out, ",", e)) &&
		    out_group(p->out, route_fields, "hops", rows->row,
		    rows->count, sizeof(*rows->row), e);
	if (p->tree) {
		if (!first)
			text_add_char(&t, '\n');
		tree_add(p, &t, rows);
		ok = out_text(p->out, t.buf, e);
		text_clear(&t);
		return ok;
	}
	for (size_t i = 0; ok && i < rows->count; i++)
		ok = out_row(p->out, &rows->row[i], e);
	return ok;
}

bool
route_print_end(struct route_print *p, struct err *e)
{
	if (p->tree)
		return true;
	if (p->objects)
		return !p->array || out_text(p->out, "]\n", e);
	return out_end(p->out, e);
}
