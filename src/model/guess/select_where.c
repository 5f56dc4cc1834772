/* The conditions of a query. */
#include <string.h>
#include <strings.h>

#include "model/guess/private.h"

static void condition_read(struct select_reader *r, struct select *s);

static void
condition_add(struct select_reader *r, struct select *s,
    struct select_condition c)
{
	s->condition = arena_grown(r->arena, s->condition, s->conditions,
	    sizeof(*s->condition));
	s->condition[s->conditions++] = c;
}

/* The right side is the flag that a bare COLUMN, or NOT COLUMN, asks for. */
static void
right_add(struct select_reader *r, struct select_condition *c,
    struct select_value v)
{
	c->right = arena_grown(r->arena, c->right, c->rights,
	    sizeof(*c->right));
	c->right[c->rights++] = v;
}

static struct select_value
text_value(struct select_reader *r, const char *text)
{
	struct select_value v = { .count = 1, .unit = 1 };

	v.part = arena_alloc(r->arena, sizeof(*v.part));
	v.part->text = text;
	return v;
}

/* --- one -------------------------------------------------------------- */

/* Behind IN: the values in brackets, or a query, which is not known. */
static void
list_read(struct select_reader *r, struct select_condition *c)
{
	if (!select_word_take(r, "("))
		return;
	do {
		struct select_value v = select_value_read(r);

		if (v.count > 0)
			right_add(r, c, v);
		else
			c->left.count = 0;
	} while (select_word_take(r, ","));
	if (!select_word_is(r, ")"))
		c->left.count = 0;
	select_brackets_skip(r);
}

static bool
begins_comparison(struct select_reader *r, struct select_condition *c)
{
	static const struct {
		const char *sign;
		enum select_relation relation;
	} signs[] = {
		{ "=", SELECT_IS }, { "<=>", SELECT_IS },
		{ "like", SELECT_LIKE }, { "<>", SELECT_IS_NOT },
		{ "!=", SELECT_IS_NOT }, { ">", SELECT_AFTER },
		{ ">=", SELECT_AFTER },
	};

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		if (!select_word_take(r, signs[i].sign))
			continue;
		c->relation = signs[i].relation;
		return true;
	}
	return false;
}

static bool
negated(struct select_condition *c, bool opposite)
{
	if (opposite && c->relation == SELECT_IS)
		c->relation = SELECT_IS_NOT;
	else if (opposite && c->relation == SELECT_IS_NOT)
		c->relation = SELECT_IS;
	return !opposite || (c->relation != SELECT_AFTER &&
	    c->relation != SELECT_LIKE);
}

/* Behind IS: [NOT] NULL, or [NOT] TRUE, which is a flag. */
static bool
is_read(struct select_reader *r, struct select_condition *c)
{
	bool opposite = select_word_take(r, "not");

	if (select_word_take(r, "null")) {
		c->relation = opposite ? SELECT_NOT_NULL : SELECT_NULL;
		return true;
	}
	if (!select_word_is(r, "true") && !select_word_is(r, "false"))
		return false;
	c->relation = SELECT_IS;
	right_add(r, c, select_value_read(r));
	return negated(c, opposite);
}

/* A date may be over; what else is more than a number is not known. */
static bool
is_comparable(const struct select_condition *c)
{
	const struct select_value *v = &c->right[0];

	return v->count > 0 && (c->relation != SELECT_AFTER ||
	    (v->count == 1 && v->part[0].column == NULL &&
	    strcmp(v->part[0].text, "now") == 0));
}

/* What stands behind the left side; false: it is not known. */
static bool
relation_read(struct select_reader *r, struct select_condition *c)
{
	bool opposite = false;

	if (select_word_take(r, "is"))
		return is_read(r, c);
	opposite = select_word_take(r, "not");
	if (select_word_take(r, "in")) {
		c->relation = SELECT_IS;
		list_read(r, c);
		return negated(c, opposite) && c->rights > 0;
	}
	if (begins_comparison(r, c)) {
		right_add(r, c, select_value_read(r));
		return negated(c, opposite) && is_comparable(c);
	}
	/* A column alone is a flag. */
	c->relation = SELECT_IS;
	right_add(r, c, text_value(r, "1"));
	return !opposite;
}

