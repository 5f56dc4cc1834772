/* Reading a query. */
#include "model/guess/select.h"

#include <string.h>

#include "model/guess/private.h"

/* --- columns ---------------------------------------------------------- */

static const char *
name_of(const struct select_value *v)
{
	return v->count == 1 && v->part[0].column != NULL ?
	    v->part[0].column : "";
}

static bool
ends_columns(const struct select_reader *r)
{
	return r->word.kind == SELECT_WORD_END || select_word_is(r, "from") ||
	    select_word_is(r, ")") || select_word_is(r, "union") ||
	    select_word_is(r, ";");
}

/* "CONCAT(…) AS home", "username user", "id" */
static void
column_read(struct select_reader *r, struct select *s)
{
	struct select_column c = { .value = select_value_read(r) };

	c.name = name_of(&c.value);
	if (select_word_take(r, "as") || (r->word.kind == SELECT_WORD_NAME &&
	    !ends_columns(r))) {
		c.name = r->word.text;
		select_word_next(r);
	}
	while (!ends_columns(r) && !select_word_is(r, ",")) {
		c.value.count = 0;
		if (select_word_take(r, "("))
			select_brackets_skip(r);
		else
			select_word_next(r);
	}
	s->column = arena_grown(r->arena, s->column, s->columns,
	    sizeof(*s->column));
	s->column[s->columns++] = c;
}

/* --- tables ----------------------------------------------------------- */

/* No alias, but what goes on. */
static bool
ends_table(const struct select_reader *r)
{
	static const char *const words[] = { "where", "on", "using", "join",
	    "inner", "left", "right", "cross", "outer", "natural", "union",
	    "limit", "order", "group", "straight_join", "use", "force" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (select_word_is(r, words[i]))
			return true;
	}
	return r->word.kind != SELECT_WORD_NAME;
}

/* [DATABASE.]TABLE [AS] ALIAS */
static bool
table_read(struct select_reader *r, struct select *s)
{
	struct select_table t;

	while (select_word_take(r, "("))
		;
	if (r->word.kind != SELECT_WORD_NAME || select_word_is(r, "select"))
		return false;
	t.name = r->word.text;
	select_word_next(r);
	while (select_word_take(r, ".")) {
		t.name = r->word.text;
		select_word_next(r);
	}
	t.alias = t.name;
	if (select_word_take(r, "as") || !ends_table(r)) {
		t.alias = r->word.text;
		select_word_next(r);
	}
	s->table = arena_grown(r->arena, s->table, s->tables,
	    sizeof(*s->table));
	s->table[s->tables++] = t;
	while (select_word_take(r, ")"))
		;
	return *t.name != '\0';
}

/* USING (COLUMN): the same one in the last two tables. */
static bool
using_read(struct select_reader *r, struct select *s)
{
	struct select_condition c = { .relation = SELECT_IS, .rights = 1 };
	struct select_part *part = arena_array(r->arena, 2, sizeof(*part));

	if (!select_word_take(r, "(") || r->word.kind != SELECT_WORD_NAME ||
	    s->tables < 2)
		return false;
	for (size_t i = 0; i < 2; i++)
		part[i] = (struct select_part){ .column = r->word.text,
		    .table = s->table[s->tables - 2 + i].alias };
	c.left = (struct select_value){ part, 1, 1 };
	c.right = arena_alloc(r->arena, sizeof(*c.right));
	*c.right = (struct select_value){ part + 1, 1, 1 };
	s->condition = arena_grown(r->arena, s->condition, s->conditions,
	    sizeof(*s->condition));
	s->condition[s->conditions++] = c;
	select_brackets_skip(r);
	return true;
}

/* A comma, or [LEFT OUTER] JOIN. */
static bool
goes_on(struct select_reader *r)
{
	static const char *const words[] = { "natural", "inner", "left",
	    "right", "cross", "outer" };

	if (select_word_take(r, ","))
		return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		select_word_take(r, words[i]);
	return select_word_take(r, "join") || select_word_take(r,
	    "straight_join");
}

static bool
tables_read(struct select_reader *r, struct select *s)
{
	do {
		if (!table_read(r, s))
			return false;
		if (select_word_take(r, "on"))
			select_conditions_read(r, s);
		else if (select_word_take(r, "using") && !using_read(r, s))
			return false;
		while (select_word_take(r, ")"))
			;
	} while (goes_on(r));
	return true;
}

/* --- the whole -------------------------------------------------------- */

static bool
whole_read(struct select_reader *r, struct select *s)
{
	while (select_word_take(r, "("))
		;
	if (!select_word_take(r, "select"))
		return false;
	while (select_word_take(r, "distinct") || select_word_take(r, "all"))
		;
	do {
		column_read(r, s);
	} while (select_word_take(r, ","));
	if (!select_word_take(r, "from") || !tables_read(r, s))
		return false;
	if (select_word_take(r, "where"))
		select_conditions_read(r, s);
	return true;
}

/* Rows that are not NULL count in no other way: not understood. */
static void
nulls_count(struct select *s)
{
	for (size_t i = 0; i < s->conditions; i++)
		s->unread += s->condition[i].relation == SELECT_NULL;
}

/* Behind UNION, wherever it stands, or at the end. */
static void
next_find(struct select_reader *r)
{
	while (r->word.kind != SELECT_WORD_END && !select_word_is(r,
	    "union"))
		select_word_next(r);
	if (select_word_take(r, "union") && !select_word_take(r, "all"))
		select_word_take(r, "distinct");
}

bool
select_read(struct arena *a, const char **query, struct select *s)
{
	struct select_reader r = { .arena = a, .p = *query };
	bool ok;

	*s = (struct select){ 0 };
	select_word_next(&r);
	ok = whole_read(&r, s);
	nulls_count(s);
	next_find(&r);
	*query = r.begin;
	return ok;
}
