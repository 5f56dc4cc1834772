/* Planning: refuses what cannot be done, before anything is written. */
#include <string.h>

#include "base/sentence.h"
#include "model/address.h"
#include "model/mail/alias.h"
#include "model/mail/domain.h"
#include "model/manifest/state.h"
#include "model/plan/private.h"

static void
complain_of(struct planning *p, const struct plan_step *step,
    const char *what)
{
	struct err e = { 0 };

	err_set(&e, ERR_INVALID, "%s", what);
	plan_complain(p, step, &e);
}

/* --- steps ----------------------------------------------------------- */

static bool
judge_domain_of(struct planning *p, const struct plan_step *step,
    struct err *e)
{
	const char *domain = address_domain(step->name);
	struct domain_after d;
	struct err wrong = { 0 };

	if (!plan_domain_after(p, domain, &d, e))
		return false;
	if (!d.there) {
		err_set(&wrong, ERR_NOT_FOUND, "no such domain: %s, neither "
		    "in the manifest nor in the database", domain);
		plan_complain(p, step, &wrong);
	} else if (d.alias_of != NULL && step->kind == MANIFEST_USER) {
		err_set(&wrong, ERR_REFUSED, "%s is an alias of %s and has "
		    "no users", domain, d.alias_of);
		plan_complain(p, step, &wrong);
	} else if (d.relay_to != NULL && step->kind == MANIFEST_USER) {
		err_set(&wrong, ERR_REFUSED, "%s is passed on to %s and has "
		    "no users", domain, d.relay_to);
		err_hint(&wrong, "names of its server are recipients");
		plan_complain(p, step, &wrong);
	} else if (d.relay_to == NULL && step->kind == MANIFEST_RECIPIENT) {
		err_set(&wrong, ERR_REFUSED, "%s is not passed on to another "
		    "server", domain);
		err_hint(&wrong, "relay_to makes it a relay domain; names of "
		    "this server are users and aliases");
		plan_complain(p, step, &wrong);
	}
	return true;
}

static bool
list_holds(const struct words *list, const char *word)
{
	for (size_t i = 0; i < list->count; i++) {
		if (strcmp(list->word[i], word) == 0)
			return true;
	}
	return false;
}

/* A grant of a name that will not exist would be one for a later user. */
static bool
judge_send_as(struct planning *p, const struct plan_step *step,
    struct err *e)
{
	const struct words *list = desired_send_as(desired_user(step->new));
	const struct words *old = desired_send_as(desired_user(step->old));
	bool accepted;

	for (size_t i = 0; i < list->count; i++) {
		const char *address = list->word[i];

		if (address_is_catchall(address) ||
		    list_holds(old, address))
			continue;
		if (!plan_accepts(p, address, &accepted, e))
			return false;
		if (!accepted)
			complain_of(p, step, arena_printf(p->plan->arena,
			    "send_as: no user or alias has the address %s",
			    address));
	}
	return true;
}

static bool
judge_user(struct planning *p, const struct plan_step *step, struct err *e)
{
	const struct desired_user *new = desired_user(step->new);

	if (new->hash == NULL && !step->password)
		complain_of(p, step, "is new and has no password; give hash, "
		    "password_file or generate: true");
	return judge_domain_of(p, step, e) && judge_send_as(p, step, e) &&
	    plan_judge_way(p, step, new->send_through, e);
}

static bool
judge_destination(struct planning *p, const struct plan_step *step,
    const char *to, struct err *e)
{
	struct err wrong = { 0 };
	bool accepted;

	if (!plan_accepts(p, to, &accepted, e))
		return false;
	if (!accepted) {
		err_set(&wrong, ERR_NOT_FOUND, "%s does not exist (no user, "
		    "alias or catch-all)", to);
		plan_complain(p, step, &wrong);
	}
	return true;
}

static bool
was_there(const struct plan_step *step, const char *to)
{
	const struct desired_alias *old = desired_alias(step->old);

	return old != NULL && list_holds(&old->destination, to);
}

/* A new name that the domain cannot have: all or the rest of its names. */
static bool
judge_rest(struct planning *p, const struct plan_step *step, struct err *e)
{
	const char *domain = address_domain(step->name);
	struct domain_after d;
	struct err wrong = { 0 };

	if (step->old != NULL)
		return true;
	if (!plan_domain_after(p, domain, &d, e))
		return false;
	if (d.accepts != NULL && address_is_catchall(step->name)) {
		err_set(&wrong, ERR_REFUSED, "%s takes all names for %s: with "
		    "a catch-all none would be passed on", domain,
		    d.relay_to);
		err_hint(&wrong, "accepts: known would pass on the names of "
		    "recipients alone");
		plan_complain(p, step, &wrong);
	} else if (d.alias_of != NULL && address_is_pattern(step->name)) {
		err_set(&wrong, ERR_REFUSED, "an alias domain has the "
		    "patterns of its target, %s", d.alias_of);
		plan_complain(p, step, &wrong);
	}
	return true;
}

