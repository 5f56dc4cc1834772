/* Prepared statements: parameters in, rows out. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/time.h"
#include "db/private.h"

/* Longer text is fetched again into a larger buffer. */
#define CELL_SIZE 512

static bool
statement_failed(struct db *db, MYSQL_STMT *stmt, struct err *e)
{
	unsigned number = mysql_stmt_errno(stmt);

	/* An error between two rows is only in the connection. */
	return number == 0 ? db_connection_failed(db, e) :
	    db_failed(db, number, mysql_stmt_error(stmt), e);
}

static void *
zeroed(size_t count, size_t size)
{
	void *p = calloc(count ? count : 1, size);

	if (p == NULL)
		out_of_memory();
	return p;
}

static void
column_bind(struct cell *c, MYSQL_BIND *b, enum field_type type)
{
	b->is_null = &c->null;
	b->error = &c->cut;
	b->length = &c->len;
	switch (type) {
	case FIELD_TEXT:
	case FIELD_ADDRESS:
	case FIELD_LIST:
		/* Its last byte is never written: it ends every text. */
		c->size = CELL_SIZE - 1;
		c->text = zeroed(1, CELL_SIZE);
		b->buffer_type = MYSQL_TYPE_STRING;
		b->buffer = c->text;
		b->buffer_length = c->size;
		break;
	case FIELD_TIME:
		b->buffer_type = MYSQL_TYPE_DATETIME;
		b->buffer = &c->time;
		b->buffer_length = sizeof(c->time);
		break;
	case FIELD_FLAG:
	case FIELD_NUMBER:
	case FIELD_SIZE:
	case FIELD_QUOTA:
	case FIELD_RATE:
	case FIELD_USER_RATE:
		b->buffer_type = MYSQL_TYPE_LONGLONG;
		b->buffer = &c->number;
		b->buffer_length = sizeof(c->number);
		break;
	}
}

static void
columns_bind(struct statement *s)
{
	s->columns = s->fields ? field_count(s->fields) : 0;
	s->cell = zeroed(s->columns, sizeof(*s->cell));
	s->bind = zeroed(s->columns, sizeof(*s->bind));
	for (size_t i = 0; i < s->columns; i++)
		column_bind(&s->cell[i], &s->bind[i], s->fields[i].type);
}

static bool
statement_prepare(struct db *db, const char *text,
    const struct sql_statement *sql, struct statement **result,
    struct err *e)
{
	struct statement *s = zeroed(1, sizeof(*s));

	s->fields = sql->fields;
	s->stmt = mysql_stmt_init(db->mysql);
	if (s->stmt == NULL)
		out_of_memory();
	columns_bind(s);
	if (mysql_stmt_prepare(s->stmt, text, strlen(text)) != 0) {
		statement_failed(db, s->stmt, e);
		db_statement_close(s);
		return false;
	}
	BUG_ON(mysql_stmt_param_count(s->stmt) != sql->params);
	BUG_ON(mysql_stmt_field_count(s->stmt) != s->columns);
	*result = s;
	return true;
}

static void
param_bind(MYSQL_BIND *b, const struct param *p)
{
	bool null = p->type == PARAM_NUMBER ? p->number == FIELD_NULL :
	    p->text == NULL;

	if (null) {
		b->buffer_type = MYSQL_TYPE_NULL;
	} else if (p->type == PARAM_NUMBER) {
		b->buffer_type = MYSQL_TYPE_LONGLONG;
		b->buffer = (void *)(uintptr_t)&p->number;
	} else {
		b->buffer_type = p->type == PARAM_BYTES ? MYSQL_TYPE_BLOB :
		    MYSQL_TYPE_STRING;
		b->buffer = (void *)(uintptr_t)p->text;
		b->buffer_length = p->type == PARAM_BYTES ? p->len :
		    strlen(p->text);
	}
}

enum { PARAMS_MAX = 24 };

static bool
statement_execute(struct db *db, struct statement *s, struct params p,
    struct err *e)
{
	MYSQL_BIND bind[PARAMS_MAX] = { 0 };

	BUG_ON(p.count > PARAMS_MAX ||
	    p.count != mysql_stmt_param_count(s->stmt));
	for (size_t i = 0; i < p.count; i++)
		param_bind(&bind[i], &p.param[i]);
	if ((p.count > 0 && mysql_stmt_bind_param(s->stmt, bind) != 0) ||
	    mysql_stmt_execute(s->stmt) != 0)
		return statement_failed(db, s->stmt, e);
	return true;
}

