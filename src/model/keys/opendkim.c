/*
 * The files of OpenDKIM: its configuration, KeyTable and SigningTable.
 *
 * opendkim.conf(5): a line of a table is a key and a value with blanks
 * between them; a value of a KeyTable is DOMAIN:SELECTOR:FILE, where FILE
 * begins with "/", "./" or "../", or the key itself stands in its place.  A
 * table may be "file:", "refile:", or plain; others (dsn:, db:, ldap:, lua:)
 * are no text.
 */
#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "model/keys/private.h"

/* --- KeyTable ---------------------------------------------------------- */

static bool
is_path(const char *value)
{
	return *value == '/' || strncmp(value, "./", 2) == 0 ||
	    strncmp(value, "../", 3) == 0;
}

/* "DOMAIN:SELECTOR:FILE": the parts; false where they are not three. */
static bool
value_split(struct arena *a, const char *value, struct keys_line *line,
    const char **rest)
{
	const char *first = strchr(value, ':');
	const char *second = first == NULL ? NULL : strchr(first + 1, ':');

	if (second == NULL || first == value || second == first + 1 ||
	    second[1] == '\0')
		return false;
	line->domain = trimmed(a, value, (size_t)(first - value), SPACES);
	line->selector = trimmed(a, first + 1, (size_t)(second - first - 1),
	    SPACES);
	*rest = trimmed(a, second + 1, strlen(second + 1), SPACES);
	return true;
}

static void
name_add(struct keys_reading *r, const char *name, const char *domain)
{
	uint32_t n = nameset_add(&r->names, name, strlen(name));

	if (n == r->name_domain.count)
		*VECTOR_ADD(&r->name_domain) = domain;
}

/* What begins as PEM does, or is base64. */
static bool
is_key_text(const char *rest)
{
	static const char begin[] = "-----BEGIN ";

	return strncmp(rest, begin, strlen(begin)) == 0 ||
	    rest[strspn(rest, "+/=0123456789abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ" SPACES)] == '\0';
}

bool
keys_is_key_line(struct arena *a, const char *text)
{
	struct keys_line line = { 0 };
	const char *rest;

	keys_next_word(a, &text);
	return value_split(a, text, &line, &rest) &&
	    (strcmp(line.domain, "%") == 0 ||
	    keys_is_domain(a, line.domain)) &&
	    keys_is_selector(line.selector) &&
	    (is_path(rest) || is_key_text(rest));
}

/* Of the domain of each sender, in a file of its own or in one for all. */
static void
any_domain(struct keys_reading *r, const struct keys_table *t,
    struct keys_line *line, const char *rest)
{
	line->domain = NULL;
	line->path = is_path(rest) ? rest : NULL;
	if (line->path != NULL && strchr(rest, '%') != NULL)
		keys_name_each(r, t, line, "%");
	else
		keys_one_for_all(r, t, line);
}

static void
key_line(struct keys_reading *r, const struct keys_table *t, size_t number,
    const char *text)
{
	struct keys_line line = { .line = number };
	const char *name = keys_next_word(r->arena, &text), *rest;

	if (!value_split(r->arena, text, &line, &rest)) {
		keys_misread(r, t, number, "is no line of a KeyTable: NAME "
		    "DOMAIN:SELECTOR:FILE");
		return;
	}
	if (strcmp(line.domain, "%") == 0) {
		any_domain(r, t, &line, rest);
		return;
	}
	name_add(r, name, line.domain);
	if (is_path(rest) && strchr(rest, '%') != NULL) {
		keys_refuse(r, t, &line, "% in the name of the file stands "
		    "for the domain of each sender");
		return;
	}
	if (is_path(rest))
		line.path = rest;
	else
		line.text = rest;
	keys_name(r, t, &line);
}

void
keys_key_table(struct keys_reading *r, const struct keys_table *t)
{
	const char *at = t->text, *text;
	size_t number = 0;

	while ((text = keys_next_line(r->arena, &at, &number)) != NULL) {
		if (*text != '\0' && *text != '#')
			key_line(r, t, number, text);
	}
}

/* --- SigningTable ------------------------------------------------------ */

