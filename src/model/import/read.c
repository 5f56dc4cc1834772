/* Reading: the columns that the header names, cells, rows in chunks. */
#include <string.h>

#include "base/text.h"
#include "model/address.h"
#include "model/import/private.h"
#include "model/mail/domain.h"
#include "model/password/password.h"

/* --- complaints ------------------------------------------------------ */

void
import_complain(struct import *x, size_t line, size_t column, struct err *e)
{
	const struct file_position position = file_position_at(
	    x->file->name, line, column);

	if (e->code != ERR_EXISTS)
		x->invalid = true;
	manifest_complain(&x->told, &position, e);
}

bool
import_stopped(struct import *x)
{
	if (x->told.complaints.count >= x->options->max_errors)
		x->stopped = true;
	return x->stopped;
}

bool
import_progress(struct import *x, const char *what, int64_t rows,
    double part)
{
	const struct import_options *o = x->options;

	return o->progress == NULL ||
	    o->progress(o->progress_arg, what, rows, part);
}

/* --- columns --------------------------------------------------------- */

static const struct import_column name_columns[MANIFEST_KINDS] = {
	[MANIFEST_DOMAIN] = { "domain", COLUMN_NAME, NULL },
	[MANIFEST_USER] = { "email", COLUMN_NAME, NULL },
	[MANIFEST_ALIAS] = { "mail", COLUMN_NAME, NULL },
};

static const struct import_column user_columns[] = {
	{ "password", COLUMN_PASSWORD, NULL },
	{ 0 }
};

static const struct import_column alias_columns[] = {
	{ "destination", COLUMN_DESTINATION, NULL },
	{ "active", COLUMN_ACTIVE, NULL },
	{ 0 }
};

/* Column number i of a kind; false behind the last. */
static bool
column_at(enum manifest_kind kind, size_t i, struct import_column *column)
{
	const struct attribute *a = manifest_attributes[kind];
	const struct import_column *more = kind == MANIFEST_ALIAS ?
	    alias_columns : kind == MANIFEST_USER ? user_columns : NULL;

	if (i-- == 0) {
		*column = name_columns[kind];
		return true;
	}
	for (; a->name != NULL; a++) {
		if (attribute_is_list(a) || a->type == ATTRIBUTE_FILE ||
		    a->type == ATTRIBUTE_GENERATE)
			continue;
		if (i-- == 0) {
			*column = (struct import_column){ a->name,
			    COLUMN_ATTRIBUTE, a };
			return true;
		}
	}
	for (; more != NULL && more->name != NULL; more++) {
		if (i-- == 0) {
			*column = *more;
			return true;
		}
	}
	return false;
}

static bool
unknown_column(struct import *x, const char *name, struct err *e)
{
	struct text known = TEXT_INIT;
	struct import_column c;

	for (size_t i = 0; column_at(x->options->kind, i, &c); i++)
		text_addf(&known, "%s%s", i > 0 ? ", " : "", c.name);
	err_set(e, ERR_INVALID, "unknown column \"%.100s\"", name);
	err_hint(e, "the first line names the columns; known are: %s",
	    known.buf);
	text_clear(&known);
	return false;
}

static bool
column_add(struct import *x, const char *name, struct err *e)
{
	struct import_column c;
	size_t i = 0;

	while (column_at(x->options->kind, i, &c) &&
	    strcmp(c.name, name) != 0)
		i++;
	if (!column_at(x->options->kind, i, &c))
		return unknown_column(x, name, e);
	for (i = 0; i < x->columns; i++) {
		if (strcmp(x->column[i].name, c.name) == 0)
			return err_set(e, ERR_INVALID, "column \"%s\" is given "
			    "twice", name);
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
		    name_columns[x->options->kind].name);
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
	if (ok && columns_check(x, e))
		return true;
	return e->code == ERR_IO ? false :
	    err_wrap(e, "%s:%zu:%zu", f->name, f->line, column);
}

/* --- cells ----------------------------------------------------------- */

/* export puts a ' before what a spreadsheet would take for a formula. */
static const char *
unguarded(const char *cell)
{
	return cell[0] == '\'' && cell[1] != '\0' &&
	    strchr("=+-@'\t\r\n", cell[1]) != NULL ? cell + 1 : cell;
}

static bool
name_parse(struct arena *a, enum manifest_kind kind, const char *cell,
    const char **name, struct err *e)
{
	if (kind == MANIFEST_DOMAIN)
		return domain_parse(a, cell, name, e);
	return address_parse(a, kind == MANIFEST_USER ? ADDRESS_USER :
	    ADDRESS_ALIAS, cell, name, e);
}

static const char *
flag_word(const char *cell)
{
	return strcmp(cell, "1") == 0 ? "true" :
	    strcmp(cell, "0") == 0 ? "false" : cell;
}

static bool
active_parse(const char *cell, bool *active, struct err *e)
{
	const char *word = flag_word(cell);

	*active = strcmp(word, "false") != 0;
	return *cell == '\0' || !*active || strcmp(word, "true") == 0 ||
	    err_set(e, ERR_INVALID, "active: expected 1 or 0, got "
	        "\"%.100s\"", cell);
}

/* An empty cell is no text; of other types, nothing that is given. */
static bool
attribute_parse(struct arena *a, struct desired *w,
    const struct attribute *attribute, const char *cell, struct err *e)
{
	bool text = attribute->type == ATTRIBUTE_TEXT;
	struct manifest m = { .arena = a };

	if (*cell == '\0' && !text && attribute->type != ATTRIBUTE_DOMAIN)
		return true;
	if (attribute->type == ATTRIBUTE_FLAG ||
	    attribute->type == ATTRIBUTE_RIGHT)
		cell = flag_word(cell);
	return manifest_set(&m, w, attribute, cell,
	    !text && attribute->type != ATTRIBUTE_HASH, e);
}

