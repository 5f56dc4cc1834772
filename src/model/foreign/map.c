/* Maps: the reader of their language. */
#include "model/foreign/map.h"

#include <string.h>
#include <strings.h>

#include "base/bug.h"
#include "base/utf8.h"
#include "model/foreign/map_words.h"

const char *const map_kind_words[] = {
	"domains", "links", "users", "aliases", "lost", NULL
};

/* Of which sections an attribute may be: bits of enum map_kind. */
#define OF(kind) (1u << (kind))
#define ALL (OF(MAP_KINDS) - 1)

static const struct {
	const char *name;
	enum map_attribute attribute;
	unsigned kinds;
} attributes[] = {
	{ "active", MAP_ACTIVE, ALL },
	{ "backup", MAP_BACKUP, OF(MAP_DOMAINS) },
	{ "imap", MAP_IMAP, OF(MAP_USERS) },
	{ "pop3", MAP_POP3, OF(MAP_USERS) },
	{ "may_login", MAP_MAY_LOGIN, OF(MAP_USERS) },
	{ "may_send", MAP_MAY_SEND, OF(MAP_USERS) },
	{ "may_receive", MAP_MAY_RECEIVE, OF(MAP_USERS) },
	{ "copy", MAP_COPY, OF(MAP_ALIASES) },
	{ "domain", MAP_NAME_OF, OF(MAP_DOMAINS) | OF(MAP_LINKS) },
	{ "email", MAP_NAME_OF, OF(MAP_USERS) },
	{ "mail", MAP_NAME_OF, OF(MAP_ALIASES) },
	{ "name", MAP_NAME_OF, OF(MAP_LOST) },
	{ "at", MAP_AT, OF(MAP_USERS) | OF(MAP_ALIASES) | OF(MAP_LOST) },
	{ "target", MAP_TARGET, OF(MAP_LINKS) },
	{ "expires", MAP_EXPIRES, OF(MAP_DOMAINS) | OF(MAP_USERS) |
	    OF(MAP_ALIASES) },
	{ "description", MAP_DESCRIPTION, OF(MAP_DOMAINS) },
	{ "name", MAP_DESCRIPTION, OF(MAP_USERS) },
	{ "note", MAP_DESCRIPTION, OF(MAP_ALIASES) },
	{ "quota", MAP_QUOTA, OF(MAP_DOMAINS) | OF(MAP_USERS) },
	{ "max_users", MAP_MAX_USERS, OF(MAP_DOMAINS) },
	{ "max_aliases", MAP_MAX_ALIASES, OF(MAP_DOMAINS) },
	{ "password", MAP_PASSWORD, OF(MAP_USERS) },
	{ "home", MAP_HOME, OF(MAP_USERS) },
	{ "destination", MAP_DESTINATION, OF(MAP_ALIASES) },
	{ "destination_at", MAP_DESTINATION_AT, OF(MAP_ALIASES) },
	{ "text", MAP_TEXT, OF(MAP_LOST) },
};

const char *
map_attribute_word(enum map_kind kind, enum map_attribute attribute)
{
	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]);
	    i++) {
		if ((attributes[i].kinds & OF(kind)) != 0 &&
		    attributes[i].attribute == attribute)
			return attributes[i].name;
	}
	BUG_ON(true);
}

enum map_attribute
map_attribute_find(enum map_kind kind, const char *name)
{
	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]);
	    i++) {
		if ((attributes[i].kinds & OF(kind)) != 0 &&
		    strcmp(attributes[i].name, name) == 0)
			return attributes[i].attribute;
	}
	return MAP_ATTRIBUTES;
}

/* --- lines ------------------------------------------------------------ */

static bool
attribute_line(struct reading *r, struct map_section *s, struct err *e)
{
	enum map_attribute attribute = r->word.kind == WORD_NAME ?
	    map_attribute_find(s->kind, r->word.text) : MAP_ATTRIBUTES;
	struct map_expression *x;

	if (attribute == MAP_ATTRIBUTES)
		return reading_expected(r, "an attribute of such a section", e);
	if (attribute >= MAP_FLAGS && map_expression_of(s, attribute, 0) !=
	    NULL)
		return err_set(e, ERR_INVALID, "%s is given twice",
		    r->word.text);
	reading_next(r);
	if (!reading_is_sign(r, "="))
		return reading_expected(r, "=", e);
	reading_next(r);
	x = VECTOR_ADD(&s->expressions);
	x->attribute = attribute;
	return reading_expression(r, x, e);
}

