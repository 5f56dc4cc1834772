/* The rules that "nft -j list ruleset" prints. */
#include <jansson.h>
#include <string.h>

#include "model/firewall/firewall.h"

/* What one expression is to our packet. */
enum holds { HOLDS, HOLDS_NOT, HOLDS_PERHAPS };

static const char *
text_of(json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text != NULL ? text : "";
}

/* --- right sides ------------------------------------------------------- */

/* One value, or those of a list or a set. */
static size_t
count_of(json_t *right)
{
	json_t *set = json_object_get(right, "set");

	return json_is_array(set) ? json_array_size(set) :
	    json_is_array(right) ? json_array_size(right) : 1;
}

static json_t *
item_of(json_t *right, size_t i)
{
	json_t *set = json_object_get(right, "set");

	return json_is_array(set) ? json_array_get(set, i) :
	    json_is_array(right) ? json_array_get(right, i) : right;
}

static bool
is_named_set(json_t *right)
{
	const char *text = json_string_value(right);

	return text != NULL && *text == '@';
}

static enum holds
holds_word(json_t *right, const char *word, bool but)
{
	bool has = false;

	if (is_named_set(right))
		return HOLDS_PERHAPS;
	for (size_t i = 0; i < count_of(right); i++) {
		const char *text = json_string_value(item_of(right, i));

		has = has || (text != NULL && strcmp(text, word) == 0);
	}
	return has != but ? HOLDS : HOLDS_NOT;
}

static bool
range_take(json_t *item, struct firewall_range *range)
{
	json_t *ends = json_object_get(item, "range");
	json_int_t first, last;

	if (json_is_array(ends)) {
		first = json_integer_value(json_array_get(ends, 0));
		last = json_integer_value(json_array_get(ends, 1));
	} else {
		first = last = json_integer_value(item);
	}
	if (first <= 0 || last < first || last > 65535)
		return false;
	*range = (struct firewall_range){ (unsigned)first, (unsigned)last };
	return true;
}

static enum holds
ports_take(struct firewall *f, struct firewall_rule *r, json_t *right,
    bool but)
{
	size_t count = count_of(right);

	if (is_named_set(right) || r->range != NULL)
		return HOLDS_PERHAPS;
	r->range = arena_array(f->arena, count + 1, sizeof(*r->range));
	for (size_t i = 0; i < count; i++)
		r->ranges += range_take(item_of(right, i),
		    &r->range[r->ranges]);
	r->but = but;
	return HOLDS;
}

/* --- what is compared -------------------------------------------------- */

static enum holds
holds_meta(const struct firewall *f, const char *key, json_t *right, bool but)
{
	const char *family = f->family == FIREWALL_V6 ? "ipv6" : "ipv4";

	if (strcmp(key, "l4proto") == 0)
		return holds_word(right, "tcp", but);
	if (strcmp(key, "nfproto") == 0)
		return holds_word(right, family, but);
	if ((strcmp(key, "iif") == 0 || strcmp(key, "iifname") == 0) &&
	    json_is_string(right) && strcmp(json_string_value(right),
	    "lo") == 0)
		return but ? HOLDS : HOLDS_NOT;
	return HOLDS_PERHAPS;
}

static enum holds
holds_payload(struct firewall *f, struct firewall_rule *r, json_t *payload,
    json_t *right, bool but)
{
	const char *protocol = text_of(payload, "protocol");
	const char *field = text_of(payload, "field");
	const char *ours = f->family == FIREWALL_V6 ? "ip6" : "ip";

	if ((strcmp(protocol, "tcp") == 0 || strcmp(protocol, "th") == 0) &&
	    strcmp(field, "dport") == 0)
		return ports_take(f, r, right, but);
	if (strcmp(protocol, ours) == 0 && (strcmp(field, "protocol") == 0 ||
	    strcmp(field, "nexthdr") == 0))
		return holds_word(right, "tcp", but);
	return strcmp(protocol, "tcp") == 0 || strcmp(protocol, "th") == 0 ||
	    strcmp(protocol, ours) == 0 || strcmp(protocol, "ether") == 0 ?
	    HOLDS_PERHAPS : HOLDS_NOT;
}

static enum holds
holds_match(struct firewall *f, struct firewall_rule *r, json_t *match)
{
	json_t *left = json_object_get(match, "left");
	json_t *right = json_object_get(match, "right");
	json_t *meta = json_object_get(left, "meta");
	json_t *ct = json_object_get(left, "ct");
	json_t *payload = json_object_get(left, "payload");
	const char *op = text_of(match, "op");
	bool but = strcmp(op, "!=") == 0;

	if (!but && strcmp(op, "==") != 0 && strcmp(op, "in") != 0)
		return HOLDS_PERHAPS;
	if (meta != NULL)
		return holds_meta(f, text_of(meta, "key"), right, but);
	if (payload != NULL)
		return holds_payload(f, r, payload, right, but);
	return ct != NULL && strcmp(text_of(ct, "key"), "state") == 0 ?
	    holds_word(right, "new", but) : HOLDS_PERHAPS;
}

/* --- statements -------------------------------------------------------- */

/* False where the statement is no verdict. */
static bool
verdict_take(struct firewall *f, struct firewall_rule *r, json_t *statement)
{
	static const struct {
		const char *key;
		enum firewall_action action;
	} verdicts[] = {
		{ "accept", FIREWALL_ACCEPT }, { "drop", FIREWALL_DROP },
		{ "reject", FIREWALL_DROP }, { "return", FIREWALL_RETURN },
		{ "jump", FIREWALL_JUMP }, { "goto", FIREWALL_GOTO },
	};

	for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++) {
		json_t *value = json_object_get(statement, verdicts[i].key);

		if (value == NULL)
			continue;
		r->action = verdicts[i].action;
		r->target = arena_strdup(f->arena, text_of(value, "target"));
		return true;
	}
	return false;
}

