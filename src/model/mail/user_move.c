/* Renaming and removing a user, with the aliases that lead there. */
#include <string.h>

#include "base/sentence.h"
#include "model/address.h"
#include "model/mail/alias.h"
#include "model/mail/alias_loop.h"
#include "model/mail/delivery.h"
#include "model/mail/domain.h"
#include "model/mail/grant.h"
#include "model/mail/user.h"

/* --- rename ---------------------------------------------------------- */

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
	struct alias_write alias = { .mail = old };
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
	    !rename_aliases(m, old, new, e))
		return false;
	words_add(m->arena, &alias.to, new);
	if (keep_alias)
		return alias_add(m, &alias, &added, &outcome, e);
	return alias_keep_postmaster(m, old, force, e) &&
	    alias_name_removed(m, old, e);
}

/* --- remove ---------------------------------------------------------- */

static bool
refuse_sources(struct mail *m, const char *email,
    const struct words *sources, struct err *e)
{
	err_set(e, ERR_REFUSED, "aliases still lead to %s: %s", email,
	    sentence_list(m->arena, sources));
	return err_hint(e, "--cascade removes those rows, --replace-with "
	    "ADDRESS points them elsewhere");
}

static bool
replacement_check(struct mail *m, const char *email, const char *with,
    struct err *e)
{
	struct delivery d;

	if (strcmp(email, with) == 0)
		return err_set(e, ERR_REFUSED,
		    "%s cannot be replaced with itself", email);
	if (!delivery_resolve(m, with, &d, e))
		return false;
	return d.how != RESOLVED_NOTHING ||
	    err_set(e, ERR_REFUSED, "%s does not exist (no user, alias or "
	        "catch-all)", with);
}

static bool
sources_settle(struct mail *m, const char *email,
    const struct user_removal *how, struct err *e)
{
	struct words sources;

	if (!alias_sources(m, email, &sources, e))
		return false;
	if (sources.count == 0)
		return true;
	if (how->replace_with != NULL)
		return replacement_check(m, email, how->replace_with, e) &&
		    alias_repoint(m, email, how->replace_with, e);
	if (how->cascade)
		return alias_remove_sources(m, email, e);
	return refuse_sources(m, email, &sources, e);
}

bool
user_remove(struct mail *m, const char *email,
    const struct user_removal *how, enum outcome *outcome, struct err *e)
{
	struct domain d;
	struct user user;
	bool found;

	*outcome = OUTCOME_ABSENT;
	if (!mail_lock_aliases(m, e) || !domain_find(m,
		address_domain(email), &d, &found, e) ||
	    (found && !domain_lock(m, address_domain(email), &d, e)) ||
	    !user_lock(m, email, &user, &found, e))
		return false;
	if (!found)
		return how->if_exists || user_missing(email, e);
	*outcome = OUTCOME_CHANGED;
	return grant_user_removed(m, email, e) &&
	    db_exec(m->db, SQL_USER_REMOVE, PARAMS(TEXT(email)), e) &&
	    sources_settle(m, email, how, e) &&
	    domain_check_user_limit(m, address_domain(email), -1, e) &&
	    alias_keep_postmaster(m, email, how->force, e) &&
	    alias_name_removed(m, email, e);
}