/* "*@example.org", "anna@example.org" or "example.org"; NULL: a pattern. */
static const char *
signer_domain(struct arena *a, const char *from)
{
	const char *at = strrchr(from, '@');
	const char *domain = at != NULL ? at + 1 : from;

	return keys_is_domain(a, domain) ? lowered(a, domain) : NULL;
}

void
keys_signing_table(struct keys_reading *r, const struct keys_table *t)
{
	const char *at = t->text, *text;
	size_t number = 0;

	while ((text = keys_next_line(r->arena, &at, &number)) != NULL) {
		const char *from, *key;

		if (*text == '\0' || *text == '#')
			continue;
		from = keys_next_word(r->arena, &text);
		key = keys_next_word(r->arena, &text);
		from = signer_domain(r->arena, from);
		if (from != NULL && *key != '\0')
			*VECTOR_ADD(&r->signers) = (struct keys_signer){ from,
			    key, arena_printf(r->arena, "%s, line %zu",
			    t->file, number) };
	}
}

/* --- opendkim.conf ------------------------------------------------------ */

struct settings {
	struct keys_line domain, selector, key_file;	/* .path is the value */
	bool tables;			/* KeyTable overrides the key */
};

static void
dataset_open(struct keys_reading *r, const struct keys_table *t,
    struct keys_line *line, keys_reader reader)
{
	static const char *const plain[] = { "refile:", "file:" };
	const char *value = line->path, *colon = strchr(value, ':');

	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		if (strncasecmp(value, plain[i], strlen(plain[i])) == 0) {
			line->path = value + strlen(plain[i]);
			keys_table_open(r, t, line, reader);
			return;
		}
	}
	/* What stands behind dsn: has a password in it. */
	if (strncasecmp(value, "dsn:", 4) == 0)
		keys_refuse(r, t, line, "the keys are in a database: "
		    "--source-defaults-file names an account that reads it");
	else if (colon != NULL && memchr(value, '/', (size_t)(colon -
	    value)) == NULL)
		keys_refuse(r, t, line, "the table is no text file");
	else
		keys_table_open(r, t, line, reader);
}

/* One key for domains that are named with commas between them. */
static void
single_key(struct keys_reading *r, const struct keys_table *t,
    const struct settings *s)
{
	const char *at = s->domain.path;
	struct keys_line line = s->key_file;

	if (line.path == NULL)
		return;
	line.selector = s->selector.path;
	if (at == NULL) {
		keys_one_for_all(r, t, &line);
		return;
	}
	while (*(at += strspn(at, ", \t")) != '\0') {
		size_t len = strcspn(at, ", \t");

		line.domain = arena_strndup(r->arena, at, len);
		keys_name(r, t, &line);
		at += len;
	}
}

static void
setting_line(struct keys_reading *r, const struct keys_table *t,
    struct settings *s, const struct keys_line *line, const char *name)
{
	struct keys_line copy = *line;

	if (strcasecmp(name, "KeyTable") == 0) {
		s->tables = true;
		dataset_open(r, t, &copy, keys_key_table);
	} else if (strcasecmp(name, "SigningTable") == 0 &&
	    strncasecmp(line->path, "dsn:", 4) != 0) {
		dataset_open(r, t, &copy, keys_signing_table);
	} else if (strcasecmp(name, "Domain") == 0) {
		s->domain = copy;
	} else if (strcasecmp(name, "Selector") == 0) {
		s->selector = copy;
	} else if (strcasecmp(name, "KeyFile") == 0) {
		s->key_file = copy;
	}
}

void
keys_opendkim(struct keys_reading *r, const struct keys_table *t)
{
	const char *at = t->text, *text;
	struct settings s = { 0 };
	size_t number = 0;

	while ((text = keys_next_line(r->arena, &at, &number)) != NULL) {
		struct keys_line line = { .line = number };
		const char *name;

		if (*text == '\0' || *text == '#')
			continue;
		name = keys_next_word(r->arena, &text);
		line.path = text;
		if (*text != '\0')
			setting_line(r, t, &s, &line, name);
	}
	if (!s.tables)
		single_key(r, t, &s);
}
