/* Mail addresses and domains: one parser each, one answer, no repairs. */
#include "model/address.h"

#include <string.h>
#include <unictype.h>
#include <unistr.h>

#include "base/ascii.h"
#include "base/text.h"
#include "model/idn.h"

#define INPUT_MAX 1024		/* bytes; Unicode is longer than xn-- */
#define SHOWN_MAX 200		/* bytes of the input that an error repeats */

/*
 * Characters that no address has here, with what they usually mean.  They
 * are looked for in this order in the whole text, so that a quoted @ is
 * not reported as a second one.
 */
static const struct sign {
	const char *chars;
	const char *reason;
} signs[] = {
	{ "\"", "quoted local parts are not supported" },
	{ "<>", "give the bare address, without a name or angle brackets" },
	{ "()", "comments are not supported" },
	{ "[]", "an IP address is not a mail domain" },
	{ ",;", "one address only, without commas or semicolons" },
	{ "\\", "a backslash is not allowed" },
	{ ":", "a colon is not allowed" },
	{ 0 }
};

/* What a destination begins with in an aliases(5) file, but not here. */
static const struct sign destination_signs[] = {
	{ "|", "a command is not a destination" },
	{ "/", "a file is not a destination" },
	{ ":", "an included list is not a destination" },
	{ 0 }
};

/*
 * What a local part is made of beside a-z and 0-9.  A user's is what
 * Dovecot's auth_username_chars lets log in.  An alias may have the rest of
 * RFC 5322's dot-atom but "/", "%" and "|", which mean a path, a route or
 * a program to whatever reads the table one day.
 */
static const struct local_rule {
	const char *others;
	const char *whose;
} local_rules[] = {
	[ADDRESS_USER] = { "._-", "a user" },
	[ADDRESS_ALIAS] = { "._-!#$&'*+=?^`{}~", "an alias" },
	[ADDRESS_DESTINATION] = { "._-!#$&'*+=?^`{}~", "a destination" },
};

static bool
refuse(struct err *e, const char *reason)
{
	return err_set(e, ERR_INVALID, "%s", reason);
}

/* Puts the user's word before the reason, cut between two characters. */
static bool
name_input(struct err *e, const char *what, const char *text)
{
	size_t len = strlen(text), shown = len;

	if (len > SHOWN_MAX) {
		shown = SHOWN_MAX;
		while (shown > 0 &&
		    ((unsigned char)text[shown] & 0xc0) == 0x80)
			shown--;
	}
	return err_wrap(e, "invalid %s \"%.*s%s\"", what, (int)shown, text,
	    shown < len ? "..." : "");
}

/*
 * Default-ignorable characters and format controls: two names that differ
 * by one look alike.  The joiners U+200C and U+200D are left to IDNA2008,
 * which allows them where they change how the letters look.
 */
static bool
is_invisible(ucs4_t c)
{
	if (c == 0x200c || c == 0x200d)
		return false;
	return uc_is_property_default_ignorable_code_point(c) ||
	    uc_is_general_category(c, UC_FORMAT);
}

/* A character that has no place anywhere. */
static bool
char_valid(ucs4_t c, struct err *e)
{
	if (c == ' ')
		return refuse(e, "a space is not allowed");
	if (c < 0x20 || (c >= 0x7f && c < 0xa0))
		return err_set(e, ERR_INVALID, "control character U+%04X", c);
	if (c < 0x80)
		return true;
	if (uc_is_property_white_space(c))
		return err_set(e, ERR_INVALID, "white space U+%04X", c);
	if (is_invisible(c))
		return err_set(e, ERR_INVALID, "invisible character U+%04X",
		    c);
	return true;
}

static bool
signs_absent(const char *text, const struct sign *list, struct err *e)
{
	for (; list->chars != NULL; list++)
		if (strpbrk(text, list->chars) != NULL)
			return refuse(e, list->reason);
	return true;
}

/* What is wrong wherever it stands. */
static bool
text_valid(const char *text, struct err *e)
{
	const uint8_t *s = (const uint8_t *)text;
	size_t len = strlen(text);
	ucs4_t c;

	if (len == 0)
		return refuse(e, "empty");
	if (len > INPUT_MAX)
		return err_set(e, ERR_INVALID, "too long: %zu bytes", len);
	if (u8_check(s, len) != NULL)
		return refuse(e, "not valid UTF-8");
	if (!signs_absent(text, signs, e))
		return false;
	while ((s = u8_next(&c, s)) != NULL)
		if (!char_valid(c, e))
			return false;
	return true;
}

