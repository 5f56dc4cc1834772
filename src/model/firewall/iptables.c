/* The rules that "iptables -S" prints, one a line. */
#include <stdlib.h>
#include <string.h>

#include "base/size.h"
#include "base/words.h"
#include "model/firewall/firewall.h"

#define TABLE "filter"

/* Blanks part the words; between quotes, \ takes the next character. */
static struct words
split(struct arena *a, const char *line, size_t len)
{
	struct words words = { 0 };
	char *word = arena_alloc(a, len + 1);
	size_t n = 0;
	bool quoted = false, begun = false;

	for (size_t i = 0; i <= len; i++) {
		char c = i < len ? line[i] : ' ';

		if (c == '"') {
			quoted = !quoted;
			begun = true;
		} else if (c == ' ' && (!quoted || i == len)) {
			if (begun)
				words_add(a, &words, arena_strndup(a, word,
				    n));
			begun = false;
			n = 0;
		} else {
			if (c == '\\' && quoted && i + 1 < len)
				c = line[++i];
			word[n++] = c;
			begun = true;
		}
	}
	return words;
}

/* --- options ----------------------------------------------------------- */

/* "25", "25:30", "25,465,580:590": what is no port is left out. */
static void
ports_take(struct arena *a, struct firewall_rule *r, const char *list,
    bool but)
{
	size_t room = 1, n = 0;

	for (const char *p = list; *p != '\0'; p++)
		room += *p == ',';
	r->range = arena_array(a, room, sizeof(*r->range));
	while (*list != '\0') {
		char *end;
		unsigned long first = strtoul(list, &end, 10), last = first;

		if (*end == ':')
			last = strtoul(end + 1, &end, 10);
		if (end != list && last <= 65535)
			r->range[n++] = (struct firewall_range){
			    (unsigned)first, (unsigned)last };
		list = end + strcspn(end, ",");
		list += *list == ',';
	}
	r->ranges = n;
	r->but = but;
}

static bool
has(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (const char *p = list; p != NULL; p = strchr(p, ',')) {
		p += *p == ',';
		if (strncmp(p, word, len) == 0 && (p[len] == ',' ||
		    p[len] == '\0'))
			return true;
	}
	return false;
}

/* The packet is known to have this, or not to have it. */
static void
known(struct firewall_rule *r, bool holds, bool but)
{
	if (holds == but)
		r->never = true;
}

/* What it asks of packets; false: an option that is not known. */
static bool
condition(struct arena *a, struct firewall_rule *r, const char *option,
    const char *value, bool but)
{
	if (strcmp(option, "-p") == 0)
		known(r, strcmp(value, "tcp") == 0 || strcmp(value, "all") ==
		    0, but);
	else if (strcmp(option, "-i") == 0 && strcmp(value, "lo") == 0)
		known(r, false, but);
	else if (strcmp(option, "--ctstate") == 0 ||
	    strcmp(option, "--state") == 0)
		known(r, has(value, "NEW"), but);
	else if (strcmp(option, "--dport") == 0 ||
	    strcmp(option, "--dports") == 0)
		ports_take(a, r, value, but);
	else if (strcmp(option, "--dst-type") == 0)
		known(r, strcmp(value, "LOCAL") == 0, but);
	else
		return false;
	return true;
}

static bool
is_silent(const char *option, const char *value)
{
	static const char *const modules[] = { "tcp", "multiport", "comment",
	    "conntrack", "state", "addrtype" };

	if (strcmp(option, "--comment") == 0)
		return true;
	for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++) {
		if (strcmp(option, "-m") == 0 &&
		    strcmp(value, modules[i]) == 0)
			return true;
	}
	return false;
}

static void
action_take(struct firewall_rule *r, const char *target)
{
	static const struct {
		const char *name;
		enum firewall_action action;
	} targets[] = {
		{ "ACCEPT", FIREWALL_ACCEPT }, { "DROP", FIREWALL_DROP },
		{ "REJECT", FIREWALL_DROP }, { "RETURN", FIREWALL_RETURN },
		{ "LOG", FIREWALL_NOTHING }, { "NFLOG", FIREWALL_NOTHING },
	};

	r->action = FIREWALL_JUMP;
	r->target = target;
	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		if (strcmp(target, targets[i].name) == 0)
			r->action = targets[i].action;
	}
}

/* --- lines ------------------------------------------------------------- */

static const char *
program(const struct firewall *f)
{
	return f->family == FIREWALL_V6 ? "ip6tables" : "iptables";
}

/* From the third word on: options with a value, and "!" before one. */
static void
rule_take(struct firewall *f, const struct words *w, struct firewall_rule *r)
{
	bool but = false;

	for (size_t i = 2; i < w->count; i++) {
		const char *option = w->word[i];
		const char *value = i + 1 < w->count ? w->word[i + 1] : "";

		if (strcmp(option, "!") == 0) {
			but = true;
			continue;
		}
		/* What a target wants comes behind it. */
		if (strcmp(option, "-j") == 0 || strcmp(option, "-g") == 0) {
			action_take(r, value);
			if (option[1] == 'g')
				r->action = FIREWALL_GOTO;
			return;
		}
		if (!condition(f->arena, r, option, value, but) &&
		    !is_silent(option, value))
			r->perhaps = true;
		but = false;
		i += *value != '-' || strcmp(option, "--comment") == 0;
	}
}

static void
line_read(struct firewall *f, const char *line, size_t len)
{
	struct words w = split(f->arena, line, len);
	struct firewall_chain *c;
	struct firewall_rule r = { 0 };

	if (w.count < 2 || *w.word[0] != '-')
		return;
	c = firewall_chain(f, TABLE, w.word[1]);
	c->advice = arena_printf(f->arena, "%s -S %s; mailadm doctor ports "
	    "--ufw", program(f), c->name);
	if (strcmp(w.word[0], "-P") == 0) {
		c->input = strcmp(c->name, "INPUT") == 0;
		c->drops = w.count > 2 && strcmp(w.word[2], "DROP") == 0;
	} else if (strcmp(w.word[0], "-A") == 0) {
		rule_take(f, &w, &r);
		r.text = arena_printf(f->arena, "the rule of %s: %.*s",
		    program(f), (int)len, line);
		r.advice = c->advice;
		*VECTOR_ADD(&c->rules) = r;
	}
}

void
firewall_read_iptables(struct firewall *f, const char *text)
{
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		line_read(f, text, len);
		text += len + (text[len] == '\n');
	}
}
