/*
 * --columns of import: which cell of the header stands for which column, where
 * another program has given it a name of its own.
 */
#include <string.h>

#include "base/ascii.h"
#include "base/size.h"
#include "model/import/private.h"

static bool
wrong(struct err *e, const char *item)
{
	err_set(e, ERR_USAGE, "--columns: \"%.100s\" is no NAME=HEADER",
	    item);
	return err_hint(e, "email=E-Post,name=Person; quota=Quota (MB)*1M "
	    "multiplies, and =Phone leaves a column out");
}

/* "HEADER*1M": the unit is cut off; 0: there is none. */
static bool
unit_take(struct import_choice *c, char *header, struct err *e)
{
	char *star = strrchr(header, '*');
	const struct attribute *a = c->column.attribute;

	if (star == NULL || !size_parse(star + 1, &c->column.unit))
		return true;
	*star = '\0';
	if (c->column.unit > 0 && a != NULL && (a->type == ATTRIBUTE_SIZE ||
	    a->type == ATTRIBUTE_QUOTA))
		return true;
	return err_set(e, ERR_USAGE, "--columns: %s is not multiplied",
	    c->column.name);
}

static bool
choice_name(struct import *x, struct import_choice *c, const char *name,
    struct err *e)
{
	if (*name == '\0') {
		c->column = (struct import_column){ "", COLUMN_SKIPPED, NULL };
		return true;
	}
	if (!import_column_known(x, name, &c->column)) {
		err_set(e, ERR_USAGE, "--columns: unknown column \"%.100s\"",
		    name);
		return err_hint(e, "known are: %s", import_columns_text(x));
	}
	return true;
}

static bool
is_twice(const struct import *x, const struct import_choice *c)
{
	for (size_t i = 0; i < x->choices; i++) {
		const struct import_choice *other = &x->choice[i];

		if (strcmp(other->word, c->word) == 0 ||
		    (c->column.role != COLUMN_SKIPPED &&
		    strcmp(other->column.name, c->column.name) == 0))
			return true;
	}
	return false;
}

/* NAME=HEADER */
static bool
choice_read(struct import *x, char *item, struct err *e)
{
	struct import_choice c = { 0 };
	char *header = strchr(item, '=');

	if (header == NULL || x->choices == CSV_COLUMNS_MAX)
		return wrong(e, item);
	*header++ = '\0';
	item = trim(item, BLANKS);
	if (!choice_name(x, &c, item, e) || !unit_take(&c, header, e))
		return false;
	c.header = trim(header, BLANKS);
	c.word = import_header_word(&x->memory, c.header);
	if (*c.word == '\0')
		return wrong(e, item);
	if (is_twice(x, &c))
		return err_set(e, ERR_USAGE, "--columns: %s=%s names "
		    "what is named before", item, c.header);
	x->choice[x->choices++] = c;
	return true;
}

bool
import_choose(struct import *x, struct err *e)
{
	const char *p = x->options->columns;

	while (p != NULL) {
		size_t len = strcspn(p, ",");
		char *item = arena_strndup(&x->memory, p, len);

		if (!choice_read(x, item, e))
			return false;
		p = p[len] == ',' ? p + len + 1 : NULL;
	}
	return true;
}

struct import_choice *
import_choice_of(struct import *x, const char *cell)
{
	const char *word = import_header_word(&x->memory, cell);

	for (size_t i = 0; i < x->choices; i++) {
		if (strcmp(x->choice[i].word, word) == 0)
			return &x->choice[i];
	}
	return NULL;
}

bool
import_is_chosen(const struct import *x, const struct import_column *c)
{
	for (size_t i = 0; i < x->choices; i++) {
		if (strcmp(x->choice[i].column.name, c->name) == 0)
			return true;
	}
	return false;
}

bool
import_choices_used(const struct import *x, struct err *e)
{
	for (size_t i = 0; i < x->choices; i++) {
		if (!x->choice[i].used)
			return err_set(e, ERR_INVALID, "the header has no "
			    "\"%.100s\", which --columns names",
			    x->choice[i].header);
	}
	return true;
}