/* ASCII only: what other capitals mean is for IDNA2008 to say. */
static char *
fold(struct arena *a, const char *text, size_t len)
{
	char *folded = arena_strndup(a, text, len);

	lower_case(folded);
	return folded;
}

static bool
is_number(const char *s)
{
	return s[strspn(s, "0123456789")] == '\0';
}

/* What the labels must be together. */
static bool
labels_valid(const struct idn_label *labels, size_t count, struct err *e)
{
	size_t len = count - 1, numbers = 0, i;

	for (i = 0; i < count; i++) {
		len += strlen(labels[i].ascii);
		numbers += is_number(labels[i].ascii);
	}
	if (len > DOMAIN_MAX)
		return err_set(e, ERR_INVALID, "a domain of %zu characters, "
		    "%d at most", len, DOMAIN_MAX);
	if (numbers == 4 && count == 4)
		return refuse(e, "an IP address is not a mail domain");
	if (count == 1)
		return refuse(e, "a domain has at least two parts, like "
		    "example.org");
	if (is_number(labels[count - 1].ascii))
		return refuse(e, "the last part of a domain is not a number");
	return idn_direction_valid(labels, count, e);
}

/* Splits at dots; an empty part is named by where it stands. */
static bool
labels_parse(struct arena *a, char *domain, struct idn_label *labels,
    size_t *count, struct err *e)
{
	char *label, *rest = domain;
	size_t n = 0;

	while ((label = strsep(&rest, ".")) != NULL) {
		if (*label == '\0' && n == 0)
			return refuse(e, "a dot at the start of the domain");
		if (*label == '\0' && rest == NULL)
			return refuse(e, "a dot at the end of the domain");
		if (*label == '\0')
			return refuse(e, "empty part between two dots");
		if (!idn_label_parse(a, label, &labels[n++], e))
			return false;
	}
	*count = n;
	return labels_valid(labels, n, e);
}

/* text_valid() has passed. */
static bool
domain_read(struct arena *a, const char *text, const char **domain,
    struct err *e)
{
	size_t len = strlen(text), count = 0, i;
	struct idn_label *labels = arena_array(a, len / 2 + 1,
	    sizeof(*labels));
	struct text out = TEXT_INIT;

	if (!labels_parse(a, fold(a, text, len), labels, &count, e))
		return false;
	for (i = 0; i < count; i++) {
		BUG_ON(!idn_label_is_ldh(labels[i].ascii));
		if (i > 0)
			text_add_char(&out, '.');
		text_add(&out, labels[i].ascii);
	}
	*domain = arena_strdup(a, out.buf);
	text_clear(&out);
	return true;
}

bool
domain_parse(struct arena *a, const char *text, const char **domain,
    struct err *e)
{
	if (!text_valid(text, e) || !domain_read(a, text, domain, e))
		return name_input(e, "domain", text);
	return true;
}

static bool
refuse_local_char(enum address_kind kind, char c, struct err *e)
{
	if ((unsigned char)c >= 0x80)
		return refuse(e, "only ASCII is allowed before the @");
	if (c == '+' && kind == ADDRESS_USER)
		return refuse(e, "\"+\" begins a tag, which a user's own "
		    "address does not have");
	return err_set(e, ERR_INVALID, "character \"%c\" is not allowed "
	    "before the @ of %s", c, local_rules[kind].whose);
}

static bool
is_local_char(enum address_kind kind, char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	    (c != '\0' && strchr(local_rules[kind].others, c) != NULL);
}

static bool
local_chars_valid(enum address_kind kind, const char *local, struct err *e)
{
	for (; *local != '\0'; local++)
		if (!is_local_char(kind, *local))
			return refuse_local_char(kind, *local, e);
	return true;
}

/* The part before the @, folded; only an alias may have none. */
static bool
local_valid(enum address_kind kind, const char *local, struct err *e)
{
	size_t len = strlen(local);

	if (len == 0 && kind == ADDRESS_ALIAS)
		return true;
	if (len == 0)
		return refuse(e, kind == ADDRESS_DESTINATION ?
		    "a catch-all is not a destination" :
		    "nothing before the @");
	if (!local_chars_valid(kind, local, e))
		return false;
	if (len > ADDRESS_LOCAL_MAX)
		return err_set(e, ERR_INVALID, "%zu characters before the @, "
		    "%d at most", len, ADDRESS_LOCAL_MAX);
	if (local[0] == '.')
		return refuse(e, "a dot at the start");
	if (local[0] == '-')
		return refuse(e, "\"-\" at the start");
	if (local[len - 1] == '.')
		return refuse(e, "a dot before the @");
	if (strstr(local, "..") != NULL)
		return refuse(e, "empty part between two dots");
	return true;
}

