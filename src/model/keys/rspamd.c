/*
 * dkim_signing.conf of rspamd, in its own language UCL: names with a value,
 * and sections in braces, below "domain" one for each domain.
 *
 * Of the language only what such files hold is read: no macros, no
 * variables, no inheritance.  The module asks for a key in this order: the
 * section of the domain, then selector_map and path_map, then `path` with
 * $domain and $selector.
 */
#include <string.h>

#include "base/ascii.h"
#include "model/keys/private.h"

#define DEPTH_MAX 16

struct pair {
	const char *path;
	const char *selector;
	size_t line;
};

struct parser {
	struct keys_reading *r;
	const struct keys_table *t;
	const char *at;
	size_t line;
	struct pair whole;		/* outside of every domain */
	struct keys_line selector_map, path_map;
};

/* Where a section is: "domain", then the name of one. */
struct section {
	const char *name;
	const struct section *above;
	int depth;
};

/* --- words ------------------------------------------------------------- */

static void
blanks_skip(struct parser *p)
{
	for (;;) {
		p->at += strspn(p->at, " \t\r");
		if (*p->at == '\n') {
			p->line++;
			p->at++;
		} else if (*p->at == '#') {
			p->at += strcspn(p->at, "\n");
		} else if (strncmp(p->at, "/*", 2) == 0) {
			while (*p->at != '\0' && strncmp(p->at, "*/", 2) != 0)
				p->line += *p->at++ == '\n';
			p->at += *p->at == '\0' ? 0 : 2;
		} else {
			return;
		}
	}
}

/* Nothing behind it can be read: rspamd refuses such a file. */
static const char *
quote_open(struct parser *p)
{
	keys_misread(p->r, p->t, p->line, "a quote does not end in its line: "
	    "nothing behind it is read");
	p->at += strlen(p->at);
	return NULL;
}

/* A word, in quotes or not; NULL: none stands here. */
static const char *
word_take(struct parser *p)
{
	const char quote[2] = { *p->at, '\0' };
	const char *from = p->at;
	size_t len;

	if (*quote == '"' || *quote == '\'') {
		len = strcspn(from + 1, quote);
		if (from[1 + len] == '\0' || memchr(from + 1, '\n', len) !=
		    NULL)
			return quote_open(p);
		p->at = from + len + 2;
		return arena_strndup(p->r->arena, from + 1, len);
	}
	len = strcspn(from, " \t\r\n;,{}[]=:\"'");
	/* A path without quotes, and a colon in it. */
	if (*from == '/')
		len = strcspn(from, " \t\r\n;,{}[]\"'");
	p->at += len;
	return len == 0 ? NULL : arena_strndup(p->r->arena, from, len);
}

static bool
take(struct parser *p, const char *set)
{
	blanks_skip(p);
	if (!is_one_of(*p->at, set))
		return false;
	p->at++;
	return true;
}

/* --- sections ---------------------------------------------------------- */

static void section_read(struct parser *p, const struct section *in);

static bool
is_named(const struct section *s, const char *name)
{
	return s != NULL && strcmp(s->name, name) == 0;
}

/* The domain whose section this is, or NULL. */
static const char *
domain_of(const struct section *s)
{
	for (; s != NULL && s->above != NULL; s = s->above) {
		if (is_named(s->above, "domain") && *s->name != '\0')
			return s->name;
	}
	return NULL;
}

static void
value_take(struct parser *p, struct pair *pair, const char *name,
    const char *value)
{
	const struct keys_line line = { .line = p->line, .path = value };

	pair->line = p->line;
	if (strcmp(name, "path") == 0)
		pair->path = value;
	else if (strcmp(name, "selector") == 0)
		pair->selector = value;
	else if (strcmp(name, "selector_map") == 0)
		p->selector_map = line;
	else if (strcmp(name, "path_map") == 0)
		p->path_map = line;
}

/* What the maps, or the section of a domain, say of it. */
static struct keys_mapped *
mapped(struct keys_reading *r, const char *domain)
{
	const char *name = lowered(r->arena, domain);
	uint32_t n = nameset_add(&r->mapped, name, strlen(name));

	VECTOR_REACH(&r->map, (size_t)n + 1);
	return &r->map.item[n];
}

/* What a section of a domain says. */
static void
pair_found(struct parser *p, const struct section *in,
    const struct pair *pair)
{
	struct keys_line line = { .line = pair->line, .domain = domain_of(in),
	    .selector = pair->selector, .path = pair->path };

	if (line.domain == NULL) {
		if (pair->path != NULL)
			p->whole.path = pair->path;
		if (pair->selector != NULL)
			p->whole.selector = pair->selector;
		p->whole.line = pair->line;
	} else if (line.path != NULL && strchr(line.path, '$') == NULL) {
		keys_name(p->r, p->t, &line);
	} else if (line.path != NULL) {
		keys_refuse(p->r, p->t, &line, "the name of the file has a "
		    "variable in it");
	} else if (line.selector != NULL) {
		struct keys_mapped *m = mapped(p->r, line.domain);

		m->selector = line.selector;
		m->line = line.line;
	}
}

static void
below(struct parser *p, const struct section *in, const char *name)
{
	const struct section inner = { name, in, in == NULL ? 1 :
	    in->depth + 1 };

	if (inner.depth <= DEPTH_MAX)
		section_read(p, &inner);
	else
		p->at += strlen(p->at);
}

