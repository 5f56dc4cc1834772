/* Planning: refuses what cannot be done, before anything is written. */
#include <string.h>

#include "base/sentence.h"
#include "model/address.h"
#include "model/mail/alias.h"
#include "model/mail/domain.h"
#include "model/manifest/state.h"
#include "model/plan/private.h"

static void
complain(struct planning *p, const struct plan_step *step, struct err *e)
{
	err_wrap(e, "%s %s", manifest_kind_names[step->kind], step->name);
	manifest_complain(p->manifest, &step->said->position, e);
}

static void
complain_of(struct planning *p, const struct plan_step *step,
    const char *what)
{
	struct err e = { 0 };

	err_set(&e, ERR_INVALID, "%s", what);
	complain(p, step, &e);
}

/* --- the state after the plan ----------------------------------------- */

struct future_domain {
	bool there;
	const char *alias_of;	/* NULL: a domain of its own */
};

/* A domain after the plan. */
static bool
domain_future(struct planning *p, const char *name, struct future_domain *d,
    struct err *e)
{
	const struct desired_domain *w = desired_domain(manifest_find(
	    p->manifest, MANIFEST_DOMAIN, name));
	struct domain row;
	bool found;

	*d = (struct future_domain){ 0 };
	if (w != NULL && w->is.absent)
		return true;
	if (p->m->db == NULL)
		found = false;
	else if (!domain_find(p->m, name, &row, &found, e))
		return false;
	d->there = found || w != NULL;
	if (w != NULL && desired_has(&w->is,
	    attribute_bit(MANIFEST_DOMAIN, "alias_of")))
		d->alias_of = w->alias_of;
	else if (found)
		d->alias_of = row.alias_of;
	return true;
}

static bool
is_pruned(const struct planning *p, const char *name)
{
	const struct words *pruned = &p->plan->pruned;

	for (size_t i = 0; i < pruned->count; i++) {
		if (strcmp(pruned->word[i], address_domain(name)) == 0)
			return true;
	}
	return false;
}

/* True when a user or an alias will have exactly this name. */
static bool
name_future(struct planning *p, const char *name, bool *there,
    struct err *e)
{
	static const enum sql_id exists[] = {
		[MANIFEST_USER] = SQL_USER_EXISTS,
		[MANIFEST_ALIAS] = SQL_ALIAS_EXISTS,
	};
	int64_t active;

	*there = false;
	for (int kind = MANIFEST_USER; kind < MANIFEST_KINDS; kind++) {
		const struct desired *w = manifest_find(p->manifest,
		    (enum manifest_kind)kind, name);

		if (w != NULL)
			*there |= !w->absent;
		if (w != NULL || *there || is_pruned(p, name) ||
		    p->m->db == NULL)
			continue;
		if (!db_number(p->m->db, exists[kind], PARAMS(TEXT(name)),
		    &active, e))
			return false;
		*there |= active != FIELD_NULL;
	}
	return true;
}

static void
patterns_find(struct planning *p)
{
	size_t count = manifest_count(p->manifest, MANIFEST_ALIAS);

	for (size_t i = 0; !p->patterns_found && i < count; i++) {
		const struct desired *w = manifest_at(p->manifest,
		    MANIFEST_ALIAS, i);

		if (!w->absent && address_is_pattern(w->name))
			words_add(p->plan->arena, &p->patterns, w->name);
	}
	p->patterns_found = true;
}

/* True when a pattern will have this name. */
static bool
pattern_future(struct planning *p, const char *name, bool *there,
    struct err *e)
{
	struct words stored = { 0 };

	patterns_find(p);
	*there = false;
	for (size_t i = 0; i < p->patterns.count; i++)
		*there |= alias_pattern_matches(p->patterns.word[i], name);
	if (*there || is_pruned(p, name) || p->m->db == NULL)
		return true;
	if (!db_texts(p->m->db, p->m->arena, SQL_PATTERN_NAMES, PARAMS(
	    TEXT(address_domain(name))), &stored, e))
		return false;
	for (size_t i = 0; i < stored.count; i++)
		*there |= manifest_find(p->manifest, MANIFEST_ALIAS,
		    stored.word[i]) == NULL &&
		    alias_pattern_matches(stored.word[i], name);
	return true;
}

/*
 * True when the address, the address without its +tag, a pattern or a
 * catch-all will exist.
 */
static bool
accepted_in(struct planning *p, const char *local, const char *domain,
    bool *accepted, struct err *e)
{
	struct arena *a = p->plan->arena;
	const char *address = address_join(a, local, domain);
	const char *untagged = address_untagged(a, address);

	if (!name_future(p, address, accepted, e))
		return false;
	if (!*accepted && untagged != NULL &&
	    !name_future(p, untagged, accepted, e))
		return false;
	if (!*accepted && !pattern_future(p, untagged != NULL ? untagged :
	    address, accepted, e))
		return false;
	return *accepted || name_future(p, address_join(a, "", domain),
	    accepted, e);
}

bool
plan_accepts(struct planning *p, const char *address, bool *accepted,
    struct err *e)
{
	const char *local = address_local(p->plan->arena, address);
	struct future_domain d;

	if (!domain_future(p, address_domain(address), &d, e))
		return false;
	*accepted = !d.there;
	if (*accepted)
		return true;
	if (!accepted_in(p, local, address_domain(address), accepted, e))
		return false;
	return *accepted || d.alias_of == NULL ||
	    accepted_in(p, local, d.alias_of, accepted, e);
}

