/* Leading aliases elsewhere than before. */
#include "model/mail/alias.h"
#include "model/mail/alias_loop.h"

bool
alias_repoint(struct mail *m, const char *old, const char *new,
    struct err *e)
{
	struct words sources;

	if (!alias_sources(m, old, &sources, e) ||
	    !db_exec(m->db, SQL_ALIAS_REPOINT_MERGE, PARAMS(TEXT(new),
		TEXT(old)), e) ||
	    !db_exec(m->db, SQL_ALIAS_REPOINT, PARAMS(TEXT(new), TEXT(old)),
		e))
		return false;
	for (size_t i = 0; i < sources.count; i++) {
		if (!alias_loop_refuse(m, sources.word[i], e))
			return false;
	}
	return true;
}

bool
alias_check_into(struct mail *m, const char *domain, struct err *e)
{
	const struct sql_pair *pair;
	struct db_rows rows;

	if (!alias_rows_into(m, domain, "", &rows, e))
		return false;
	pair = rows.row;
	for (size_t i = 0; i < rows.count; i++) {
		if (!alias_loop_refuse(m, pair[i].name, e))
			return false;
	}
	return true;
}