/* NAME = VALUE, NAME { ... }, NAME OTHER { ... } or NAME [ ... ] */
static void
entry_read(struct parser *p, const struct section *in, struct pair *pair,
    const char *name)
{
	const char *value;

	take(p, "=:");
	if (take(p, "{[")) {
		below(p, in, name);
		return;
	}
	blanks_skip(p);
	value = word_take(p);
	if (value == NULL)
		return;
	if (take(p, "{[")) {
		const struct section outer = { name, in, in == NULL ? 1 :
		    in->depth + 1 };

		below(p, &outer, value);
		return;
	}
	value_take(p, pair, name, value);
}

/* Up to the end of a section, which a pair of braces may begin again. */
static void
section_read(struct parser *p, const struct section *in)
{
	struct pair pair = { 0 };

	for (;;) {
		const char *name;

		blanks_skip(p);
		if (*p->at == '\0' || take(p, "}]"))
			break;
		if (take(p, "{[")) {
			below(p, in, "");
			continue;
		}
		/* A macro, such as .include, reaches to the end of its line. */
		if (*p->at == '.') {
			p->at += strcspn(p->at, "\n");
			continue;
		}
		name = word_take(p);
		if (name != NULL)
			entry_read(p, in, &pair, name);
		else if (*p->at != '\0')
			p->at++;
	}
	pair_found(p, in, &pair);
}

/* --- maps -------------------------------------------------------------- */

/* "DOMAIN VALUE" in each line. */
static void
map_read(struct keys_reading *r, const struct keys_table *t, bool paths)
{
	const char *at = t->text, *text;
	size_t number = 0;

	while ((text = keys_next_line(r->arena, &at, &number)) != NULL) {
		const char *domain = keys_next_word(r->arena, &text);
		struct keys_mapped *m;

		if (*domain == '\0' || *domain == '#' || *text == '\0')
			continue;
		if (!keys_is_domain(r->arena, domain)) {
			keys_misread(r, t, number, "is no line of a map: "
			    "DOMAIN VALUE");
			continue;
		}
		r->understood++;
		m = mapped(r, domain);
		m->line = number;
		if (paths) {
			m->path = keys_next_word(r->arena, &text);
			m->table = *t;
		} else {
			m->selector = keys_next_word(r->arena, &text);
		}
	}
}

static void
selector_map(struct keys_reading *r, const struct keys_table *t)
{
	map_read(r, t, false);
}

static void
path_map(struct keys_reading *r, const struct keys_table *t)
{
	map_read(r, t, true);
}

static void
map_open(struct parser *p, struct keys_line *line, keys_reader reader)
{
	static const char file[] = "file://";

	if (line->path == NULL)
		return;
	if (strncmp(line->path, file, strlen(file)) == 0)
		line->path += strlen(file);
	if (*line->path == '/' || (strstr(line->path, "://") == NULL &&
	    strchr(line->path, '$') == NULL))
		keys_table_open(p->r, p->t, line, reader);
	else
		keys_refuse(p->r, p->t, line, "only a map in a file is "
		    "read");
}

/* The defaults of rspamd. */
#define SELECTOR "dkim"
#define PATH "/var/lib/rspamd/dkim/$domain.$selector.key"

static void
mapped_found(struct parser *p, const char *domain, struct keys_mapped *m)
{
	struct keys_reading *r = p->r;
	const char *path = p->whole.path != NULL ? p->whole.path : PATH;
	struct keys_line line = { .line = m->line,
	    .domain = arena_strdup(r->arena, domain), .path = m->path,
	    .selector = m->selector != NULL ? m->selector :
	    p->whole.selector };

	if (line.path == NULL) {
		m->table = *p->t;
		line.path = keys_replaced(r->arena, keys_replaced(r->arena,
		    path, "$selector", line.selector != NULL ? line.selector :
		    ""), "$domain", line.domain);
	}
	if (strchr(line.path, '$') == NULL)
		keys_name(r, &m->table, &line);
	else
		keys_refuse(r, &m->table, &line, "the name of the file has a "
		    "variable in it");
}

/* Where no section and no map names the domain. */
static void
whole_found(struct parser *p)
{
	const char *path = p->whole.path != NULL ? p->whole.path : PATH;
	struct keys_reading *r = p->r;
	struct keys_line line = { .line = p->whole.line,
	    .selector = p->whole.selector != NULL ? p->whole.selector :
	    SELECTOR };

	if (p->whole.selector != NULL)
		r->selector = p->whole.selector;
	path = keys_replaced(r->arena, path, "$selector", line.selector);
	line.path = path;
	if (strstr(path, "$domain") != NULL)
		keys_name_each(r, p->t, &line, "$domain");
	else
		keys_one_for_all(r, p->t, &line);
}

/* --- the whole ----------------------------------------------------------- */

void
keys_rspamd(struct keys_reading *r, const struct keys_table *t)
{
	struct parser p = { .r = r, .t = t, .at = t->text, .line = 1 };
	size_t from = r->map.count;

	while (*p.at != '\0')
		section_read(&p, NULL);
	map_open(&p, &p.selector_map, selector_map);
	map_open(&p, &p.path_map, path_map);
	for (size_t i = from; i < r->map.count; i++)
		mapped_found(&p, nameset_text(&r->mapped, (uint32_t)i),
		    &r->map.item[i]);
	whole_found(&p);
}