static bool
statement_start(struct db *db, enum sql_id id, struct params p,
    struct statement **s, struct err *e)
{
	const struct sql_statement *sql = &sql_statements[id];

	BUG_ON(sql->sorted || sql->rows);
	if (!db_usable(db, e))
		return false;
	if (db->statement[id] == NULL &&
	    !statement_prepare(db, sql->text, sql, &db->statement[id], e))
		return false;
	*s = db->statement[id];
	db_trace(db, sql->text, p);
	return statement_execute(db, *s, p, e);
}

bool
db_statement_run(struct db *db, enum sql_id id, struct params p,
    struct err *e)
{
	struct statement *s;

	return statement_start(db, id, p, &s, e) &&
	    db_check_transaction(db, e);
}

bool
db_statement_run_rows(struct db *db, enum sql_id id, const struct param *p,
    size_t rows, struct err *e)
{
	const struct sql_statement *sql = &sql_statements[id];
	struct statement **s = &db->statement[id];
	unsigned count = (unsigned)rows;
	struct arena a = { 0 };
	bool ok;

	BUG_ON(!sql->rows || rows == 0 || rows > DB_ROWS);
	if (!db_usable(db, e))
		return false;
	if (*s == NULL && !statement_prepare(db, sql->text, sql, s, e))
		return false;
	db_trace(db, sql->text, (struct params){ p, sql->params });
	ok = mysql_stmt_attr_set((*s)->stmt, STMT_ATTR_ARRAY_SIZE, &count) ==
		0 && mysql_stmt_bind_param((*s)->stmt, db_array_bind(&a, p,
		sql->params, rows)) == 0 && mysql_stmt_execute((*s)->stmt) ==
		0;
	if (!ok)
		statement_failed(db, (*s)->stmt, e);
	arena_clear(&a);
	return ok && db_check_transaction(db, e);
}

/* --- rows ------------------------------------------------------------ */

/* Fetches a long text again; returns it whole, in the arena. */
static const char *
long_text(struct statement *s, size_t i, struct arena *a)
{
	struct cell *c = &s->cell[i];
	MYSQL_BIND again = s->bind[i];
	char *text = arena_alloc(a, c->len + 1);

	again.buffer = text;
	again.buffer_length = c->len;
	if (mysql_stmt_fetch_column(s->stmt, &again, (unsigned)i, 0) != 0)
		return "";
	return text;
}

/* Copies text that must outlive the next row. */
static void
cell_store(struct statement *s, size_t i, struct arena *a, bool copy,
    void *row)
{
	const struct field *f = &s->fields[i];
	struct cell *c = &s->cell[i];
	void *slot = (char *)row + f->offset;

	switch (f->type) {
	case FIELD_TEXT:
	case FIELD_ADDRESS:
	case FIELD_LIST:
		*(const char **)slot = c->null ? NULL :
		    c->len > c->size ? long_text(s, i, a) :
		    copy ? arena_strndup(a, c->text, c->len) : c->text;
		return;
	case FIELD_FLAG:
		*(bool *)slot = !c->null && c->number != 0;
		return;
	case FIELD_TIME:
		*(int64_t *)slot = c->null ? FIELD_NULL : time_from_date(
		    c->time.year, c->time.month, c->time.day, c->time.hour,
		    c->time.minute, (unsigned)c->time.second);
		return;
	case FIELD_NUMBER:
	case FIELD_SIZE:
	case FIELD_QUOTA:
	case FIELD_RATE:
	case FIELD_USER_RATE:
		*(int64_t *)slot = c->null ? FIELD_NULL : c->number;
	}
}

/* One row into *row: 1, 0 at the end, -1 with e filled. */
static int
statement_fetch(struct db *db, struct statement *s, struct arena *a,
    bool copy, void *row, struct err *e)
{
	int n = mysql_stmt_fetch(s->stmt);

	if (n == MYSQL_NO_DATA)
		return 0;
	if (n != 0 && n != MYSQL_DATA_TRUNCATED) {
		statement_failed(db, s->stmt, e);
		return -1;
	}
	for (size_t i = 0; i < s->columns; i++)
		cell_store(s, i, a, copy, row);
	return 1;
}

static bool
each_fetched(struct db *db, struct statement *s, db_row_each each, void *arg,
    struct err *e)
{
	void *row = zeroed(1, field_row_size(s->fields));
	struct arena a = { 0 };
	bool ok = mysql_stmt_bind_result(s->stmt, s->bind) == 0 ||
	    statement_failed(db, s->stmt, e);
	int n = 0;

