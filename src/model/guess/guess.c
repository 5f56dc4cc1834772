/* Guessing a map: from queries to its text. */
#include "model/guess/guess.h"

#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "model/guess/key.h"
#include "model/guess/section.h"

struct guessing {
	const struct guess *guess;
	struct sections sections;
	struct words unread;	/* the names of queries, and why */
};

void
guess_query_add(struct guess *g, enum guess_use use, const char *name,
    const char *text)
{
	if (!utf8_valid(name, strlen(name)) || !utf8_valid(text,
	    strlen(text)) || strpbrk(name, "\r\n") != NULL)
		return;
	g->query = arena_grown(g->arena, g->query, g->queries,
	    sizeof(*g->query));
	g->query[g->queries++] = (struct guess_query){ use, name, text };
}

static bool
is_of_postfix(enum guess_use use)
{
	return use != GUESS_PASSWORDS && use != GUESS_USERDB;
}

/* --- what the key is compared with ------------------------------------- */

/* The side of an equality that is no such part of the key. */
static const struct select_value *
compared_with(const struct select_condition *c, bool postfix,
    enum key_part part)
{
	if ((c->relation != SELECT_IS && c->relation != SELECT_LIKE) ||
	    c->rights != 1)
		return NULL;
	if (key_part_of(&c->left, postfix) == part)
		return &c->right[0];
	return key_part_of(&c->right[0], postfix) == part ? &c->left : NULL;
}

/* The columns that the part of the key is compared with; NULL: none. */
static const struct select_value *
key_columns(const struct select *s, bool postfix, enum key_part part)
{
	for (size_t i = 0; i < s->conditions; i++) {
		const struct select_value *v = compared_with(&s->condition[i],
		    postfix, part);

		if (v != NULL && key_is_columns(v))
			return v;
	}
	return NULL;
}

/* "CONCAT('%u', '@', target_domain)", and "CONCAT('@', target_domain)". */
static bool
makes_address(const struct select_value *v)
{
	return key_is_mixed(v) || (v->count == 2 && v->part[0].text != NULL &&
	    strcmp(v->part[0].text, "@") == 0 && key_is_columns(v));
}

/* The side that makes an address in the target of an alias domain. */
static const struct select_value *
mixed_side(const struct select *s)
{
	for (size_t i = 0; i < s->conditions; i++) {
		const struct select_condition *c = &s->condition[i];

		if (makes_address(&c->left))
			return &c->left;
		if (c->rights == 1 && makes_address(&c->right[0]))
			return &c->right[0];
	}
	return NULL;
}

static const struct select_part *
first_column(const struct select_value *v)
{
	for (size_t i = 0; v != NULL && i < v->count; i++) {
		if (v->part[i].column != NULL)
			return &v->part[i];
	}
	return NULL;
}

/* --- sections ---------------------------------------------------------- */

static bool
unread_add(struct guessing *g, const struct guess_query *q, const char *why)
{
	words_add(g->guess->arena, &g->unread, arena_printf(g->guess->arena,
	    "%s: %s", q->name, why));
	return false;
}

