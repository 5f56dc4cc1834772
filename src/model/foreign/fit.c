/* Maps: which tables and columns of a database they mean. */
#include <string.h>
#include <strings.h>

#include "model/foreign/map.h"

struct fitting {
	struct arena *arena;
	const struct foreign_catalogue *catalogue;
	const char *prefix;
	const char *lacking;	/* the first column that is not there */
};

const struct foreign_table *
map_table_find(struct arena *a, const struct foreign_catalogue *catalogue,
    const char *prefix, const char *names)
{
	for (const char *p = names; ; p++) {
		size_t len = strcspn(p, "|");
		const struct foreign_table *t = foreign_table_find(
		    catalogue, arena_printf(a, "%s%.*s", prefix, (int)len,
		    p));

		p += len;
		if (t != NULL || *p == '\0')
			return t;
	}
}

static const struct foreign_table *
table_of(const struct fitting *f, const char *names)
{
	return map_table_find(f->arena, f->catalogue, f->prefix, names);
}

/* False. */
static bool
lacking_column(struct fitting *f, const char *tables, const char *columns)
{
	int table = (int)strcspn(tables, "|"), column =
	    (int)strcspn(columns, "|");

	f->lacking = arena_printf(f->arena, "%s%.*s.%.*s", f->prefix, table,
	    tables, column, columns);
	return false;
}

/* --- columns ---------------------------------------------------------- */

enum wanted { ANY, NO_NUMBER, NO_PROSE, ONLY_NUMBER };

/* Numbers are no names, and long texts no flags. */
static bool
is_wanted(const struct foreign_column *c, enum wanted wanted)
{
	bool prose = strstr(c->type, "text") != NULL ||
	    strstr(c->type, "blob") != NULL;

	return wanted == ANY || (wanted == NO_NUMBER && !c->number) ||
	    (wanted == NO_PROSE && !prose) ||
	    (wanted == ONLY_NUMBER && c->number);
}

/* "email", or "d.name" of a join that exists. */
static bool
column_is(const struct map_section *s, struct map_column *c,
    const char *name, enum wanted wanted)
{
	const char *dot = strchr(name, '.');
	const struct foreign_table *table;
	ptrdiff_t n;
	size_t of = 0;

	for (size_t i = 0; dot != NULL && i < s->joins.count; i++) {
		const char *join = s->joins.item[i].name;

		if (strncmp(join, name, (size_t)(dot - name)) == 0 &&
		    join[dot - name] == '\0')
			of = s->joins.item[i].of;
	}
	if (dot != NULL && of == 0)
		return false;
	table = map_table_at(s, of);
	n = foreign_column_find(table, dot != NULL ? dot + 1 : name);
	if (n < 0 || !is_wanted(&table->columns.item[n], wanted))
		return false;
	c->of = of;
	c->column = (size_t)n;
	c->cell = (ptrdiff_t)map_cells_before(s, of) + n;
	return true;
}

static bool
column_fit(struct fitting *f, struct map_section *s, struct map_column *c,
    enum wanted wanted)
{
	c->cell = -1;
	if (c->text != NULL)
		return true;
	for (const char *p = c->names; ; p++) {
		size_t len = strcspn(p, "|");

		if (column_is(s, c, arena_strndup(f->arena, p, len),
		    wanted))
			return true;
		p += len;
		if (*p == '\0')
			break;
	}
	return c->optional || lacking_column(f, s->tables, c->names);
}

/* --- sections --------------------------------------------------------- */

static bool
join_fit(struct fitting *f, struct map_section *s, struct map_join *j)
{
	const struct foreign_table *table = table_of(f, j->table);
	struct foreign_join *join;
	ptrdiff_t key = -1;

	j->of = 0;
	j->matched = 0;
	for (const char *p = j->key; table != NULL && key < 0; p++) {
		size_t len = strcspn(p, "|");

		key = foreign_column_find(table, arena_strndup(f->arena, p,
		    len));
		p += len;
		if (*p == '\0')
			break;
	}
	j->column.optional |= j->optional;
	if (key < 0)
		return j->optional || lacking_column(f, j->table, j->key);
	if (!column_fit(f, s, &j->column, table->columns.item[key].number ?
	    ONLY_NUMBER : NO_NUMBER))
		return false;
	if (j->column.cell < 0)
		return true;
	join = VECTOR_ADD(&s->select.joins);
	*join = (struct foreign_join){ table, (size_t)key, j->column.of,
	    j->column.column };
	j->of = s->select.joins.count;
	j->key_cell = map_cells_before(s, j->of) + (size_t)key;
	return true;
}

/* What columns an attribute may have. */
static enum wanted
wanted_of(enum map_attribute attribute)
{
	switch (attribute) {
	case MAP_NAME_OF: case MAP_AT: case MAP_TARGET: case MAP_PASSWORD:
	case MAP_DESTINATION: case MAP_DESTINATION_AT: case MAP_HOME:
		return NO_NUMBER;
	default:
		return attribute < MAP_FLAGS ? NO_PROSE : ANY;
	}
}

/* Rows are sorted by their names, which losses are listed by. */
static void
order_fit(struct map_section *s)
{
	const struct map_expression *x = map_expression_of(s, MAP_NAME_OF, 0);

	for (size_t i = 0; i < x->parts.count; i++) {
		const struct map_column *c = &x->parts.item[i];

		if (c->cell >= 0 && c->of == 0)
			*VECTOR_ADD(&s->select.order) = c->column;
	}
}

/* A column is the address or the name of a person, not both. */
static void
description_fit(struct map_section *s)
{
	const struct map_column *name = &map_expression_of(s, MAP_NAME_OF,
	    0)->parts.item[0];

	for (size_t i = 0; i < s->expressions.count; i++) {
		struct map_expression *x = &s->expressions.item[i];

		if (x->attribute == MAP_DESCRIPTION &&
		    x->parts.item[0].cell == name->cell)
			x->parts.item[0].cell = -1;
	}
}