/* A destination that was wrong before is not an error of this plan. */
static bool
judge_alias(struct planning *p, const struct plan_step *step, struct err *e)
{
	const struct desired_alias *new = desired_alias(step->new);
	struct err wrong = { 0 };

	if (!judge_domain_of(p, step, e) || !judge_rest(p, step, e))
		return false;
	if (step->old == NULL && address_is_pattern(step->name) &&
	    !alias_refuse_wild(step->name, &wrong))
		plan_complain(p, step, &wrong);
	for (size_t i = 0; i < new->destination.count; i++) {
		if (!was_there(step, new->destination.word[i]) &&
		    !judge_destination(p, step, new->destination.word[i], e))
			return false;
	}
	return true;
}

/* --- removals -------------------------------------------------------- */

static bool
judge_domain_removal(struct planning *p, const struct plan_step *step,
    struct err *e)
{
	struct words names = { 0 };
	struct err wrong = { 0 };

	for (int k = MANIFEST_IN_DOMAIN; k < MANIFEST_IN_DOMAIN_END; k++) {
		if (!plan_left_in(p, (enum manifest_kind)k, step->name,
		    &names, e))
			return false;
	}
	if (names.count == 0)
		return true;
	err_set(&wrong, ERR_REFUSED, "is not empty: %s",
	    sentence_list(p->plan->arena, &names));
	err_hint(&wrong, "give these absent: true, too, or use --prune");
	plan_complain(p, step, &wrong);
	return true;
}

static bool
keeps_destination(struct planning *p, const char *mail, const char *to)
{
	const struct desired_alias *w = desired_alias(manifest_find(
	    p->manifest, MANIFEST_ALIAS, mail));

	if (w == NULL)
		return !plan_is_pruned(p, MANIFEST_ALIAS, mail);
	if (w->is.absent)
		return false;
	if (!desired_has(&w->is, attribute_bit(MANIFEST_ALIAS,
	    "destination")))
		return true;
	return list_holds(&w->destination, to);
}

/* No remaining alias may lead to a removed name. */
static bool
judge_name_removal(struct planning *p, const struct plan_step *step,
    struct err *e)
{
	struct words sources, left = { 0 };
	struct err wrong = { 0 };
	bool accepted;

	if (!alias_sources(p->m, step->name, &sources, e) ||
	    !plan_accepts(p, step->name, &accepted, e))
		return false;
	for (size_t i = 0; i < sources.count && !accepted; i++) {
		if (keeps_destination(p, sources.word[i], step->name))
			words_add(p->plan->arena, &left, sources.word[i]);
	}
	if (left.count == 0)
		return true;
	err_set(&wrong, ERR_REFUSED, "is still a destination of %s",
	    sentence_list(p->plan->arena, &left));
	if (step->said != NULL) {
		plan_complain(p, step, &wrong);
		return true;
	}
	*e = wrong;
	return err_wrap(e, "--prune: %s %s", manifest_kind_names[step->kind],
	    step->name);
}

static bool
judge_removal(struct planning *p, const struct plan_step *step,
    struct err *e)
{
	if (step->kind == MANIFEST_DOMAIN)
		return judge_domain_removal(p, step, e);
	if (step->kind == MANIFEST_RELAY)
		return plan_judge_relay_removal(p, step, e);
	return step->kind == MANIFEST_BLOCK ||
	    address_is_catchall(step->name) ||
	    judge_name_removal(p, step, e);
}

bool
plan_judge(struct planning *p, struct err *e)
{
	static bool (*const judges[MANIFEST_KINDS])(struct planning *p,
	    const struct plan_step *step, struct err *e) = {
		[MANIFEST_DOMAIN] = plan_judge_domain,
		[MANIFEST_USER] = judge_user,
		[MANIFEST_ALIAS] = judge_alias,
		[MANIFEST_RECIPIENT] = judge_domain_of,
		[MANIFEST_BLOCK] = judge_domain_of,
		[MANIFEST_RELAY] = plan_judge_relay,
	};
	bool ok = true;

	for (size_t i = 0; ok && i < p->plan->steps.count; i++) {
		const struct plan_step *step = plan_at(p->plan, i);

		ok = step->action == PLAN_REMOVE ? judge_removal(p, step, e) :
		    judges[step->kind](p, step, e);
	}
	return ok;
}
