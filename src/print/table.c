/*
 * The formats for people: a table of rows, a block for one row.
 *
 * A table measures its columns on the first MEASURED rows and prints the
 * next ones as they come.  So a long list starts at once and takes constant
 * memory; a later cell that is wider makes its line longer.  A table that is
 * wider than the terminal becomes blocks: several lines for each row, with
 * the name of the column before each cell.  A list of the few columns that are
 * meant for a terminal (out_style.narrow) stays a table: its longest texts end
 * in an ellipsis.
 */
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "print/private.h"

/* Rows that are measured before the first is printed. */
#define MEASURED 500

struct table {
	const char **cell;	/* MEASURED rows of columns, row by row */
	int *width;		/* of each column */
	size_t columns;
	int screen;		/* columns of the terminal; 0: any number */
	bool blocks;
	size_t kept;		/* rows in cell */
	bool printing;		/* the widths are known */
};

static bool
is_right(const struct field *f)
{
	return f->type == FIELD_NUMBER || f->type == FIELD_SIZE ||
	    f->type == FIELD_QUOTA || f->type == FIELD_RATE ||
	    f->type == FIELD_USER_RATE;
}

static void
add_spaces(struct text *t, int n)
{
	while (n-- > 0)
		text_add_char(t, ' ');
}

/* Columns of text are cut to no less than this. */
#define LEAST 8
/* The first names the row: of equal ones another is cut. */
#define FIRST_MORE 16

/* The text that gives up a column next; false: none can. */
static bool
cut_next(const struct out *o, size_t *column)
{
	const struct table *t = o->state;
	int most = LEAST;

	for (size_t i = 0; i < t->columns; i++) {
		const struct field *f = o->field[i];
		int width = t->width[i] - (i == 0 ? FIRST_MORE : 0);

		if (is_right(f) || f->type == FIELD_FLAG ||
		    f->type == FIELD_TIME || width <= most)
			continue;
		most = width;
		*column = i;
	}
	return most > LEAST;
}

/* "a long te…" */
static const char *
cut(struct out *o, const char *cell, int width)
{
	return utf8_width(cell) <= width ? cell : arena_printf(&o->cells,
	    "%.*s\u2026", (int)utf8_fitting(cell, width - 1), cell);
}

/* --- tables ---------------------------------------------------------- */

static void
add_cell(struct out *o, size_t column, const char *cell, bool last)
{
	struct table *table = o->state;
	int space;

	if (o->fitted && table->screen > 0)
		cell = cut(o, cell, table->width[column]);
	space = table->width[column] - utf8_width(cell);
	if (is_right(o->field[column])) {
		add_spaces(&o->results, space);
		text_add(&o->results, cell);
	} else {
		text_add(&o->results, cell);
		if (!last)
			add_spaces(&o->results, space);
	}
	text_add(&o->results, last ? "\n" : "  ");
}

/* The first column, which names the row, has a line of its own. */
static void
add_block(struct out *o, const char *const *cell)
{
	struct table *table = o->state;
	int used = 0, space = 0;

	for (size_t i = 0; i < table->columns; i++) {
		const char *name = o->field[i]->name;
		int label = utf8_width(name) + 2;

		if (i > 0 && (i == 1 || used + space + 2 + label +
		    table->width[i] > table->screen)) {
			text_add(&o->results, "\n  ");
			used = 2;
			space = 0;
		} else if (i > 0) {
			add_spaces(&o->results, space + 2);
			used += space + 2;
		}
		text_addf(&o->results, "%s: %s", name, cell[i]);
		used += label + utf8_width(cell[i]);
		space = table->width[i] - utf8_width(cell[i]);
	}
	text_add_char(&o->results, '\n');
}

static bool
is_colored(const struct out *o)
{
	return terminal_wants_color(o->color, STDOUT_FILENO);
}

static void
style_begin(struct out *o, enum terminal_style style)
{
	text_add(&o->results, terminal_begin(style, is_colored(o)));
}

/* In front of the newline, so that no line begins in the style. */
static void
style_end(struct out *o, enum terminal_style style)
{
	text_cut(&o->results, o->results.len - 1);
	text_addf(&o->results, "%s\n", terminal_end(style, is_colored(o)));
}

