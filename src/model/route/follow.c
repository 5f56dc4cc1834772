/* A route through the maps that Postfix has installed. */
#include "model/route/follow.h"

#include <string.h>
#include <strings.h>

#include "model/route/installed.h"

/* virtual_alias_recursion_limit, if it is not set. */
#define DEPTH_MAX 1000
/* virtual_alias_expansion_limit: the most addresses. */
#define SEEN_MAX 1000

static void
step_add(struct following *f, int64_t depth, const char *hop,
    struct route_step step)
{
	step.depth = depth;
	step.hop = hop;
	*VECTOR_ADD(f->steps) = step;
}

/* What a map said. */
static void
answer_add(struct following *f, int64_t depth, const struct asked *x,
    const char *step, const struct answer *answer)
{
	step_add(f, depth, x->full, (struct route_step){ .step = step,
	    .key = answer->key, .result = answer->text,
	    .reason = answer->map });
}

/* --- where it ends ----------------------------------------------------- */

/* Results come last, as those of the maps of mailadm do. */
static void
ends(struct following *f, const struct asked *x, const char *step,
    const char *result, const char *reason)
{
	*VECTOR_ADD(&f->results) = (struct route_step){ .hop = f->address,
	    .step = step, .key = x->full, .result = result,
	    .reason = reason };
}

/* transport(5), whose answer wins over that of the class. */
static bool
transport_step(struct following *f, int64_t depth, const struct asked *x,
    struct err *e)
{
	struct words keys = { 0 };
	struct answer answer;

	words_add(f->arena, &keys, x->full);
	if (*x->extension != '\0')
		words_add(f->arena, &keys, x->plain);
	words_add(f->arena, &keys, x->domain);
	for (const char *d = strchr(x->domain, '.'); d != NULL;
	    d = strchr(d + 1, '.'))
		words_add(f->arena, &keys, d);
	words_add(f->arena, &keys, "*");
	if (!installed_ask(f, "transport_maps", &keys, &answer, e))
		return false;
	if (answer.text != NULL)
		answer_add(f, depth, x, "transport", &answer);
	return true;
}

/* A name that nothing knows: refused at the door, or bounced behind it. */
static void
unknown(struct following *f, int64_t depth, const struct asked *x,
    const char *table)
{
	ends(f, x, depth == 0 ? "refused" : "bounce", NULL,
	    arena_printf(f->arena, "unknown in %s", table));
}

/* What a class of domains does with a name. */
struct delivery {
	const char *setting;	/* the maps that know the names */
	const char *step;
	const char *transport;	/* the setting that says how */
};

static const struct delivery to_mailbox = { "virtual_mailbox_maps",
    "mailbox", "virtual_transport" };
static const struct delivery to_relay = { "relay_recipient_maps", "external",
    "relay_transport" };

/* Is the name one of these maps'?  Without a map each name is taken. */
static bool
listed_end(struct following *f, int64_t depth, const struct asked *x,
    const struct delivery *to, struct err *e)
{
	const char *setting = to->setting;
	const char *by = installed_value(f, to->transport);
	struct answer answer;

	if (installed_list(f, setting).count == 0) {
		ends(f, x, to->step, x->full, arena_printf(f->arena,
		    "%s is empty, so each name is taken; by %s", setting,
		    by));
		return true;
	}
	if (!installed_address_ask(f, setting, x, false, &answer, e))
		return false;
	if (answer.text == NULL)
		unknown(f, depth, x, setting);
	else
		ends(f, x, to->step, *answer.key == '@' ? x->plain :
		    answer.key, arena_printf(f->arena, "%s: %s; by %s",
		    answer.map, answer.text, by));
	return true;
}

/* aliases(5) of this machine; what it leads to is not followed. */
static bool
local_end(struct following *f, const struct asked *x, struct err *e)
{
	struct words keys = { 0 };
	struct answer answer;

	words_add(f->arena, &keys, x->local);
	if (*x->extension != '\0')
		words_add(f->arena, &keys, arena_strndup(f->arena, x->local,
		    strlen(x->local) - strlen(x->extension)));
	if (!installed_ask(f, "alias_maps", &keys, &answer, e))
		return false;
	ends(f, x, "local", answer.text, answer.text != NULL ? answer.map :
	    "a user of this machine, if it has one");
	return true;
}

static bool
leaf(struct following *f, int64_t depth, const struct asked *x,
    enum class class, struct err *e)
{
	if (class <= RELAY && class != ALIAS_DOMAIN &&
	    !transport_step(f, depth, x, e))
		return false;
	switch (class) {
	case LOCAL:
		return local_end(f, x, e);
	case ALIAS_DOMAIN:
		unknown(f, depth, x, "virtual_alias_maps");
		return true;
	case MAILBOX:
		return listed_end(f, depth, x, &to_mailbox, e);
	case RELAY:
		return listed_end(f, depth, x, &to_relay, e);
	case ELSEWHERE:
		break;
	}
	if (depth == 0) {
		ends(f, x, "refused", NULL, "relay access denied: no "
		    "setting has the domain");
		return true;
	}
	if (!transport_step(f, depth, x, e))
		return false;
	ends(f, x, "external", x->full, "sent to another server");
	return true;
}

/* --- rewriting --------------------------------------------------------- */

/*
 * An answer as an address: "@domain" keeps the local part, a name alone gets
 * $myorigin, and the extension comes back where the key lacked it.
 */
static const char *
rewritten(struct following *f, const struct asked *x,
    const struct answer *answer, const char *to, bool propagate)
{
	const char *at = strrchr(to, '@');

	if (at == to)
		return arena_printf(f->arena, "%s%s", x->local, to);
	if (at == NULL) {
		to = arena_printf(f->arena, "%s@%s", to,
		    installed_value(f, "myorigin"));
		at = strrchr(to, '@');
	}
	if (!answer->plain || !propagate)
		return to;
	return arena_printf(f->arena, "%.*s%s%s", (int)(at - to), to,
	    x->extension, at);
}

