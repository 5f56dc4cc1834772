/* Maps: how much of one exists in a database that it does not fit. */
#include <string.h>

#include "model/foreign/private.h"

struct nearness {
	struct arena *arena;
	const struct foreign_catalogue *catalogue;
	const char *prefix;
	size_t has;
	struct words lacking;
};

static const struct foreign_table *
table_of(const struct nearness *n, const char *names)
{
	return map_table_find(n->arena, n->catalogue, n->prefix, names);
}

/* The table of a name such as "d.name", or that of the section. */
static const struct foreign_table *
table_for(const struct nearness *n, const struct map_section *s,
    const char *name)
{
	const char *dot = strchr(name, '.');

	if (dot == NULL)
		return table_of(n, s->tables);
	for (size_t i = 0; i < s->joins.count; i++) {
		const struct map_join *j = &s->joins.item[i];

		if (strncmp(j->name, name, (size_t)(dot - name)) == 0 &&
		    j->name[dot - name] == '\0')
			return table_of(n, j->table);
	}
	return NULL;
}

/* Is one of "name|domain|d.name" there? */
static bool
is_there(const struct nearness *n, const struct map_section *s,
    const char *names)
{
	for (const char *p = names; ; p++) {
		size_t len = strcspn(p, "|");
		const char *name = arena_strndup(n->arena, p, len);
		const struct foreign_table *t = table_for(n, s, name);
		const char *dot = strchr(name, '.');

		if (t != NULL && foreign_column_find(t, dot != NULL ?
		    dot + 1 : name) >= 0)
			return true;
		p += len;
		if (*p == '\0')
			return false;
	}
}

static void
column_count(struct nearness *n, const struct map_section *s,
    const struct map_column *c)
{
	if (c->names == NULL || c->optional)
		return;
	if (is_there(n, s, c->names))
		n->has++;
	else
		words_add(n->arena, &n->lacking, arena_printf(n->arena,
		    "%s%.*s.%.*s", n->prefix, (int)strcspn(s->tables, "|"),
		    s->tables, (int)strcspn(c->names, "|"), c->names));
}

/* TABLE.COLUMN */
static void
need_count(struct nearness *n, const char *need)
{
	size_t len = strcspn(need, ".");
	const struct foreign_table *t = table_of(n, arena_strndup(n->arena,
	    need, len));

	if (t != NULL && foreign_column_find(t, need + len + 1) >= 0)
		n->has++;
	else
		words_add(n->arena, &n->lacking, arena_printf(n->arena,
		    "%s%s", n->prefix, need));
}

static struct nearness
nearness_with(struct arena *a, const struct map *map,
    const struct foreign_catalogue *catalogue, const char *prefix)
{
	struct nearness n = { a, catalogue, prefix, 0, { 0 } };

	for (size_t i = 0; i < map->needs.count; i++)
		need_count(&n, map->needs.word[i]);
	for (size_t i = 0; i < map->sections.count; i++) {
		const struct map_section *s = &map->sections.item[i];

		for (size_t k = 0; !s->optional && k < s->expressions.count;
		    k++) {
			const struct map_expression *x =
			    &s->expressions.item[k];

			for (size_t p = 0; p < x->parts.count; p++)
				column_count(&n, s, &x->parts.item[p]);
		}
	}
	return n;
}

size_t
map_has(struct arena *a, const struct map *map,
    const struct foreign_catalogue *catalogue, struct words *lacking)
{
	struct nearness best = nearness_with(a, map, catalogue, "");

	for (size_t i = 0; i < catalogue->tables.count; i++) {
		const char *prefix = map_prefix_of(a, map,
		    catalogue->tables.item[i].name);
		struct nearness n;

		if (prefix == NULL)
			continue;
		n = nearness_with(a, map, catalogue, prefix);
		if (n.has > best.has)
			best = n;
	}
	*lacking = best.lacking;
	return best.has;
}

size_t
map_wants(const struct map *map)
{
	size_t wants = map->needs.count;

	for (size_t i = 0; i < map->sections.count; i++) {
		const struct map_section *s = &map->sections.item[i];

		for (size_t k = 0; !s->optional && k < s->expressions.count;
		    k++) {
			const struct map_expression *x =
			    &s->expressions.item[k];

			for (size_t n = 0; n < x->parts.count; n++)
				wants += x->parts.item[n].names != NULL &&
				    !x->parts.item[n].optional;
		}
		for (size_t k = 0; !s->optional && k < s->joins.count; k++)
			wants += !s->joins.item[k].optional;
		for (size_t k = 0; !s->optional && k < s->rules.count; k++)
			wants += s->rules.item[k].kind <= MAP_WHEN_NOT &&
			    !s->rules.item[k].column.optional;
	}
	return wants;
}