/* To what joins it with the next one. */
static bool
ends_condition(const struct select_reader *r)
{
	static const char *const words[] = { "and", "&&", "or", "||", ")",
	    ";", "union", "limit", "order", "group", "having", "procedure",
	    "where", "join", "left", "right", "inner", "outer", "cross",
	    "natural", "straight_join", "," };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (select_word_is(r, words[i]))
			return true;
	}
	return r->word.kind == SELECT_WORD_END;
}

static void
comparison_read(struct select_reader *r, struct select *s, bool opposite)
{
	struct select_condition c = { .left = select_value_read(r) };
	bool known = relation_read(r, &c) && negated(&c, opposite) &&
	    c.left.count > 0;

	if (!ends_condition(r)) {
		known = false;
		while (!ends_condition(r)) {
			if (select_word_take(r, "("))
				select_brackets_skip(r);
			else
				select_word_next(r);
		}
	}
	if (known)
		condition_add(r, s, c);
	else
		s->unread++;
}

/* A bracket around conditions, and not around a value. */
static bool
brackets_condition(struct select_reader *r, struct select *s)
{
	struct select_reader before = *r;
	struct select was = *s;

	if (!select_word_take(r, "("))
		return false;
	select_conditions_read(r, s);
	if (select_word_take(r, ")") && ends_condition(r))
		return true;
	*r = before;
	*s = was;
	return false;
}

static void
condition_read(struct select_reader *r, struct select *s)
{
	bool opposite = false;

	while (select_word_take(r, "not") || select_word_take(r, "!"))
		opposite = !opposite;
	if (!opposite && brackets_condition(r, s))
		return;
	comparison_read(r, s, opposite);
}

/* --- all -------------------------------------------------------------- */

static bool
is_same_column(const struct select_condition *a,
    const struct select_condition *b)
{
	return a->left.count == 1 && b->left.count == 1 &&
	    a->left.part->column != NULL && b->left.part->column != NULL &&
	    strcasecmp(a->left.part->column, b->left.part->column) == 0;
}

/* Asks for something of a row: not '%s' NOT IN (...), not IS NULL. */
static bool
says_something(const struct select_condition *c)
{
	if (c->relation == SELECT_NULL || c->relation == SELECT_NOT_NULL)
		return false;
	for (size_t i = 0; i < c->left.count; i++) {
		if (c->left.part[i].column != NULL)
			return true;
	}
	for (size_t i = 0; c->rights == 1 && i < c->right[0].count; i++) {
		if (c->right[0].part[i].column != NULL)
			return true;
	}
	return false;
}

static bool
begins_with_variable(const struct select_value *v)
{
	return v->count > 0 && v->part[0].column == NULL &&
	    strchr("%@", v->part[0].text[0]) != NULL;
}

/*
 * Several of which one must hold: of one column, with values (IN), or with
 * the key, of which the first says enough.  False: they are not understood.
 */
static bool
alternatives_join(struct select_reader *r, struct select *s, size_t first)
{
	struct select_condition *all = NULL;

	for (size_t i = first; i < s->conditions; i++) {
		struct select_condition *c = &s->condition[i];

		if (!says_something(c))
			continue;
		if (all == NULL) {
			s->condition[first] = *c;
			all = &s->condition[first];
		} else if (!is_same_column(all, c) || c->relation !=
		    all->relation || all->relation == SELECT_IS_NOT) {
			return false;
		} else {
			for (size_t k = 0; k < c->rights; k++)
				right_add(r, all, c->right[k]);
		}
	}
	if (all != NULL && begins_with_variable(&all->right[0]))
		all->rights = 1;
	s->conditions = first + (all != NULL ? 1 : 0);
	return true;
}

static void
all_read(struct select_reader *r, struct select *s)
{
	do {
		condition_read(r, s);
	} while (select_word_take(r, "and") || select_word_take(r, "&&"));
}

void
select_conditions_read(struct select_reader *r, struct select *s)
{
	size_t first = s->conditions, unread = s->unread;
	bool several = false;

	if (r->depth >= SELECT_DEPTH_MAX) {
		s->unread++;
		return;
	}
	r->depth++;
	all_read(r, s);
	while (select_word_take(r, "or") || select_word_take(r, "||")) {
		several = true;
		all_read(r, s);
	}
	r->depth--;
	if (several && (s->unread > unread || !alternatives_join(r, s,
	    first))) {
		s->conditions = first;
		s->unread = unread + 1;
	}
}
