/* Array binding: the parameters of many rows, a column after the other. */
#include <string.h>

#include "db/private.h"

/* Texts are bound by pointers to them, numbers as they are. */
struct column {
	const char **text;
	long long *number;
	unsigned long *len;
	char *indicator;
};

static void
cell_bind(struct column *c, size_t row, const struct param *p)
{
	bool number = p->type == PARAM_NUMBER;
	bool null = number ? p->number == FIELD_NULL : p->text == NULL;

	c->indicator[row] = null ? STMT_INDICATOR_NULL : STMT_INDICATOR_NONE;
	if (null)
		return;
	if (number) {
		c->number[row] = p->number;
		return;
	}
	c->text[row] = p->text;
	c->len[row] = p->type == PARAM_BYTES ? p->len : strlen(p->text);
}

/* The type of a column is that of its first row. */
static void
column_bind(struct arena *a, MYSQL_BIND *b, const struct param *p,
    size_t columns, size_t rows)
{
	struct column c = {
		.text = arena_array(a, rows, sizeof(*c.text)),
		.number = arena_array(a, rows, sizeof(*c.number)),
		.len = arena_array(a, rows, sizeof(*c.len)),
		.indicator = arena_array(a, rows, sizeof(*c.indicator)),
	};

	for (size_t i = 0; i < rows; i++) {
		const struct param *cell = &p[i * columns];

		BUG_ON((cell->type == PARAM_NUMBER) !=
		    (p->type == PARAM_NUMBER));
		cell_bind(&c, i, cell);
	}
	b->buffer_type = p->type == PARAM_NUMBER ? MYSQL_TYPE_LONGLONG :
	    p->type == PARAM_BYTES ? MYSQL_TYPE_BLOB : MYSQL_TYPE_STRING;
	b->buffer = p->type == PARAM_NUMBER ? (void *)c.number :
	    (void *)c.text;
	b->length = c.len;
	b->u.indicator = c.indicator;
}

MYSQL_BIND *
db_array_bind(struct arena *a, const struct param *p, size_t columns,
    size_t rows)
{
	MYSQL_BIND *bind = arena_array(a, columns, sizeof(*bind));

	memset(bind, 0, columns * sizeof(*bind));
	for (size_t i = 0; i < columns; i++)
		column_bind(a, &bind[i], p + i, columns, rows);
	return bind;
}
