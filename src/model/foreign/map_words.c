/* Maps: words, columns and expressions. */
#include "model/foreign/map_words.h"

#include <ctype.h>
#include <string.h>

#include "base/size.h"

/* --- words ------------------------------------------------------------ */

static bool
is_name(const char *p)
{
	return isalnum((unsigned char)*p) || (*p & 0x80) != 0 ||
	    (*p != '\0' && strchr("._-|?@$:/%", *p) != NULL);
}

static struct word
quoted(struct reading *r)
{
	char quote = *r->p++;
	size_t len = 0;
	struct word word = { .kind = WORD_FAULTY };

	while (r->p[len] != quote && r->p[len] != '\0')
		len++;
	if (r->p[len] == quote) {
		word.kind = WORD_TEXT;
		word.text = arena_strndup(r->arena, r->p, len);
		len++;
	}
	r->p += len;
	return word;
}

/* `*` is a sign with a size behind it, and else the end of a pattern. */
void
reading_next(struct reading *r)
{
	size_t len = 0;

	r->p += strspn(r->p, " \t\r");
	if (*r->p == '\0' || *r->p == '#') {
		r->word = (struct word){ .kind = WORD_END };
		return;
	}
	if (*r->p == '\'' || *r->p == '"') {
		r->word = quoted(r);
		return;
	}
	while (is_name(r->p + len))
		len++;
	if (len > 0 && r->p[len] == '*' &&
	    !isdigit((unsigned char)r->p[len + 1]))
		len++;
	r->word.kind = len > 0 ? WORD_NAME : strchr("+*=!,", *r->p) != NULL ?
	    WORD_SIGN : WORD_FAULTY;
	if (len == 0)
		len = strncmp(r->p, "!=", 2) == 0 ? 2 : 1;
	r->word.text = arena_strndup(r->arena, r->p, len);
	r->p += len;
}

bool
reading_is_sign(const struct reading *r, const char *sign)
{
	return r->word.kind == WORD_SIGN && strcmp(r->word.text, sign) == 0;
}

bool
reading_is_word(const struct reading *r, const char *name)
{
	return r->word.kind == WORD_NAME && strcmp(r->word.text, name) == 0;
}

bool
reading_expected(const struct reading *r, const char *what, struct err *e)
{
	if (r->word.kind == WORD_END)
		return err_set(e, ERR_INVALID, "%s is missing at the end",
		    what);
	return err_set(e, ERR_INVALID, "expected %s, got \"%.60s\"", what,
	    r->word.text != NULL ? r->word.text : "an open quote");
}

bool
reading_ends(const struct reading *r, struct err *e)
{
	return r->word.kind == WORD_END || reading_expected(r,
	    "the end of the line", e);
}

/* Values up to the end: names and texts. */
bool
reading_values(struct reading *r, struct words *values, struct err *e)
{
	for (; r->word.kind != WORD_END; reading_next(r)) {
		if (r->word.kind != WORD_NAME && r->word.kind != WORD_TEXT)
			return reading_expected(r, "a word", e);
		words_add(r->arena, values, r->word.text);
	}
	return true;
}

/* --- columns and expressions ------------------------------------------ */

/* No name is empty between | and dots. */
static bool
names_valid(const char *names)
{
	for (const char *p = names; ; p++) {
		size_t len = strcspn(p, "|.");

		if (len == 0)
			return false;
		p += len;
		if (*p == '\0')
			return strchr(names, '?') == NULL;
	}
}

bool
reading_column(struct reading *r, struct map_column *column, struct err *e)
{
	size_t len;
	char *names;

	if (r->word.kind != WORD_NAME)
		return reading_expected(r, "a column", e);
	len = strlen(r->word.text);
	*column = (struct map_column){ .cell = -1 };
	column->optional = r->word.text[len - 1] == '?';
	names = arena_strndup(r->arena, r->word.text, len -
	    column->optional);
	if (!names_valid(names))
		return reading_expected(r, "a column", e);
	column->names = names;
	reading_next(r);
	return true;
}

static bool
part_read(struct reading *r, struct map_expression *x, struct err *e)
{
	struct map_column column = { .cell = -1 };

	if (r->word.kind == WORD_TEXT) {
		column.text = r->word.text;
		reading_next(r);
	} else if (!reading_column(r, &column, e)) {
		return false;
	}
	*VECTOR_ADD(&x->parts) = column;
	return true;
}

static bool
unit_read(struct reading *r, struct map_expression *x, struct err *e)
{
	reading_next(r);
	if (r->word.kind != WORD_NAME || !size_parse(r->word.text, &x->unit) ||
	    x->unit <= 0 || x->unit > INT64_C(1) << 40)
		return reading_expected(r, "a size such as 1M", e);
	reading_next(r);
	return true;
}

static bool
field_read(struct reading *r, struct map_expression *x, struct err *e)
{
	reading_next(r);
	if (r->word.kind != WORD_NAME && r->word.kind != WORD_TEXT)
		return reading_expected(r, "the name of a field", e);
	x->field = r->word.text;
	reading_next(r);
	return true;
}

bool
reading_expression(struct reading *r, struct map_expression *x, struct err *e)
{
	x->negated = reading_is_sign(r, "!");
	if (x->negated)
		reading_next(r);
	do {
		if (x->parts.count > 0)
			reading_next(r);
		if (!part_read(r, x, e))
			return false;
	} while (reading_is_sign(r, "+"));
	if (reading_is_word(r, "field") && !field_read(r, x, e))
		return false;
	if (reading_is_sign(r, "*") && !unit_read(r, x, e))
		return false;
	if (reading_is_word(r, "has")) {
		reading_next(r);
		if (r->word.kind == WORD_END)
			return reading_expected(r, "a word", e);
		return reading_values(r, &x->has, e);
	}
	return reading_ends(r, e);
}

bool
map_expression_read(struct arena *a, const char *text,
    struct map_expression *x, struct err *e)
{
	struct reading r = { .arena = a, .p = text };

	*x = (struct map_expression){ .attribute = MAP_ATTRIBUTES };
	reading_next(&r);
	if (reading_expression(&r, x, e))
		return true;
	VECTOR_CLEAR(&x->parts);
	return false;
}
