/* Checking domains: each by itself, and with what is in it. */
#include <string.h>

#include "base/sentence.h"
#include "model/address.h"
#include "model/check/private.h"

/* Nobody means a limit of more than an exbibyte. */
#define QUOTA_ABSURD (INT64_C(1) << 60)

static struct known_domain *
domain_add(struct checking *c, const char *raw, const char *folded)
{
	uint32_t name = check_name(c, folded);
	struct known_name *known = check_known(c, name);
	struct known_domain *d;

	if (known->is_domain) {
		check_twice(c, RULE_DOMAIN_TWICE, known, raw, folded);
		d = check_domain_of(c, name);
	} else {
		d = VECTOR_ADD(&c->domains);
		d->name = name;
		d->target = NAME_NONE;
		d->max_users = d->max_aliases = FIELD_NULL;
		known->is_domain = true;
		known->domain = (uint32_t)c->domains.count;
	}
	known->canonical |= strcmp(raw, folded) == 0;
	return d;
}

/* In foreign tables 0 usually means that there is no limit. */
static void
limits_check(struct checking *c, const struct survey_domain *row)
{
	int64_t least = c->survey.ours;

	if (row->quota != FIELD_NULL && row->quota != QUOTA_NONE &&
	    (row->quota < least || row->quota > QUOTA_ABSURD))
		check_found(c, RULE_DOMAIN_QUOTA, row->domain,
		    "domain %s has a quota of %lld bytes", row->domain,
		    (long long)row->quota);
	if ((row->max_users != FIELD_NULL && row->max_users < 0) ||
	    (row->max_aliases != FIELD_NULL && row->max_aliases < 0))
		check_found(c, RULE_DOMAIN_QUOTA, row->domain,
		    "domain %s has a negative limit", row->domain);
}

static bool
name_check(struct checking *c, const char *raw, const char *folded)
{
	struct err e = { 0 };
	const char *stored;
	bool ok = domain_parse(&c->row, folded, &stored, &e);

	if (!ok)
		check_found(c, RULE_DOMAIN_INVALID, raw, "%s", e.text);
	else if (strcmp(raw, folded) != 0)
		check_found(c, RULE_DOMAIN_NOT_CANONICAL, raw,
		    "domain \"%s\" must be written as %s", raw, folded);
	err_clear(&e);
	return ok;
}

static void
domain_remember(struct checking *c, const struct survey_domain *r,
    const char *folded)
{
	struct known_domain *d = domain_add(c, r->domain, folded);

	d->active |= r->active;
	if (r->max_users >= 0)
		d->max_users = r->max_users;
	if (r->max_aliases >= 0)
		d->max_aliases = r->max_aliases;
	if (r->alias_of != NULL && *r->alias_of != '\0')
		d->target = check_name(c, check_fold(c, r->alias_of));
	d->relay |= r->relay_to != NULL;
	d->takes_rest |= r->relay_to != NULL && r->accepts != NULL;
	if (r->active) {
		check_hops(c, r);
		check_archive(c, r->domain, r->bcc_in, true);
		check_archive(c, r->domain, r->bcc_out, false);
	}
	limits_check(c, r);
	check_written(c, SURVEY_DOMAINS, d->name, r->modified);
}

static bool
domain_read(void *arg, const void *row, struct err *e)
{
	const struct survey_domain *r = row;
	struct checking *c = arg;
	const char *folded;

	(void)e;
	c->result->domains++;
	if (r->domain == NULL) {
		check_found(c, RULE_DOMAIN_INVALID, "",
		    "the name of a domain is NULL");
		return true;
	}
	folded = check_fold(c, r->domain);
	if (name_check(c, r->domain, folded))
		domain_remember(c, r, folded);
	else
		check_known(c, check_name(c, folded))->invalid_domain = true;
	arena_reset(&c->row);
	return true;
}

bool
check_domains_read(struct checking *c, struct err *e)
{
	return survey_each(&c->survey, SURVEY_DOMAINS, domain_read, c, e);
}

/* --- between rows ---------------------------------------------------- */

/* The domain that an alias domain's names are looked up in. */
static const struct known_domain *
target_of(const struct checking *c, const struct known_domain *d)
{
	return d->target == NAME_NONE ? NULL : check_domain_of(c, d->target);
}

/* What is known of a name; NULL where no user or alias has it. */
static const struct known_name *
name_known(struct checking *c, const char *local, const char *domain)
{
	const char *text = address_join(&c->row, local, domain);
	uint32_t name = nameset_find(&c->names, text, strlen(text));
	const struct known_name *known;

	if (name == NAME_NONE)
		return NULL;
	known = check_known(c, name);
	return known->user || known->alias ? known : NULL;
}

