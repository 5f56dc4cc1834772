/* Databases of other mail systems: their catalogue and their rows. */
#include "db/foreign.h"

#include <string.h>

#include "base/words.h"
#include "db/private.h"

/* --- the catalogue ------------------------------------------------------ */

/* In the order of the columns below. */
#define CATALOGUE							\
    "SELECT c.table_name, t.table_type, c.column_name, c.data_type, "	\
    "c.column_default, c.column_key, c.extra "				\
    "FROM information_schema.columns AS c "				\
    "JOIN information_schema.tables AS t "				\
    "ON t.table_schema = c.table_schema AND t.table_name = c.table_name " \
    "WHERE c.table_schema = DATABASE() "				\
    "ORDER BY c.table_name, c.ordinal_position"
enum { TABLE_NAME, TABLE_TYPE, COLUMN_NAME, COLUMN_TYPE, COLUMN_DEFAULT,
    COLUMN_KEY, COLUMN_EXTRA, CATALOGUE_COLUMNS };

/* The text of a literal: 'it''s' is it's; NULL and functions are none. */
static const char *
literal(struct arena *a, const char *text)
{
	char *to, *p;

	if (text == NULL || strcmp(text, "NULL") == 0 ||
	    strchr(text, '(') != NULL)
		return NULL;
	if (*text != '\'')
		return text;
	to = p = arena_strdup(a, text + 1);
	for (text++; *text != '\0'; text++) {
		if (*text == '\'' && text[1] != '\'')
			break;
		text += *text == '\'' || (*text == '\\' && text[1] != '\0');
		*p++ = *text;
	}
	*p = '\0';
	return to;
}

static bool
is_number(const char *type)
{
	static const char *const types[] = { "tinyint", "smallint",
	    "mediumint", "int", "bigint", "decimal", "float", "double",
	    "bit", NULL };

	for (int i = 0; types[i] != NULL; i++) {
		if (strcmp(type, types[i]) == 0)
			return true;
	}
	return false;
}

/* A row of the catalogue, whose tables come one after the other. */
static void
column_add(struct foreign_catalogue *c, struct arena *a,
    const char *const *cell)
{
	struct foreign_table *t = c->tables.count > 0 ?
	    &c->tables.item[c->tables.count - 1] : NULL;
	struct foreign_column *column;

	if (t == NULL || strcmp(t->name, cell[TABLE_NAME]) != 0) {
		t = VECTOR_ADD(&c->tables);
		t->name = cell[TABLE_NAME];
		t->view = strcmp(cell[TABLE_TYPE], "BASE TABLE") != 0;
	}
	column = VECTOR_ADD(&t->columns);
	*column = (struct foreign_column){
		.name = cell[COLUMN_NAME],
		.type = cell[COLUMN_TYPE],
		.standard = literal(a, cell[COLUMN_DEFAULT]),
		.number = is_number(cell[COLUMN_TYPE]),
		.automatic = strstr(cell[COLUMN_EXTRA], "auto_increment") !=
		    NULL || strstr(cell[COLUMN_EXTRA], "GENERATED") != NULL,
	};
	if (strcmp(cell[COLUMN_KEY], "PRI") == 0)
		*VECTOR_ADD(&t->key) = t->columns.count - 1;
}

bool
foreign_catalogue_read(struct db *db, struct arena *a,
    struct foreign_catalogue *c, struct err *e)
{
	struct db_cells cells;

	*c = (struct foreign_catalogue){ 0 };
	if (!db_script_texts(db, a, CATALOGUE, &cells, e))
		return false;
	for (size_t i = 0; i < cells.rows; i++)
		column_add(c, a, &cells.cell[i * CATALOGUE_COLUMNS]);
	return true;
}

bool
foreign_begin(struct db *db, struct arena *a,
    struct foreign_catalogue *catalogue, struct err *e)
{
	*catalogue = (struct foreign_catalogue){ 0 };
	if (db_connect(db, e) && db_snapshot(db, e) &&
	    foreign_catalogue_read(db, a, catalogue, e))
		return true;
	foreign_catalogue_clear(catalogue);
	return err_wrap(e, "the source");
}

void
foreign_end(struct db *db)
{
	db_rollback(db);
	db_wipe(db);
}

void
foreign_catalogue_clear(struct foreign_catalogue *catalogue)
{
	for (size_t i = 0; i < catalogue->tables.count; i++) {
		VECTOR_CLEAR(&catalogue->tables.item[i].columns);
		VECTOR_CLEAR(&catalogue->tables.item[i].key);
	}
	VECTOR_CLEAR(&catalogue->tables);
}

const struct foreign_table *
foreign_table_find(const struct foreign_catalogue *catalogue,
    const char *name)
{
	for (size_t i = 0; i < catalogue->tables.count; i++) {
		if (strcasecmp(catalogue->tables.item[i].name, name) == 0)
			return &catalogue->tables.item[i];
	}
	return NULL;
}

ptrdiff_t
foreign_column_find(const struct foreign_table *table, const char *name)
{
	for (size_t i = 0; i < table->columns.count; i++) {
		if (strcasecmp(table->columns.item[i].name, name) == 0)
			return (ptrdiff_t)i;
	}
	return -1;
}

/* --- rows --------------------------------------------------------------- */

static void
quoted_add(struct text *t, const char *name)
{
	text_add_char(t, '`');
	for (; *name != '\0'; name++) {
		if (*name == '`')
			text_add_char(t, '`');
		text_add_char(t, *name);
	}
	text_add_char(t, '`');
}