/* A row whose column `active` says no. */
static bool
is_off(const struct out *o, const char *const *cell)
{
	for (size_t i = 0; o->field[i] != NULL; i++) {
		if (o->field[i]->type == FIELD_FLAG &&
		    strcmp(o->field[i]->name, "active") == 0)
			return strcmp(cell[i], "no") == 0;
	}
	return false;
}

static void
add_line(struct out *o, const char *const *cell)
{
	struct table *table = o->state;
	enum terminal_style style = is_off(o, cell) ? STYLE_LESS :
	    STYLE_PLAIN;

	if (table->blocks) {
		add_block(o, cell);
		return;
	}
	style_begin(o, style);
	for (size_t i = 0; i < table->columns; i++)
		add_cell(o, i, cell[i], i + 1 == table->columns);
	style_end(o, style);
}

static void
table_begin(struct out *o)
{
	struct table *t = arena_alloc(&o->scratch, sizeof(*t));
	int lines;

	if (o->terminal)
		terminal_size(&lines, &t->screen);
	while (o->field[t->columns] != NULL)
		t->columns++;
	t->cell = arena_array(&o->scratch, MEASURED * t->columns,
	    sizeof(*t->cell));
	t->width = arena_array(&o->scratch, t->columns, sizeof(*t->width));
	o->state = t;
}

/* What a row takes; a column is as wide as its name. */
static int
table_width(struct out *o)
{
	struct table *t = o->state;
	int used = -2;

	for (size_t i = 0; i < t->columns; i++) {
		int name = utf8_width(o->field[i]->name);

		used += 2 + (name > t->width[i] ? name : t->width[i]);
	}
	return used;
}

/* True when a row fits the screen, be it by cutting texts. */
static bool
table_fits(struct out *o)
{
	struct table *t = o->state;
	size_t column = 0;

	if (t->screen == 0)
		return true;
	while (table_width(o) > t->screen) {
		if (!o->fitted || !cut_next(o, &column))
			return false;
		t->width[column]--;
	}
	return true;
}

static void
table_heading(struct out *o)
{
	struct table *t = o->state;
	struct text name = TEXT_INIT;

	style_begin(o, STYLE_HEADING);
	for (size_t i = 0; i < t->columns; i++) {
		text_cut(&name, 0);
		for (const char *p = o->field[i]->name; *p != '\0'; p++)
			text_add_char(&name, *p == '_' ? ' ' :
			    (char)(*p & ~0x20));
		if (utf8_width(name.buf) > t->width[i])
			t->width[i] = utf8_width(name.buf);
		add_cell(o, i, name.buf, i + 1 == t->columns);
	}
	style_end(o, STYLE_HEADING);
	text_clear(&name);
}

static void
table_print_kept(struct out *o)
{
	struct table *t = o->state;

	t->printing = true;
	t->blocks = !table_fits(o);
	if (!t->blocks)
		table_heading(o);
	for (size_t i = 0; i < t->kept; i++)
		add_line(o, t->cell + i * t->columns);
	arena_clear(&o->cells);
}

static void
table_row(struct out *o, const void *row)
{
	struct table *t = o->state;
	const char **cell = t->cell + (t->printing ? 0 : t->kept) * t->columns;

	for (size_t i = 0; i < t->columns; i++) {
		cell[i] = out_cell(o, o->field[i], row);
		if (!t->printing && utf8_width(cell[i]) > t->width[i])
			t->width[i] = utf8_width(cell[i]);
	}
	if (t->printing) {
		add_line(o, cell);
		arena_clear(&o->cells);
	} else if (++t->kept == MEASURED) {
		table_print_kept(o);
	}
}

static void
table_end(struct out *o)
{
	struct table *t = o->state;

	if (!t->printing && t->kept > 0)
		table_print_kept(o);
}

const struct renderer render_table = { table_begin, table_row, table_end };

static void
block_row(struct out *o, const void *row)
{
	int width = 0;

	for (size_t i = 0; o->field[i] != NULL; i++) {
		int w = utf8_width(o->field[i]->name);

		width = w > width ? w : width;
	}
	if (o->rows > 0)
		text_add_char(&o->results, '\n');
	for (size_t i = 0; o->field[i] != NULL; i++) {
		const char *name = o->field[i]->name;

		text_add(&o->results, name);
		add_spaces(&o->results, width - utf8_width(name) + 2);
		text_add(&o->results, out_cell(o, o->field[i], row));
		text_add_char(&o->results, '\n');
	}
	arena_clear(&o->cells);
}

const struct renderer render_block = { NULL, block_row, NULL };