static struct section *
section_begin(struct guessing *g, struct asked_query *q, enum map_kind kind,
    const struct select_value *key)
{
	const char *table;
	struct section *s;

	q->main = 0;
	q->main = section_table(q, first_column(key));
	table = q->select->table[q->main].name;
	if (strspn(table, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789_$-") != strlen(table) || *table == '\0')
		return NULL;
	s = section_of(&g->sections, kind, table);
	if (!words_have(&s->from, q->query->name))
		words_add(g->guess->arena, &s->from, q->query->name);
	return s;
}

/* Of a query of two tables: those of the section's alone. */
static void
own_conditions(struct guessing *g, struct section *s,
    const struct asked_query *q)
{
	struct select own = *q->select;
	struct asked_query alone = *q;

	own.condition = arena_array(g->guess->arena, q->select->conditions +
	    1, sizeof(*own.condition));
	own.conditions = 0;
	for (size_t i = 0; i < q->select->conditions; i++) {
		const struct select_condition *c = &q->select->condition[i];
		const struct select_part *column = first_column(&c->left);

		if (column != NULL && section_table(q, column) == q->main)
			own.condition[own.conditions++] = *c;
	}
	alone.select = &own;
	section_conditions(&g->sections, s, &alone);
}

static bool
link_add(struct guessing *g, struct section *s, const struct asked_query *q,
    const struct select_value *key, const struct select_part *target)
{
	struct select_part one = *target;

	section_line(&g->sections, s, "domain", section_expression(
	    &g->sections, s, q, key));
	section_line(&g->sections, s, "target", section_expression(
	    &g->sections, s, q, &(struct select_value){ &one, 1, 1 }));
	own_conditions(g, s, q);
	return true;
}

/*
 * The name of the domain that an alias domain goes with: a column of the
 * table of domains, which the query joins.
 */
static bool
target_find(const struct guessing *g, const struct asked_query *q,
    struct select_part *target)
{
	static const char start[] = "domain = ";

	for (size_t i = 0; i < q->select->tables; i++) {
		const struct select_table *t = &q->select->table[i];
		const struct section *s = section_find(&g->sections,
		    MAP_DOMAINS, t->name);

		if (i == q->main || s == NULL || s->lines.count == 0 ||
		    strncmp(s->lines.word[0], start, sizeof(start) - 1) != 0)
			continue;
		*target = (struct select_part){ .table = t->alias,
		    .column = s->lines.word[0] + sizeof(start) - 1 };
		return true;
	}
	return false;
}

static bool
joined_link_read(struct guessing *g, struct asked_query *q,
    const struct select_value *key, const struct select_part *target)
{
	struct section *s = section_begin(g, q, MAP_LINKS, key);

	return s == NULL ? unread_add(g, q->query, "a map cannot name its "
	    "table") : link_add(g, s, q, key, target);
}

static bool
domains_read(struct guessing *g, struct asked_query *q)
{
	const struct select_value *key = key_columns(q->select, true,
	    KEY_WHOLE);
	struct select_part target;
	const char *name;
	struct section *s;

	if (key == NULL)
		key = key_columns(q->select, true, KEY_DOMAIN);
	if (key == NULL)
		return unread_add(g, q->query, "no column is compared with "
		    "the domain");
	q->main = section_table(q, first_column(key));
	if (target_find(g, q, &target))
		return joined_link_read(g, q, key, &target);
	s = section_begin(g, q, MAP_DOMAINS, key);
	name = s != NULL ? section_expression(&g->sections, s, q, key) : NULL;
	if (name == NULL)
		return unread_add(g, q->query, "a map cannot name what it "
		    "compares");
	section_line(&g->sections, s, "domain", name);
	section_conditions(&g->sections, s, q);
	return true;
}

static bool
link_read(struct guessing *g, struct asked_query *q,
    const struct select_value *mixed)
{
	const struct select_value *key = key_columns(q->select, q->postfix,
	    KEY_DOMAIN);
	const struct select_part *target = first_column(mixed);
	struct section *s;

	if (key == NULL || target == NULL)
		return unread_add(g, q->query, "no column is compared with "
		    "the alias domain");
	s = section_begin(g, q, MAP_LINKS, key);
	if (s == NULL || section_table(q, target) != q->main)
		return unread_add(g, q->query, "the alias domain and its "
		    "target are in two tables");
	return link_add(g, s, q, key, target);
}

/* The address, and its domain where it is a column of its own. */
static struct section *
address_read(struct guessing *g, struct asked_query *q, enum map_kind kind)
{
	const struct select *select = q->select;
	const struct select_value *whole = key_columns(select, q->postfix,
	    KEY_WHOLE), *local = key_columns(select, q->postfix, KEY_LOCAL),
	    *domain = key_columns(select, q->postfix, KEY_DOMAIN);
	const struct select_value *key = whole != NULL ? whole : local;
	const char *name;
	struct section *s;

	if (key == NULL || (whole == NULL && domain == NULL))
		return NULL;
	s = section_begin(g, q, kind, key);
	name = s != NULL ? section_expression(&g->sections, s, q, key) : NULL;
	if (name == NULL)
		return NULL;
	section_line(&g->sections, s, kind == MAP_USERS ? "email" : "mail",
	    name);
	if (whole == NULL)
		section_line(&g->sections, s, "at", section_expression(
		    &g->sections, s, q, domain));
	return s;
}

static bool
users_read(struct guessing *g, struct asked_query *q)
{
	struct section *s = address_read(g, q, MAP_USERS);

	if (s == NULL)
		return unread_add(g, q->query, "no column is compared with "
		    "the address");
	section_user_columns(&g->sections, s, q, g->guess->base);
	section_conditions(&g->sections, s, q);
	return true;
}

/* Each user's own address, which needs no alias. */
static bool
answers_itself(const struct asked_query *q)
{
	const struct select_part *key = first_column(key_columns(q->select,
	    q->postfix, KEY_WHOLE));
	const struct select_column *c = q->select->column;

	return key != NULL && c->value.count == 1 &&
	    c->value.part[0].column != NULL &&
	    strcasecmp(c->value.part[0].column, key->column) == 0 &&
	    section_table(q, &c->value.part[0]) == section_table(q, key);
}

/* "CONCAT(user, '@', domain)", or a column. */
static bool
destination_add(struct guessing *g, struct asked_query *q, struct section *s)
{
	const char *to = section_expression(&g->sections, s, q,
	    &q->select->column[0].value);

	if (to == NULL || !key_is_columns(&q->select->column[0].value))
		return unread_add(g, q->query, "a map cannot say what it "
		    "answers");
	section_line(&g->sections, s, "destination", to);
	return true;
}

/* "@%d", or the domain alone, in the column of all addresses. */
static struct section *
catch_all_read(struct guessing *g, struct asked_query *q)
{
	const struct select_value *key = key_columns(q->select, true,
	    KEY_CATCH_ALL);
	struct section *s;

	if (key == NULL)
		key = key_columns(q->select, true, KEY_DOMAIN);
	s = key != NULL ? section_begin(g, q, MAP_ALIASES, key) : NULL;
	if (s != NULL)
		section_line(&g->sections, s, "mail", section_expression(
		    &g->sections, s, q, key));
	return s;
}

static bool
aliases_read(struct guessing *g, struct asked_query *q)
{
	const struct select_value *mixed = mixed_side(q->select);
	struct section *s;

	/* The same address in another domain. */
	if (mixed == NULL && key_is_mixed(&q->select->column[0].value))
		mixed = &q->select->column[0].value;
	if (mixed != NULL)
		return link_read(g, q, mixed);
	if (answers_itself(q))
		return true;
	s = address_read(g, q, MAP_ALIASES);
	if (s == NULL)
		s = catch_all_read(g, q);
	if (s == NULL)
		return unread_add(g, q->query, "no column is compared with "
		    "the address");
	if (!destination_add(g, q, s))
		return false;
	section_conditions(&g->sections, s, q);
	return true;
}

/* Alias domains among the domains are the section of links. */
static bool
select_guess(struct guessing *g, struct asked_query *q)
{
	switch (q->query->use) {
	case GUESS_DOMAINS:
	case GUESS_RELAYED:
		return domains_read(g, q);
	case GUESS_ALIASES:
		return aliases_read(g, q);
	default:
		return mixed_side(q->select) != NULL || users_read(g, q);
	}
}

static void
query_guess(struct guessing *g, const struct guess_query *query)
{
	const char *rest = query->text;
	struct select select;

	while (*rest != '\0') {
		struct asked_query q = { .query = query, .select = &select,
		    .postfix = is_of_postfix(query->use) };

		if (!select_read(g->guess->arena, &rest, &select))
			unread_add(g, query, "not a query of tables");
		else if (select_guess(g, &q) && select.unread > 0)
			unread_add(g, query, "a condition that is not "
			    "understood");
	}
}

/* --- the whole ----------------------------------------------------------- */

bool
guess_map(const struct guess *guess, struct text *map)
{
	struct guessing g = { .guess = guess,
	    .sections = { .arena = guess->arena } };

	/* What Dovecot answers of a user comes before what Postfix does. */
	for (int use = 0; use <= GUESS_ALIASES; use++) {
		for (size_t i = 0; i < guess->queries; i++) {
			if ((int)guess->query[i].use == use)
				query_guess(&g, &guess->query[i]);
		}
	}
	return sections_print(guess, &g.sections, &g.unread, map);
}