bool
address_local_is_canonical(enum address_kind kind, const char *local,
    size_t len)
{
	if (len == 0)
		return kind == ADDRESS_ALIAS;
	if (len > ADDRESS_LOCAL_MAX || local[0] == '-')
		return false;
	for (size_t i = 0; i < len; i++) {
		/* A dot stands between two others. */
		if (!is_local_char(kind, local[i]) || (local[i] == '.' &&
		    (i == 0 || i + 1 == len || local[i - 1] == '.')))
			return false;
	}
	return true;
}

/* Exactly one @, with something behind it. */
static bool
at_valid(const char *text, struct err *e)
{
	const char *at = strchr(text, '@');

	if (at == NULL)
		return refuse(e, "no @");
	if (strchr(at + 1, '@') != NULL)
		return refuse(e, "more than one @");
	if (at[1] == '\0')
		return refuse(e, "no domain after the @");
	return true;
}

/* |command, "|command", /file, :include:/file */
static bool
destination_valid(const char *text, struct err *e)
{
	const char first[2] = { text[text[0] == '"'], '\0' };

	return signs_absent(first, destination_signs, e);
}

static bool
address_read(struct arena *a, enum address_kind kind, const char *text,
    const char **address, struct err *e)
{
	size_t local_len = strcspn(text, "@"), len;
	const char *local, *domain;

	if (kind == ADDRESS_DESTINATION && !destination_valid(text, e))
		return false;
	if (!text_valid(text, e) || !at_valid(text, e))
		return false;
	local = fold(a, text, local_len);
	if (!local_valid(kind, local, e) ||
	    !domain_read(a, text + local_len + 1, &domain, e))
		return false;
	len = strlen(local) + 1 + strlen(domain);
	if (len > ADDRESS_MAX)
		return err_set(e, ERR_INVALID, "%zu characters, %d at most",
		    len, ADDRESS_MAX);
	*address = address_join(a, local, domain);
	return true;
}

bool
address_parse(struct arena *a, enum address_kind kind, const char *text,
    const char **address, struct err *e)
{
	if (!address_read(a, kind, text, address, e))
		return name_input(e, "address", text);
	return true;
}

const char *
address_domain(const char *address)
{
	const char *at = strrchr(address, '@');

	BUG_ON(at == NULL);
	return at + 1;
}

const char *
address_local(struct arena *a, const char *address)
{
	size_t len = (size_t)(address_domain(address) - address) - 1;

	return arena_strndup(a, address, len);
}

const char *
address_join(struct arena *a, const char *local, const char *domain)
{
	return arena_printf(a, "%s@%s", local, domain);
}

bool
address_is_pattern(const char *address)
{
	size_t local = strcspn(address, "@");

	return strcspn(address, "*") < local;
}

bool
address_is_catchall(const char *address)
{
	return address[0] == '@';
}

/* As Postfix does it: what would leave nothing before the @ is no tag. */
const char *
address_untagged(struct arena *a, const char *address)
{
	size_t len = strcspn(address, "+@");

	if (len == 0 || address[len] != '+')
		return NULL;
	return arena_printf(a, "%.*s@%s", (int)len, address,
	    address_domain(address));
}

/* What another tool stored and does not decode cleanly stays as it is. */
static const char *
label_unicode(struct arena *a, const char *label)
{
	struct idn_label both;
	struct err e = { 0 };

	if (strncmp(label, "xn--", 4) == 0 &&
	    idn_label_parse(a, label, &both, &e))
		label = both.unicode;
	err_clear(&e);
	return label;
}

const char *
address_unicode(struct arena *a, const char *stored)
{
	const char *at = strrchr(stored, '@'), *shown = NULL;
	size_t local_len = at != NULL ? (size_t)(at - stored) + 1 : 0;
	char *label, *rest = arena_strdup(a, stored + local_len);
	struct text out = TEXT_INIT;

	text_add_bytes(&out, stored, local_len);
	while ((label = strsep(&rest, ".")) != NULL) {
		text_add(&out, label_unicode(a, label));
		if (rest != NULL)
			text_add_char(&out, '.');
	}
	if (strcmp(out.buf, stored) != 0)
		shown = arena_strdup(a, out.buf);
	text_clear(&out);
	return shown;
}
