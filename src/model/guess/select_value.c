/* The values of a query: columns, texts, and what joins them. */
#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "base/size.h"
#include "model/guess/private.h"

static void
part_add(struct select_reader *r, struct select_value *v,
    struct select_part part)
{
	v->part = arena_grown(r->arena, v->part, v->count, sizeof(*v->part));
	v->part[v->count++] = part;
}

static struct select_value
value_of(struct select_reader *r, struct select_part part)
{
	struct select_value v = { .unit = 1 };

	part_add(r, &v, part);
	return v;
}

static bool
has_column(const struct select_value *v)
{
	for (size_t i = 0; i < v->count; i++) {
		if (v->part[i].column != NULL)
			return true;
	}
	return false;
}

void
select_brackets_skip(struct select_reader *r)
{
	for (unsigned depth = 1; depth > 0 && r->word.kind !=
	    SELECT_WORD_END; select_word_next(r)) {
		depth += select_word_is(r, "(");
		depth -= select_word_is(r, ")");
	}
}

/* --- functions -------------------------------------------------------- */

/* To the bracket or comma behind what was not understood. */
static void
argument_skip(struct select_reader *r)
{
	while (r->word.kind != SELECT_WORD_END && !select_word_is(r, ",") &&
	    !select_word_is(r, ")")) {
		if (select_word_take(r, "("))
			select_brackets_skip(r);
		else
			select_word_next(r);
	}
}

/* The next argument; what follows it, such as USING utf8, is passed over. */
static struct select_value
argument_read(struct select_reader *r)
{
	struct select_value v = select_value_read(r);

	if (!select_word_is(r, ",") && !select_word_is(r, ")") &&
	    !select_word_is(r, "as") && !select_word_is(r, "using"))
		v.count = 0;
	argument_skip(r);
	select_word_take(r, ",");
	return v;
}

/* All arguments one behind the other; one that is not known spoils it. */
static struct select_value
joined_read(struct select_reader *r, const struct select_value *between)
{
	struct select_value all = { .unit = 1 };
	bool known = true;

	for (bool first = true; r->word.kind != SELECT_WORD_END &&
	    !select_word_is(r, ")"); first = false) {
		struct select_value one = argument_read(r);

		known &= one.count > 0 && (one.count == 1 || one.unit == 1);
		for (size_t i = 0; !first && between != NULL && i <
		    between->count; i++)
			part_add(r, &all, between->part[i]);
		for (size_t i = 0; i < one.count; i++)
			part_add(r, &all, one.part[i]);
		if (one.unit != 1)
			all.unit = one.unit;
	}
	if (!known)
		all.count = 0;
	return all;
}

/* IF(x, a, b): the one of a and b that a column is in. */
static struct select_value
choice_read(struct select_reader *r)
{
	struct select_value a, b;

	argument_skip(r);
	select_word_take(r, ",");
	a = argument_read(r);
	b = argument_read(r);
	return has_column(&a) || !has_column(&b) ? a : b;
}

/* Behind its bracket. */
static struct select_value
function_read(struct select_reader *r, const char *name)
{
	/* Their first argument is the value, as people mean it. */
	static const char *const plain[] = { "lower", "lcase", "trim",
	    "ltrim", "rtrim", "ifnull", "coalesce", "nullif", "cast",
	    "convert", "binary", "round", "floor", "max", "min",
	    "group_concat", NULL };
	static const char *const times[] = { "now", "curdate", "sysdate",
	    "current_timestamp", "current_date", "unix_timestamp",
	    "utc_timestamp", "localtime", NULL };
	struct select_value v = { .unit = 1 };

	if (strcasecmp(name, "concat") == 0) {
		v = joined_read(r, NULL);
	} else if (strcasecmp(name, "concat_ws") == 0) {
		struct select_value between = argument_read(r);

		v = joined_read(r, &between);
	} else if (strcasecmp(name, "if") == 0) {
		v = choice_read(r);
	} else if (word_is_one_of(name, times)) {
		v = value_of(r, (struct select_part){ .text = "now" });
	} else if (word_is_one_of(name, plain)) {
		select_word_take(r, "distinct");
		v = argument_read(r);
	}
	select_brackets_skip(r);
	return v;
}

