/* Applying a plan: in an order that keys allow, then checking the result. */
#include "model/plan/apply.h"

#include <string.h>

#include "model/address.h"
#include "model/mail/alias.h"
#include "model/mail/alias_loop.h"
#include "model/mail/domain.h"
#include "model/mail/grant.h"
#include "model/mail/user.h"
#include "model/manifest/state.h"
#include "model/password/hash.h"
#include "model/password/scheme.h"
#include "model/plan/private.h"

/* --- writing --------------------------------------------------------- */

static bool
domain_write(struct mail *m, const struct plan_step *step, struct err *e)
{
	const struct desired_domain *new = desired_domain(step->new);

	if (step->action == PLAN_ADD)
		domain_note_hostname(m, step->name);
	if (step->action == PLAN_ADD)
		return db_exec(m->db, SQL_DOMAIN_ADD, PARAMS(
		    TEXT(step->name), NUMBER(new->active),
		    DOMAIN_VALUES(COLUMN_PARAM, new)), e);
	return (!(step->changes & attribute_bit(MANIFEST_DOMAIN, "active")) ||
	    domain_signing(m, step->name, e)) &&
	    db_exec(m->db, SQL_DOMAIN_SET, PARAMS(NUMBER(new->active),
	    DOMAIN_VALUES(COLUMN_PARAM, new) TEXT(step->name)), e);
}

static bool
user_write(struct mail *m, const struct plan_step *step, struct err *e)
{
	const struct desired_user *new = desired_user(step->new);
	/* Only a trial (see route.h) has no hashes yet. */
	const char *hash = step->password ? PASSWORD_NONE : new->hash;

	return db_exec(m->db, step->action == PLAN_ADD ?
	    SQL_STATE_USER_ADD : SQL_STATE_USER_SET, PARAMS(
	    SECRET(hash), NUMBER(new->active),
	    USER_VALUES(COLUMN_PARAM, new) TEXT(new->home),
	    TEXT(step->name)), e);
}

static bool
holds(const struct words *list, const char *word)
{
	for (size_t i = 0; i < list->count; i++) {
		if (strcmp(list->word[i], word) == 0)
			return true;
	}
	return false;
}

/*
 * Rows of `new` that are to be, with this `active`.  A row that stands so
 * already is written again: the server leaves what is the same untouched.
 */
static bool
destinations_write(struct mail *m, const struct desired_alias *new,
    bool active, const struct desired_alias *old, struct err *e)
{
	const struct words *list = active ? &new->destination :
	    &new->inactive;
	const char *mail = new->is.name;
	bool ok = true;

	for (size_t i = 0; ok && i < list->count; i++) {
		const char *to = list->word[i];
		const struct alias row = { .mail = mail, .destination = to,
		    .active = active, ALIAS_VALUES(COLUMN_COPY, new)
		    .expires = expiry_of(&new->expires, to) };

		if (old == NULL || (!holds(&old->destination, to) &&
		    !holds(&old->inactive, to)))
			ok = alias_row_insert(m, &row, false, e);
		else
			ok = alias_row_update(m, &row, e);
	}
	return ok;
}

static bool
destinations_remove(struct mail *m, const char *mail,
    const struct words *list, const struct desired_alias *new, struct err *e)
{
	bool ok = true;

	for (size_t i = 0; ok && i < list->count; i++) {
		const char *to = list->word[i];

		if (new == NULL || (!holds(&new->destination, to) &&
		    !holds(&new->inactive, to)))
			ok = alias_row_remove(m, mail, to, e);
	}
	return ok;
}

static bool
alias_write(struct mail *m, const struct plan_step *step, struct err *e)
{
	const struct desired_alias *new = desired_alias(step->new);
	const struct desired_alias *old = desired_alias(step->old);

	if (old != NULL && (!destinations_remove(m, step->name,
		&old->destination, new, e) ||
	    !destinations_remove(m, step->name, &old->inactive, new, e)))
		return false;
	if (old == NULL)
		alias_note_wild(m, step->name);
	return new == NULL ? grant_name_removed(m, step->name, e) :
	    destinations_write(m, new, true, old, e) &&
	    destinations_write(m, new, false, old, e);
}