static void
section_reset(struct map_section *s)
{
	s->select.table = NULL;
	s->select.joins.count = 0;
	s->select.order.count = 0;
}

static bool
section_fit(struct fitting *f, struct map_section *s)
{
	const struct map_expression *name = map_expression_of(s, MAP_NAME_OF,
	    0);

	section_reset(s);
	s->select.table = table_of(f, s->tables);
	if (s->select.table == NULL)
		return s->optional || lacking_column(f, s->tables,
		    name->parts.item[0].names != NULL ?
		    name->parts.item[0].names : "*");
	for (size_t i = 0; i < s->joins.count; i++) {
		if (!join_fit(f, s, &s->joins.item[i]))
			return false;
	}
	for (size_t i = 0; i < s->expressions.count; i++) {
		struct map_expression *x = &s->expressions.item[i];

		for (size_t k = 0; k < x->parts.count; k++) {
			if (!column_fit(f, s, &x->parts.item[k],
			    wanted_of(x->attribute)))
				return false;
		}
	}
	for (size_t i = 0; i < s->rules.count; i++) {
		struct map_rule *r = &s->rules.item[i];

		r->column.optional |= r->kind > MAP_WHEN_NOT;
		if (!column_fit(f, s, &r->column, ANY))
			return false;
	}
	description_fit(s);
	order_fit(s);
	return true;
}

/* --- the whole -------------------------------------------------------- */

/*
 * A table that may be missing must be whole where it exists; but for alias
 * domains and what is only reported, which is what it is then.
 */
static bool
sections_fit(struct fitting *f, struct map *map)
{
	for (size_t i = 0; i < map->sections.count; i++) {
		struct map_section *s = &map->sections.item[i];

		if (section_fit(f, s))
			continue;
		if (!s->optional || (s->select.table != NULL &&
		    s->kind != MAP_LINKS && s->kind != MAP_LOST))
			return false;
		section_reset(s);
	}
	return true;
}

static void
name_fit(const struct fitting *f, struct map *map)
{
	map->name = map->file;
	for (size_t i = 0; i < map->names.count; i++) {
		const struct map_name *n = &map->names.item[i];
		size_t len = n->column != NULL ? strcspn(n->column, ".") : 0;
		const struct foreign_table *t = len == 0 ? NULL :
		    table_of(f, arena_strndup(f->arena, n->column, len));

		if (len == 0 || (t != NULL && foreign_column_find(t,
		    n->column + len + 1) >= 0)) {
			map->name = n->text;
			return;
		}
	}
}

static bool
needs_fit(struct fitting *f, const struct map *map)
{
	for (size_t i = 0; i < map->needs.count; i++) {
		const char *name = map->needs.word[i];
		size_t len = strcspn(name, ".");
		const struct foreign_table *t = table_of(f, arena_strndup(
		    f->arena, name, len));

		if (t == NULL || foreign_column_find(t, name + len + 1) < 0) {
			f->lacking = arena_printf(f->arena, "%s%s",
			    f->prefix, name);
			return false;
		}
	}
	return true;
}

static bool
fit_with(struct fitting *f, struct map *map, const char *prefix)
{
	f->prefix = prefix;
	if (!needs_fit(f, map) || !sections_fit(f, map))
		return false;
	map->prefix = prefix;
	name_fit(f, map);
	map_unread_fit(map);
	return true;
}

const char *
map_prefix_of(struct arena *a, const struct map *map, const char *table)
{
	size_t len = strlen(table);

	for (const char *p = map->sections.item[0].tables; ; p++) {
		size_t n = strcspn(p, "|");

		if (n < len && strncasecmp(table + len - n, p, n) == 0)
			return arena_strndup(a, table, len - n);
		p += n;
		if (*p == '\0')
			return NULL;
	}
}

static size_t
tables_found(const struct map *map)
{
	size_t found = 0;

	for (size_t i = 0; i < map->sections.count; i++)
		found += map->sections.item[i].select.table != NULL;
	return found;
}

/*
 * The prefix with which most tables exist; of two that are as good, no
 * prefix is better than one, and else it is a question.
 */
static bool
prefix_fit(struct fitting *f, struct map *map)
{
	bool fits = fit_with(f, map, "");
	const char *best = fits ? "" : NULL, *other = NULL;
	const char *first = f->lacking;
	size_t most = fits ? tables_found(map) : 0;

	for (size_t i = 0; i < f->catalogue->tables.count; i++) {
		const char *prefix = map_prefix_of(f->arena, map,
		    f->catalogue->tables.item[i].name);
		size_t found;

		if (prefix == NULL || *prefix == '\0' || !fit_with(f, map,
		    prefix) || (best != NULL && strcmp(best, prefix) == 0))
			continue;
		found = tables_found(map);
		if (found == most && *best != '\0')
			other = prefix;
		if (found <= most)
			continue;
		most = found;
		best = prefix;
		other = NULL;
	}
	f->lacking = first;
	if (other != NULL)
		f->lacking = arena_printf(f->arena, "one prefix (%s and %s "
		    "fit, see --table-prefix)", best, other);
	return best != NULL && other == NULL && fit_with(f, map, best);
}

bool
map_fit(struct arena *a, struct map *map,
    const struct foreign_catalogue *catalogue, const char *prefix,
    const char **missing)
{
	struct fitting f = { .arena = a, .catalogue = catalogue };
	bool ok = prefix != NULL ? fit_with(&f, map, prefix) :
	    prefix_fit(&f, map);

	*missing = f.lacking;
	return ok;
}
