/* Planning: compares the desired state with the database. */
#include "model/plan/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/size.h"
#include "base/text.h"
#include "model/mail/mail.h"
#include "model/manifest/state.h"
#include "model/plan/private.h"

/* At most this many objects are read one by one. */
#define BY_NAME_MAX 1000

/* How much --prune may remove without --max-removes. */
#define PRUNE_PERCENT 10
#define PRUNE_LEAST 5

const char *const plan_action_names[] = { "add", "change", "remove" };

/* --- steps ----------------------------------------------------------- */

static void
step_add(struct planning *p, const struct plan_step *step)
{
	struct plan_step *s = VECTOR_ADD(&p->plan->steps);

	*s = *step;
	p->plan->number[step->action]++;
}

/* The words of one list that are not in another. */
static struct words
without(struct arena *a, const struct words *list, const struct words *other)
{
	struct words left = { 0 };

	for (size_t i = 0; i < list->count; i++) {
		size_t j = 0;

		while (j < other->count &&
		    strcmp(list->word[i], other->word[j]) != 0)
			j++;
		if (j == other->count)
			words_add(a, &left, list->word[i]);
	}
	return left;
}

/* The times of what is in one of these lists; the other may be NULL. */
static void
expires_keep(struct arena *a, struct words *expires,
    const struct words *list, const struct words *other)
{
	const struct words *lists[] = { list, other };
	struct words kept = { 0 };

	for (size_t n = 0; n < 2 && lists[n] != NULL; n++) {
		for (size_t i = 0; i < lists[n]->count; i++) {
			const char *address = lists[n]->word[i];
			int64_t time = expiry_of(expires, address);

			if (time != FIELD_NULL)
				words_add(a, &kept, expiry_text(a, address,
				    time));
		}
	}
	words_sort(&kept);
	*expires = kept;
}

/* A destination that is given in one list leaves the other. */
static void
alias_complete(struct planning *p, struct desired_alias *w)
{
	uint32_t active = attribute_bit(MANIFEST_ALIAS, "destination");
	uint32_t inactive = attribute_bit(MANIFEST_ALIAS, "inactive");

	if (!desired_has(&w->is, active))
		w->destination = without(p->plan->arena, &w->destination,
		    &w->inactive);
	if (!desired_has(&w->is, inactive))
		w->inactive = without(p->plan->arena, &w->inactive,
		    &w->destination);
	expires_keep(p->plan->arena, &w->expires, &w->destination,
	    &w->inactive);
	w->is.given |= active | inactive;
}

/* A grant that is no more has no time. */
static void
user_complete(struct planning *p, struct desired_user *w)
{
	if (desired_send_as_expires(w)->count > 0)
		expires_keep(p->plan->arena, &w->more->send_as_expires,
		    &w->more->send_as, NULL);
}

/* Without another server nobody takes names for it. */
static void
domain_complete(struct desired_domain *w)
{
	uint32_t accepts = attribute_bit(MANIFEST_DOMAIN, "accepts");

	if (w->relay_to != NULL || desired_has(&w->is, accepts))
		return;
	w->accepts = NULL;
	w->is.given |= accepts;
}

static void
compare_absent(struct planning *p, struct plan_step *step,
    const struct desired *there)
{
	if (there == NULL)
		return;
	step->action = PLAN_REMOVE;
	step->old = state_copy(p->plan->arena, there);
	step_add(p, step);
}

static void
compare(struct planning *p, enum manifest_kind kind, struct desired *w,
    const struct desired *there)
{
	struct plan_step step = { .kind = kind, .name = w->name, .said = w };

	if (w->faulty)
		return;
	if (w->absent) {
		compare_absent(p, &step, there);
		return;
	}
	step.password = kind == MANIFEST_USER && plan_password_needed(p,
	    desired_user(w), desired_user(there));
	/* Most objects do not differ: they take no memory. */
	if (there != NULL && !step.password &&
	    state_differs(w, there) == 0)
		return;
	step.action = there == NULL ? PLAN_ADD : PLAN_CHANGE;
	if (there != NULL)
		step.old = state_copy(p->plan->arena, there);
	state_complete(w, step.old);
	if (kind == MANIFEST_ALIAS)
		alias_complete(p, desired_alias(w));
	else if (kind == MANIFEST_USER)
		user_complete(p, desired_user(w));
	else if (kind == MANIFEST_DOMAIN)
		domain_complete(desired_domain(w));
	if (step.old != NULL)
		step.changes = state_differs(w, step.old);
	if (step.password)
		step.changes |= attribute_bit(MANIFEST_USER, "hash");
	step.new = w;
	if (step.old == NULL || step.changes != 0)
		step_add(p, &step);
}