/* Those of one list that are not in the other go. */
static bool
grants_remove(struct mail *m, const char *email, const struct words *list,
    const struct words *other, struct err *e)
{
	for (size_t i = 0; i < list->count; i++) {
		if (!holds(other, list->word[i]) && !db_exec(m->db,
		    SQL_GRANTS_REMOVE, PARAMS(TEXT(email),
		    TEXT(list->word[i])), e))
			return false;
	}
	return true;
}

/* One that stands so already is left untouched by the server. */
static bool
grant_write(struct mail *m, const struct plan_step *step,
    const char *address, bool there, struct err *e)
{
	const struct grant grant = { step->name, address,
	    .expires = expiry_of(desired_send_as_expires(desired_user(
		step->new)), address) };

	if (!there)
		return db_exec(m->db, SQL_GRANTS_ADD, PARAMS(
		    TEXT(grant.email), TEXT(address),
		    GRANT_VALUES(COLUMN_PARAM, &grant)), e);
	return db_exec(m->db, SQL_GRANTS_SET, PARAMS(TEXT(grant.email),
	    GRANT_VALUES(COLUMN_PARAM, &grant) TEXT(grant.email),
	    TEXT(address)), e);
}

static bool
grants_write(struct mail *m, const struct plan_step *step, struct err *e)
{
	const struct words *new = desired_send_as(desired_user(step->new));
	const struct words *old = desired_send_as(desired_user(step->old));

	if (!grants_remove(m, step->name, old, new, e))
		return false;
	for (size_t i = 0; i < new->count; i++) {
		const char *address = new->word[i];

		if (!grant_write(m, step, address, holds(old, address), e))
			return false;
	}
	return true;
}

static bool
domain_remove_row(struct mail *m, const struct plan_step *step,
    struct err *e)
{
	return grant_domain_removed(m, step->name, e) &&
	    domain_keys_remove(m, step->name, e) &&
	    db_exec(m->db, SQL_DOMAIN_REMOVE, PARAMS(TEXT(step->name)), e);
}

static bool
user_remove_row(struct mail *m, const struct plan_step *step, struct err *e)
{
	return grant_user_removed(m, step->name, e) &&
	    db_exec(m->db, SQL_USER_REMOVE, PARAMS(TEXT(step->name)), e);
}

/* --- order ----------------------------------------------------------- */

static bool
is_alias_domain(const struct plan_step *step)
{
	const struct desired_domain *d = desired_domain(step->new != NULL ?
	    step->new : step->old);

	return d->alias_of != NULL;
}

static bool
is_removal(const struct plan_step *step)
{
	return step->action == PLAN_REMOVE;
}

static bool
is_own_domain_write(const struct plan_step *step)
{
	return !is_removal(step) && !is_alias_domain(step);
}

static bool
is_alias_domain_write(const struct plan_step *step)
{
	return !is_removal(step) && is_alias_domain(step);
}

static bool
is_write(const struct plan_step *step)
{
	return !is_removal(step);
}

static bool
is_any(const struct plan_step *step)
{
	(void)step;
	return true;
}

static bool
is_alias_domain_removal(const struct plan_step *step)
{
	return is_removal(step) && is_alias_domain(step);
}

static bool
is_own_domain_removal(const struct plan_step *step)
{
	return is_removal(step) && !is_alias_domain(step);
}

/* Fewer rows are written one by one. */
#define MANY_FROM 20

/*
 * A row is written after the rows that it refers to, and removed before them.
 * Users go before their domain may become one that has none.
 */
static const struct pass {
	enum manifest_kind kind;
	bool (*takes)(const struct plan_step *step);
	bool (*write)(struct mail *m, const struct plan_step *step,
	    struct err *e);
	bool (*many)(struct mail *m, const struct plan_step *step, size_t n,
	    struct err *e);
} passes[] = {
	{ MANIFEST_RELAY, is_write, apply_relay },
	{ MANIFEST_USER, is_removal, user_remove_row },
	{ MANIFEST_DOMAIN, is_own_domain_write, domain_write },
	{ MANIFEST_DOMAIN, is_alias_domain_write, domain_write },
	{ MANIFEST_USER, is_write, user_write, apply_users_add },
	{ MANIFEST_USER, is_write, grants_write },
	{ MANIFEST_ALIAS, is_any, alias_write, apply_aliases_add },
	{ MANIFEST_RECIPIENT, is_any, apply_recipient, apply_recipients_add },
	{ MANIFEST_BLOCK, is_any, apply_block, apply_blocks_add },
	{ MANIFEST_DOMAIN, is_alias_domain_removal, domain_remove_row },
	{ MANIFEST_DOMAIN, is_own_domain_removal, domain_remove_row },
	{ MANIFEST_RELAY, is_removal, apply_relay },
};

