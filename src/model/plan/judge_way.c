/* Planning: where mail goes, of domains and by ways out. */
#include <string.h>

#include "base/sentence.h"
#include "base/text.h"
#include "model/mail/domain.h"
#include "model/next_hop.h"
#include "model/plan/private.h"
#include "model/way/relay.h"

/* --- domains --------------------------------------------------------- */

/* Domains that are aliases of this one today, and stay so. */
static bool
aliases_left(struct planning *p, const char *name, struct words *left,
    struct err *e)
{
	struct words others;
	struct domain_after d;

	*left = (struct words){ 0 };
	if (!domain_aliases_of(p->m, name, &others, e))
		return false;
	for (size_t i = 0; i < others.count; i++) {
		if (!plan_domain_after(p, others.word[i], &d, e))
			return false;
		if (d.there && d.alias_of != NULL &&
		    strcmp(d.alias_of, name) == 0)
			words_add(p->plan->arena, left, others.word[i]);
	}
	return true;
}

/* Users have mailboxes here, and an alias domain has no names of its own. */
static bool
refuse_contents(struct planning *p, const char *name, const char *becomes,
    struct err *wrong, struct err *e)
{
	struct words users = { 0 }, others;

	if (!plan_left_in(p, MANIFEST_USER, name, &users, e) ||
	    !aliases_left(p, name, &others, e))
		return false;
	if (users.count > 0)
		err_set(wrong, ERR_REFUSED, "has users: %s; %s has none",
		    sentence_list(p->plan->arena, &users), becomes);
	else if (others.count > 0)
		err_set(wrong, ERR_REFUSED, "has alias domains: %s; %s has "
		    "none", sentence_list(p->plan->arena, &others), becomes);
	return true;
}

static bool
refuse_patterns(struct planning *p, const char *name, struct err *wrong,
    struct err *e)
{
	struct words stored, left = { 0 };

	if (wrong->code != ERR_NONE)
		return true;
	if (!db_texts(p->m->db, p->m->arena, SQL_PATTERN_NAMES, PARAMS(
	    TEXT(name)), &stored, e))
		return false;
	for (size_t i = 0; i < stored.count; i++) {
		const struct desired *w = manifest_find(p->manifest,
		    MANIFEST_ALIAS, stored.word[i]);

		if (w != NULL ? !w->absent : !plan_is_pruned(p,
		    MANIFEST_ALIAS, stored.word[i]))
			words_add(p->plan->arena, &left, stored.word[i]);
	}
	if (left.count > 0)
		err_set(wrong, ERR_REFUSED, "has patterns: %s; an alias "
		    "domain has those of its target",
		    sentence_list(p->plan->arena, &left));
	return true;
}

static bool
refuse_alias(struct planning *p, const struct plan_step *step,
    struct err *wrong, struct err *e)
{
	const struct desired_domain *new = desired_domain(step->new);
	const struct desired_domain *old = desired_domain(step->old);
	const char *target = new->alias_of;
	struct domain_after d;

	if (!plan_domain_after(p, target, &d, e))
		return false;
	if (strcmp(target, step->name) == 0)
		err_set(wrong, ERR_REFUSED, "cannot be an alias of itself");
	else if (!d.there)
		err_set(wrong, ERR_NOT_FOUND, "no such domain: %s, neither "
		    "in the manifest nor in the database", target);
	else if (d.alias_of != NULL)
		err_set(wrong, ERR_REFUSED, "%s is an alias domain itself",
		    target);
	else if (d.relay_to != NULL)
		err_set(wrong, ERR_REFUSED, "%s is passed on to %s and cannot "
		    "have alias domains", target, d.relay_to);
	else if (new->relay_to != NULL)
		err_set(wrong, ERR_REFUSED, "is an alias of %s and is not "
		    "passed on itself", target);
	else if (new->transport != NULL)
		err_set(wrong, ERR_REFUSED, "is an alias of %s, by whose "
		    "transport its mail goes", target);
	if (wrong->code != ERR_NONE || old == NULL ||
	    text_same(old->alias_of, target))
		return true;
	return refuse_contents(p, step->name, "an alias domain", wrong, e) &&
	    refuse_patterns(p, step->name, wrong, e);
}

/* Mail that comes back to this server goes round till it bounces. */
static void
refuse_own_hop(struct planning *p, const struct plan_step *step,
    struct err *wrong)
{
	const char *hop = desired_domain(step->new)->relay_to, *host;
	int64_t port;

	if (step->old != NULL && text_same(desired_domain(
	    step->old)->relay_to, hop))
		return;
	if (next_hop_split(p->plan->arena, hop, &host, &port) &&
	    port == NEXT_HOP_PORT &&
	    next_hop_is_own(p->plan->arena, host, p->m->hostname))
		err_set(wrong, ERR_REFUSED, "%s is this server itself: mail "
		    "would go round in a loop", host);
}

/* All names or the rest of them: both cannot be. */
static bool
refuse_both_rests(struct planning *p, const struct plan_step *step,
    struct err *wrong, struct err *e)
{
	const char *rest = arena_printf(p->plan->arena, "@%s", step->name);
	const struct desired *w = manifest_find(p->manifest, MANIFEST_ALIAS,
	    rest);
	int64_t active = FIELD_NULL;

	if (w != NULL ? w->absent : plan_is_pruned(p, MANIFEST_ALIAS, rest))
		return true;
	if (!db_number(p->m->db, SQL_ALIAS_EXISTS, PARAMS(TEXT(rest)),
	    &active, e))
		return false;
	if (active != FIELD_NULL)
		err_set(wrong, ERR_REFUSED, "the catch-all %s takes all names "
		    "that do not exist, so none would be passed on", rest);
	return true;
}

