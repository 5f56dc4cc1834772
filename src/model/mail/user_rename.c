/* Renaming a user, with the aliases that lead there. */
#include <string.h>

#include "model/address.h"
#include "model/mail/alias.h"
#include "model/mail/alias_loop.h"
#include "model/mail/domain.h"
#include "model/mail/grant.h"
#include "model/mail/user.h"

static bool
rename_room(struct mail *m, const char *old, const char *new, struct err *e)
{
	const char *from = address_domain(old), *to = address_domain(new);
	const char *first = strcmp(from, to) < 0 ? from : to;
	const char *last = first == from ? to : from;
	struct domain d;

	/* In name order, so that two renames cannot wait for each other. */
	if (!domain_lock(m, first, &d, e) || !domain_lock(m, last, &d, e) ||
	    !domain_lock(m, to, &d, e))
		return false;
	if (d.alias_of != NULL)
		return user_refuse_domain(&d, new, e);
	if (strcmp(from, to) == 0)
		return true;
	return domain_check_user_limit(m, from, -1, e) &&
	    domain_check_user_limit(m, to, 1, e);
}

/*
 * The alias of that address is renamed with the user, and counts in the new
 * domain.
 */
static bool
rename_alias_room(struct mail *m, const char *old, const char *new,
    struct err *e)
{
	const char *from = address_domain(old), *to = address_domain(new);

	return strcmp(from, to) == 0 ||
	    (domain_check_alias_limit(m, from, -domain_alias_counts(old),
		e) &&
		domain_check_alias_limit(m, to, domain_alias_counts(new),
		e));
}

/* Aliases of both addresses would become one, which nobody could undo. */
static bool
rename_aliases(struct mail *m, const char *old, const char *new,
    struct err *e)
{
	struct db_rows rows, others;

	if (!db_query(m->db, m->arena, SQL_ALIAS_LOCK, PARAMS(TEXT(old)),
		&rows, e) ||
	    !db_query(m->db, m->arena, SQL_ALIAS_LOCK, PARAMS(TEXT(new)),
		&others, e))
		return false;
	if (rows.count > 0 && others.count > 0) {
		err_set(e, ERR_REFUSED, "both %s and %s are aliases", old,
		    new);
		return err_hint(e, "remove one of them first");
	}
	if (rows.count > 0 && (!rename_alias_room(m, old, new, e) ||
	    !db_exec(m->db, SQL_ALIAS_MOVE_MAIL, PARAMS(TEXT(new),
		TEXT(old)), e)))
		return false;
	if (!alias_repoint(m, old, new, e))
		return false;
	return rows.count == 0 || alias_loop_refuse(m, new, e);
}

bool
user_rename(struct mail *m, const char *old, const char *new,
    bool keep_alias, bool force, struct err *e)
{
	struct alias_write alias = { ALIAS_ALL_VALUES(VALUE_NOT_GIVEN,)
	    .mail = old };
	struct user user, other;
	enum outcome outcome;
	size_t added;
	bool found;

	if (!mail_lock_aliases(m, e) || !user_lock_existing(m, old, &user, e) ||
	    !rename_room(m, old, new, e) ||
	    !user_lock(m, new, &other, &found, e))
		return false;
	if (found)
		return err_set(e, ERR_EXISTS, "user %s already exists",
		    new);
	if (!db_exec(m->db, SQL_USER_RENAME, PARAMS(TEXT(new), TEXT(old)),
		e) ||
	    !grant_user_renamed(m, old, new, e) ||
	    !user_archive_repoint(m, old, new, e) ||
	    !rename_aliases(m, old, new, e))
		return false;
	words_add(m->arena, &alias.to, new);
	if (keep_alias)
		return alias_add(m, &alias, &added, &outcome, e);
	return alias_keep_postmaster(m, old, force, e) &&
	    alias_name_removed(m, old, e);
}
