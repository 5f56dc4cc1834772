/* Checking aliases: rows, and what they lead to. */
#include <string.h>

#include "model/address.h"
#include "model/check_private.h"

static bool
address_check(struct checking *c, enum address_kind kind, const char *raw,
    const char *folded, enum rule_id invalid, enum rule_id not_canonical,
    const char *mail)
{
	struct err e = { 0 };
	bool ok = check_address(c, kind, folded, &e);

	if (!ok)
		check_found(c, invalid, mail, "%s", e.text);
	else if (strcmp(raw, folded) != 0)
		check_found(c, not_canonical, mail, "\"%s\" must be written "
		    "as %s", raw, folded);
	err_clear(&e);
	return ok;
}

static void
alias_remember(struct checking *c, const struct survey_alias *r,
    const char *mail, const char *destination)
{
	struct known_alias *alias = vector_add(&c->aliases, sizeof(*alias));
	struct known_name *known;
	struct known_domain *d;

	alias->mail = check_name(c, mail);
	alias->destination = check_name(c, destination);
	alias->active = r->active;
	known = check_known(c, alias->mail);
	d = check_domain_of(c, alias->mail);
	if (d == NULL)
		check_found(c, RULE_ALIAS_NO_DOMAIN, r->mail,
		    "alias %s is in a domain that is not there", r->mail);
	else if (!known->alias)
		d->aliases++;
	known->alias = true;
	known->alias_active |= r->active;
}

static bool
alias_read(void *arg, const void *row, struct err *e)
{
	const struct survey_alias *r = row;
	struct checking *c = arg;
	const char *mail, *destination;

	(void)e;
	c->report->aliases++;
	if (r->mail == NULL || r->destination == NULL) {
		check_found(c, r->mail == NULL ? RULE_ALIAS_INVALID :
		    RULE_ALIAS_TO_INVALID, r->mail ? r->mail : "",
		    "a value is NULL");
		return true;
	}
	mail = check_fold(c, r->mail);
	destination = check_fold(c, r->destination);
	if (address_check(c, ADDRESS_ALIAS, r->mail, mail,
	    RULE_ALIAS_INVALID, RULE_ALIAS_NOT_CANONICAL, r->mail) &&
	    address_check(c, ADDRESS_DESTINATION, r->destination,
	    destination, RULE_ALIAS_TO_INVALID, RULE_ALIAS_TO_NOT_CANONICAL,
	    r->mail))
		alias_remember(c, r, mail, destination);
	arena_reset(&c->row);
	return true;
}

bool
check_aliases_read(struct checking *c, struct err *e)
{
	return survey_each(&c->survey, SURVEY_ALIASES, alias_read, c, e);
}

void
check_aliases(struct checking *c)
{
	(void)c;
}