/* What iptables has put there, and nft does not know. */
static void
foreign_take(struct firewall_rule *r, json_t *xt)
{
	if (strcmp(text_of(xt, "type"), "target") != 0)
		r->perhaps = r->perhaps || strcmp(text_of(xt, "name"),
		    "comment") != 0;
	else if (strcmp(text_of(xt, "name"), "REJECT") == 0)
		r->action = FIREWALL_DROP;
}

static bool
is_harmless(json_t *statement)
{
	return json_object_get(statement, "counter") != NULL ||
	    json_object_get(statement, "log") != NULL ||
	    json_object_get(statement, "comment") != NULL;
}

/* Each pair of a map of verdicts is a rule of its own. */
static void
map_take(struct firewall *f, struct firewall_chain *c,
    const struct firewall_rule *before, json_t *map)
{
	json_t *left = json_object_get(map, "key");
	json_t *pairs = json_object_get(json_object_get(map, "data"), "set");

	for (size_t i = 0; i < json_array_size(pairs); i++) {
		json_t *pair = json_array_get(pairs, i);
		json_t *match = json_pack("{s:s, s:O, s:O}", "op", "==",
		    "left", left, "right", json_array_get(pair, 0));
		struct firewall_rule r = *before;
		enum holds holds = match == NULL ? HOLDS_PERHAPS :
		    holds_match(f, &r, match);

		r.never = r.never || holds == HOLDS_NOT;
		r.perhaps = r.perhaps || holds == HOLDS_PERHAPS;
		if (verdict_take(f, &r, json_array_get(pair, 1)))
			*VECTOR_ADD(&c->rules) = r;
		json_decref(match);
	}
	if (!json_is_array(pairs)) {
		/* The map has a name, and its content is elsewhere. */
		struct firewall_rule r = *before;

		r.perhaps = true;
		r.action = FIREWALL_ACCEPT;
		*VECTOR_ADD(&c->rules) = r;
	}
}

static void
statement_take(struct firewall *f, struct firewall_chain *c,
    struct firewall_rule *r, json_t *statement)
{
	json_t *match = json_object_get(statement, "match");
	json_t *xt = json_object_get(statement, "xt");
	json_t *map = json_object_get(statement, "vmap");
	enum holds holds;

	if (match != NULL) {
		holds = holds_match(f, r, match);
		r->never = r->never || holds == HOLDS_NOT;
		r->perhaps = r->perhaps || holds == HOLDS_PERHAPS;
	} else if (map != NULL) {
		map_take(f, c, r, map);
	} else if (xt != NULL) {
		foreign_take(r, xt);
	} else if (!verdict_take(f, r, statement) &&
	    !is_harmless(statement)) {
		r->perhaps = true;
	}
}

/* --- chains ------------------------------------------------------------ */

static bool
is_ours(const struct firewall *f, json_t *object)
{
	const char *family = text_of(object, "family");

	return strcmp(family, "inet") == 0 || strcmp(family,
	    f->family == FIREWALL_V6 ? "ip6" : "ip") == 0;
}

static struct firewall_chain *
chain_of(struct firewall *f, json_t *object, const char *name)
{
	return firewall_chain(f, arena_printf(f->arena, "%s %s",
	    text_of(object, "family"), text_of(object, "table")), name);
}

static void
chain_take(struct firewall *f, json_t *object)
{
	struct firewall_chain *c = chain_of(f, object, text_of(object,
	    "name"));

	c->input = strcmp(text_of(object, "hook"), "input") == 0 &&
	    strcmp(text_of(object, "type"), "filter") == 0;
	c->drops = strcmp(text_of(object, "policy"), "drop") == 0;
	c->priority = json_integer_value(json_object_get(object, "prio"));
	c->advice = arena_printf(f->arena, "nft list chain %s %s; mailadm "
	    "doctor ports --nft", c->table, c->name);
}

static void
rule_take(struct firewall *f, json_t *object)
{
	struct firewall_chain *c = chain_of(f, object, text_of(object,
	    "chain"));
	json_t *all = json_object_get(object, "expr");
	long long handle = json_integer_value(json_object_get(object,
	    "handle"));
	struct firewall_rule r = {
		.text = arena_printf(f->arena, "the rule with handle %lld of "
		    "chain %s in table %s", handle, c->name, c->table),
		.advice = arena_printf(f->arena, "nft -a list chain %s %s; "
		    "nft delete rule %s %s handle %lld", c->table, c->name,
		    c->table, c->name, handle),
	};

	for (size_t i = 0; i < json_array_size(all); i++)
		statement_take(f, c, &r, json_array_get(all, i));
	if (r.action != FIREWALL_NOTHING)
		*VECTOR_ADD(&c->rules) = r;
}

bool
firewall_read_nft(struct firewall *f, const char *json, struct err *e)
{
	json_t *top = json_loads(json, 0, NULL);
	json_t *all = json_object_get(top, "nftables");

	if (!json_is_array(all)) {
		json_decref(top);
		return err_set(e, ERR_INVALID, "nft does not print its rules "
		    "as JSON");
	}
	for (size_t i = 0; i < json_array_size(all); i++) {
		json_t *chain = json_object_get(json_array_get(all, i),
		    "chain");
		json_t *rule = json_object_get(json_array_get(all, i),
		    "rule");

		if (chain != NULL && is_ours(f, chain))
			chain_take(f, chain);
		if (rule != NULL && is_ours(f, rule))
			rule_take(f, rule);
	}
	json_decref(top);
	return true;
}