/* --- steps ----------------------------------------------------------- */

static bool
judge_domain_of(struct planning *p, const struct plan_step *step,
    struct err *e)
{
	const char *domain = address_domain(step->name);
	struct future_domain d;
	struct err wrong = { 0 };

	if (!domain_future(p, domain, &d, e))
		return false;
	if (!d.there) {
		err_set(&wrong, ERR_NOT_FOUND, "no such domain: %s, neither "
		    "in the manifest nor in the database", domain);
		complain(p, step, &wrong);
	} else if (d.alias_of != NULL && step->kind == MANIFEST_USER) {
		err_set(&wrong, ERR_REFUSED, "%s is an alias of %s and has "
		    "no users", domain, d.alias_of);
		complain(p, step, &wrong);
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
	return judge_domain_of(p, step, e) && judge_send_as(p, step, e);
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
		complain(p, step, &wrong);
	}
	return true;
}

static bool
was_there(const struct plan_step *step, const char *to)
{
	const struct desired_alias *old = desired_alias(step->old);

	return old != NULL && list_holds(&old->destination, to);
}

/* A destination that was wrong before is not an error of this plan. */
static bool
judge_alias(struct planning *p, const struct plan_step *step, struct err *e)
{
	const struct desired_alias *new = desired_alias(step->new);
	struct err wrong = { 0 };

	if (!judge_domain_of(p, step, e))
		return false;
	if (step->old == NULL && address_is_pattern(step->name) &&
	    !alias_refuse_wild(step->name, &wrong))
		complain(p, step, &wrong);
	for (size_t i = 0; i < new->destination.count; i++) {
		if (!was_there(step, new->destination.word[i]) &&
		    !judge_destination(p, step, new->destination.word[i], e))
			return false;
	}
	return true;
}

static bool
judge_domain(struct planning *p, const struct plan_step *step, struct err *e)
{
	const struct desired_domain *new = desired_domain(step->new);
	struct future_domain target;
	struct err wrong = { 0 };

	if (new->alias_of == NULL)
		return true;
	if (!domain_future(p, new->alias_of, &target, e))
		return false;
	if (strcmp(new->alias_of, step->name) == 0)
		err_set(&wrong, ERR_REFUSED, "cannot be an alias of itself");
	else if (!target.there)
		err_set(&wrong, ERR_NOT_FOUND, "no such domain: %s, neither "
		    "in the manifest nor in the database", new->alias_of);
	else if (target.alias_of != NULL)
		err_set(&wrong, ERR_REFUSED, "%s is an alias domain itself",
		    new->alias_of);
	if (wrong.code != ERR_NONE)
		complain(p, step, &wrong);
	return true;
}

/* --- removals -------------------------------------------------------- */

/* Objects that the plan leaves in a removed domain. */
struct leftover {
	struct planning *p;
	const struct plan_step *step;
	enum manifest_kind kind;
	struct words names;
};

static bool
leftover_row(void *arg, const struct desired *there, struct err *e)
{
	struct leftover *l = arg;
	const struct desired *w = manifest_find(l->p->manifest, l->kind,
	    there->name);

	(void)e;
	if ((w == NULL && !is_pruned(l->p, there->name)) ||
	    (w != NULL && !w->absent))
		words_add(l->p->plan->arena, &l->names, arena_strdup(
		    l->p->plan->arena, there->name));
	return true;
}

static bool
judge_domain_removal(struct planning *p, const struct plan_step *step,
    struct err *e)
{
	struct leftover l = { .p = p, .step = step };
	struct words only = { 0 };
	struct err wrong = { 0 };

	words_add(p->plan->arena, &only, step->name);
	for (l.kind = MANIFEST_USER; l.kind < MANIFEST_KINDS; l.kind++) {
		if (!state_all(p->m, l.kind, &only, leftover_row, &l, e))
			return false;
	}
	if (l.names.count == 0)
		return true;
	err_set(&wrong, ERR_REFUSED, "is not empty: %s",
	    sentence_list(p->plan->arena, &l.names));
	err_hint(&wrong, "give these absent: true, too, or use --prune");
	complain(p, step, &wrong);
	return true;
}

static bool
keeps_destination(struct planning *p, const char *mail, const char *to)
{
	const struct desired_alias *w = desired_alias(manifest_find(
	    p->manifest, MANIFEST_ALIAS, mail));

	if (w == NULL)
		return !is_pruned(p, mail);
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
		complain(p, step, &wrong);
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
	return address_is_catchall(step->name) ||
	    judge_name_removal(p, step, e);
}

bool
plan_judge(struct planning *p, struct err *e)
{
	static bool (*const judges[MANIFEST_KINDS])(struct planning *p,
	    const struct plan_step *step, struct err *e) = {
		[MANIFEST_DOMAIN] = judge_domain,
		[MANIFEST_USER] = judge_user,
		[MANIFEST_ALIAS] = judge_alias,
	};
	bool ok = true;

	for (size_t i = 0; ok && i < p->plan->steps.count; i++) {
		const struct plan_step *step = plan_at(p->plan, i);

		ok = step->action == PLAN_REMOVE ? judge_removal(p, step, e) :
		    judges[step->kind](p, step, e);
	}
	return ok;
}
