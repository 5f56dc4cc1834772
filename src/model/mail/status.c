/* What the database is, and how many rows it holds. */
#include "model/mail/status.h"

bool
status_read(struct mail *m, struct server_status *status, struct err *e)
{
	bool found;

	if (!db_row(m->db, m->arena, SQL_STATUS, NO_PARAMS, status, &found, e))
		return false;
	status->connection = db_connection(m->db);
	return true;
}
