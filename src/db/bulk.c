/* What the change of a transaction is: an undo, bulk work. */
#include "db/private.h"

void
db_change_undoes(struct db *db, int64_t change)
{
	db->undoes = change;
}

bool
db_bulk_begin(struct db *db, db_flush flush, void *arg, struct err *e)
{
	BUG_ON(!db->in_transaction || db->flush != NULL);
	if (!db_change_begin(db, e) ||
	    !db_script(db, "SET @mailadm_bulk = 1", e))
		return false;
	db->bulk = true;
	db->flush = flush;
	db->flush_arg = arg;
	return true;
}

bool
db_bulk_end(struct db *db, struct err *e)
{
	db_flush flush = db->flush;

	if (flush == NULL)
		return true;
	/* What flush does comes here again. */
	db->flush = NULL;
	if (!flush(db->flush_arg, e) ||
	    !db_script(db, "SET @mailadm_bulk = NULL", e)) {
		db->failed = true;
		return false;
	}
	db->bulk = false;
	return true;
}
