/*
 * The columns that a CSV file may have, and other words for them.
 *
 * Case, blanks, hyphens and underscores do not matter, and some columns have
 * synonyms: a file that another program wrote needs no editor.
 */
#include <string.h>

#include "base/ascii.h"
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
	{ "expires", COLUMN_EXPIRES, NULL },
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

char *
import_header_word(struct arena *a, const char *cell)
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
	const char *word = import_header_word(a, cell);

	if (strcmp(word, import_header_word(a, c->name)) == 0)
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

bool
import_column_known(struct import *x, const char *word,
    struct import_column *c)
{
	const enum manifest_kind kind = x->options->kind;

	for (size_t i = 0; column_at(kind, i, c); i++) {
		if (is_named(c, kind, &x->memory, word))
			return true;
	}
	return false;
}

const char *
import_columns_text(struct import *x)
{
	struct words known = { 0 };
	struct import_column c;

	for (size_t i = 0; column_at(x->options->kind, i, &c); i++)
		words_add(&x->memory, &known, c.name);
	return words_joined(&x->memory, &known, ", ");
}

const char *
import_name_column(enum manifest_kind kind)
{
	return name_columns[kind].name;
}