/*
 * True where mail for the name is delivered: to a user or an alias here or
 * in the target, to the server of a relay domain, or to a catch-all, in
 * Postfix's order.  The first that exists decides: if it is disabled, the
 * mail is refused.
 */
static bool
receives(struct checking *c, const struct known_domain *d,
    const struct known_domain *target, const char *local)
{
	const char *const locals[] = { local, "" };

	for (size_t i = 0; i < 2; i++) {
		const struct known_name *known = name_known(c, locals[i],
		    nameset_text(&c->names, d->name));

		if (known == NULL && target != NULL)
			known = name_known(c, locals[i],
			    nameset_text(&c->names, target->name));
		if (known != NULL)
			return known->user_receives || known->alias_active;
		if (check_passes_on(c, d, address_join(&c->row, local,
		    nameset_text(&c->names, d->name))))
			return true;
	}
	return false;
}

static void
roles_check(struct checking *c, const struct known_domain *d)
{
	const char *name = nameset_text(&c->names, d->name);
	const struct known_domain *target = target_of(c, d);

	/* A wrong target has a finding of its own. */
	if (!d->active || (d->target != NAME_NONE && (target == NULL ||
	    !target->active || target->target != NAME_NONE)))
		return;
	if (!receives(c, d, target, "postmaster"))
		check_found(c, RULE_DOMAIN_NO_POSTMASTER, name,
		    "postmaster@%s is missing", name);
	if (!receives(c, d, target, "abuse"))
		check_found(c, RULE_DOMAIN_NO_ABUSE, name,
		    "abuse@%s is missing", name);
}

static void
target_check(struct checking *c, const struct known_domain *d)
{
	const struct known_domain *target = target_of(c, d);
	const char *name = nameset_text(&c->names, d->name);
	const char *other;

	if (d->target == NAME_NONE)
		return;
	other = nameset_text(&c->names, d->target);
	if (target == NULL)
		check_found(c, RULE_DOMAIN_TARGET_MISSING, name,
		    "%s is an alias of %s, which does not exist", name, other);
	else if (target->target != NAME_NONE)
		check_found(c, RULE_DOMAIN_TARGET_ALIAS, name,
		    "%s is an alias of %s, which is an alias domain itself",
		    name, other);
	else if (!target->active && d->active)
		check_found(c, RULE_DOMAIN_TARGET_INACTIVE, name,
		    "%s is an alias of %s, which is disabled", name, other);
	if (d->users > 0)
		check_found(c, RULE_DOMAIN_ALIAS_HAS_USERS, name,
		    "alias domain %s has %s, who receive no mail", name,
		    sentence_number(&c->row, d->users, "user", "users"));
}

static void
counts_check(struct checking *c, const struct known_domain *d)
{
	const char *name = nameset_text(&c->names, d->name);

	if (!d->active && d->users_active > 0)
		check_found(c, RULE_DOMAIN_INACTIVE_USERS, name,
		    "domain %s is disabled and has %s", name,
		    sentence_number(&c->row, d->users_active, "enabled user",
		    "enabled users"));
	if (d->max_users != FIELD_NULL && d->users > d->max_users)
		check_found(c, RULE_DOMAIN_MAX_USERS, name,
		    "domain %s has %s, %lld allowed", name,
		    sentence_number(&c->row, d->users, "user", "users"),
		    (long long)d->max_users);
	if (d->max_aliases != FIELD_NULL && d->aliases - d->postmaster >
	    d->max_aliases)
		check_found(c, RULE_DOMAIN_MAX_ALIASES, name,
		    "domain %s has %s, %lld allowed", name,
		    sentence_number(&c->row, d->aliases - d->postmaster,
			"alias", "aliases"),
		    (long long)d->max_aliases);
	if (d->users == 0 && d->aliases == 0 && d->target == NAME_NONE &&
	    !d->relay)
		check_found(c, RULE_DOMAIN_EMPTY, name,
		    "domain %s has no users and no aliases", name);
}

void
check_domains(struct checking *c)
{
	const struct known_domain *d = c->domains.item;

	for (size_t i = 0; i < c->domains.count; i++, d++) {
		roles_check(c, d);
		target_check(c, d);
		counts_check(c, d);
		check_relay_domain(c, d);
		arena_reset(&c->row);
	}
}
