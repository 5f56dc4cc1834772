/*
 * The header of a CSV file: which column each cell names.
 *
 * Case, blanks, hyphens and underscores do not matter, and some columns have
 * synonyms: a file that another program wrote needs no editor.
 */
#include <string.h>

#include "base/ascii.h"
#include "base/text.h"
#include "model/import/private.h"

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

/*
 * What spreadsheets, panels and mail suites call these columns, in the form
 * that header_word() makes.  None of "Quota (MB)" and the like: such a number
 * would be taken for bytes.
 */
static const struct synonym {
	const char *word;
	const char *column[MANIFEST_KINDS];
} synonyms[] = {
#define OF_USER(text) { [MANIFEST_USER] = text }
#define OF_ALIAS(text) { [MANIFEST_ALIAS] = text }
	{ "mail", OF_USER("email") },
	{ "emailaddress", OF_USER("email") },
	{ "mailbox", OF_USER("email") },
	{ "username", OF_USER("email") },
	{ "account", OF_USER("email") },
	{ "userprincipalname", OF_USER("email") },
	{ "primarysmtpaddress", OF_USER("email") },
	{ "fullname", OF_USER("name") },
	{ "displayname", OF_USER("name") },
	{ "realname", OF_USER("name") },
	{ "passwordhash", OF_USER("hash") },
	{ "alias", OF_ALIAS("mail") },
	{ "address", { [MANIFEST_USER] = "email", [MANIFEST_ALIAS] = "mail" } },
	{ "email", OF_ALIAS("mail") },
	{ "source", OF_ALIAS("mail") },
	{ "from", OF_ALIAS("mail") },
	{ "goto", OF_ALIAS("destination") },
	{ "to", OF_ALIAS("destination") },
	{ "target", OF_ALIAS("destination") },
	{ "forwardto", OF_ALIAS("destination") },
	{ "domainname", { [MANIFEST_DOMAIN] = "domain" } },
	{ 0 }
#undef OF_USER
#undef OF_ALIAS
};

/* "E-Mail Address [Required]" becomes "emailaddress". */
static char *
header_word(struct arena *a, const char *cell)
{
	char *word = arena_strndup(a, cell, strcspn(cell, "[")), *to = word;

	for (const char *from = word; *from != '\0'; from++) {
		if (!is_one_of(*from, " -_"))
			*to++ = lower_char(*from);
	}
	*to = '\0';
	return word;
}

/* A cell of the header is a column's name, as it is or by another word. */
static bool
is_named(const struct import_column *c, enum manifest_kind kind,
    struct arena *a, const char *cell)
{
	const char *word = header_word(a, cell);

	if (strcmp(word, header_word(a, c->name)) == 0)
		return true;
	for (const struct synonym *s = synonyms; s->word != NULL; s++) {
		if (s->column[kind] != NULL && strcmp(s->word, word) == 0)
			return strcmp(s->column[kind], c->name) == 0;
	}
	return false;
}

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

/* The column that a cell of the header names; false: none. */
static bool
column_of(struct import *x, const char *cell, struct import_column *c)
{
	const enum manifest_kind kind = x->options->kind;

	for (size_t i = 0; column_at(kind, i, c); i++) {
		if (is_named(c, kind, &x->memory, cell))
			return true;
	}
	return false;
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
	struct text known = TEXT_INIT;
	struct import_column c;

	for (size_t i = 0; column_at(x->options->kind, i, &c); i++)
		text_addf(&known, "%s%s", i > 0 ? ", " : "", c.name);
	if (is_header(x))
		err_set(e, ERR_INVALID, "unknown column \"%.100s\"", name);
	else
		err_set(e, ERR_INVALID, "not a header");
	err_hint(e, "the first line names the columns; known are: %s",
	    known.buf);
	text_clear(&known);
	return false;
}

static bool
column_add(struct import *x, const char *name, struct err *e)
{
	struct import_column c;

	if (!column_of(x, name, &c))
		return unknown_column(x, name, e);
	for (size_t i = 0; i < x->columns; i++) {
		if (strcmp(x->column[i].name, c.name) == 0)
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