/* --- values ----------------------------------------------------------- */

/* NAME, or TABLE.NAME, or DATABASE.TABLE.NAME */
static struct select_value
column_read(struct select_reader *r, const char *first)
{
	struct select_part part = { .column = first };

	while (select_word_take(r, ".")) {
		if (r->word.kind != SELECT_WORD_NAME && !select_word_is(r,
		    "*"))
			return (struct select_value){ .unit = 1 };
		part.table = part.column;
		part.column = r->word.text;
		select_word_next(r);
	}
	/* "enable%Ls": another column for each protocol. */
	if (strchr(part.column, '%') != NULL)
		return (struct select_value){ .unit = 1 };
	return value_of(r, part);
}

static struct select_value
name_read(struct select_reader *r)
{
	static const char *const words[][2] = { { "true", "1" },
	    { "false", "0" }, { "null", "" }, { "current_timestamp", "now" },
	    { "current_date", "now" } };
	const char *name = r->word.text;
	bool quoted = r->word.quoted;

	select_word_next(r);
	if (!quoted && select_word_take(r, "("))
		return function_read(r, name);
	for (size_t i = 0; !quoted && i < sizeof(words) / sizeof(words[0]);
	    i++) {
		if (strcasecmp(name, words[i][0]) == 0)
			return value_of(r, (struct select_part){
			    .text = words[i][1] });
	}
	if (!quoted && strcasecmp(name, "case") == 0) {
		while (r->word.kind != SELECT_WORD_END &&
		    !select_word_take(r, "end"))
			select_word_next(r);
		return (struct select_value){ .unit = 1 };
	}
	return column_read(r, name);
}

static struct select_value
term_read(struct select_reader *r)
{
	struct select_value v = { .unit = 1 };

	while (select_word_take(r, "binary"))
		;
	if (r->word.kind == SELECT_WORD_NAME)
		return name_read(r);
	if (r->word.kind == SELECT_WORD_TEXT) {
		v = value_of(r, (struct select_part){
		    .text = r->word.text });
		select_word_next(r);
	} else if (select_word_take(r, "(")) {
		v = select_value_read(r);
		if (!select_word_is(r, ")"))
			v.count = 0;
		select_brackets_skip(r);
	} else if (!select_word_is(r, ")") && !select_word_is(r, ",")) {
		select_word_next(r);
	}
	return v;
}

/* A number alone, as a factor. */
static bool
is_factor(const struct select_value *v, int64_t *factor)
{
	return v->count == 1 && v->part[0].column == NULL &&
	    number_parse(v->part[0].text, factor) && *factor > 0;
}

/* COLUMN * 1024 * 1024; another operation gives what nothing here knows. */
static void
multiply(struct select_value *v, const struct select_value *by)
{
	struct select_value one = *v;
	int64_t factor;

	if (is_factor(v, &factor))
		one = *by;
	else if (!is_factor(by, &factor))
		factor = 0;
	if (factor == 0 || one.count == 0 || one.unit > INT64_MAX / factor)
		one.count = 0;
	else
		one.unit *= factor;
	*v = one;
}

struct select_value
select_value_read(struct select_reader *r)
{
	struct select_value v = { .unit = 1 };

	if (r->depth >= SELECT_DEPTH_MAX)
		return v;
	r->depth++;
	v = term_read(r);
	while (r->word.kind == SELECT_WORD_SIGN &&
	    strpbrk(r->word.text, "*/+-") != NULL) {
		bool times = select_word_is(r, "*");
		struct select_value by;

		select_word_next(r);
		by = term_read(r);
		if (times)
			multiply(&v, &by);
		else
			v.count = 0;
	}
	r->depth--;
	return v;
}