	while (ok && (n = statement_fetch(db, s, &a, false, row, e)) > 0) {
		ok = each(arg, row, e);
		arena_reset(&a);
	}
	arena_clear(&a);
	free(row);
	mysql_stmt_free_result(s->stmt);
	return ok && n == 0 && db_check_transaction(db, e);
}

bool
db_each(struct db *db, enum sql_id id, struct params p, db_row_each each,
    void *arg, struct err *e)
{
	struct statement *s;

	return statement_start(db, id, p, &s, e) &&
	    each_fetched(db, s, each, arg, e);
}

bool
db_text_each(struct db *db, const char *text, const struct field *fields,
    db_row_each each, void *arg, struct err *e)
{
	const struct sql_statement sql = { .text = text, .fields = fields };
	struct statement *s = NULL;
	bool ok;

	ok = db_usable(db, e) &&
	    statement_prepare(db, text, &sql, &s, e);
	if (ok) {
		db_trace(db, text, NO_PARAMS);
		ok = statement_execute(db, s, NO_PARAMS, e) &&
		    each_fetched(db, s, each, arg, e);
	}
	db_statement_close(s);
	return ok;
}

bool
db_each_sorted(struct db *db, const struct db_sorted *sorted,
    struct params p, db_row_each each, void *arg, struct err *e)
{
	const struct sql_statement *sql = &sql_statements[sorted->id];
	const char *mark = strstr(sql->text, "%s");
	struct text text = TEXT_INIT;
	struct statement *s = NULL;
	bool ok;

	BUG_ON(!sql->sorted || mark == NULL);
	text_add_bytes(&text, sql->text, (size_t)(mark - sql->text));
	text_addf(&text, "%s%s%s", sorted->by->name,
	    sorted->descending ? " DESC" : "", mark + 2);
	ok = db_usable(db, e) &&
	    statement_prepare(db, text.buf, sql, &s, e);
	if (ok) {
		db_trace(db, text.buf, p);
		ok = statement_execute(db, s, p, e) &&
		    each_fetched(db, s, each, arg, e);
	}
	db_statement_close(s);
	text_clear(&text);
	return ok;
}

bool
db_query(struct db *db, struct arena *a, enum sql_id id, struct params p,
    struct db_rows *rows, struct err *e)
{
	size_t row_size = field_row_size(sql_statements[id].fields);
	struct statement *s;
	size_t room = 0;
	int more;

	*rows = (struct db_rows){ 0 };
	if (!statement_start(db, id, p, &s, e))
		return false;
	if (mysql_stmt_bind_result(s->stmt, s->bind) != 0)
		return statement_failed(db, s->stmt, e);
	do {
		if (rows->count == room) {
			size_t size = room ? 2 * room : 8;
			void *row = arena_array(a, size, row_size);

			if (room > 0)
				memcpy(row, rows->row, room * row_size);
			rows->row = row;
			room = size;
		}
		more = statement_fetch(db, s, a, true,
		    (char *)rows->row + rows->count * row_size, e);
		rows->count += more > 0;
	} while (more > 0);
	mysql_stmt_free_result(s->stmt);
	return more == 0 && db_check_transaction(db, e);
}

bool
db_row(struct db *db, struct arena *a, enum sql_id id, struct params p,
    void *row, bool *found, struct err *e)
{
	struct db_rows rows;

	if (!db_query(db, a, id, p, &rows, e))
		return false;
	*found = rows.count > 0;
	if (*found)
		memcpy(row, rows.row,
		    field_row_size(sql_statements[id].fields));
	return true;
}

bool
db_number(struct db *db, enum sql_id id, struct params p, int64_t *number,
    struct err *e)
{
	struct sql_number row = { FIELD_NULL };
	struct arena a = { 0 };
	bool found, ok;

	ok = db_row(db, &a, id, p, &row, &found, e);
	arena_clear(&a);
	*number = row.number;
	return ok;
}

bool
db_texts(struct db *db, struct arena *a, enum sql_id id, struct params p,
    struct words *texts, struct err *e)
{
	struct db_rows rows;
	const struct sql_text *text;

	*texts = (struct words){ 0 };
	if (!db_query(db, a, id, p, &rows, e))
		return false;
	text = rows.row;
	for (size_t i = 0; i < rows.count; i++)
		words_add(a, texts, text[i].text);
	return true;
}