/* t0 is the table, t1 the first join. */
static void
column_name_add(struct text *t, size_t of, const struct foreign_table *table,
    size_t column)
{
	text_addf(t, "t%zu.", of);
	quoted_add(t, table->columns.item[column].name);
}

/* A BIT is a byte, which is no text; as a number it is. */
static size_t
columns_add(struct text *t, size_t of, const struct foreign_table *table)
{
	for (size_t i = 0; i < table->columns.count; i++) {
		if (of > 0 || i > 0)
			text_add(t, ", ");
		column_name_add(t, of, table, i);
		if (strcmp(table->columns.item[i].type, "bit") == 0)
			text_add(t, " + 0");
	}
	return table->columns.count;
}

static const struct foreign_table *
table_at(const struct foreign_select *s, size_t of)
{
	return of == 0 ? s->table : s->joins.item[of - 1].table;
}

static void
joins_add(struct text *t, const struct foreign_select *s)
{
	for (size_t i = 0; i < s->joins.count; i++) {
		const struct foreign_join *j = &s->joins.item[i];

		text_add(t, " LEFT JOIN ");
		quoted_add(t, j->table->name);
		text_addf(t, " AS t%zu ON ", i + 1);
		column_name_add(t, i + 1, j->table, j->key);
		text_add(t, " = ");
		column_name_add(t, j->of, table_at(s, j->of), j->column);
	}
}

static void
order_add(struct text *t, const struct foreign_select *s)
{
	const char *between = " ORDER BY ";

	for (size_t i = 0; i < s->order.count + s->table->key.count; i++) {
		text_add(t, between);
		column_name_add(t, 0, s->table, i < s->order.count ?
		    s->order.item[i] :
		    s->table->key.item[i - s->order.count]);
		between = ", ";
	}
}

static size_t
select_text(struct text *t, const struct foreign_select *s)
{
	size_t columns;

	text_add(t, "SELECT ");
	columns = columns_add(t, 0, s->table);
	for (size_t i = 0; i < s->joins.count; i++)
		columns += columns_add(t, i + 1, s->joins.item[i].table);
	text_add(t, " FROM ");
	quoted_add(t, s->table->name);
	text_add(t, " AS t0");
	joins_add(t, s);
	order_add(t, s);
	return columns;
}

static bool
rows_each(struct db *db, MYSQL_RES *result, struct foreign_cell *cell,
    foreign_row_each each, void *arg, struct err *e)
{
	unsigned columns = mysql_num_fields(result);
	bool ok = true;
	MYSQL_ROW row;

	while (ok && (row = mysql_fetch_row(result)) != NULL) {
		const unsigned long *len = mysql_fetch_lengths(result);

		for (unsigned i = 0; i < columns; i++)
			cell[i] = (struct foreign_cell){ row[i], len[i] };
		ok = each(arg, cell, e);
	}
	return ok && (mysql_errno(db->mysql) == 0 ||
	    db_connection_failed(db, e));
}

bool
foreign_each(struct db *db, const struct foreign_select *select,
    foreign_row_each each, void *arg, struct err *e)
{
	struct text t = TEXT_INIT;
	struct arena a = { 0 };
	size_t columns = select_text(&t, select);
	MYSQL_RES *result = NULL;
	bool ok;

	ok = db_usable(db, e) && db_run(db, t.buf, e);
	if (ok) {
		result = mysql_use_result(db->mysql);
		ok = result != NULL ? rows_each(db, result, arena_array(&a,
		    columns + 1, sizeof(struct foreign_cell)), each, arg,
		    e) : db_connection_failed(db, e);
	}
	if (result != NULL)
		mysql_free_result(result);
	arena_clear(&a);
	text_clear(&t);
	return ok && db_check_transaction(db, e);
}

bool
foreign_count(struct db *db, const struct foreign_table *table,
    int64_t *rows, struct err *e)
{
	struct text t = TEXT_INIT;
	struct arena a = { 0 };
	struct db_cells cells;
	bool ok;

	text_add(&t, "SELECT COUNT(*) FROM ");
	quoted_add(&t, table->name);
	ok = db_script_texts(db, &a, t.buf, &cells, e);
	*rows = 0;
	for (const char *p = ok ? cells.cell[0] : ""; *p != '\0'; p++)
		*rows = *rows * 10 + (*p - '0');
	arena_clear(&a);
	text_clear(&t);
	return ok;
}

/* --- for other sources of rows ------------------------------------------ */

bool
foreign_columns(struct db *db, struct arena *a, struct db_cells *columns,
    struct err *e)
{
	return db_script_texts(db, a, "SELECT CONCAT(table_name, '.', "
	    "column_name) FROM information_schema.columns "
	    "WHERE table_schema = DATABASE()", columns, e);
}

static bool
holds(const struct db_cells *columns, const char *column)
{
	for (size_t i = 0; i < columns->rows; i++) {
		if (columns->cell[i] != NULL &&
		    strcasecmp(columns->cell[i], column) == 0)
			return true;
	}
	return false;
}

const char *
foreign_lacks(struct arena *a, const struct db_cells *columns,
    const char *prefix, const char *wanted)
{
	while (*wanted != '\0') {
		size_t len = strcspn(wanted, " ");
		const char *column = arena_printf(a, "%s%.*s", prefix,
		    (int)len, wanted);

		if (!holds(columns, column))
			return column;
		wanted += len + (wanted[len] == ' ');
	}
	return NULL;
}

void
foreign_prefixed(struct text *t, const char *query, const char *prefix)
{
	for (; *query != '\0'; query++) {
		if (*query == '$')
			text_add(t, prefix);
		else
			text_add_char(t, *query);
	}
}
