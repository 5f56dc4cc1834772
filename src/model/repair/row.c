/* Fixing rows of domains and users. */
#include <string.h>

#include "model/mail/alias.h"
#include "model/mail/delivery.h"
#include "model/mail/domain.h"
#include "model/mail/grant.h"
#include "model/password/hash.h"
#include "model/password/scheme.h"
#include "model/repair/private.h"

/* --- postmaster@ is missing ------------------------------------------- */

static bool
domain_is_on(struct fixing *f, const char *name, bool *on, struct err *e)
{
	struct domain domain;
	bool found;

	if (!domain_find(f->m, name, &domain, &found, e))
		return false;
	*on = !found || domain.active;
	return true;
}

/* A user must receive it in the end. */
static bool
postmaster_check(struct fixing *f, const char *mail, const char *to,
    struct err *e)
{
	struct delivery d;
	bool on;

	if (!delivery_resolve(f->m, to, &d, e) ||
	    !domain_is_on(f, address_domain(to), &on, e))
		return false;
	if (d.how == RESOLVED_NOTHING || !d.active || !on)
		fix_leaves(f, "%s, the postmaster of the settings, does not "
		    "receive mail either", to);
	else
		fix_does(f, "alias %s -> %s is added", mail, to);
	return true;
}

/* What was disabled stays disabled: that was on purpose. */
bool
fix_domain_plan(struct fixing *f, struct err *e)
{
	const char *mail = address_join(f->m->arena, "postmaster",
	    f->step->name);
	struct domain domain;
	struct db_rows rows;
	bool found, user;

	if (!domain_find(f->m, f->step->name, &domain, &found, e) ||
	    !fix_alias_rows(f, mail, &rows, e) ||
	    !fix_user_exists(f, mail, &user, e))
		return false;
	if (f->postmaster == NULL)
		fix_leaves(f, "the setting postmaster is not set");
	else if (!found)
		fix_leaves(f, "its name is not canonical");
	else if (domain.alias_of != NULL)
		fix_leaves(f, "postmaster@%s will answer for it",
		    domain.alias_of);
	else if (rows.count > 0 || user)
		fix_leaves(f, "%s exists, but does not receive mail", mail);
	else
		return postmaster_check(f, mail, f->postmaster, e);
	return true;
}

bool
fix_domain_write(struct fixing *f, struct err *e)
{
	struct alias_write w = { ALIAS_ALL_VALUES(VALUE_NOT_GIVEN,) };
	enum outcome outcome;
	size_t added;

	w.mail = address_join(f->m->arena, "postmaster", f->step->name);
	words_add(f->m->arena, &w.to, f->postmaster);
	if (!alias_add(f->m, &w, &added, &outcome, e))
		return false;
	f->written += (int64_t)added;
	return true;
}

/* --- spelling -------------------------------------------------------- */

/*
 * Lookups ask in lower case, so a row in another spelling does nothing.  If
 * nothing receives mail for the right name, not even a catch-all, then only
 * the user of the row gains by the right spelling, and no user loses.  A
 * domain is different: mail for a name that becomes ours no longer goes
 * elsewhere.
 */
bool
fix_name(struct fixing *f, enum address_kind kind, struct err *e)
{
	const char *name = fix_fold(f->m->arena, kind, f->step->name);
	struct domain domain;
	struct delivery d;
	bool found = false, user;

	if (name == NULL || strcmp(name, f->step->name) == 0)
		return true;
	if (!domain_find(f->m, address_domain(name), &domain, &found, e) ||
	    !delivery_resolve(f->m, name, &d, e) ||
	    !fix_user_exists(f, name, &user, e))
		return false;
	if (!found || domain.alias_of != NULL)
		fix_leaves(f, "%s is not a domain with users",
		    address_domain(name));
	else if (address_is_catchall(name))
		fix_leaves(f, "%s would receive mail for every unknown "
		    "address", name);
	else if (user || d.how != RESOLVED_NOTHING)
		fix_leaves(f, "mail for %s already arrives elsewhere", name);
	else
		f->name = name;
	return true;
}

/* --- users ----------------------------------------------------------- */

/*
 * True where it is surely not a hash.  "!" in front of a hash locks a
 * password that may be unlocked again.
 */
static bool
is_placeholder(const char *crypt)
{
	static const char *const known[] = { "*", "*0", "*1", "**", "!!",
	    "!*", "x", "*LK*", "*NP*", "!LK!" };

	if (*crypt == '{' && strchr(crypt, '}') != NULL)
		crypt = strchr(crypt, '}') + 1;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(crypt, known[i]) == 0)
			return true;
	}
	return false;
}

/* An empty password is replaced as well: it must not let anybody in. */
static bool
password_plan(struct fixing *f, bool *exists, struct err *e)
{
	struct sql_text crypt = { 0 };

	if (!db_row(f->m->db, f->m->arena, f->lock ? SQL_USER_CRYPT_LOCK :
	    SQL_USER_CRYPT, PARAMS(TEXT(f->step->name)), &crypt, exists, e))
		return false;
	if (!*exists)
		return true;
	if (crypt.text != NULL && *crypt.text != '\0' &&
	    !is_placeholder(crypt.text)) {
		fix_leaves(f, "it may be a locked password");
		return true;
	}
	f->crypt = PASSWORD_NONE;
	f->force |= crypt.text == NULL || *crypt.text == '\0';
	/* Neither holds anything secret. */
	f->state = crypt.text;
	fix_does(f, "the password becomes %s: nobody can log in",
	    PASSWORD_NONE);
	return true;
}

bool
fix_user_plan(struct fixing *f, struct err *e)
{
	bool exists;

	if (!(f->step->fixes & FIX_PASSWORD ? password_plan(f, &exists, e) :
	    fix_user_exists(f, f->step->name, &exists, e)))
		return false;
	if (!exists || !(f->step->fixes & FIX_NAME))
		return true;
	if (!fix_name(f, ADDRESS_USER, e))
		return false;
	if (f->name == NULL)
		return true;
	f->force = true;
	fix_does(f, "renamed to %s", f->name);
	return true;
}

bool
fix_user_write(struct fixing *f, struct err *e)
{
	return fix_write(f, SQL_USER_FIX, PARAMS(
	    TEXT(f->name ? f->name : f->step->name), TEXT(f->crypt),
	    TEXT(f->step->name)), e) && (f->name == NULL ||
	    grant_user_renamed(f->m, f->step->name, f->name, e));
}
