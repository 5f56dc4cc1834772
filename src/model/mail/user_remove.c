/* Removing a user, and what becomes of the aliases that lead there. */
#include <string.h>

#include "base/sentence.h"
#include "model/address.h"
#include "model/mail/alias.h"
#include "model/mail/delivery.h"
#include "model/mail/domain.h"
#include "model/mail/grant.h"
#include "model/mail/user.h"

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

/* Who has it as an archive must not lose copies unawares. */
static bool
archives_settle(struct mail *m, const char *email,
    const struct user_removal *how, struct err *e)
{
	struct words uses;

	if (!db_texts(m->db, m->arena, SQL_ARCHIVE_USES, PARAMS(TEXT(email),
	    TEXT(email), TEXT(email), TEXT(email)), &uses, e))
		return false;
	if (uses.count == 0)
		return true;
	if (how->replace_with == NULL && !how->cascade) {
		err_set(e, ERR_REFUSED, "%s is still the archive of %s", email,
		    sentence_list(m->arena, &uses));
		return err_hint(e, "--cascade ends the archiving, "
		    "--replace-with ADDRESS takes another archive");
	}
	if (how->replace_with == NULL)
		mail_note(m, "mail of %s is not archived any more",
		    sentence_list(m->arena, &uses));
	return user_archive_repoint(m, email, how->replace_with, e);
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
	    archives_settle(m, email, how, e) &&
	    domain_check_user_limit(m, address_domain(email), -1, e) &&
	    alias_keep_postmaster(m, email, how->force, e) &&
	    alias_name_removed(m, email, e);
}
