/* The statements of sql.c, compared with the real schema. */
#include <string.h>

#include "base/text.h"
#include "db/private.h"

/* What a statement takes for granted when it runs, as an error. */
static bool
statement_compare(MYSQL_STMT *stmt, const struct sql_statement *sql,
    struct err *e)
{
	size_t columns = sql->fields ? field_count(sql->fields) : 0;
	MYSQL_RES *meta;

	if (mysql_stmt_param_count(stmt) != sql->params ||
	    mysql_stmt_field_count(stmt) != columns)
		return err_set(e, ERR_DIFFERS, "%s: %lu parameters and %u "
		    "columns", sql->text, mysql_stmt_param_count(stmt),
		    mysql_stmt_field_count(stmt));
	meta = mysql_stmt_result_metadata(stmt);
	for (size_t i = 0; i < columns; i++) {
		const char *name = mysql_fetch_field(meta)->name;

		if (strcmp(name, sql->fields[i].name) != 0)
			err_set(e, ERR_DIFFERS, "%s: column %s, not %s",
			    sql->text, name, sql->fields[i].name);
	}
	if (meta != NULL)
		mysql_free_result(meta);
	return e->code == ERR_NONE;
}

static bool
text_check(struct db *db, const char *text, const struct sql_statement *sql,
    struct err *e)
{
	MYSQL_STMT *stmt = mysql_stmt_init(db->mysql);
	bool ok;

	if (stmt == NULL)
		out_of_memory();
	ok = mysql_stmt_prepare(stmt, text, strlen(text)) == 0 ?
	    statement_compare(stmt, sql, e) : db_failed(db,
	    mysql_stmt_errno(stmt), mysql_stmt_error(stmt), e);
	mysql_stmt_close(stmt);
	return ok || err_wrap(e, "%s", text);
}

/* A sorted statement, with each of its columns. */
static bool
sorted_check(struct db *db, const struct sql_statement *sql, struct err *e)
{
	const char *mark = strstr(sql->text, "%s");
	const struct field *f = sql->fields;
	bool ok = true;

	for (; ok && f->name != NULL; f++) {
		struct text text = TEXT_INIT;

		text_addf(&text, "%.*s%s%s", (int)(mark - sql->text),
		    sql->text, f->name, mark + 2);
		ok = text_check(db, text.buf, sql, e);
		text_clear(&text);
	}
	return ok;
}

bool
db_self_check(struct db *db, struct err *e)
{
	if (!db_usable(db, e))
		return false;
	for (size_t i = 0; i < SQL_STATEMENTS; i++) {
		const struct sql_statement *sql = &sql_statements[i];

		if (sql->sorted ? !sorted_check(db, sql, e) :
		    !text_check(db, sql->text, sql, e))
			return false;
	}
	return true;
}