static bool
cell_parse(struct import *x, struct arena *a, struct import_row *row,
    size_t i, struct err *e)
{
	const struct import_column *c = &x->column[i];
	const char *raw = csv_file_cell(x->file, i), *cell = unguarded(raw);

	switch (c->role) {
	case COLUMN_NAME:
		return name_parse(a, x->options->kind, cell,
		    &row->is.name, e);
	case COLUMN_DESTINATION:
		return address_parse(a, ADDRESS_DESTINATION, cell,
		    &row->alias.destination, e);
	case COLUMN_ACTIVE:
		return active_parse(cell, &row->alias.active, e);
	case COLUMN_PASSWORD:
		/* As it stands: export writes none. */
		if (*raw == '\0')
			return true;
		row->password = arena_strdup(a, raw);
		return password_valid(raw, strlen(raw), e) ||
		    err_wrap(e, "password");
	case COLUMN_ATTRIBUTE:
		return attribute_parse(a, &row->is, c->attribute, cell, e);
	}
	return true;
}

bool
import_row_parse(struct import *x, struct arena *a, struct import_row *row)
{
	struct csv_file *f = x->file;
	struct err e = { 0 };
	bool ok = true;

	*row = (struct import_row){ .is.kind = (uint8_t)x->options->kind,
	    .line = f->line, .alias.active = true };
	if (f->count != x->columns) {
		err_set(&e, ERR_INVALID, "%zu cells, and the header names "
		    "%zu", f->count, x->columns);
		import_complain(x, f->line, f->count < x->columns ?
		    f->count : x->columns + 1, &e);
		return false;
	}
	for (size_t i = 0; i < f->count; i++) {
		if (cell_parse(x, a, row, i, &e))
			continue;
		import_complain(x, f->cell[i].line, i + 1, &e);
		ok = false;
	}
	if (ok && row->password != NULL && row->user.hash != NULL) {
		err_set(&e, ERR_INVALID, "both a password and a hash");
		import_complain(x, f->line, 0, &e);
		return false;
	}
	row->alias.mail = row->is.name;
	row->is.position = file_position_at(f->name, f->line, 1);
	return ok;
}

/* --- rows ------------------------------------------------------------ */

double
import_part_done(const struct csv_file *f)
{
	return f->size > 0 ? (double)f->done / (double)f->size : 0;
}

/* What a row's password became before the transaction. */
static void
hash_put(struct import *x, struct import_row *row)
{
	if (row->password == NULL || row->number >= x->hash.count)
		return;
	row->user.hash = x->hash.item[row->number];
	row->is.given |= attribute_bit(MANIFEST_USER, "hash");
}

bool
import_chunk_read(struct import *x, struct import_chunk *c, struct err *e)
{
	enum csv_answer answer = CSV_ROW;

	arena_reset(&c->arena);
	c->row = arena_array(&c->arena, BULK_ROWS, sizeof(*c->row));
	c->count = 0;
	while (c->count < BULK_ROWS && !import_stopped(x)) {
		struct import_row *row = &c->row[c->count];
		size_t number = (size_t)x->rows;

		answer = csv_file_next(x->file, e);
		if (answer == CSV_END || (answer == CSV_BROKEN &&
		    e->code == ERR_IO))
			break;
		x->rows++;
		if (answer != CSV_ROW) {
			import_complain(x, x->file->line, x->file->column,
			    e);
			continue;
		}
		if (!import_row_parse(x, &c->arena, row))
			continue;
		row->number = number;
		hash_put(x, row);
		c->count++;
	}
	return e->code == ERR_NONE;
}

/* --- rows against each other and the database ------------------------- */

bool
import_domain_ok(struct import *x, struct mail *m,
    const struct import_row *row, bool *ok, struct err *e)
{
	const char *name = address_domain(row->is.name);
	bool user = x->options->kind == MANIFEST_USER;
	struct domain domain;

	*ok = domain_lock(m, name, &domain, e);
	if (!*ok && e->code != ERR_NOT_FOUND)
		return false;
	if (*ok && user && domain.alias_of != NULL)
		*ok = err_set(e, ERR_REFUSED, "%s is an alias of %s and has "
		    "no users", name, domain.alias_of);
	if (*ok)
		nameset_add(&x->domains, name, strlen(name));
	else
		import_complain(x, row->line, 1, e);
	return true;
}

void
import_refuse_twice(struct import *x, struct import_chunk *c, import_key key)
{
	for (size_t i = 0; i < c->count && !import_stopped(x); i++) {
		struct import_row *row = &c->row[i];
		const char *name = key(&c->arena, row);
		uint32_t first = seen_add(&x->seen, name, strlen(name),
		    (uint32_t)row->line);
		struct err e = { 0 };

		if (first == 0)
			continue;
		row->is.faulty = true;
		err_set(&e, ERR_INVALID, "%s %s is in the file twice: also on "
		    "line %u", manifest_kind_names[x->options->kind],
		    name, first);
		import_complain(x, row->line, 1, &e);
	}
}

bool
import_may_change(struct import *x, const struct import_row *row,
    const char *what)
{
	struct err e = { 0 };

	if (x->options->update)
		return true;
	err_set(&e, ERR_EXISTS, "%s %s already exists",
	    manifest_kind_names[x->options->kind], what);
	err_hint(&e, "--update changes what exists");
	import_complain(x, row->line, 1, &e);
	return false;
}