static bool
step_write(struct mail *m, const struct pass *pass,
    const struct plan_step *step, struct err *e)
{
	return pass->write(m, step, e) || err_wrap(e, "%s %s",
	    manifest_kind_names[step->kind], step->name);
}

/* Steps that add and follow each other are written together. */
static size_t
adds_in_a_row(const struct plan *plan, size_t from)
{
	const struct plan_step *first = plan_at(plan, from);
	size_t n = 0;

	while (from + n < plan->steps.count) {
		const struct plan_step *step = plan_at(plan, from + n);

		if (step->kind != first->kind || step->action != PLAN_ADD)
			break;
		n++;
	}
	return n;
}

static bool
pass_run(struct mail *m, const struct plan *plan, const struct pass *pass,
    struct err *e)
{
	for (size_t i = 0, n; i < plan->steps.count; i += n) {
		const struct plan_step *step = plan_at(plan, i);
		bool ok = true;

		n = 1;
		if (step->kind != pass->kind || !pass->takes(step))
			continue;
		if (pass->many != NULL)
			n = adds_in_a_row(plan, i);
		if (n >= MANY_FROM) {
			ok = pass->many(m, step, n, e);
		} else {
			n = 1;
			ok = step_write(m, pass, step, e);
		}
		if (!ok)
			return false;
	}
	return true;
}

/* --- afterwards ------------------------------------------------------ */

/* A domain that had more than its limit before may keep it. */
static bool
limits_check(struct mail *m, const struct plan_step *step, struct err *e)
{
	const char *domain;
	bool fresh;

	/* Of other kinds a domain may have any number. */
	if (step->action != PLAN_ADD || step->kind > MANIFEST_ALIAS)
		return true;
	domain = step->kind == MANIFEST_DOMAIN ? step->name :
	    address_domain(step->name);
	db_cache(m->db, "limits kept", domain, 1, &fresh);
	return !fresh || domain_limits_kept(m, domain, e);
}

/* Limits and loops are checked on the written rows. */
static bool
result_check(struct mail *m, const struct plan *plan, struct err *e)
{
	db_cache_clear(m->db);
	for (size_t i = 0; i < plan->steps.count; i++) {
		const struct plan_step *step = plan_at(plan, i);

		if (is_removal(step))
			continue;
		if (!limits_check(m, step, e) ||
		    (step->kind == MANIFEST_ALIAS &&
		    !alias_loop_refuse(m, step->name, e)))
			return false;
	}
	return true;
}

static bool
is_old(const char *hash)
{
	return hash != NULL && hash_is_old(hash);
}

/* Counts users that are added or get another hash. */
static void
old_hashes_note(struct mail *m, const struct plan *plan)
{
	uint32_t hash = attribute_bit(MANIFEST_USER, "hash");
	int64_t old = 0;

	for (size_t i = 0; i < plan->steps.count; i++) {
		const struct plan_step *step = plan_at(plan, i);

		if (step->kind == MANIFEST_USER && !is_removal(step) &&
		    (step->action == PLAN_ADD || (step->changes & hash)))
			old += is_old(desired_user(step->new)->hash);
	}
	users_note_old_hashes(m, old);
}

bool
plan_apply(struct mail *m, struct manifest *manifest,
    const struct plan *plan, struct err *e)
{
	if (plan->steps.count == 0)
		return true;
	if (!mail_lock_aliases(m, e) || !plan_verify(m, manifest, plan, e))
		return false;
	for (size_t i = 0; i < sizeof(passes) / sizeof(passes[0]); i++) {
		if (!pass_run(m, plan, &passes[i], e))
			return false;
	}
	old_hashes_note(m, plan);
	return result_check(m, plan, e);
}
