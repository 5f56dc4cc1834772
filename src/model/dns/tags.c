/* Lists of tags: RFC 6376, 3.2, and what other records made of them. */
#include "model/dns/tags.h"

#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "base/text.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define NAME_CHARS LETTERS "0123456789_-."
#define NO_LIST "is no list of tags"

/* --- tags ------------------------------------------------------------ */

/* The text of one tag, without the semicolon. */
static const char *
tag_read(struct arena *a, const char *begin, size_t len, bool loose,
    struct dns_tags *tags)
{
	const char *text = trimmed(a, begin, len, BLANKS);
	const char *equals = strchr(text, '=');
	const char *blanks = loose ? BLANKS : "";
	struct dns_tag tag;

	if (equals == NULL)
		return NO_LIST;
	tag.name = trimmed(a, text, (size_t)(equals - text), blanks);
	tag.value = trimmed(a, equals + 1, strlen(equals + 1), blanks);
	if (*tag.name == '\0' || tag.name[strspn(tag.name, NAME_CHARS)] !=
	    '\0')
		return NO_LIST;
	for (const char *c = tag.value; *c != '\0'; c++) {
		if (*c < ' ' || *c > '~')
			return "has a character that is not allowed";
	}
	if (dns_tags_find(tags, tag.name) != NULL) {
		tags->twice = true;
		return "has a tag twice";
	}
	tags->tag[tags->count++] = tag;
	return NULL;
}

const char *
dns_tags_parse(struct arena *a, const char *text, bool loose,
    struct dns_tags *tags)
{
	const char *why = NULL, *wrong;

	*tags = (struct dns_tags){ .tag = arena_array(a, strlen(text) / 2 + 1,
	    sizeof(*tags->tag)) };
	for (;;) {
		size_t len = strcspn(text, ";");

		/* Nothing, or blanks, may follow the last semicolon. */
		if (text[len] == '\0' && tags->count > 0 &&
		    strspn(text, BLANKS) == len)
			return why;
		wrong = tag_read(a, text, len, loose, tags);
		if (why == NULL)
			why = wrong;
		if (text[len] == '\0')
			return why;
		text += len + 1;
	}
}

const char *
dns_tags_find(const struct dns_tags *tags, const char *name)
{
	for (size_t i = 0; i < tags->count; i++) {
		if (strcmp(tags->tag[i].name, name) == 0)
			return tags->tag[i].value;
	}
	return NULL;
}

/* Nothing, a blank or a semicolon is behind it. */
static bool
has_version(const char *text, const char *version, bool loose)
{
	const char *blanks = loose ? BLANKS : "";
	size_t len = strlen(version);

	if (*text++ != 'v')
		return false;
	text += strspn(text, blanks);
	if (*text++ != '=')
		return false;
	text += strspn(text, blanks);
	return strncmp(text, version, len) == 0 &&
	    (text[len] == '\0' || is_one_of(text[len], BLANKS ";"));
}

bool
dns_tags_have_version(const struct dns_tags *tags, const char *text,
    const char *version, bool loose)
{
	return has_version(text, version, loose) && tags->count > 0 &&
	    strcmp(tags->tag[0].name, "v") == 0 &&
	    strcmp(tags->tag[0].value, version) == 0;
}

const char *
dns_tags_select(const struct words *values, const char *version, bool loose,
    size_t *count)
{
	const char *found = NULL;

	*count = 0;
	for (size_t i = 0; i < values->count; i++) {
		if (!has_version(values->word[i], version, loose))
			continue;
		found = values->word[i];
		++*count;
	}
	return *count == 1 ? found : NULL;
}

/* --- addresses of reports -------------------------------------------- */

static int
hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c == '\0' ? NULL : strchr(digits, lower_char(c));

	return at == NULL ? -1 : (int)(at - digits);
}

/* %41 becomes A; NULL for what is no such pair, and for a control. */
static const char *
decoded(struct arena *a, const char *s, size_t len)
{
	char *copy = arena_strndup(a, s, len), *to = copy;

	for (const char *c = copy; *c != '\0'; c++) {
		if (*c == '%') {
			int high = hex_digit(c[1]);
			int low = high < 0 ? -1 : hex_digit(c[2]);

			if (low < 0 || high < 2 || high > 7)
				return NULL;
			*to++ = (char)(high << 4 | low);
			c += 2;
		} else {
			*to++ = *c;
		}
	}
	*to = '\0';
	return copy;
}

static const char *
mailto_read(struct arena *a, const char *s, struct words *addresses)
{
	const char *address = decoded(a, s, strcspn(s, "?!"));
	const char *at = address == NULL ? NULL : strrchr(address, '@');

	if (at == NULL || at == address || at[1] == '\0')
		return "has a mailto: without an address";
	words_add(a, addresses, address);
	return NULL;
}

/* Characters that RFC 3986 knows, but for those that the record needs. */
static const char *
uri_read(struct arena *a, const char *s, struct words *addresses)
{
	size_t scheme = strspn(s, NAME_CHARS "+");

	if (*s == '\0')
		return "has a comma without an address";
	if (scheme == 0 || s[scheme] != ':' || !is_one_of(*s, LETTERS))
		return "has an address without mailto:";
	for (const char *c = s; *c != '\0'; c++) {
		if (is_one_of(*c, " \t\"<>\\^`{|}"))
			return "has a character that is not allowed in an "
			    "address";
	}
	if (strncasecmp(s, "mailto:", 7) == 0)
		return mailto_read(a, s + 7, addresses);
	if (s[scheme + 1] == '\0')
		return "has an address with nothing behind the colon";
	words_add(a, addresses, s);
	return NULL;
}

const char *
dns_uris_parse(struct arena *a, const char *text, struct words *addresses)
{
	const char *why = NULL;

	for (;;) {
		size_t len = strcspn(text, ",");

		why = uri_read(a, trimmed(a, text, len, BLANKS), addresses);
		if (why != NULL || text[len] == '\0')
			return why;
		text += len + 1;
	}
}
