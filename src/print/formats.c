/*
 * The formats for programs: tsv, csv, json, jsonl.
 *
 * They are lossless: sizes in bytes, flags 0/1 (true/false in JSON), times
 * in RFC 3339, and NULL differs from the empty text where the format can
 * show it.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/shown.h"
#include "base/utf8.h"
#include "print/private.h"

static const void *
slot(const struct field *f, const void *row)
{
	return (const char *)row + f->offset;
}

/* TAB, LF, CR and the backslash become \t, \n, \r and \\. */
static void
add_tsv(struct text *t, const char *s)
{
	for (;;) {
		size_t n = strcspn(s, "\t\n\r\\");

		text_add_bytes(t, s, n);
		s += n;
		if (*s == '\0')
			return;
		text_add_char(t, '\\');
		text_add_char(t, *s == '\t' ? 't' : *s == '\n' ? 'n' :
		    *s == '\r' ? 'r' : '\\');
		s++;
	}
}

/* On a terminal data formats are escaped like everything else. */
static void
add_lossless(struct out *o, void (*add)(struct text *, const char *),
    const char *s)
{
	struct text shown = TEXT_INIT;

	if (!o->terminal || !shown_has_control(s, strlen(s))) {
		add(&o->results, s);
		return;
	}
	shown_add(&shown, s, strlen(s));
	add(&o->results, shown.buf);
	text_clear(&shown);
}

static void
names_row(struct out *o, char separator, const char *end)
{
	for (size_t i = 0; o->field[i] != NULL; i++) {
		if (i > 0)
			text_add_char(&o->results, separator);
		text_add(&o->results, o->field[i]->name);
	}
	text_add(&o->results, end);
}

static void
tsv_begin(struct out *o)
{
	if (o->style.header)
		names_row(o, '\t', "\n");
}

static void
tsv_row(struct out *o, const void *row)
{
	char buf[CELL_TEXT];

	for (size_t i = 0; o->field[i] != NULL; i++) {
		const char *cell = field_data(o->field[i], row, buf);

		if (i > 0)
			text_add_char(&o->results, '\t');
		if (cell == NULL)
			text_add(&o->results, "\\N");
		else if (cell >= buf && cell < buf + CELL_TEXT)
			text_add(&o->results, cell);
		else
			add_lossless(o, add_tsv, cell);
	}
	text_add_char(&o->results, '\n');
}

const struct renderer render_tsv = { tsv_begin, tsv_row, NULL };

/* RFC 4180: quoted where a separator, quote or line end is inside. */
static void
add_csv(struct text *t, const char *s)
{
	if (strpbrk(s, ",\"\r\n") == NULL) {
		text_add(t, s);
		return;
	}
	text_add_char(t, '"');
	for (; *s != '\0'; s++) {
		if (*s == '"')
			text_add_char(t, '"');
		text_add_char(t, *s);
	}
	text_add_char(t, '"');
}

static void
csv_begin(struct out *o)
{
	names_row(o, ',', "\r\n");
}

static void
csv_row(struct out *o, const void *row)
{
	char buf[CELL_TEXT];

	for (size_t i = 0; o->field[i] != NULL; i++) {
		const char *cell = field_data(o->field[i], row, buf);

		if (i > 0)
			text_add_char(&o->results, ',');
		if (cell != NULL)
			add_lossless(o, add_csv, cell);
	}
	text_add(&o->results, "\r\n");
}

const struct renderer render_csv = { csv_begin, csv_row, NULL };

/* Bytes that are not UTF-8 are shown as \xHH, never left out. */
static json_t *
json_text(const struct out *o, const char *s)
{
	size_t len = strlen(s);
	struct text shown = TEXT_INIT;
	json_t *value;

	if (utf8_valid(s, len) &&
	    (!o->terminal || !shown_has_control(s, len)))
		return json_stringn(s, len);
	shown_add(&shown, s, len);
	value = json_string(shown.buf);
	text_clear(&shown);
	return value;
}

/* NULL is an empty array. */
static json_t *
json_list(const struct out *o, const char *list)
{
	json_t *array = json_array();
	struct text word = TEXT_INIT;

	for (size_t n; list != NULL && *list != '\0'; list += n) {
		n = strcspn(list, ",");
		text_add_bytes(&word, list, n);
		json_array_append_new(array, json_text(o, word.buf));
		text_cut(&word, 0);
		n += list[n] == ',';
	}
	text_clear(&word);
	return array;
}

static json_t *
json_cell(const struct out *o, const struct field *f, const void *row)
{
	char buf[CELL_TEXT];
	const char *cell;

	if (f->type == FIELD_FLAG)
		return json_boolean(*(const bool *)slot(f, row));
	if (f->type == FIELD_LIST)
		return json_list(o, *(const char *const *)slot(f, row));
	cell = field_data(f, row, buf);
	if (cell == NULL)
		return json_null();
	if (f->type == FIELD_NUMBER || f->type == FIELD_SIZE ||
	    f->type == FIELD_QUOTA || f->type == FIELD_RATE ||
	    f->type == FIELD_USER_RATE)
		return json_integer(*(const int64_t *)slot(f, row));
	return json_text(o, cell);
}

static json_t *
json_row_of(struct out *o, const struct field *const *fields,
    const void *row)
{
	json_t *object = json_object();

	for (size_t i = 0; fields[i] != NULL; i++)
		json_object_set_new(object, fields[i]->name,
		    json_cell(o, fields[i], row));
	return object;
}

static void
add_json(struct out *o, json_t *value)
{
	char *line = json_dumps(value, JSON_COMPACT);

	BUG_ON(line == NULL);
	text_add(&o->results, line);
	free(line);
	json_decref(value);
}

static void
add_object(struct out *o, const void *row)
{
	add_json(o, json_row_of(o, o->field, row));
}

void
out_group_json(struct out *o, const struct field *fields, const char *name,
    const void *rows, size_t count, size_t row_size)
{
	json_t *object = json_object(), *list = json_array();
	const struct field **rest = o->field;
	size_t n = 0;

	/* The object has the first column; its rows do not repeat it. */
	for (size_t i = 0; o->field[i] != NULL; i++) {
		if (o->field[i] != &fields[0])
			rest[n++] = o->field[i];
	}
	rest[n] = NULL;
	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, json_row_of(o, rest,
		    (const char *)rows + i * row_size));
	json_object_set_new(object, fields[0].name, json_cell(o, &fields[0],
	    rows));
	json_object_set_new(object, name, list);
	add_json(o, object);
	text_add_char(&o->results, '\n');
	arena_clear(&o->scratch);
}

static void
json_begin(struct out *o)
{
	if (o->shape == OUT_LIST)
		text_add_char(&o->results, '[');
}

static void
json_row(struct out *o, const void *row)
{
	if (o->shape == OUT_LIST)
		text_add(&o->results, o->rows > 0 ? ",\n " : "");
	add_object(o, row);
}

static void
json_end(struct out *o)
{
	text_add(&o->results, o->shape == OUT_LIST ? "]\n" : "\n");
}

const struct renderer render_json = { json_begin, json_row, json_end };

static void
jsonl_row(struct out *o, const void *row)
{
	add_object(o, row);
	text_add_char(&o->results, '\n');
}

const struct renderer render_jsonl = { NULL, jsonl_row, NULL };
