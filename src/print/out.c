/* Results: collected, and written to standard output or a pager. */
#include "print/out.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "print/pager.h"
#include "print/private.h"

/* Results are written in pieces of about this many bytes. */
#define PIECE ((size_t)64 * 1024)

/* Held results are written all the same when they are larger than this. */
#define HELD_MAX ((size_t)8 * 1024 * 1024)

const char *const out_format_names[] = {
	[OUT_DEFAULT] = "default",
	[OUT_TABLE] = "table",
	[OUT_WIDE] = "wide",
	[OUT_TSV] = "tsv",
	[OUT_CSV] = "csv",
	[OUT_JSON] = "json",
	[OUT_JSONL] = "jsonl",
	NULL
};

void
out_init(struct out *o)
{
	*o = (struct out){
		.terminal = isatty(STDOUT_FILENO),
		.error_terminal = isatty(STDERR_FILENO),
		.results = TEXT_INIT,
		.messages = TEXT_INIT,
	};
}

void
out_clear(struct out *o)
{
	text_clear(&o->results);
	text_clear(&o->messages);
	arena_clear(&o->scratch);
	arena_clear(&o->cells);
	arena_clear(&o->hinted);
	err_clear(&o->failed);
}

bool
out_format_parse(const char *name, enum out_format *format)
{
	for (int i = OUT_TABLE; out_format_names[i] != NULL; i++) {
		if (strcmp(name, out_format_names[i]) == 0) {
			*format = (enum out_format)i;
			return true;
		}
	}
	return false;
}

static enum out_format
format_in_use(const struct out *o)
{
	if (o->style.format == OUT_DEFAULT)
		return o->terminal ? OUT_TABLE : OUT_TSV;
	if (o->style.format == OUT_JSON && o->array_as_lines)
		return OUT_JSONL;
	return o->style.format == OUT_WIDE ? OUT_TABLE : o->style.format;
}

bool
out_is_json(const struct out *o)
{
	return o->style.format == OUT_JSON || o->style.format == OUT_JSONL;
}

bool
out_is_table(const struct out *o)
{
	return format_in_use(o) == OUT_TABLE;
}

bool
out_is_narrow(const struct out *o)
{
	return o->style.narrow != NULL && o->style.columns == NULL &&
	    o->style.format != OUT_WIDE && out_is_table(o) && o->terminal &&
	    !o->vertical;
}

/* --- writing --------------------------------------------------------- */

void
out_messages_flush(struct out *o)
{
	/* A failure on standard error can be reported nowhere. */
	(void)io_write_all(STDERR_FILENO, o->messages.buf, o->messages.len);
	text_cut(&o->messages, 0);
}

/* An estimate: one column for each byte. */
static bool
is_longer_than_screen(const struct text *t)
{
	const char *line = t->buf, *end;
	int lines, columns, used = 0;

	terminal_size(&lines, &columns);
	if (lines == 0 || columns == 0)
		return false;
	while ((end = strchr(line, '\n')) != NULL && used < lines) {
		used += 1 + (int)((end - line) / (columns + 1));
		line = end + 1;
	}
	return used >= lines;
}

/*
 * No pager while results are held: an open transaction must not wait for a
 * person.
 */
static bool
results_page(struct out *o, struct err *e)
{
	if (o->pager == NULL && o->page && o->terminal && !o->hold &&
	    is_longer_than_screen(&o->results))
		o->pager = pager_open();
	if (o->pager == NULL)
		return true;
	if (!o->page_left && !pager_write(o->pager, o->results.buf,
	    o->results.len))
		o->page_left = true;
	text_cut(&o->results, 0);
	return !o->page_left || err_set(e, ERR_IO, "the pager has ended");
}

void
out_page_end(struct out *o)
{
	if (o->pager != NULL)
		pager_close(o->pager);
	o->pager = NULL;
	o->page_left = false;
}

bool
out_results_flush(struct out *o, struct err *e)
{
	size_t len;
	bool ok;

	if (!results_page(o, e))
		return false;
	len = o->results.len;
	ok = o->failed.code == ERR_NONE &&
	    io_write_all(STDOUT_FILENO, o->results.buf, len);

	if (len > 0 && o->hold)
		o->written = true;
	if (!ok && o->failed.code == ERR_NONE)
		err_set(&o->failed, ERR_IO,
		    "cannot write standard output: %s", strerror(errno));
	text_cut(&o->results, 0);
	if (!ok)
		return err_set(e, o->failed.code, "%s", o->failed.text);
	return true;
}

bool
out_flush(struct out *o, struct err *e)
{
	bool ok;

	if (o->hold && o->results.len < HELD_MAX)
		return true;
	ok = out_results_flush(o, e);
	if (!o->hold)
		out_messages_flush(o);
	return ok;
}

/* After a row: writes when a whole piece has gathered. */
static bool
flush_piece(struct out *o, struct err *e)
{
	if (o->results.len < PIECE)
		return true;
	return out_flush(o, e);
}

void
out_hold(struct out *o)
{
	o->hold = true;
	o->written = false;
}

bool
out_release(struct out *o, struct err *e)
{
	o->hold = false;
	return out_flush(o, e);
}

void
out_forget_hints(struct out *o)
{
	o->hints = (struct words){ 0 };
	arena_reset(&o->hinted);
}

