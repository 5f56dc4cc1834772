/*
 * Records as a source of octoDNS: a file of YAML for one zone.
 *
 * octoDNS refuses a file whose names are not in its "natural" order, where
 * numbers in them count as numbers; so all are kept until the end, and
 * sorted.  Such a file is a whole zone, and what is not in it is removed: it
 * has to be a second source of the zone, beside that of its owner.
 */
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "model/records/formats.h"

static void
begin(struct record_export *x)
{
	BUG_ON(x->zone == NULL);
	text_add(x->text, "---\n");
	record_comment(x, "Records for mail of the zone %s.", x->zone);
	record_comment(x, "It is not the whole zone: give the zone two "
	    "sources, your own file and this one.");
}

static void
add(struct record_export *x, const struct records *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct record *r = &list->record[i];
		const char *why = record_export_aside(x, r);
		struct arena *a = x->kept.arena;
		struct record copy = *r;

		if (why != NULL) {
			record_comment_aside(x, r, why);
			continue;
		}
		copy.domain = copy.why = NULL;
		copy.name = record_relative(a, r->name, x->zone);
		copy.value = arena_strdup(a, r->value);
		records_add(&x->kept, &copy);
	}
}

/* --- the order ------------------------------------------------------- */

static bool
is_digit(char c)
{
	return is_one_of(c, "0123456789");
}

/* How long the piece is that is, or is not, a number. */
static size_t
piece(const char *s, bool number)
{
	size_t n = 0;

	while (s[n] != '\0' && is_digit(s[n]) == number)
		n++;
	return n;
}

static int
piece_compare(const char *a, size_t m, const char *b, size_t n, bool number)
{
	int order;

	/* Without its zeros the longer number is the greater one. */
	for (; number && m > 1 && *a == '0'; m--)
		a++;
	for (; number && n > 1 && *b == '0'; n--)
		b++;
	if (number && m != n)
		return m < n ? -1 : 1;
	order = memcmp(a, b, m < n ? m : n);
	return order != 0 || m == n ? order : m < n ? -1 : 1;
}

/* Pieces in turn: a text, which may be empty, a number, a text... */
static int
natural(const char *a, const char *b)
{
	bool number = false;

	while (*a != '\0' && *b != '\0') {
		size_t m = piece(a, number), n = piece(b, number);
		int order = piece_compare(a, m, b, n, number);

		if (order != 0)
			return order;
		a += m;
		b += n;
		number = !number;
	}
	return *a != '\0' ? 1 : *b != '\0' ? -1 : 0;
}

static int
compare(const void *a, const void *b)
{
	const struct record *x = a, *y = b;
	int order = natural(x->name, y->name);

	if (order == 0)
		order = strcmp(x->type, y->type);
	return order != 0 ? order : strcmp(x->value, y->value);
}

/* --- values ---------------------------------------------------------- */

/* In single quotes nothing means anything but the quote itself. */
static void
add_quoted(struct text *t, const char *value)
{
	text_add_char(t, '\'');
	for (; *value != '\0'; value++) {
		if (*value == '\'')
			text_add_char(t, '\'');
		text_add_char(t, *value);
	}
	text_add_char(t, '\'');
}

/* octoDNS wants a ; escaped, and escapes the quotes itself. */
static void
add_txt(struct text *t, struct arena *a, const char *value)
{
	struct text own = TEXT_INIT;

	for (const char *p = record_escaped(a, value); *p != '\0'; p++) {
		if (*p == ';')
			text_add_char(&own, '\\');
		if (*p == '\\' && p[1] == '"')
			p++;
		else if (*p == '\\' && p[1] == '\\')
			text_add_char(&own, *p++);
		text_add_char(&own, *p);
	}
	add_quoted(t, own.buf);
	text_clear(&own);
}

/* The fields of a value, by the names of octoDNS in their order. */
static const struct fields {
	const char *type;
	struct {
		const char *name;
		size_t word;	/* of the value */
	} field[5];
} all_fields[] = {
	{ "MX", { { "exchange", 1 }, { "preference", 0 } } },
	{ "SRV", { { "port", 2 }, { "priority", 0 }, { "target", 3 },
	    { "weight", 1 } } },
	{ "TLSA", { { "certificate_association_data", 3 },
	    { "certificate_usage", 0 }, { "matching_type", 2 },
	    { "selector", 1 } } },
	{ 0 }
};

static void
add_fields(struct text *t, struct arena *a, const struct fields *fields,
    const char *value)
{
	struct words w = record_words(a, value);

	for (size_t i = 0; fields->field[i].name != NULL; i++) {
		const char *word = w.word[fields->field[i].word];

		text_addf(t, "%s%s: ", i == 0 ? "" : "        ",
		    fields->field[i].name);
		if (word[strspn(word, "0123456789")] == '\0')
			text_add(t, word);
		else
			add_quoted(t, word);
		text_add(t, fields->field[i + 1].name != NULL ? "\n" : "");
	}
}

static void
add_value(struct text *t, struct arena *a, const struct record *r)
{
	const struct fields *fields = all_fields;

	while (fields->type != NULL && strcmp(fields->type, r->type) != 0)
		fields++;
	if (fields->type != NULL)
		add_fields(t, a, fields, r->value);
	else if (strcmp(r->type, "TXT") == 0)
		add_txt(t, a, r->value);
	else
		add_quoted(t, r->value);
}

static void
add_set(struct record_export *x, const struct record *r, size_t count)
{
	struct text *t = x->text;

	text_addf(t, "  - ttl: %lld\n    type: %s\n", (long long)x->ttl,
	    r->type);
	/* A name has one CNAME. */
	text_add(t, strcmp(r->type, "CNAME") == 0 ? "    value: " :
	    "    values:\n");
	for (size_t i = 0; i < count; i++) {
		text_add(t, strcmp(r->type, "CNAME") == 0 ? "" : "      - ");
		add_value(t, x->kept.arena, &r[i]);
		text_add_char(t, '\n');
	}
}

static void
end(struct record_export *x)
{
	struct record *r = x->kept.record;
	size_t count;

	if (x->kept.count > 0)
		qsort(r, x->kept.count, sizeof(*r), compare);
	for (size_t i = 0; i < x->kept.count; i += count) {
		if (i == 0 || strcmp(r[i].name, r[i - 1].name) != 0) {
			add_quoted(x->text, r[i].name);
			text_add(x->text, ":\n");
		}
		count = 1;
		while (i + count < x->kept.count &&
		    record_is_same_set(&r[i], &r[i + count]))
			count++;
		add_set(x, &r[i], count);
	}
	if (x->kept.count == 0)
		text_add(x->text, "{}\n");
}

const struct record_writer record_octodns_writer = {
	"#", begin, add, NULL, end
};
