/*
 * Any bytes as a map of another system's tables: refused with a line, or it
 * fits a database or says which column it lacks.
 */
#include <stdlib.h>
#include <string.h>

#include "model/foreign/map.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len);

static const struct {
	const char *table;
	const char *column;
	bool number;
} columns[] = {
	{ "domains", "id", true }, { "domains", "name", false },
	{ "users", "id", true }, { "users", "domain_id", true },
	{ "users", "email", false }, { "users", "password", false },
	{ "users", "active", true }, { "users", "created", false },
	{ "old_users", "email", false }, { "old_users", "password", false },
	{ "aliases", "source", false }, { "aliases", "destination", false },
};

static void
catalogue_make(struct foreign_catalogue *c)
{
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		struct foreign_table *t;
		struct foreign_column *column;

		if (i == 0 || strcmp(columns[i].table,
		    columns[i - 1].table) != 0)
			VECTOR_ADD(&c->tables)->name = columns[i].table;
		t = &c->tables.item[c->tables.count - 1];
		column = VECTOR_ADD(&t->columns);
		column->name = columns[i].column;
		column->type = columns[i].number ? "int" : "varchar";
		column->number = columns[i].number;
	}
}

/* Every column that was found is one of its table. */
static void
section_is_bound(const struct map_section *s)
{
	size_t cells = 0;

	if (s->select.table == NULL)
		return;
	cells = s->select.table->columns.count;
	for (size_t i = 0; i < s->select.joins.count; i++) {
		const struct foreign_join *j = &s->select.joins.item[i];

		BUG_ON(j->of > i || j->key >= j->table->columns.count);
		cells += j->table->columns.count;
	}
	for (size_t i = 0; i < s->expressions.count; i++) {
		const struct map_expression *x = &s->expressions.item[i];

		BUG_ON(x->parts.count == 0);
		for (size_t k = 0; k < x->parts.count; k++)
			BUG_ON(x->parts.item[k].cell >= (ptrdiff_t)cells);
	}
	for (size_t i = 0; i < s->unread.count; i++)
		BUG_ON(s->unread.item[i].cell < 0 ||
		    s->unread.item[i].cell >= (ptrdiff_t)cells);
}

static void
map_fits_or_says(struct arena *a, struct map *map)
{
	struct foreign_catalogue c = { 0 };
	const char *lacking = NULL;

	catalogue_make(&c);
	if (map_fit(a, map, &c, NULL, &lacking)) {
		BUG_ON(map->name == NULL || map->prefix == NULL);
		for (size_t i = 0; i < map->sections.count; i++)
			section_is_bound(&map->sections.item[i]);
	} else {
		BUG_ON(lacking == NULL || *lacking == '\0');
	}
	map_wants(map);
	foreign_catalogue_clear(&c);
}

int
LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	struct map_expression x;
	struct arena a = { 0 };
	struct err e = { 0 };
	struct map map;

	if (map_read(&a, "fuzz", (const char *)bytes, len, &map, &e)) {
		BUG_ON(e.code != ERR_NONE || map.sections.count == 0);
		map_fits_or_says(&a, &map);
	} else {
		BUG_ON(e.code != ERR_INVALID);
		BUG_ON(strncmp(e.text, "fuzz:", 5) != 0 ||
		    strtoul(e.text + 5, NULL, 10) == 0);
	}
	map_clear(&map);
	if (map_expression_read(&a, arena_strndup(&a, (const char *)bytes,
	    len), &x, &e))
		VECTOR_CLEAR(&x.parts);
	err_clear(&e);
	arena_clear(&a);
	return 0;
}
