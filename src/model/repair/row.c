/* Fixing rows of domains and users. */
#include <string.h>

#include "model/mail/alias.h"
#include "model/repair/private.h"
#include "model/mail/delivery.h"
#include "model/mail/domain.h"
#include "model/password/password.h"
#include "model/password/scheme.h"
#include "model/mail/grant.h"

/* --- nobody receives postmaster@ ------------------------------------- */

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

/* Somebody must get it in the end. */
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
		fix_leaves(f, "nobody receives mail for %s, the postmaster "
		    "of the settings, either", to);
	else
		fix_does(f, "alias %s -> %s is added", mail, to);
	return true;
}

/* Who switched it off meant that: nothing is switched on again. */
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
	    !fix_user_there(f, mail, &user, e))
		return false;
	if (f->postmaster == NULL)
		fix_leaves(f, "the setting postmaster names nobody");
	else if (!found)
		fix_leaves(f, "it is written otherwise");
	else if (domain.alias_of != NULL)
		fix_leaves(f, "postmaster@%s will answer for it",
		    domain.alias_of);
	else if (rows.count > 0 || user)
		fix_leaves(f, "%s is there, and does not receive", mail);
	else
		return postmaster_check(f, mail, f->postmaster, e);
	return true;
}

bool
fix_domain_write(struct fixing *f, struct err *e)
{
	struct alias_write w = { 0 };
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
 * Lookups ask in lower case, so a row in another spelling does nothing: it
 * is its own person who gains what it says, and nobody loses, if the right
 * name is answered for by nothing, not even by a catch-all.  A domain is
 * another matter: mail for a name that becomes ours stops going elsewhere.
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
	    !fix_user_there(f, name, &user, e))
		return false;
	if (!found || domain.alias_of != NULL)
		fix_leaves(f, "%s is no domain of users",
		    address_domain(name));
	else if (address_is_catchall(name))
		fix_leaves(f, "%s would take every unknown address from then "
		    "on", name);
	else if (user || d.how != RESOLVED_NOTHING)
		fix_leaves(f, "mail for %s goes somewhere already", name);
	else
		f->name = name;
	return true;
}

/* --- users ----------------------------------------------------------- */

/*
 * What is surely no hash.  "!" in front of a hash locks a password that may
 * be unlocked again.
 */
static bool
lets_nobody_in(const char *crypt)
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

/* An empty one is nobody's: who gets in with it, by mistake, must not. */
static bool
password_plan(struct fixing *f, bool *there, struct err *e)
{
	struct sql_text crypt = { 0 };

	if (!db_row(f->m->db, f->m->arena, f->lock ? SQL_USER_CRYPT_LOCK :
	    SQL_USER_CRYPT, PARAMS(TEXT(f->step->name)), &crypt, there, e))
		return false;
	if (!*there)
		return true;
	if (crypt.text != NULL && *crypt.text != '\0' &&
	    !lets_nobody_in(crypt.text)) {
		fix_leaves(f, "the password may be locked, to be unlocked");
		return true;
	}
	f->crypt = PASSWORD_NONE;
	f->force |= crypt.text == NULL || *crypt.text == '\0';
	/* Neither holds anything secret. */
	f->state = crypt.text;
	fix_does(f, "the password becomes %s: there is none", PASSWORD_NONE);
	return true;
}

bool
fix_user_plan(struct fixing *f, struct err *e)
{
	bool there;

	if (!(f->step->fixes & FIX_PASSWORD ? password_plan(f, &there, e) :
	    fix_user_there(f, f->step->name, &there, e)))
		return false;
	if (!there || !(f->step->fixes & FIX_NAME))
		return true;
	if (!fix_name(f, ADDRESS_USER, e))
		return false;
	if (f->name == NULL)
		return true;
	f->force = true;
	fix_does(f, "it is written as %s", f->name);
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