/* --- reading the database -------------------------------------------- */

static bool
compare_by_name(struct planning *p, enum manifest_kind kind, struct err *e)
{
	size_t n = manifest_count(p->manifest, kind);
	struct arena row = { 0 };
	bool ok = true;

	for (size_t i = 0; ok && i < n; i++) {
		struct desired *w = manifest_at(p->manifest, kind, i), *old;

		ok = state_find(p->m, &row, kind, w->name, &old, e);
		if (ok)
			compare(p, kind, w, old);
		arena_reset(&row);
	}
	arena_clear(&row);
	return ok;
}

struct merge {
	struct planning *p;
	enum manifest_kind kind;
	size_t next;		/* of the manifest's objects */
};

/* Both sides are sorted by name. */
static bool
merge_row(void *arg, const struct desired *there, struct err *e)
{
	struct merge *g = arg;
	struct planning *p = g->p;
	size_t n = manifest_count(p->manifest, g->kind);

	(void)e;
	for (; g->next < n; g->next++) {
		struct desired *w = manifest_at(p->manifest, g->kind, g->next);
		int by = strcmp(w->name, there->name);

		if (by > 0)
			break;
		compare(p, g->kind, w, by == 0 ? there : NULL);
	}
	return true;
}

static bool
compare_all(struct planning *p, enum manifest_kind kind, struct err *e)
{
	struct merge g = { p, kind, 0 };

	if (!state_all(p->m, kind, NULL, merge_row, &g, e))
		return false;
	for (; g.next < manifest_count(p->manifest, kind); g.next++)
		compare(p, kind, manifest_at(p->manifest, kind, g.next),
		    NULL);
	return true;
}

static bool
compare_kind(struct planning *p, enum manifest_kind kind, struct err *e)
{
	return manifest_count(p->manifest, kind) <= BY_NAME_MAX ?
	    compare_by_name(p, kind, e) : compare_all(p, kind, e);
}

/* --- pruning --------------------------------------------------------- */

struct pruning {
	struct planning *p;
	enum manifest_kind kind;
	int64_t there;
	int64_t removed;
};

static bool
prune_row(void *arg, const struct desired *there, struct err *e)
{
	struct pruning *g = arg;
	struct plan_step step = { .action = PLAN_REMOVE, .kind = g->kind };

	(void)e;
	g->there++;
	if (manifest_find(g->p->manifest, g->kind, there->name) != NULL)
		return true;
	g->removed++;
	step.old = state_copy(g->p->plan->arena, there);
	step.name = step.old->name;
	step_add(g->p, &step);
	return true;
}

static bool
prune_limit(const struct plan_options *options, const struct pruning *g,
    struct err *e)
{
	int64_t limit = g->there * PRUNE_PERCENT / 100;

	if (limit < PRUNE_LEAST)
		limit = PRUNE_LEAST;
	if (options->max_removes != FIELD_NULL)
		limit = options->max_removes;
	if (g->removed <= limit)
		return true;
	err_set(e, ERR_REFUSED, "--prune would remove %lld of %lld users, "
	    "aliases and other names, %lld at most are allowed",
	    (long long)g->removed, (long long)g->there, (long long)limit);
	return err_hint(e, "look at the plan without --prune, or allow it "
	    "with --max-removes %lld", (long long)g->removed);
}

/*
 * Manifests without recipients and blocks are older than these: there they
 * stay, but in a domain that goes.
 */
