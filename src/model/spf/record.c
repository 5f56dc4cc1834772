/* The text of an SPF record: RFC 7208, 4.5 to 6, and the grammar of 12. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "model/spf/private.h"

#define VERSION "v=spf1"
#define DIGITS "0123456789"
#define NAME_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" \
	DIGITS "-_."

static const struct mechanism {
	const char *name;
	enum spf_kind kind;
	bool may_name;
	bool must_name;
	bool has_bits;
} mechanisms[] = {
	{ "all", SPF_ALL },
	{ "include", SPF_INCLUDE, true, true },
	{ "a", SPF_A, true, false, true },
	{ "mx", SPF_MX, true, false, true },
	{ "ptr", SPF_PTR, true },
	{ "ip4", SPF_IP4 },
	{ "ip6", SPF_IP6 },
	{ "exists", SPF_EXISTS, true, true },
	{ 0 }
};

bool
spf_is_record(const char *text)
{
	size_t len = strlen(VERSION);

	return strncasecmp(text, VERSION, len) == 0 &&
	    (text[len] == ' ' || text[len] == '\0');
}

/* --- the length of a network ----------------------------------------- */

/* The number behind the last slash, which is cut off, or -1. */
static long
bits_cut(char *text)
{
	char *slash = strrchr(text, '/');
	size_t len;

	if (slash == NULL)
		return -1;
	len = strlen(slash + 1);
	if (len < 1 || len > 3 || strspn(slash + 1, DIGITS) != len ||
	    (slash[1] == '0' && len > 1))
		return -1;
	*slash = '\0';
	return strtol(slash + 1, NULL, 10);
}

/* "/24", "//64", "/24//64", or nothing. */
static const char *
bits_read(char *text, struct spf_term *term)
{
	long bits = bits_cut(text), bits4 = bits;
	size_t len = strlen(text);

	if (bits >= 0 && len > 0 && text[len - 1] == '/') {
		text[len - 1] = '\0';
		if (bits > 128)
			return "has more than 128 bits";
		term->bits6 = (unsigned)bits;
		bits4 = bits_cut(text);
	}
	if (bits4 > 32)
		return "has more than 32 bits";
	if (bits4 >= 0)
		term->bits4 = (unsigned)bits4;
	return NULL;
}

/* --- mechanisms ------------------------------------------------------ */

/* The text behind "ip4:" or "ip6:". */
static const char *
network_read(char *text, struct spf_term *term)
{
	bool is_v4 = term->kind == SPF_IP4;
	bool has_slash = strchr(text, '/') != NULL;
	long bits = bits_cut(text);
	unsigned max = is_v4 ? 32 : 128;

	if (has_slash && bits < 0)
		return "has no number behind the slash";
	if (bits > (long)max)
		return is_v4 ? "has more than 32 bits" :
		    "has more than 128 bits";
	if (!dns_network_parse(text, &term->network) ||
	    (term->network.size == 4) != is_v4)
		return is_v4 ? "has no IPv4 address" : "has no IPv6 address";
	term->bits4 = term->bits6 = bits < 0 ? max : (unsigned)bits;
	return NULL;
}

static const struct mechanism *
mechanism_find(const char *name, size_t len)
{
	for (const struct mechanism *m = mechanisms; m->name != NULL; m++) {
		if (strlen(m->name) == len &&
		    strncasecmp(m->name, name, len) == 0)
			return m;
	}
	return NULL;
}

/* rest is what stands behind the name, and is changed. */
static const char *
rest_read(const struct mechanism *m, char *rest, struct spf_term *term)
{
	const char *why = m->has_bits ? bits_read(rest, term) : NULL;

	if (why != NULL)
		return why;
	if (m->kind == SPF_IP4 || m->kind == SPF_IP6)
		return *rest == ':' ? network_read(rest + 1, term) :
		    "has no address";
	if (*rest == '\0')
		return m->must_name ? "has no name" : NULL;
	if (*rest != ':' || !m->may_name)
		return "has something behind it that is not allowed";
	term->domain = rest + 1;
	return spf_domain_judge(rest + 1);
}

static const char *
mechanism_read(struct arena *a, const char *text, struct spf_record *r)
{
	struct spf_term *term = &r->term[r->count];
	const struct mechanism *m;
	const char *name = text;
	size_t len;

	*term = (struct spf_term){ .text = text, .qualifier = '+',
	    .bits4 = 32, .bits6 = 128 };
	if (is_one_of(*name, "+-~?"))
		term->qualifier = *name++;
	len = strcspn(name, ":/");
	m = mechanism_find(name, len);
	if (m == NULL)
		return "is no mechanism";
	term->kind = m->kind;
	r->count++;
	return rest_read(m, arena_strdup(a, name + len), term);
}

/* --- modifiers ------------------------------------------------------- */

static const char *
modifier_read(struct arena *a, const char *text, size_t len,
    struct spf_record *r)
{
	bool redirect = len == 8 && strncasecmp(text, "redirect", len) == 0;
	bool explain = len == 3 && strncasecmp(text, "exp", len) == 0;
	const char **slot = redirect ? &r->redirect : &r->explain;

	if (!redirect && !explain)
		return spf_macro_judge(text + len + 1);
	if (*slot != NULL)
		return "is a modifier that stands there twice";
	*slot = arena_strdup(a, text + len + 1);
	if (redirect)
		r->redirect_text = text;
	return spf_domain_judge(*slot);
}

/* --- the whole ------------------------------------------------------- */

static const char *
term_read(struct arena *a, const char *text, struct spf_record *r)
{
	size_t len = strspn(text, NAME_CHARS);

	if (len > 0 && text[len] == '=' && !is_one_of(*text, DIGITS "-_."))
		return modifier_read(a, text, len, r);
	return mechanism_read(a, text, r);
}

bool
spf_record_parse(struct arena *a, const char *text, struct spf_record *r)
{
	*r = (struct spf_record){ 0 };
	if (!spf_is_record(text)) {
		r->wrong = text;
		r->why = "does not begin with " VERSION;
		return false;
	}
	/* Two bytes a term at least. */
	r->term = arena_array(a, strlen(text) / 2 + 1, sizeof(*r->term));
	text += strlen(VERSION);
	while (*(text += strspn(text, " ")) != '\0') {
		size_t len = strcspn(text, " ");
		const char *term = arena_strndup(a, text, len);
		const char *why = term_read(a, term, r);

		if (why != NULL) {
			r->wrong = term;
			r->why = why;
			return false;
		}
		text += len;
	}
	return true;
}
