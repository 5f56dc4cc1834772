/* Finding domains, users and aliases by a part of their names. */
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
	    TEXT(like), TEXT(like)), each, arg, e);
}
