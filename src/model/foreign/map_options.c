/* Maps: made of the options of the command. */
#include <string.h>

#include "base/ascii.h"
#include "model/foreign/private.h"

/* What the options are called, and what their items are without a name. */
static const struct option {
	const char *option;
	enum map_kind kind;
	const char *names[2];
} options[] = {
	{ "--domains", MAP_DOMAINS, { "domain" } },
	{ "--users", MAP_USERS, { "email", "password" } },
	{ "--aliases", MAP_ALIASES, { "mail", "destination" } },
};

/* The next item of a list with commas, outside of quotes. */
static const char *
item_next(struct arena *a, const char **p)
{
	const char *begin = *p;
	char quote = '\0';
	size_t len = 0;

	for (; begin[len] != '\0' && (quote != '\0' || begin[len] != ',');
	    len++) {
		if (quote == '\0' && (begin[len] == '\'' || begin[len] ==
		    '"'))
			quote = begin[len];
		else if (begin[len] == quote)
			quote = '\0';
	}
	*p = begin + len + (begin[len] == ',');
	return trimmed(a, begin, len, SPACES);
}

static bool
begins_rule(const char *item)
{
	static const char *const words[] = { "join ", "when ", "ignore ",
	    "say ", "drop " };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strncmp(item, words[i], strlen(words[i])) == 0)
			return true;
	}
	return false;
}

/* Another item of the option: a line of the section. */
static bool
item_add(struct text *t, const struct option *o, const char *item, size_t n,
    struct err *e)
{
	if (begins_rule(item) || strchr(item, '=') != NULL)
		text_addf(t, "%s\n", item);
	else if (n < 2 && o->names[n] != NULL)
		text_addf(t, "%s = %s\n", o->names[n], item);
	else
		return err_set(e, ERR_USAGE, "%s: expected ATTRIBUTE=COLUMN, "
		    "got \"%.60s\"", o->option, item);
	return true;
}

/*
 * The table of domains goes with every other one by its number, where both
 * have the columns.
 */
static void
join_add(struct arena *a, struct text *t, const char *domains)
{
	const char *dot = domains != NULL ? strchr(domains, '.') : NULL;
	const char *end;

	if (dot == NULL)
		return;
	end = dot + strcspn(dot, ",");
	text_addf(t, "join domain %.*s.id|domain_id? = domain_id?\n"
	    "at = domain.%s|domain?\n", (int)(dot - domains), domains,
	    trimmed(a, dot + 1, (size_t)(end - dot - 1), SPACES));
}

/* "TABLE.COLUMN,..." as the text of a section. */
static bool
section_text(struct arena *a, struct text *t, const struct option *o,
    const char *value, const char *domains, struct err *e)
{
	const char *first = item_next(a, &value);
	const char *dot = strchr(first, '.');
	bool ok = true;

	if (dot == NULL || dot == first)
		return err_set(e, ERR_USAGE, "%s: expected TABLE.COLUMN, got "
		    "\"%.60s\"", o->option, first);
	text_addf(t, "%s %.*s\n%s = %s\n", map_kind_words[o->kind],
	    (int)(dot - first), first, o->names[0], dot + 1);
	for (size_t n = 1; ok && *value != '\0'; n++)
		ok = item_add(t, o, item_next(a, &value), n, e);
	if (o->kind != MAP_DOMAINS && strstr(t->buf, "\nat =") == NULL &&
	    strstr(t->buf, "\nat=") == NULL)
		join_add(a, t, domains);
	return ok;
}

/* The sections go over to the map. */
static void
sections_move(struct map *map, struct map *from)
{
	for (size_t i = 0; i < from->sections.count; i++)
		*VECTOR_ADD(&map->sections) = from->sections.item[i];
	VECTOR_CLEAR(&from->sections);
	map_clear(from);
}

bool
map_of_options(struct arena *a, const struct foreign_options *from,
    struct map *map, struct err *e)
{
	const char *values[] = { from->domains, from->users, from->aliases };
	bool ok = true;

	*map = (struct map){ .file = "the options" };
	for (size_t i = 0; ok && i < 3; i++) {
		struct text t = TEXT_INIT;
		struct map one = { 0 };

		if (values[i] == NULL)
			continue;
		ok = section_text(a, &t, &options[i], values[i],
		    from->domains, e) && map_read(a, options[i].option,
		    t.buf, t.len, &one, e);
		text_clear(&t);
		sections_move(map, &one);
	}
	if (ok)
		*VECTOR_ADD(&map->names) = (struct map_name){
		    .text = "tables that the options name" };
	return ok;
}

/* --- --where ----------------------------------------------------------- */

/* [TABLE.]COLUMN=VALUE, or != */
static bool
where_read(struct arena *a, const char *text, const char **table,
    struct map_rule *rule, struct err *e)
{
	size_t len = strcspn(text, "=!"), skip = text[len] == '!' ? 2 : 1;
	const char *name = trimmed(a, text, len, SPACES), *dot, *value;

	if (*name == '\0' || text[len + skip - 1] != '=')
		return err_set(e, ERR_USAGE, "--where: expected COLUMN=VALUE, "
		    "got \"%.60s\"", text);
	value = trimmed(a, text + len + skip, strlen(text + len + skip),
	    SPACES "'\"");
	dot = strchr(name, '.');
	*table = dot == NULL ? NULL : arena_strndup(a, name,
	    (size_t)(dot - name));
	*rule = (struct map_rule){ .kind = MAP_WHERE, .negated = skip == 2,
	    .column = { .names = dot != NULL ? dot + 1 : name,
	    .optional = true, .cell = -1 } };
	words_add(a, &rule->values, value);
	return true;
}

bool
map_where(struct arena *a, const struct words *where, struct map *map,
    struct err *e)
{
	for (size_t i = 0; i < where->count; i++) {
		struct map_rule rule;
		const char *table = NULL;

		if (!where_read(a, where->word[i], &table, &rule, e))
			return false;
		rule.where = i;
		for (size_t n = 0; n < map->sections.count; n++) {
			struct map_section *s = &map->sections.item[n];

			if (table == NULL || strcmp(s->tables, table) == 0)
				*VECTOR_ADD(&s->rules) = rule;
		}
	}
	return true;
}
