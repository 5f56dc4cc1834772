/* Sections of the map: lines, expressions, joins. */
#include "model/guess/section.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* --- sections --------------------------------------------------------- */

const struct section *
section_find(const struct sections *all, enum map_kind kind,
    const char *table)
{
	for (size_t i = 0; i < all->count; i++) {
		if (all->item[i].kind == kind && strcasecmp(
		    all->item[i].table, table) == 0)
			return &all->item[i];
	}
	return NULL;
}

struct section *
section_of(struct sections *all, enum map_kind kind, const char *table)
{
	const struct section *found = section_find(all, kind, table);

	if (found != NULL)
		return &all->item[found - all->item];
	all->item = arena_grown(all->arena, all->item, all->count,
	    sizeof(*all->item));
	all->item[all->count] = (struct section){ .kind = kind,
	    .table = table };
	return &all->item[all->count++];
}

void
section_line(struct sections *all, struct section *s, const char *attribute,
    const char *expression)
{
	const char *line;

	if (expression == NULL)
		return;
	line = arena_printf(all->arena, "%s = %s", attribute, expression);
	if (map_attribute_find(s->kind, attribute) >= MAP_FLAGS) {
		if (words_have(&s->set, attribute))
			return;
		words_add(all->arena, &s->set, attribute);
	}
	if (!words_have(&s->lines, line))
		words_add(all->arena, &s->lines, line);
}

/* --- names ------------------------------------------------------------ */

/* What a map can name; NULL else. */
static const char *
plain_name(const char *name)
{
	for (const char *p = name; *p != '\0'; p++) {
		if (!isalnum((unsigned char)*p) && *p != '_' && *p != '$' &&
		    *p != '-' && (*p & 0x80) == 0)
			return NULL;
	}
	return *name != '\0' ? name : NULL;
}

static const char *
quoted_text(struct arena *a, const char *text)
{
	if (strpbrk(text, "\r\n") != NULL)
		return NULL;
	if (strchr(text, '\'') == NULL)
		return arena_printf(a, "'%s'", text);
	return strchr(text, '"') == NULL ? arena_printf(a, "\"%s\"", text) :
	    NULL;
}

size_t
section_table(const struct asked_query *q, const struct select_part *part)
{
	const struct select *s = q->select;

	for (size_t i = 0; part->table != NULL && i < s->tables; i++) {
		if (strcasecmp(s->table[i].alias, part->table) == 0)
			return i;
	}
	for (size_t i = 0; part->table != NULL && i < s->tables; i++) {
		if (strcasecmp(s->table[i].name, part->table) == 0)
			return i;
	}
	return q->main;
}

/* --- joins ------------------------------------------------------------ */

static bool
is_column(const struct select_value *v)
{
	return v->count == 1 && v->part[0].column != NULL;
}

/* The column with which the table goes with another one, and that one. */
static bool
join_find(const struct asked_query *q, size_t table,
    const struct select_part **key, const struct select_part **column,
    size_t after)
{
	for (size_t i = 0; i < q->select->conditions; i++) {
		const struct select_condition *c = &q->select->condition[i];
		const struct select_part *sides[2];

		if (c->relation != SELECT_IS || c->rights != 1 ||
		    !is_column(&c->left) || !is_column(&c->right[0]))
			continue;
		sides[0] = c->left.part;
		sides[1] = c->right[0].part;
		for (size_t k = 0; k < 2; k++) {
			size_t other = section_table(q, sides[1 - k]);

			if (section_table(q, sides[k]) != table ||
			    other == table || (other != q->main &&
			    other == after))
				continue;
			*key = sides[k];
			*column = sides[1 - k];
			return true;
		}
	}
	return false;
}

/*
 * Letters and digits alone.  It is that of the table, so that queries which
 * call it differently agree, but where one joins it twice.
 */
static const char *
join_name(struct arena *a, const struct asked_query *q, size_t table)
{
	const struct select_table *t = q->select->table;
	const char *from = t[table].name;
	char *name, *to;

	for (size_t i = 0; i < q->select->tables; i++) {
		if (i != table && strcasecmp(t[i].name, from) == 0)
			from = t[table].alias;
	}
	name = to = arena_strdup(a, from);
	for (; *from != '\0'; from++) {
		if (isalnum((unsigned char)*from))
			*to++ = *from;
	}
	*to = '\0';
	return *name != '\0' ? name : "other";
}

/*
 * Adds the join of the table, and before it those that it goes over; false:
 * there is none.  Tables in a circle end at `depth`.
 */
static bool
join_add(struct sections *all, struct section *s, const struct asked_query *q,
    size_t table, size_t after, size_t depth)
{
	const struct select_table *t = &q->select->table[table];
	const struct select_part *key, *column;
	const char *over = "", *line;
	size_t other;

	if (depth > q->select->tables || !join_find(q, table, &key, &column,
	    after))
		return false;
	other = section_table(q, column);
	if (other != q->main) {
		if (!join_add(all, s, q, other, table, depth + 1))
			return false;
		over = arena_printf(all->arena, "%s.", join_name(all->arena,
		    q, other));
	}
	if (plain_name(t->name) == NULL || plain_name(key->column) == NULL ||
	    plain_name(column->column) == NULL)
		return false;
	line = arena_printf(all->arena, "join %s %s.%s = %s%s",
	    join_name(all->arena, q, table), t->name, key->column, over,
	    column->column);
	if (!words_have(&s->joins, line))
		words_add(all->arena, &s->joins, line);
	return true;
}

/* --- expressions ------------------------------------------------------ */

/* The column of that table, by its join; NULL: there is none. */
static const char *
column_text(struct sections *all, struct section *s,
    const struct asked_query *q, size_t table, const char *column)
{
	if (table == q->main)
		return column;
	if (!join_add(all, s, q, table, q->main, 0))
		return NULL;
	return arena_printf(all->arena, "%s.%s", join_name(all->arena, q,
	    table), column);
}

/* Where no table is said, it is of the only one that has such a column. */
static const char *
any_column_text(struct sections *all, struct section *s,
    const struct asked_query *q, const char *column)
{
	const char *text = column;

	for (size_t i = 0; i < q->select->tables; i++) {
		const char *one = i == q->main ? NULL : column_text(all, s, q,
		    i, column);

		if (one != NULL)
			text = arena_printf(all->arena, "%s|%s", text, one);
	}
	return text;
}

static const char *
part_text(struct sections *all, struct section *s,
    const struct asked_query *q, const struct select_part *part)
{
	if (part->column == NULL)
		return quoted_text(all->arena, part->text);
	if (plain_name(part->column) == NULL)
		return NULL;
	return part->table == NULL ? any_column_text(all, s, q,
	    part->column) : column_text(all, s, q, section_table(q, part),
	    part->column);
}

const char *
section_expression(struct sections *all, struct section *s,
    const struct asked_query *q, const struct select_value *value)
{
	const char *text = NULL;

	for (size_t i = 0; i < value->count; i++) {
		const char *one = part_text(all, s, q, &value->part[i]);

		if (one == NULL)
			return NULL;
		text = text == NULL ? one : arena_printf(all->arena,
		    "%s + %s", text, one);
	}
	return text;
}
