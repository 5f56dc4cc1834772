/* The macros of SPF: RFC 7208, 7. */
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/text.h"
#include "model/spf/private.h"

#define LETTERS "slodiphcrtv"
#define LETTERS_OF_DOMAIN "slodiphv"	/* the others belong to exp texts */
#define DELIMITERS ".-+,/_="
#define DIGITS "0123456789"

/* More parts than any name has. */
#define PARTS_MAX 1000

struct macro {
	char letter;		/* small, or one of "%_-" */
	bool escape;		/* a capital letter: as for an URL */
	bool reverse;
	size_t keep;		/* so many parts of the end; 0: all */
	const char *delimiters;
	size_t delimiter_count;
	size_t len;		/* of all of it */
};

/* --- reading --------------------------------------------------------- */

/* What stands behind "%{". */
static bool
braces_read(const char *s, struct macro *m)
{
	size_t digits = strspn(s + 1, DIGITS);

	m->letter = lower_char(*s);
	m->escape = m->letter != *s;
	if (!is_one_of(m->letter, LETTERS))
		return false;
	s++;
	if (digits > 0) {
		if (strspn(s, "0") >= digits)
			return false;
		m->keep = digits > 3 ? PARTS_MAX :
		    (size_t)strtoul(s, NULL, 10);
		s += digits;
	}
	m->reverse = lower_char(*s) == 'r';
	s += m->reverse;
	m->delimiters = s;
	m->delimiter_count = strspn(s, DELIMITERS);
	return s[m->delimiter_count] == '}';
}

/* At a "%". */
static bool
macro_read(const char *s, struct macro *m)
{
	*m = (struct macro){ .letter = s[1], .len = 2 };
	if (s[1] != '{')
		return is_one_of(s[1], "%_-");
	if (s[2] == '\0' || !braces_read(s + 2, m))
		return false;
	m->len = (size_t)(m->delimiters - s) + m->delimiter_count + 1;
	return true;
}

/* *macro_at_end: the last thing in it is one. */
static const char *
text_judge(const char *s, const char *letters, bool *macro_at_end)
{
	struct macro m;

	*macro_at_end = false;
	while (*s != '\0') {
		*macro_at_end = *s == '%';
		if (*s == '%') {
			if (!macro_read(s, &m))
				return "has a % that begins no macro";
			if (s[1] == '{' && !is_one_of(m.letter, letters))
				return "has a macro that only texts of exp= "
				    "may have";
			s += m.len;
		} else if (*s < '!' || *s > '~') {
			return "has a character that is not allowed";
		} else {
			s++;
		}
	}
	return NULL;
}

const char *
spf_macro_judge(const char *text)
{
	bool at_end;

	return text_judge(text, LETTERS, &at_end);
}

static bool
is_letter(char c)
{
	return lower_char(c) >= 'a' && lower_char(c) <= 'z';
}

/* The last label: letters, digits, inner hyphens, and not all digits. */
static bool
is_top_label(const char *s, size_t len)
{
	bool other = false;

	if (len == 0 || s[0] == '-' || s[len - 1] == '-')
		return false;
	for (size_t i = 0; i < len; i++) {
		if (!is_letter(s[i]) && !is_one_of(s[i], DIGITS "-"))
			return false;
		other |= !is_one_of(s[i], DIGITS);
	}
	return other;
}

const char *
spf_domain_judge(const char *text)
{
	size_t len = strlen(text), begin;
	bool at_end;
	const char *why = text_judge(text, LETTERS_OF_DOMAIN, &at_end);

	if (why != NULL)
		return why;
	if (at_end)
		return NULL;
	if (len == 0)
		return "has no name";
	len -= text[len - 1] == '.';
	for (begin = len; begin > 0 && text[begin - 1] != '.';)
		begin--;
	if (begin == 0)
		return "has a name without a dot";
	return is_top_label(text + begin, len - begin) ? NULL :
	    "has a name that ends in no domain";
}

/* --- expanding ------------------------------------------------------- */

/* The address with a dot between all digits. */
static const char *
dotted(struct spf_run *run)
{
	const struct dns_address *address = &run->address;
	struct text t = TEXT_INIT;
	const char *copy;

	if (address->size == 4)
		return dns_address_text(run->arena, address);
	for (size_t i = 0; i < 16; i++)
		text_addf(&t, "%s%x.%x", i == 0 ? "" : ".",
		    (unsigned)address->bytes[i] >> 4,
		    (unsigned)address->bytes[i] & 15);
	copy = arena_strdup(run->arena, t.buf);
	text_clear(&t);
	return copy;
}

