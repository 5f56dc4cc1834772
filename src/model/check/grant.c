/* Checking grants: do both addresses exist, and are they of any use? */
#include <string.h>

#include "model/check/private.h"

static uint32_t
name_find(const struct checking *c, const char *text)
{
	return nameset_find(&c->names, text, strlen(text));
}

static bool
is_in_use(const struct checking *c, const char *address)
{
	uint32_t name = name_find(c, address);

	return name != NAME_NONE && (check_known(c, name)->user ||
	    check_known(c, name)->alias);
}

/* The address, without its tag, or the catch-all; see delivery.h. */
static bool
answers(struct checking *c, const char *local, const char *domain)
{
	const char *address = address_join(&c->row, local, domain);
	const char *untagged = address_untagged(&c->row, address);

	return is_in_use(c, address) ||
	    (untagged != NULL && is_in_use(c, untagged)) ||
	    check_has_pattern(c, untagged != NULL ? untagged : address) ||
	    is_in_use(c, address_join(&c->row, "", domain));
}

/* True for other domains, of which nothing is known here. */
static bool
may_exist(struct checking *c, const char *address)
{
	uint32_t domain = name_find(c, address_domain(address));
	const char *local = address_local(&c->row, address);
	const struct known_domain *d;

	if (address_is_catchall(address) || domain == NAME_NONE ||
	    !check_known(c, domain)->is_domain)
		return true;
	d = check_domain_of(c, domain);
	return check_passes_on(c, d, address) ||
	    answers(c, local, address_domain(address)) ||
	    (d->target != NAME_NONE && answers(c, local,
	    nameset_text(&c->names, d->target)));
}

static void
user_check(struct checking *c, const char *email, const char *address)
{
	uint32_t user = name_find(c, email);

	if (user == NAME_NONE || !check_known(c, user)->user)
		check_found(c, RULE_USER_GRANT_IDLE, email, "user %s, who does "
		    "not exist, may send as %s", email, address);
	else if (!check_known(c, user)->user_sends)
		check_found(c, RULE_USER_GRANT_IDLE, email, "user %s may "
		    "send as %s, but may not send mail", email,
		    address);
}

static bool
grant_read(void *arg, const void *row, struct err *e)
{
	const struct survey_grant *grant = row;
	struct checking *c = arg;

	(void)e;
	/* NULL and no address: a table whose checks and keys are gone. */
	if (grant->email == NULL || grant->address == NULL ||
	    strchr(grant->address, '@') == NULL)
		return true;
	if (!may_exist(c, grant->address))
		check_found(c, RULE_USER_GRANT_NOBODY, grant->email,
		    "user %s may send as %s, which does not exist",
		    grant->email, grant->address);
	user_check(c, grant->email, grant->address);
	if (grant->expires != FIELD_NULL)
		check_expires(c, RULE_USER_GRANT_EXPIRES, grant->email,
		    arena_printf(&c->row, "the grant of %s to send as %s",
			grant->email, grant->address), grant->expires);
	arena_reset(&c->row);
	return true;
}

bool
check_grants(struct checking *c, struct err *e)
{
	return survey_grants_each(&c->survey, grant_read, c, e);
}