/* join NAME TABLE.COLUMN = COLUMN */
static bool
join_line(struct reading *r, struct map_section *s, struct err *e)
{
	struct map_join *j = VECTOR_ADD(&s->joins);
	struct map_column key;
	size_t len;

	reading_next(r);
	if (r->word.kind != WORD_NAME || strpbrk(r->word.text,
	    "._-|?$@*/:%") != NULL)
		return reading_expected(r, "a name", e);
	j->name = r->word.text;
	reading_next(r);
	if (!reading_column(r, &key, e))
		return false;
	len = strcspn(key.names, ".");
	if (key.names[len] == '\0')
		return err_set(e, ERR_INVALID, "expected TABLE.COLUMN, got "
		    "\"%.60s\"", key.names);
	j->table = arena_strndup(r->arena, key.names, len);
	j->key = key.names + len + 1;
	if (!reading_is_sign(r, "="))
		return reading_expected(r, "=", e);
	reading_next(r);
	if (!reading_column(r, &j->column, e))
		return false;
	j->optional = key.optional || j->column.optional;
	return reading_ends(r, e);
}

static bool
rule_line(struct reading *r, struct map_section *s, enum map_rule_kind kind,
    struct err *e)
{
	struct map_rule *rule;
	struct map_column column;

	reading_next(r);
	if (kind == MAP_IGNORE && reading_is_word(r, "others")) {
		s->others_ignored = true;
		reading_next(r);
		return reading_ends(r, e);
	}
	if (!reading_column(r, &column, e))
		return false;
	rule = VECTOR_ADD(&s->rules);
	*rule = (struct map_rule){ .kind = kind, .column = column };
	if (kind == MAP_SAY || kind == MAP_DROP) {
		if (r->word.kind != WORD_TEXT)
			return reading_expected(r, "a text in quotes", e);
		words_add(r->arena, &rule->values, r->word.text);
		reading_next(r);
		return reading_ends(r, e);
	}
	if (kind == MAP_WHEN && reading_is_sign(r, "!="))
		rule->kind = MAP_WHEN_NOT;
	else if (kind == MAP_WHEN && !reading_is_sign(r, "="))
		return reading_expected(r, "= or !=", e);
	if (reading_is_sign(r, "=") || rule->kind == MAP_WHEN_NOT) {
		reading_next(r);
		if (r->word.kind == WORD_END)
			return reading_expected(r, "a word", e);
		return reading_values(r, &rule->values, e);
	}
	while (r->word.kind != WORD_END) {
		if (!reading_column(r, &column, e))
			return false;
		rule = VECTOR_ADD(&s->rules);
		*rule = (struct map_rule){ .kind = kind, .column = column };
	}
	return true;
}

static bool
section_line(struct reading *r, struct map *map, enum map_kind kind,
    struct err *e)
{
	struct map_section *s;
	struct map_column tables;

	reading_next(r);
	if (!reading_column(r, &tables, e))
		return false;
	if (strchr(tables.names, '.') != NULL)
		return err_set(e, ERR_INVALID, "expected a table, got "
		    "\"%.60s\"", tables.names);
	s = VECTOR_ADD(&map->sections);
	s->kind = kind;
	s->tables = tables.names;
	s->optional = tables.optional;
	return reading_ends(r, e);
}

static bool
name_line(struct reading *r, struct map *map, struct err *e)
{
	struct map_name name = { 0 };

	reading_next(r);
	if (r->word.kind != WORD_TEXT)
		return reading_expected(r, "a text in quotes", e);
	name.text = r->word.text;
	reading_next(r);
	if (r->word.kind == WORD_NAME) {
		name.column = r->word.text;
		if (strchr(name.column, '.') == NULL)
			return reading_expected(r, "TABLE.COLUMN", e);
		reading_next(r);
	}
	*VECTOR_ADD(&map->names) = name;
	return reading_ends(r, e);
}

static bool
needs_line(struct reading *r, struct map *map, struct err *e)
{
	for (reading_next(r); r->word.kind != WORD_END; reading_next(r)) {
		const char *dot = r->word.kind == WORD_NAME ?
		    strchr(r->word.text, '.') : NULL;

		if (dot == NULL || dot == r->word.text)
			return reading_expected(r, "TABLE.COLUMN", e);
		words_add(r->arena, &map->needs, r->word.text);
	}
	return true;
}

static bool
head_line(struct reading *r, struct map *map, struct err *e)
{
	if (reading_is_word(r, "family")) {
		reading_next(r);
		return reading_values(r, &map->families, e);
	}
	if (reading_is_word(r, "name"))
		return name_line(r, map, e);
	if (reading_is_word(r, "needs"))
		return needs_line(r, map, e);
	if (reading_is_word(r, "ignore")) {
		reading_next(r);
		return reading_values(r, &map->ignored, e);
	}
	if (!reading_is_word(r, "megabytes"))
		return reading_expected(r, "family, name, needs, ignore, or a "
		    "section (domains, links, users, aliases, lost)", e);
	reading_next(r);
	if (!reading_is_word(r, "guessed"))
		return reading_expected(r, "guessed", e);
	map->megabytes_guessed = true;
	reading_next(r);
	return reading_ends(r, e);
}

