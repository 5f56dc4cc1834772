/* Finding names by a part of them, and how many there are. */
#include "model/mail/find.h"

#include <string.h>

#include "model/mail/list.h"

bool
mail_find(struct mail *m, const char *pattern, db_row_each each, void *arg,
    struct err *e)
{
	const char *glob = strpbrk(pattern, "*?") != NULL ? pattern :
	    arena_printf(m->arena, "*%s*", pattern);
	const char *like = like_pattern(m->arena, glob);

	return db_each(m->db, SQL_FIND, PARAMS(TEXT(like), TEXT(like),
	    TEXT(like), TEXT(like), TEXT(like), TEXT(like), TEXT(like),
	    TEXT(like), TEXT(like), TEXT(like), TEXT(like), TEXT(like),
	    TEXT(like), TEXT(like), TEXT(like), TEXT(like), TEXT(like),
	    TEXT(like)), each, arg, e);
}

bool
status_read(struct mail *m, struct server_status *status, struct err *e)
{
	bool found;

	if (!db_row(m->db, m->arena, SQL_STATUS, NO_PARAMS, status, &found, e))
		return false;
	status->connection = db_connection(m->db);
	return true;
}
