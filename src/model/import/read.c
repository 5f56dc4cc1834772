/* Reading: cells, and rows in chunks. */
#include <string.h>

#include "base/ascii.h"
#include "base/quote.h"
#include "base/size.h"
#include "model/address.h"
#include "model/import/private.h"
#include "model/mail/domain.h"
#include "model/password/password.h"
#include "model/password/policy.h"

/* --- complaints ------------------------------------------------------ */

void
import_complain(struct import *x, size_t line, size_t column, struct err *e)
{
	const struct file_position position = file_position_at(
	    x->file->name, line, column);

	if (e->code != ERR_EXISTS)
		x->invalid = true;
	manifest_complain(&x->report, &position, e);
}

bool
import_stopped(struct import *x)
{
	if (x->report.complaints.count >= x->options->max_errors)
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

/* A spreadsheet writes TRUE and FALSE. */
static const char *
flag_word(struct arena *a, const char *cell)
{
	static const struct {
		const char *word;
		const char *flag;
	} words[] = {
		{ "1", "true" }, { "yes", "true" }, { "true", "true" },
		{ "0", "false" }, { "no", "false" }, { "false", "false" },
	};
	const char *word = lowered(a, cell);

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(word, words[i].word) == 0)
			return words[i].flag;
	}
	return cell;
}

static bool
active_parse(struct arena *a, const char *cell, bool *active, struct err *e)
{
	const char *word = flag_word(a, cell);

	*active = strcmp(word, "false") != 0;
	return *cell == '\0' || !*active || strcmp(word, "true") == 0 ||
	    err_set(e, ERR_INVALID, "active: expected 1 or 0, got "
	        "\"%.100s\"", cell);
}

/* A name or a word: an empty cell removes it. */
static bool
attribute_is_name(const struct attribute *a)
{
	return a->type == ATTRIBUTE_DOMAIN || a->type == ATTRIBUTE_ADDRESS ||
	    a->type == ATTRIBUTE_WORD;
}

/* An empty cell is no text; of other types, nothing that is given. */
static bool
attribute_parse(struct arena *a, struct desired *w,
    const struct attribute *attribute, const char *cell, struct err *e)
{
	bool text = attribute->type == ATTRIBUTE_TEXT;
	struct manifest m = { .arena = a };

	if (*cell == '\0' && !text && !attribute_is_name(attribute))
		return true;
	if (attribute->type == ATTRIBUTE_FLAG ||
	    attribute->type == ATTRIBUTE_RIGHT)
		cell = flag_word(a, cell);
	return manifest_set(&m, w, attribute, cell,
	    !text && attribute->type != ATTRIBUTE_HASH, e);
}

/* A number alone; "2G" and "none" say themselves what they are. */
static const char *
multiplied(struct arena *a, const char *cell, int64_t unit)
{
	int64_t number;

	if (!number_parse(cell, &number))
		return cell;
	if (number > INT64_MAX / unit)
		return arena_printf(a, "%s*%lld", cell, (long long)unit);
	number *= unit;
	return arena_printf(a, "%lld", (long long)number);
}

/* A password that others gave out is no better for that. */
static bool
password_parse(const struct import *x, const char *raw, struct err *e)
{
	const int64_t min = x->options->password_min;

	if (!password_valid(raw, strlen(raw), e))
		return err_wrap(e, "password");
	return min == 0 || password_strong(raw, min, e) ||
	    err_hint(e, "--force takes such passwords");
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
		return active_parse(a, cell, &row->alias.active, e);
	case COLUMN_EXPIRES:
		return *cell == '\0' || manifest_time(cell,
		    &row->alias.expires, e);
	case COLUMN_PASSWORD:
		/* Taken literally: export writes no passwords. */
		if (*raw == '\0')
			return true;
		row->password = arena_strdup(a, raw);
		return password_parse(x, raw, e);
	case COLUMN_ATTRIBUTE:
		return attribute_parse(a, &row->is, c->attribute,
		    c->unit == 0 ? cell : multiplied(a, cell, c->unit), e);
	case COLUMN_SKIPPED:
		break;
	}
	return true;
}

static bool
has_passwords(const struct import *x)
{
	for (size_t i = 0; i < x->columns; i++) {
		const struct attribute *a = x->column[i].attribute;

		if (x->column[i].role == COLUMN_PASSWORD ||
		    (a != NULL && a->type == ATTRIBUTE_HASH))
			return true;
	}
	return false;
}

bool
import_row_parse(struct import *x, struct arena *a, struct import_row *row)
{
	struct csv_file *f = x->file;
	struct err e = { 0 };
	bool ok = true;

	*row = (struct import_row){ .is.kind = (uint8_t)x->options->kind,
	    .line = f->line, .alias.active = true,
	    .alias.expires = VALUE_UNSET };
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
		/* In the wrong column it may be a password. */
		if (has_passwords(x))
			quote_hide(&e, unguarded(csv_file_cell(f, i)));
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

/* The hash of the password of a row, made before the transaction. */
static void
hash_put(struct import *x, struct import_row *row)
{
	if (row->number >= x->hash.count ||
	    x->hash.item[row->number] == NULL)
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