static bool
refuse_relay(struct planning *p, const struct plan_step *step,
    struct err *wrong, struct err *e)
{
	const struct desired_domain *new = desired_domain(step->new);
	const struct desired_domain *old = desired_domain(step->old);

	refuse_own_hop(p, step, wrong);
	if (wrong->code == ERR_NONE && old != NULL && old->relay_to == NULL &&
	    !refuse_contents(p, step->name, "a domain that is passed on",
		wrong, e))
		return false;
	return wrong->code != ERR_NONE || new->accepts == NULL ||
	    refuse_both_rests(p, step, wrong, e);
}

/* The names have no meaning where the mailboxes are here. */
static bool
refuse_recipients(struct planning *p, const struct plan_step *step,
    struct err *wrong, struct err *e)
{
	struct words left = { 0 };

	if (step->old == NULL)
		return true;
	if (!plan_left_in(p, MANIFEST_RECIPIENT, step->name, &left, e))
		return false;
	if (left.count == 0)
		return true;
	err_set(wrong, ERR_REFUSED, "is not passed on any more and has "
	    "recipients: %s", sentence_list(p->plan->arena, &left));
	return err_hint(wrong, "give these absent: true, too");
}

static bool
refuse_domain(struct planning *p, const struct plan_step *step,
    struct err *wrong, struct err *e)
{
	const struct desired_domain *new = desired_domain(step->new);

	if (new->alias_of != NULL)
		return refuse_alias(p, step, wrong, e);
	if (new->relay_to != NULL)
		return refuse_relay(p, step, wrong, e);
	if (new->accepts != NULL) {
		err_set(wrong, ERR_REFUSED, "is not passed on to another "
		    "server: its users and aliases say which names it has");
		return err_hint(wrong, "accepts needs relay_to");
	}
	return refuse_recipients(p, step, wrong, e);
}

bool
plan_judge_domain(struct planning *p, const struct plan_step *step,
    struct err *e)
{
	struct err wrong = { 0 };

	if (!refuse_domain(p, step, &wrong, e) && wrong.code == ERR_NONE)
		return false;
	if (wrong.code != ERR_NONE)
		plan_complain(p, step, &wrong);
	return plan_judge_way(p, step, desired_domain(
	    step->new)->send_through, e);
}

/* --- ways out -------------------------------------------------------- */

bool
plan_judge_way(struct planning *p, const struct plan_step *step,
    const char *way, struct err *e)
{
	struct err wrong = { 0 };
	bool there;

	if (way == NULL)
		return true;
	if (!plan_way_after(p, way, &there, e))
		return false;
	if (there)
		return true;
	err_set(&wrong, ERR_NOT_FOUND, "send_through: no such way out: %s, "
	    "neither in the manifest nor in the database", way);
	plan_complain(p, step, &wrong);
	return true;
}

bool
plan_judge_relay(struct planning *p, const struct plan_step *step,
    struct err *e)
{
	const struct desired_relay *new = desired_relay(step->new);
	struct err wrong = { 0 };

	(void)e;
	if (new->host == NULL)
		err_set(&wrong, ERR_INVALID, "has no host: a way out is a "
		    "server");
	else if (new->login != NULL && strcmp(new->tls, "may") == 0)
		err_set(&wrong, ERR_REFUSED, "a login needs TLS, and tls: may "
		    "does without it");
	else
		relay_refuse_own(p->m, &(struct relay){ .name = step->name,
		    RELAY_VALUES(COLUMN_COPY, new) }, &wrong);
	if (wrong.code != ERR_NONE)
		plan_complain(p, step, &wrong);
	return true;
}

void
plan_note(struct mail *m, const struct plan *plan)
{
	for (size_t i = 0; i < plan->steps.count; i++) {
		const struct plan_step *step = plan_at(plan, i);
		const struct desired_relay *w;

		if (step->kind != MANIFEST_RELAY || step->new == NULL)
			continue;
		w = desired_relay(step->new);
		relay_note(m, &(struct relay){ .name = step->name,
		    RELAY_VALUES(COLUMN_COPY, w) }, w->has_password &&
		    w->login != NULL);
	}
}

/* A domain or a user that takes it today, and stays so. */
static bool
still_takes(struct planning *p, const char *who, const char *way)
{
	enum manifest_kind kind = strchr(who, '@') != NULL ? MANIFEST_USER :
	    MANIFEST_DOMAIN;
	const struct desired *w = manifest_find(p->manifest, kind, who);
	const char *through;

	if (w == NULL)
		return kind == MANIFEST_DOMAIN || !plan_is_pruned(p, kind,
		    who);
	if (w->absent)
		return false;
	through = kind == MANIFEST_USER ? desired_user(w)->send_through :
	    desired_domain(w)->send_through;
	return !desired_has(w, attribute_bit(kind, "send_through")) ||
	    text_same(through, way);
}

bool
plan_judge_relay_removal(struct planning *p, const struct plan_step *step,
    struct err *e)
{
	struct words uses, left = { 0 };
	struct err wrong = { 0 };

	if (!db_texts(p->m->db, p->m->arena, SQL_RELAY_USES, PARAMS(
	    TEXT(step->name), TEXT(step->name)), &uses, e))
		return false;
	for (size_t i = 0; i < uses.count; i++) {
		if (still_takes(p, uses.word[i], step->name))
			words_add(p->plan->arena, &left, uses.word[i]);
	}
	if (left.count == 0)
		return true;
	err_set(&wrong, ERR_REFUSED, "mail still leaves through it: %s",
	    sentence_list(p->plan->arena, &left));
	err_hint(&wrong, "give these another send_through, or none");
	plan_complain(p, step, &wrong);
	return true;
}