/*
 * The name of the client that is the domain, else one below it, else any.
 * The question for it counts as that of a term, once.
 */
static const char *
validated(struct spf_run *run)
{
	struct words names = { 0 };
	const char *best = NULL;

	if (run->validated != NULL)
		return run->validated;
	if (!spf_count_asking(run) || !spf_validated_names(run, &names))
		return NULL;
	for (size_t i = 0; i < names.count; i++) {
		const char *name = names.word[i];

		if (best == NULL || dns_name_same(name, run->domain) ||
		    (dns_name_is_in(name, run->domain) &&
		    !dns_name_is_in(best, run->domain)))
			best = name;
	}
	run->validated = best == NULL ? "unknown" : best;
	return run->validated;
}

static const char *
value_of(struct spf_run *run, char letter)
{
	switch (letter) {
	case 's':
		return arena_printf(run->arena, "%s@%s", run->local,
		    run->sender);
	case 'l':
		return run->local;
	case 'o':
		return run->sender;
	case 'd':
		return run->domain;
	case 'i':
		return dotted(run);
	case 'p':
		return validated(run);
	case 'h':
		return run->query->helo == NULL ? "" : run->query->helo;
	default:
		return run->address.size == 4 ? "in-addr" : "ip6";
	}
}

/* The parts of a value, in order or from the end. */
static struct words
parts_of(struct arena *a, const char *value, const struct macro *m)
{
	const char *delimiters = m->delimiter_count == 0 ? "." :
	    arena_strndup(a, m->delimiters, m->delimiter_count);
	struct words parts = { 0 };

	for (;;) {
		size_t len = strcspn(value, delimiters);

		words_add(a, &parts, arena_strndup(a, value, len));
		if (value[len] == '\0')
			break;
		value += len + 1;
	}
	for (size_t i = 0; m->reverse && i < parts.count / 2; i++) {
		const char *part = parts.word[i];

		parts.word[i] = parts.word[parts.count - 1 - i];
		parts.word[parts.count - 1 - i] = part;
	}
	return parts;
}

static void
part_add(struct text *t, const char *part, bool escape)
{
	for (; *part != '\0'; part++) {
		if (!escape || is_letter(*part) ||
		    is_one_of(*part, DIGITS "-._~"))
			text_add_char(t, *part);
		else
			text_addf(t, "%%%02X", (unsigned char)*part);
	}
}

static bool
macro_expand(struct spf_run *run, const struct macro *m, struct text *t)
{
	const char *value;
	struct words parts;
	size_t first = 0;

	if (is_one_of(m->letter, "%_-")) {
		text_add(t, m->letter == '%' ? "%" : m->letter == '_' ? " " :
		    "%20");
		return true;
	}
	value = value_of(run, m->letter);
	if (value == NULL)
		return false;
	parts = parts_of(run->arena, value, m);
	if (m->keep > 0 && m->keep < parts.count)
		first = parts.count - m->keep;
	for (size_t i = first; i < parts.count; i++) {
		if (i > first)
			text_add_char(t, '.');
		part_add(t, parts.word[i], m->escape);
	}
	return true;
}

/* Whole labels go from the left until it fits: RFC 7208, 7.3. */
static const char *
shortened(const char *name, size_t len)
{
	while (len > DNS_NAME_MAX) {
		const char *parent = dns_name_parent(name);

		if (parent == NULL)
			break;
		len -= (size_t)(parent - name);
		name = parent;
	}
	return name;
}

const char *
spf_domain_expand(struct spf_run *run, const char *text)
{
	struct text t = TEXT_INIT;
	const char *name = NULL;
	struct macro m;
	bool ok = true;

	while (ok && *text != '\0') {
		if (*text != '%') {
			text_add_char(&t, *text++);
			continue;
		}
		ok = macro_read(text, &m) && macro_expand(run, &m, &t);
		text += m.len;
	}
	if (ok) {
		if (t.len > 0 && t.buf[t.len - 1] == '.')
			text_cut(&t, t.len - 1);
		name = arena_strdup(run->arena, shortened(t.buf, t.len));
	}
	text_clear(&t);
	return name;
}
