/* Sections of the map: what the conditions of a query say of a row. */
#include <string.h>
#include <strings.h>

#include "model/guess/key.h"
#include "model/guess/section.h"

/* Part of a column's name, and which flag it is then. */
static const struct flag_name {
	const char *name;
	unsigned kinds;		/* bits of enum map_kind */
	const char *attribute;
	bool opposite;		/* it is off where the attribute is on */
	bool whatever;		/* and the condition asks for either */
} flag_names[] = {
	{ "sendonly", 1u << MAP_USERS, "may_receive", true, true },
	{ "send_only", 1u << MAP_USERS, "may_receive", true, true },
	{ "imap", 1u << MAP_USERS, "imap", false, false },
	{ "pop3", 1u << MAP_USERS, "pop3", false, false },
	{ "smtp", 1u << MAP_USERS, "may_send", false, false },
	{ "send", 1u << MAP_USERS, "may_send", false, false },
	{ "deliver", 1u << MAP_USERS, "may_receive", false, false },
	{ "receive", 1u << MAP_USERS, "may_receive", false, false },
	{ "login", 1u << MAP_USERS, "may_login", false, false },
	{ "backup", 1u << MAP_DOMAINS, "backup", false, true },
	{ "relay", 1u << MAP_DOMAINS, "backup", false, true },
};

static const struct flag_name *
flag_name(enum map_kind kind, const char *column)
{
	for (size_t i = 0; i < sizeof(flag_names) / sizeof(flag_names[0]);
	    i++) {
		if ((flag_names[i].kinds & 1u << kind) != 0 && strcasestr(
		    column, flag_names[i].name) != NULL)
			return &flag_names[i];
	}
	return NULL;
}

/*
 * The flag must be on, or off.  What says that this server only relays for
 * the domain, or that a user only sends, is a fact, whichever a query asks.
 */
static void
flag_add(struct sections *all, struct section *s, const char *column,
    const char *expression, bool on)
{
	const struct flag_name *name = flag_name(s->kind, column);
	bool negated = name == NULL || !name->whatever ? !on : name->opposite;

	section_line(all, s, name != NULL ? name->attribute : "active",
	    arena_printf(all->arena, "%s%s", negated ? "!" : "",
	    expression));
}

/* "when transport = virtual"; values in quotes. */
static void
when_add(struct sections *all, struct section *s, const char *expression,
    bool not, const struct words *values)
{
	const char *line = arena_printf(all->arena, "when %s %s", expression,
	    not ? "!=" : "=");

	for (size_t i = 0; i < values->count; i++) {
		char quote = strchr(values->word[i], '\'') != NULL ? '"' :
		    '\'';

		if (strchr(values->word[i], quote) != NULL || strpbrk(
		    values->word[i], "\r\n") != NULL)
			return;
		line = arena_printf(all->arena, "%s %c%s%c", line, quote,
		    values->word[i], quote);
	}
	if (!words_have(&s->lines, line))
		words_add(all->arena, &s->lines, line);
}

/* "smtp%", and "smtp%%" of Postfix, as "smtp*"; NULL: another pattern. */
static const char *
pattern_of(struct arena *a, const char *like)
{
	size_t len = strcspn(like, "%");

	return strspn(like + len, "%") != strlen(like + len) ? NULL :
	    arena_printf(a, "%.*s%s", (int)len, like, like[len] == '%' ?
	    "*" : "");
}

/* The right side, if it is nothing but constants. */
static bool
constants_of(struct arena *a, const struct select_condition *c,
    struct words *values)
{
	for (size_t i = 0; i < c->rights; i++) {
		const char *text;

		if (!key_is_constant(&c->right[i], &text))
			return false;
		if (c->relation == SELECT_LIKE)
			text = pattern_of(a, text);
		if (text == NULL)
			return false;
		words_add(a, values, text);
	}
	return values->count > 0;
}

/* Every "when" of that column goes: others than these count as well. */
static void
when_remove(struct section *s, const char *expression)
{
	size_t kept = 0, len = strlen(expression);

	for (size_t i = 0; i < s->lines.count; i++) {
		const char *line = s->lines.word[i];

		if (strncmp(line, "when ", 5) != 0 || strncmp(line + 5,
		    expression, len) != 0 || line[5 + len] != ' ')
			s->lines.word[kept++] = line;
	}
	s->lines.count = kept;
}

/* The domains with these values are only relayed. */
static void
relayed_add(struct sections *all, struct section *s, const char *expression,
    const struct words *values)
{
	const char *line = arena_printf(all->arena, "%s has", expression);

	for (size_t i = 0; i < values->count; i++) {
		if (strpbrk(values->word[i], "*'\r\n") != NULL)
			return;
		line = arena_printf(all->arena, "%s '%s'", line,
		    values->word[i]);
	}
	when_remove(s, expression);
	section_line(all, s, "backup", line);
}

static void
comparison_add(struct sections *all, struct section *s,
    const struct asked_query *q, const struct select_condition *c,
    const char *expression)
{
	const char *column = c->left.part[0].column;
	struct words values = { 0 };
	enum map_flag flag;

	if (!constants_of(all->arena, c, &values))
		return;
	flag = values.count == 1 ? map_flag_parse(values.word[0]) :
	    MAP_NO_FLAG;
	if (flag == MAP_ON || flag == MAP_OFF)
		flag_add(all, s, column, expression, (flag == MAP_ON) !=
		    (c->relation == SELECT_IS_NOT));
	else if (q->query->use != GUESS_RELAYED)
		when_add(all, s, expression, c->relation == SELECT_IS_NOT,
		    &values);
	else if (c->relation != SELECT_IS_NOT)
		relayed_add(all, s, expression, &values);
}

/* Rows of the domains say themselves whether they count. */
static bool
is_of_domains(const struct sections *all, const struct section *s,
    const struct asked_query *q, const struct select_part *part)
{
	const char *table = q->select->table[section_table(q, part)].name;

	return strcasecmp(table, s->table) != 0 &&
	    section_find(all, MAP_DOMAINS, table) != NULL;
}

static void
condition_add(struct sections *all, struct section *s,
    const struct asked_query *q, const struct select_condition *c)
{
	const struct select_part *part = c->left.part;
	const char *expression;

	if (c->left.count != 1 || part->column == NULL ||
	    is_of_domains(all, s, q, part))
		return;
	if (c->relation == SELECT_AFTER && s->kind != MAP_LINKS)
		section_line(all, s, "expires", section_expression(all, s, q,
		    &c->left));
	if (c->relation >= SELECT_AFTER)
		return;
	expression = section_expression(all, s, q, &c->left);
	if (expression != NULL)
		comparison_add(all, s, q, c, expression);
}

void
section_conditions(struct sections *all, struct section *s,
    const struct asked_query *q)
{
	for (size_t i = 0; i < q->select->conditions; i++) {
		const struct select_condition *c = &q->select->condition[i];
		struct select_condition turned = *c;

		if (c->rights == 1 && c->left.count == 1 &&
		    c->left.part[0].column == NULL &&
		    c->relation != SELECT_AFTER) {
			turned.left = c->right[0];
			turned.right = arena_alloc(all->arena,
			    sizeof(*turned.right));
			*turned.right = c->left;
		}
		condition_add(all, s, q, &turned);
	}
}
