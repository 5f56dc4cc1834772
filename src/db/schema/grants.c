/* The accounts of the servers, from the text of grants.sql. */
#include "db/schema/schema.h"
#include "db/sql_file.h"

/*
 * No transaction: each of the statements commits by itself.  What one of them
 * holds is not repeated in an error, since it may be a hash.
 */
bool
schema_grants(struct db *db, struct arena *a, const char *text,
    struct err *e)
{
	struct words statements = sql_statements_split(a, text);

	for (size_t i = 0; i < statements.count; i++) {
		if (!db_script_secret(db, statements.word[i], e))
			return err_wrap(e, "statement %zu of grants.sql",
			    i + 1);
	}
	return true;
}
