/* Statements that are text: migrations and questions to the catalogue. */
#include <string.h>

#include "db/private.h"

static void
trace_value(struct text *t, const struct param *p)
{
	if (p->type == PARAM_NUMBER && p->number != FIELD_NULL)
		text_addf(t, "%lld", (long long)p->number);
	else if (p->type == PARAM_SECRET)
		text_add(t, "***");
	else if (p->type == PARAM_BYTES)
		text_add(t, "(bytes)");
	else if (p->type == PARAM_NUMBER || p->text == NULL)
		text_add(t, "NULL");
	else
		text_addf(t, "'%s'", p->text);
}

void
db_trace(struct db *db, const char *text, struct params p)
{
	const struct db_settings *s = db->settings;
	struct text t = TEXT_INIT;

	if (s->trace == NULL)
		return;
	text_add(&t, text);
	for (size_t i = 0; i < p.count; i++) {
		text_add(&t, i == 0 ? " -- " : ", ");
		trace_value(&t, &p.param[i]);
	}
	s->trace(s->trace_arg, t.buf);
	text_clear(&t);
}

bool
db_run(struct db *db, const char *statement, struct err *e)
{
	db_trace(db, statement, NO_PARAMS);
	return mysql_real_query(db->mysql, statement, strlen(statement)) ==
	    0 || db_connection_failed(db, e);
}

static bool
script_run(struct db *db, const char *statement, struct err *e)
{
	return db_usable(db, e) && db_run(db, statement, e);
}

static bool
result_drop(struct db *db, struct err *e)
{
	MYSQL_RES *result = mysql_store_result(db->mysql);

	if (result != NULL)
		mysql_free_result(result);
	return db_check_transaction(db, e);
}

bool
db_script(struct db *db, const char *statement, struct err *e)
{
	return script_run(db, statement, e) && result_drop(db, e);
}

bool
db_script_secret(struct db *db, const char *statement, struct err *e)
{
	if (!db_usable(db, e))
		return false;
	db_trace(db, "(a statement with hashes)", NO_PARAMS);
	if (mysql_real_query(db->mysql, statement, strlen(statement)) != 0)
		return db_connection_failed(db, e);
	return result_drop(db, e);
}

bool
db_script_try(struct db *db, const char *statement, unsigned *number,
    struct err *e)
{
	MYSQL_RES *result;

	if (!db_usable(db, e))
		return false;
	db_trace(db, statement, NO_PARAMS);
	mysql_real_query(db->mysql, statement, strlen(statement));
	*number = mysql_errno(db->mysql);
	if (*number != 0)
		return (!db_is_lost(*number) && !db->interrupted) ||
		    db_connection_failed(db, e);
	result = mysql_store_result(db->mysql);
	if (result != NULL)
		mysql_free_result(result);
	return db_check_transaction(db, e);
}

static void
cells_copy(struct arena *a, MYSQL_RES *result, struct db_cells *cells)
{
	const char **cell;
	MYSQL_ROW row;

	cells->rows = (size_t)mysql_num_rows(result);
	cells->columns = mysql_num_fields(result);
	cell = arena_array(a, cells->rows * cells->columns + 1,
	    sizeof(*cell));
	cells->cell = cell;
	while ((row = mysql_fetch_row(result)) != NULL) {
		const unsigned long *len = mysql_fetch_lengths(result);

		for (size_t i = 0; i < cells->columns; i++)
			*cell++ = row[i] == NULL ? NULL :
			    arena_strndup(a, row[i], len[i]);
	}
}

bool
db_script_texts(struct db *db, struct arena *a, const char *statement,
    struct db_cells *cells, struct err *e)
{
	MYSQL_RES *result;

	*cells = (struct db_cells){ 0 };
	if (!script_run(db, statement, e))
		return false;
	result = mysql_store_result(db->mysql);
	if (result == NULL)
		return db_connection_failed(db, e);
	cells_copy(a, result, cells);
	mysql_free_result(result);
	return db_check_transaction(db, e);
}

bool
db_script_each(struct db *db, const char *statement, db_cells_each each,
    void *arg, struct err *e)
{
	MYSQL_RES *result;
	MYSQL_ROW row;
	bool ok = true;

	if (!script_run(db, statement, e))
		return false;
	result = mysql_use_result(db->mysql);
	if (result == NULL)
		return db_connection_failed(db, e);
	while (ok && (row = mysql_fetch_row(result)) != NULL)
		ok = each(arg, (const char *const *)row, e);
	if (ok && mysql_errno(db->mysql) != 0)
		ok = db_connection_failed(db, e);
	mysql_free_result(result);
	return ok && db_check_transaction(db, e);
}
