/* Maps: the columns of a database that no part of them reads. */
#include <string.h>
#include <strings.h>

#include "model/foreign/map.h"

const struct foreign_table *
map_table_at(const struct map_section *s, size_t of)
{
	return of == 0 ? s->select.table : s->select.joins.item[of - 1].table;
}

size_t
map_cells_before(const struct map_section *s, size_t of)
{
	size_t cells = 0;

	for (size_t i = 0; i < of; i++)
		cells += map_table_at(s, i)->columns.count;
	return cells;
}

static bool
is_column(const struct map_column *c, size_t of, size_t column)
{
	return c->cell >= 0 && c->of == of && c->column == column;
}

/* Does the section read it, or say that it is nothing to read? */
bool
map_reads(const struct map_section *s, size_t of, size_t column)
{
	for (size_t i = 0; i < s->expressions.count; i++) {
		const struct map_expression *x = &s->expressions.item[i];

		for (size_t k = 0; k < x->parts.count; k++) {
			if (is_column(&x->parts.item[k], of, column))
				return true;
		}
	}
	for (size_t i = 0; i < s->rules.count; i++) {
		const struct map_rule *r = &s->rules.item[i];

		if (r->kind != MAP_SAY && r->kind != MAP_WHERE &&
		    (r->kind != MAP_IGNORE || r->values.count == 0) &&
		    is_column(&r->column, of, column))
			return true;
	}
	for (size_t i = 0; i < s->select.joins.count; i++) {
		const struct foreign_join *j = &s->select.joins.item[i];

		if ((of == i + 1 && column == j->key) ||
		    (of == j->of && column == j->column))
			return true;
	}
	return false;
}

/* When a row was made or changed is nothing that moves. */
static bool
is_stamp(const char *name)
{
	static const char *const starts[] = { "creat", "modif", "update",
	    "change_", "changed", "last_", "lastlogin", "added", "date_add",
	    "regist", "timestamp", "ts", "mtime", "ctime", NULL };

	for (int i = 0; starts[i] != NULL; i++) {
		size_t len = strlen(starts[i]);

		if (strncasecmp(name, starts[i], len) == 0 &&
		    (strcmp(starts[i], "ts") != 0 || name[len] == '\0'))
			return true;
	}
	return false;
}

static void
unread_add(struct map_section *s, size_t of)
{
	const struct foreign_table *t = map_table_at(s, of);

	for (size_t i = 0; i < t->columns.count; i++) {
		const struct foreign_column *c = &t->columns.item[i];
		struct map_column *unread;

		if (c->automatic || is_stamp(c->name) || map_reads(s, of, i))
			continue;
		unread = VECTOR_ADD(&s->unread);
		*unread = (struct map_column){ .names = c->name, .of = of,
		    .column = i, .cell = (ptrdiff_t)(map_cells_before(s, of) +
		    i) };
	}
}

/* Is the table read by a section of its own? */
static bool
has_section(const struct map *map, const struct foreign_table *table)
{
	for (size_t i = 0; i < map->sections.count; i++) {
		if (map->sections.item[i].select.table == table)
			return true;
	}
	return false;
}

/* A table that is joined to users is as good as columns of theirs. */
void
map_unread_fit(struct map *map)
{
	for (size_t i = 0; i < map->sections.count; i++) {
		struct map_section *s = &map->sections.item[i];

		s->unread.count = 0;
		if (s->select.table == NULL || s->kind == MAP_LOST ||
		    s->others_ignored)
			continue;
		unread_add(s, 0);
		for (size_t k = 0; s->kind <= MAP_USERS &&
		    k < s->select.joins.count; k++) {
			if (!has_section(map, s->select.joins.item[k].table))
				unread_add(s, k + 1);
		}
	}
}