static bool
body_line(struct reading *r, struct map_section *s, struct err *e)
{
	static const struct {
		const char *word;
		enum map_rule_kind kind;
	} rules[] = {
		{ "when", MAP_WHEN }, { "ignore", MAP_IGNORE },
		{ "say", MAP_SAY }, { "drop", MAP_DROP },
	};

	if (reading_is_word(r, "join"))
		return join_line(r, s, e);
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (reading_is_word(r, rules[i].word))
			return rule_line(r, s, rules[i].kind, e);
	}
	return attribute_line(r, s, e);
}

static bool
line_read(struct reading *r, struct map *map, unsigned number, struct err *e)
{
	size_t n = map->sections.count;

	reading_next(r);
	if (r->word.kind == WORD_END)
		return true;
	for (int k = 0; k < MAP_KINDS; k++) {
		if (!reading_is_word(r, map_kind_words[k]))
			continue;
		if (!section_line(r, map, (enum map_kind)k, e))
			return false;
		map->sections.item[n].line = number;
		return true;
	}
	return n == 0 ? head_line(r, map, e) :
	    body_line(r, &map->sections.item[n - 1], e);
}

/* --- the whole -------------------------------------------------------- */

static bool
section_whole(const struct map_section *s, struct err *e)
{
	if (map_expression_of(s, MAP_NAME_OF, 0) == NULL)
		return err_set(e, ERR_INVALID, "the section \"%s %s\" has no "
		    "name for its rows", map_kind_words[s->kind], s->tables);
	if (s->kind == MAP_LINKS && map_expression_of(s, MAP_TARGET, 0) ==
	    NULL)
		return err_set(e, ERR_INVALID, "the section \"links %s\" has "
		    "no target", s->tables);
	return true;
}

static bool
map_whole(const struct map *map, struct err *e)
{
	for (size_t i = 0; i < map->sections.count; i++) {
		const struct map_section *s = &map->sections.item[i];

		if (!section_whole(s, e))
			return err_wrap(e, "%s:%u", map->file, s->line);
	}
	return map->sections.count > 0 || err_set(e, ERR_INVALID,
	    "%s:1: no section (domains, links, users, aliases)", map->file);
}

bool
map_read(struct arena *a, const char *file, const char *text, size_t len,
    struct map *map, struct err *e)
{
	const char *end = text + len;
	unsigned number = 1;

	*map = (struct map){ .file = arena_strdup(a, file) };
	if (memchr(text, '\0', len) != NULL || !utf8_valid(text, len))
		return err_set(e, ERR_INVALID, "%s:1: not a text in UTF-8",
		    file);
	for (const char *p = text; p < end; number++) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		size_t line = (size_t)((nl != NULL ? nl : end) - p);
		struct reading r = { .arena = a,
		    .p = arena_strndup(a, p, line) };

		if (!line_read(&r, map, number, e))
			return err_wrap(e, "%s:%u", file, number);
		p += line + (nl != NULL);
	}
	return map_whole(map, e);
}

void
map_clear(struct map *map)
{
	for (size_t i = 0; i < map->sections.count; i++) {
		struct map_section *s = &map->sections.item[i];

		for (size_t k = 0; k < s->expressions.count; k++)
			VECTOR_CLEAR(&s->expressions.item[k].parts);
		VECTOR_CLEAR(&s->expressions);
		VECTOR_CLEAR(&s->joins);
		VECTOR_CLEAR(&s->rules);
		VECTOR_CLEAR(&s->unread);
		VECTOR_CLEAR(&s->select.joins);
		VECTOR_CLEAR(&s->select.order);
	}
	VECTOR_CLEAR(&map->sections);
	VECTOR_CLEAR(&map->names);
}

bool
map_pattern_fits(const char *text, const char *pattern)
{
	size_t len = strlen(pattern);

	if (len > 0 && pattern[len - 1] == '*')
		return strncasecmp(text, pattern, len - 1) == 0;
	return strcasecmp(text, pattern) == 0;
}

bool
map_is_of(const struct map *map, const char *family)
{
	return family == NULL || words_have(&map->families, family);
}

const struct map_expression *
map_expression_of(const struct map_section *s, enum map_attribute attribute,
    size_t n)
{
	for (size_t i = 0; i < s->expressions.count; i++) {
		if (s->expressions.item[i].attribute == attribute && n-- == 0)
			return &s->expressions.item[i];
	}
	return NULL;
}
