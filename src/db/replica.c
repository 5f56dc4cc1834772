/* The state of replication, whose columns differ from release to release. */
#include "db/replica.h"

#include <string.h>

#include "base/size.h"
#include "db/private.h"

/* The cell of this column, or "". */
static const char *
cell(struct arena *a, MYSQL_RES *result, MYSQL_ROW row, const char *name)
{
	const MYSQL_FIELD *field = mysql_fetch_fields(result);

	for (unsigned i = 0; i < mysql_num_fields(result); i++) {
		if (strcmp(field[i].name, name) == 0 && row[i] != NULL)
			return arena_strdup(a, row[i]);
	}
	return "";
}

static bool
is_yes(struct arena *a, MYSQL_RES *result, MYSQL_ROW row, const char *name)
{
	return strcmp(cell(a, result, row, name), "Yes") == 0;
}

static void
row_take(struct arena *a, MYSQL_RES *result, MYSQL_ROW row,
    struct db_replica *r)
{
	r->from = cell(a, result, row, "Master_Host");
	r->runs = is_yes(a, result, row, "Slave_IO_Running") &&
	    is_yes(a, result, row, "Slave_SQL_Running");
	r->why = cell(a, result, row, "Last_SQL_Error");
	if (*r->why == '\0')
		r->why = cell(a, result, row, "Last_IO_Error");
	if (!number_parse(cell(a, result, row, "Seconds_Behind_Master"),
	    &r->behind))
		r->behind = -1;
}

bool
db_replicas(struct db *db, struct arena *a, struct db_replica **replica,
    size_t *count, struct err *e)
{
	MYSQL_RES *result;
	MYSQL_ROW row;

	*count = 0;
	if (!db_usable(db, e) || !db_run(db, "SHOW ALL REPLICAS STATUS", e))
		return false;
	result = mysql_store_result(db->mysql);
	if (result == NULL)
		return db_connection_failed(db, e);
	*replica = arena_array(a, (size_t)mysql_num_rows(result) + 1,
	    sizeof(**replica));
	while ((row = mysql_fetch_row(result)) != NULL)
		row_take(a, result, row, &(*replica)[(*count)++]);
	mysql_free_result(result);
	return db_check_transaction(db, e);
}