void
out_discard(struct out *o)
{
	o->hold = false;
	text_cut(&o->results, 0);
	text_cut(&o->messages, 0);
	out_forget_hints(o);
}

/* --- rows ------------------------------------------------------------ */

static const struct field *
field_find(const struct field *fields, const char *name, size_t len)
{
	for (; fields->name != NULL; fields++) {
		if (strlen(fields->name) == len &&
		    memcmp(fields->name, name, len) == 0)
			return fields;
	}
	return NULL;
}

static bool
unknown_column(const struct field *fields, const char *name, size_t len,
    struct err *e)
{
	struct text known = TEXT_INIT;

	for (; fields->name != NULL; fields++)
		text_addf(&known, "%s%s", known.len ? "," : "", fields->name);
	err_set(e, ERR_USAGE, "unknown column \"%.*s\"",
	    (int)(len > 200 ? 200 : len), name);
	err_hint(e, "columns: %s", known.buf);
	text_clear(&known);
	return false;
}

/* The fields that "a,b,c" names, in this order; `chosen` may be NULL. */
static bool
columns_choose(const struct field *fields, const char *columns,
    const struct field **chosen, struct err *e)
{
	const char *p = columns;

	for (;;) {
		size_t len = strcspn(p, ",");
		const struct field *f = field_find(fields, p, len);

		if (f == NULL)
			return unknown_column(fields, p, len, e);
		if (chosen != NULL)
			*chosen++ = f;
		if (p[len] == '\0')
			return true;
		p += len + 1;
	}
}

bool
out_columns_check(const struct field *fields, const char *columns,
    struct err *e)
{
	return columns == NULL || columns_choose(fields, columns, NULL, e);
}

static const struct renderer *
renderer_for(const struct out *o)
{
	if (o->vertical)
		return &render_block;
	switch (format_in_use(o)) {
	case OUT_TABLE:
	case OUT_WIDE:
		return o->shape == OUT_SHOW ? &render_block : &render_table;
	case OUT_CSV:
		return &render_csv;
	case OUT_JSON:
		return &render_json;
	case OUT_JSONL:
		return &render_jsonl;
	case OUT_TSV:
	case OUT_DEFAULT:
		break;
	}
	return &render_tsv;
}

/* The fields that are shown when --columns is not given. */
static void
columns_default(const struct out *o, const struct field *fields,
    const struct field **chosen)
{
	for (; fields->name != NULL; fields++) {
		if (!fields->more || o->shape == OUT_SHOW)
			*chosen++ = fields;
	}
}

/* Sets o->field, the columns of the next rows. */
static bool
fields_choose(struct out *o, const struct field *fields, struct err *e)
{
	const char *columns = o->fitted ? o->style.narrow : o->style.columns;
	size_t n = field_count(fields);

	/* A column may be named twice; there are not more than bytes. */
	if (columns != NULL)
		n += strlen(columns);
	arena_clear(&o->scratch);
	arena_clear(&o->cells);
	o->field = arena_array(&o->scratch, n + 1, sizeof(*o->field));
	if (columns != NULL)
		return columns_choose(fields, columns, o->field, e);
	columns_default(o, fields, o->field);
	return true;
}

bool
out_begin(struct out *o, const struct field *fields, enum out_shape shape,
    struct err *e)
{
	o->shape = shape;
	o->fitted = shape == OUT_LIST && out_is_narrow(o);
	o->now = o->fitted ? (int64_t)time(NULL) : 0;
	if (!fields_choose(o, fields, e))
		return false;
	o->rows = 0;
	o->renderer = renderer_for(o);
	if (o->renderer->begin != NULL)
		o->renderer->begin(o);
	return true;
}

bool
out_shows_more(const struct out *o)
{
	size_t i = 0;

	while (o->field[i] != NULL && !o->field[i]->more)
		i++;
	return o->field[i] != NULL;
}

bool
out_row(struct out *o, const void *row, struct err *e)
{
	o->renderer->row(o, row);
	o->rows++;
	return flush_piece(o, e);
}

bool
out_end(struct out *o, struct err *e)
{
	if (o->renderer->end != NULL)
		o->renderer->end(o);
	o->state = NULL;
	o->field = NULL;
	arena_clear(&o->scratch);
	arena_clear(&o->cells);
	return out_flush(o, e);
}

bool
out_text(struct out *o, const char *text, struct err *e)
{
	text_add(&o->results, text);
	return out_flush(o, e);
}

bool
out_piece(struct out *o, const char *text, size_t len, struct err *e)
{
	text_add_bytes(&o->results, text, len);
	return flush_piece(o, e);
}

bool
out_count(struct out *o, int64_t count, struct err *e)
{
	if (out_is_json(o))
		text_addf(&o->results, "{\"count\":%lld}\n",
		    (long long)count);
	else
		text_addf(&o->results, "%lld\n", (long long)count);
	return out_flush(o, e);
}

bool
out_group(struct out *o, const struct field *fields, const char *name,
    const void *rows, size_t count, size_t row_size, struct err *e)
{
	if (format_in_use(o) == OUT_JSON && !o->vertical) {
		o->fitted = false;
		if (!fields_choose(o, fields, e))
			return false;
		out_group_json(o, fields, name, rows, count, row_size);
		return out_flush(o, e);
	}
	if (!out_begin(o, fields, OUT_LIST, e))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!out_row(o, (const char *)rows + i * row_size, e))
			return false;
	}
	return out_end(o, e);
}