static void
pruned_find(struct planning *p, enum manifest_kind kind)
{
	bool all = kind == MANIFEST_USER || kind == MANIFEST_ALIAS ||
	    p->manifest->spoken[kind];
	size_t n = manifest_count(p->manifest, MANIFEST_DOMAIN);

	for (size_t i = 0; i < n; i++) {
		const struct desired *w = manifest_at(p->manifest,
		    MANIFEST_DOMAIN, i);

		if (all || w->absent)
			words_add(p->plan->arena, &p->plan->pruned[kind],
			    w->name);
	}
}

static bool
prune(struct planning *p, const struct plan_options *options, struct err *e)
{
	struct pruning g = { .p = p };

	for (int k = MANIFEST_IN_DOMAIN; k < MANIFEST_IN_DOMAIN_END; k++) {
		g.kind = (enum manifest_kind)k;
		pruned_find(p, g.kind);
		if (p->plan->pruned[k].count > 0 && !state_all(p->m, g.kind,
		    &p->plan->pruned[k], prune_row, &g, e))
			return false;
	}
	return prune_limit(options, &g, e) && (!plan_prunes(p->plan) ||
	    plan_pruned_names(p->m, p->plan, p->plan->pruned_names, e));
}

/* --- the plan -------------------------------------------------------- */

static int
step_compare(const void *a, const void *b)
{
	const struct plan_step *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return strcmp(x->name, y->name);
}

bool
plan_make(struct mail *m, struct manifest *manifest,
    const struct plan_options *options, struct plan *plan, struct err *e)
{
	struct planning p = { m, manifest, plan };
	bool ok = true;

	for (int kind = 0; ok && kind < MANIFEST_KINDS; kind++)
		ok = compare_kind(&p, (enum manifest_kind)kind, e);
	if (ok && options->prune)
		ok = prune(&p, options, e);
	if (ok && plan->steps.count > 1)
		qsort(plan->steps.item, plan->steps.count,
		    sizeof(struct plan_step), step_compare);
	return ok && plan_judge(&p, e);
}

void
plan_clear(struct plan *plan)
{
	VECTOR_CLEAR(&plan->steps);
}

/* --- values ---------------------------------------------------------- */

static const char *
number_text(struct arena *a, enum attribute_type type, int64_t number,
    bool people)
{
	if ((type == ATTRIBUTE_QUOTA || type == ATTRIBUTE_USER_RATE) &&
	    number == FIELD_NULL)
		return "default";
	if (number == FIELD_NULL || number == QUOTA_NONE)
		return "none";
	if (type == ATTRIBUTE_TIME)
		return changed_time(a, number);
	if (type == ATTRIBUTE_LIMIT || !people)
		return arena_printf(a, "%lld", (long long)number);
	return type == ATTRIBUTE_RATE || type == ATTRIBUTE_USER_RATE ?
	    changed_rate(a, number, "none") :
	    changed_size(a, number, "none");
}

static const char *
list_text(struct arena *a, const struct words *list)
{
	struct text t = TEXT_INIT;
	const char *copy;

	for (size_t i = 0; i < list->count; i++)
		text_addf(&t, "%s%s", i > 0 ? ", " : "", list->word[i]);
	copy = list->count > 0 ? arena_strndup(a, t.buf, t.len) : NULL;
	text_clear(&t);
	return copy;
}

const char *
plan_value(struct arena *a, const struct attribute *attribute,
    const struct desired *w, bool people)
{
	const void *slot = desired_slot(w, attribute);

	switch (attribute->type) {
	case ATTRIBUTE_FLAG:
	case ATTRIBUTE_RIGHT:
	case ATTRIBUTE_GENERATE:
		return *(const bool *)slot ? "true" : "false";
	case ATTRIBUTE_SIZE:
	case ATTRIBUTE_QUOTA:
	case ATTRIBUTE_LIMIT:
	case ATTRIBUTE_TIME:
	case ATTRIBUTE_RATE:
	case ATTRIBUTE_USER_RATE:
		return number_text(a, attribute->type,
		    *(const int64_t *)slot, people);
	case ATTRIBUTE_LIST:
	case ATTRIBUTE_SEND_AS:
	case ATTRIBUTE_EXPIRES:
		return list_text(a, slot);
	case ATTRIBUTE_HASH:
		return *(const char *const *)slot ? "(secret)" : NULL;
	default:
		return *(const char *const *)slot;
	}
}
