/* What a source is, and which of its tables and columns are read. */
#include <string.h>

#include "model/foreign/private.h"

/* --- columns of a map -------------------------------------------------- */

/* "d.name" where it is of a joined table. */
static const char *
column_name(struct arena *a, const struct map_section *s,
    const struct map_column *c)
{
	const struct foreign_table *t = map_table_at(s, c->of);
	const char *name = t->columns.item[c->column].name;

	return c->of == 0 ? name : arena_printf(a, "%s.%s", t->name, name);
}

/* "local_part + 'x'"; NULL: none of its columns exists. */
static const char *
parts_name(struct arena *a, const struct map_section *s,
    const struct map_expression *x)
{
	const char *all = NULL;
	bool column = false;

	for (size_t i = 0; i < x->parts.count; i++) {
		const struct map_column *c = &x->parts.item[i];
		const char *one = c->text != NULL ? arena_printf(a, "'%s'",
		    c->text) : NULL;

		if (one == NULL && c->cell < 0)
			continue;
		column |= one == NULL;
		one = one != NULL ? one : column_name(a, s, c);
		all = all == NULL ? one : arena_printf(a, "%s + %s", all,
		    one);
	}
	return column ? all : NULL;
}

/* "email = username, password, quota" */
static const char *
columns_name(struct arena *a, const struct map_section *s)
{
	struct words names = { 0 };

	for (size_t i = 0; i < s->expressions.count; i++) {
		const struct map_expression *x = &s->expressions.item[i];
		const char *parts = parts_name(a, s, x);
		const char *word = map_attribute_word(s->kind, x->attribute);

		if (parts == NULL)
			continue;
		words_add(a, &names, !x->negated && strcmp(parts, word) ==
		    0 ? word : arena_printf(a, "%s = %s%s", word,
		    x->negated ? "not " : "", parts));
	}
	return words_joined(a, &names, ", ");
}

static bool
part_add(struct importing *i, struct db *db, const struct foreign_table *t,
    const char *use, const char *columns, struct err *e)
{
	struct foreign_part *part = VECTOR_ADD(&i->from->parts);

	part->table = arena_strdup(i->arena, t->name);
	part->use = use;
	part->columns = columns;
	return foreign_count(db, t, &part->rows, e);
}

bool
map_parts_add(struct importing *i, struct db *db, const struct map *map,
    struct err *e)
{
	static const char *const uses[] = { [MAP_DOMAINS] = "domains",
	    [MAP_LINKS] = "alias domains", [MAP_USERS] = "users",
	    [MAP_ALIASES] = "aliases" };

	for (size_t n = 0; n < map->sections.count; n++) {
		const struct map_section *s = &map->sections.item[n];

		if (s->select.table != NULL && s->kind != MAP_LOST &&
		    !part_add(i, db, s->select.table, uses[s->kind],
		    columns_name(i->arena, s), e))
			return false;
	}
	return true;
}

/* --- tables that no map reads ------------------------------------------ */

static const char *
all_columns(struct arena *a, const struct foreign_table *t)
{
	struct words names = { 0 };

	for (size_t i = 0; i < t->columns.count; i++)
		words_add(a, &names, t->columns.item[i].name);
	return words_joined(a, &names, ", ");
}

/* Of the map of which the largest part exists, if half of it does. */
static const char *
closest(struct importing *i, const struct maps *maps,
    const struct foreign_catalogue *catalogue)
{
	const char *said = NULL;
	size_t best_has = 0, best_wants = 1;

	for (size_t n = 0; n < maps->count; n++) {
		const struct map *map = &maps->item[n];
		struct words lacking = { 0 };
		size_t wants = map_wants(map);
		size_t has = map_has(i->arena, map, catalogue, &lacking);

		if (lacking.count == 0 || 2 * has < wants ||
		    has * best_wants <= best_has * wants)
			continue;
		best_has = has;
		best_wants = wants;
		said = arena_printf(i->arena, "%s, which also has %s",
		    map->names.count > 0 ? map->names.item[0].text :
		    map->file, words_joined(i->arena, &lacking, ", "));
	}
	return said;
}

bool
map_tables_show(struct importing *i, struct db *db, const struct maps *maps,
    const struct foreign_catalogue *catalogue, struct err *e)
{
	if (i->from->whose == FOREIGN_UNKNOWN)
		i->from->found = closest(i, maps, catalogue);
	for (size_t n = 0; n < catalogue->tables.count; n++) {
		const struct foreign_table *t = &catalogue->tables.item[n];

		if (!part_add(i, db, t, NULL, all_columns(i->arena, t), e))
			return false;
	}
	return true;
}