static bool
propagates(const struct following *f, const char *word)
{
	struct words list = installed_list(f, "propagate_unmatched_extensions");

	for (size_t i = 0; i < list.count; i++) {
		if (strcasecmp(list.word[i], word) == 0)
			return true;
	}
	return false;
}

/* canonical(5), once, before all else. */
static bool
canonical(struct following *f, const char **address, struct err *e)
{
	static const char *const settings[] = { "recipient_canonical_maps",
	    "canonical_maps" };

	for (size_t i = 0; i < 2; i++) {
		struct asked x = installed_parts(f, *address);
		struct answer answer;

		if (!installed_address_ask(f, settings[i], &x, true, &answer,
		    e))
			return false;
		if (answer.text == NULL)
			continue;
		answer_add(f, 0, &x, "canonical", &answer);
		*address = rewritten(f, &x, &answer, answer.text,
		    propagates(f, "canonical"));
	}
	return true;
}

static bool
is_seen(struct following *f, const char *address)
{
	for (size_t i = 0; i < f->seen.count; i++) {
		if (strcasecmp(f->seen.word[i], address) == 0)
			return true;
	}
	words_add(f->arena, &f->seen, address);
	return false;
}

static bool follow(struct following *f, const char *address, int64_t depth,
    struct err *e);

static bool
answers_follow(struct following *f, const struct asked *x,
    const struct answer *answer, int64_t depth, enum class class,
    struct err *e)
{
	struct words list = postfix_list(f->arena, answer->text);
	bool propagate = propagates(f, "virtual");

	for (size_t i = 0; i < list.count; i++) {
		const char *to = rewritten(f, x, answer, list.word[i],
		    propagate);

		/* What leads to itself stays there. */
		if (strcasecmp(to, x->full) == 0) {
			if (!leaf(f, depth + 1, x, class, e))
				return false;
		} else if (!follow(f, to, depth + 1, e)) {
			return false;
		}
	}
	return true;
}

static bool
follow(struct following *f, const char *address, int64_t depth,
    struct err *e)
{
	struct asked x = installed_parts(f, address);
	struct answer answer;
	enum class class;

	if (depth > DEPTH_MAX || f->seen.count >= SEEN_MAX) {
		ends(f, &x, "deferred", NULL, "more than 1000 "
		    "addresses: Postfix gives up");
		return true;
	}
	if (is_seen(f, address)) {
		step_add(f, depth, address, (struct route_step){
		    .step = "above" });
		return true;
	}
	if (!installed_class_of(f, x.domain, &class, e))
		return false;
	step_add(f, depth, address, (struct route_step){ .step = "domain",
	    .key = x.domain, .result = class == ELSEWHERE ? "not ours" :
	    "ours", .reason = class == ELSEWHERE ? NULL :
	    installed_classes[class] });
	if (!installed_address_ask(f, "virtual_alias_maps", &x, class == LOCAL,
	    &answer, e))
		return false;
	if (answer.text == NULL)
		return leaf(f, depth, &x, class, e);
	answer_add(f, depth, &x, "aliases", &answer);
	return answers_follow(f, &x, &answer, depth, class, e);
}

/* --- access ------------------------------------------------------------ */

static bool
is_refusal(const char *action)
{
	return strncasecmp(action, "REJECT", 6) == 0 || *action == '5';
}

/* The maps behind each check_recipient_access; access(5) has the keys. */
static bool
access_ask(struct following *f, const char *setting, const struct asked *x,
    bool *refused, struct err *e)
{
	struct words list = installed_list(f, setting), keys = { 0 };
	bool access = false;

	words_add(f->arena, &keys, x->full);
	if (*x->extension != '\0')
		words_add(f->arena, &keys, x->plain);
	for (const char *d = x->domain; d != NULL;
	    d = strchr(d, '.') != NULL ? strchr(d, '.') + 1 : NULL)
		words_add(f->arena, &keys, d);
	words_add(f->arena, &keys, arena_printf(f->arena, "%s@", x->local));
	for (size_t i = 0; i < list.count && !*refused; i++) {
		struct words one = { 0 };
		struct answer answer = { 0 };

		if (strchr(list.word[i], ':') == NULL) {
			access = strcasecmp(list.word[i],
			    "check_recipient_access") == 0;
			continue;
		}
		if (!access)
			continue;
		words_add(f->arena, &one, list.word[i]);
		if (!installed_map_ask(f, setting, &one, &keys, &answer, e))
			return false;
		if (answer.text == NULL)
			continue;
		*refused = is_refusal(answer.text);
		if (*refused)
			ends(f, x, "refused", answer.text, answer.map);
		else
			answer_add(f, 0, x, "access", &answer);
	}
	return true;
}

bool
route_follow(struct arena *a, const struct postfix_config *config,
    const char *address, struct route_steps *steps, struct err *e)
{
	struct following f = { .arena = a, .config = config,
	    .steps = steps, .address = address };
	struct asked x = installed_parts(&f, address);
	bool refused = false, ok;

	ok = access_ask(&f, "smtpd_relay_restrictions", &x, &refused, e) &&
	    access_ask(&f, "smtpd_recipient_restrictions", &x, &refused, e) &&
	    (refused || (canonical(&f, &address, e) &&
	    follow(&f, address, 0, e)));
	for (size_t i = 0; ok && i < f.results.count; i++)
		*VECTOR_ADD(steps) = f.results.item[i];
	VECTOR_CLEAR(&f.results);
	return ok;
}
