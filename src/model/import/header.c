/* The header of a CSV file: which column each cell names. */
#include <string.h>

#include "model/import/private.h"

/* The column that a cell of the header names; false: none. */
static bool
column_of(struct import *x, const char *cell, struct import_column *c)
{
	struct import_choice *choice = import_choice_of(x, cell);

	if (choice != NULL) {
		choice->used = true;
		*c = choice->column;
		return true;
	}
	return import_column_known(x, cell, c) && !import_is_chosen(x, c);
}

/*
 * Of a file without a header the first row may hold passwords, and a word like
 * "active" that names a column.  A header has the column of the names.
 */
static bool
is_header(struct import *x)
{
	struct import_column c;

	for (size_t i = 0; i < x->file->count; i++) {
		if (column_of(x, csv_file_cell(x->file, i), &c) &&
		    c.role == COLUMN_NAME)
			return true;
	}
	return false;
}

static bool
unknown_column(struct import *x, const char *name, struct err *e)
{
	if (!is_header(x))
		err_set(e, ERR_INVALID, "not a header");
	else
		err_set(e, ERR_INVALID, "unknown column \"%.100s\"", name);
	return err_hint(e, "the first line names the columns; known are: %s. "
	    "--columns NAME=HEADER takes others", import_columns_text(x));
}

static bool
column_add(struct import *x, const char *name, struct err *e)
{
	struct import_column c;

	if (!column_of(x, name, &c))
		return unknown_column(x, name, e);
	for (size_t i = 0; i < x->columns; i++) {
		if (c.role != COLUMN_SKIPPED &&
		    strcmp(x->column[i].name, c.name) == 0)
			return err_set(e, ERR_INVALID, "column \"%s\" is given "
			    "twice", c.name);
	}
	x->column[x->columns++] = c;
	return true;
}

bool
import_has_column(const struct import *x, int role)
{
	for (size_t i = 0; i < x->columns; i++) {
		if ((int)x->column[i].role == role)
			return true;
	}
	return false;
}

static bool
columns_check(const struct import *x, struct err *e)
{
	if (!import_has_column(x, COLUMN_NAME))
		return err_set(e, ERR_INVALID, "no column \"%s\"",
		    import_name_column(x->options->kind));
	if (x->options->kind == MANIFEST_ALIAS &&
	    !import_has_column(x, COLUMN_DESTINATION))
		return err_set(e, ERR_INVALID, "no column \"destination\"");
	return true;
}

bool
import_header(struct import *x, struct err *e)
{
	struct csv_file *f = x->file;
	enum csv_answer answer = csv_file_next(f, e);
	size_t column = f->column;
	bool ok = answer == CSV_ROW;

	x->columns = 0;
	if (answer == CSV_END)
		return err_set(e, ERR_INVALID, "%s is empty: not even a "
		    "header", f->name);
	for (size_t i = 0; ok && i < f->count; i++) {
		column = i + 1;
		ok = column_add(x, csv_file_cell(f, i), e);
	}
	if (ok)
		column = 1;
	if (ok && import_choices_used(x, e) && columns_check(x, e))
		return true;
	return e->code == ERR_IO ? false :
	    err_wrap(e, "%s:%zu:%zu", f->name, f->line, column);
}
