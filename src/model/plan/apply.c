/* Applying a plan. */
#include "model/plan/apply.h"

#include <string.h>

#include "file/secret.h"
#include "model/address.h"
#include "model/mail/delivery.h"
#include "model/mail/domain.h"
#include "model/password/password.h"
#include "model/password/bulk.h"
#include "model/plan/private.h"
#include "model/mail/grant.h"
#include "model/manifest/state.h"

const struct field password_made_fields[] = {
	FIELD(struct password_made, email, FIELD_ADDRESS),
	FIELD(struct password_made, password, FIELD_TEXT),
	{ 0 }
};

/* --- passwords ------------------------------------------------------- */

static bool
is_generated(const struct plan_step *step)
{
	const struct wanted_user *new = (const void *)step->new;

	return step->password && new->generate;
}

static bool
file_password(struct arena *a, const struct plan_step *step,
    const char **password, struct err *e)
{
	struct text secret = TEXT_INIT;
	bool ok;

	ok = secret_from_file(plan_password_path(a, (const void *)step->new),
	    &secret, e) && password_valid(secret.buf, secret.len, e);
	if (ok)
		*password = arena_strdup(a, secret.buf);
	text_clear(&secret);
	return ok || err_wrap(e, "user %s", step->name);
}

struct hashing {
	const struct plan *plan;
	size_t count;
};

static bool
hashing_progress(void *arg, size_t done)
{
	const struct hashing *h = arg;

	return h->plan->progress == NULL ||
	    h->plan->progress(h->plan->progress_arg, done, h->count);
}

/* One takes libxcrypt no longer than two threads take to begin. */
static bool
jobs_hash(const struct plan *plan, struct password_job *job, size_t count,
    struct err *e)
{
	struct hashing h = { plan, count };
	long rounds = (long)plan->rounds;

	if (count == 1)
		return password_hash(plan->arena, job->password, rounds,
		    &job->hash, e);
	return password_hash_bulk(plan->arena, job, count, rounds,
	    hashing_progress, &h, e);
}

static void
hash_take(struct arena *a, struct plan_step *step, const char *hash)
{
	struct wanted_user new;

	memcpy(&new, step->new, sizeof(new));
	new.hash = hash;
	step->new = state_copy(a, MANIFEST_USER, &new.is);
	step->password = false;
}

/* Those of files, or those that are to be made. */
static bool
passwords_hash(struct plan *plan, bool generated,
    struct password_made *made, size_t *count, struct err *e)
{
	struct arena *a = plan->arena;
	size_t n = plan->steps.count, jobs = 0;
	struct password_job *job = arena_array(a, n + 1, sizeof(*job));
	struct plan_step **of = arena_array(a, n + 1, sizeof(*of));
	bool ok = true;

	for (size_t i = 0; ok && i < n; i++) {
		struct plan_step *step = plan_at(plan, i);

		if (!step->password || is_generated(step) != generated)
			continue;
		of[jobs] = step;
		ok = generated ? password_generate(a,
			(size_t)plan->password_length, &job[jobs].password,
			e) :
		    file_password(a, step, &job[jobs].password, e);
		if (generated)
			made[jobs] = (struct password_made){ step->name,
			    job[jobs].password };
		jobs++;
	}
	if (!ok || (jobs > 0 && !jobs_hash(plan, job, jobs, e)))
		return false;
	for (size_t i = 0; i < jobs; i++)
		hash_take(a, of[i], job[i].hash);
	*count = jobs;
	return true;
}

bool
plan_hash_files(struct plan *plan, struct err *e)
{
	size_t count;

	return passwords_hash(plan, false, NULL, &count, e);
}

bool
plan_hash(struct plan *plan, const struct password_made **made,
    size_t *count, struct err *e)
{
	struct password_made *list = arena_array(plan->arena,
	    plan->steps.count + 1, sizeof(*list));

	*made = list;
	return plan_hash_files(plan, e) &&
	    passwords_hash(plan, true, list, count, e);
}

/* --- is it as it was? ------------------------------------------------ */

static bool
stale(const struct plan_step *step, struct err *e)
{
	err_set(e, ERR_REFUSED, "the plan is stale: %s %s has changed since",
	    manifest_kind_names[step->kind], step->name);
	return err_hint(e, "make the plan anew");
}

/* A step of a saved plan learns what its row is when that is as it was. */
static bool
step_digest(struct arena *a, struct plan_step *step,
    const struct wanted *now, struct err *e)
{
	unsigned char digest[PLAN_DIGEST];

	if ((now == NULL) != (step->action == PLAN_ADD))
		return stale(step, e);
	if (now == NULL)
		return true;
	plan_digest(step->kind, now, digest);
	if (memcmp(digest, step->digest, sizeof(digest)) != 0)
		return stale(step, e);
	step->old = state_copy(a, step->kind, now);
	return true;
}

static bool
step_verify(struct mail *m, struct arena *a, const struct plan *plan,
    struct plan_step *step, struct err *e)
{
	struct wanted *now;

	if (!state_find(m, a, step->kind, step->name, true, &now, e))
		return false;
	if (step->digested)
		return step_digest(plan->arena, step, now, e);
	if ((now == NULL) != (step->old == NULL) ||
	    (now != NULL && state_differs(step->kind, now, step->old) != 0))
		return stale(step, e);
	return true;
}

static bool
plan_verify(struct mail *m, const struct plan *plan, struct err *e)
{
	unsigned char names[PLAN_DIGEST];
	struct arena a = { 0 };
	bool ok = true;

	for (size_t i = 0; ok && i < plan->steps.count; i++) {
		ok = step_verify(m, &a, plan, plan_at(plan, i), e);
		arena_reset(&a);
	}
	arena_clear(&a);
	if (!ok || plan->pruned.count == 0)
		return ok;
	if (!plan_pruned_names(m, &plan->pruned, names, e))
		return false;
	if (memcmp(names, plan->pruned_names, sizeof(names)) == 0)
		return true;
	err_set(e, ERR_REFUSED, "the plan is stale: there are other names in "
	    "the domains that it prunes");
	return err_hint(e, "make the plan anew");
}

/* --- writing --------------------------------------------------------- */

static bool
domain_write(struct mail *m, const struct plan_step *step, struct err *e)
{
	const struct wanted_domain *new = (const void *)step->new;

	if (step->action == PLAN_ADD)
		return db_exec(m->db, SQL_DOMAIN_ADD, PARAMS(
		    TEXT(step->name), NUMBER(new->active),
		    DOMAIN_VALUES(COLUMN_PARAM, new)), e);
	return db_exec(m->db, SQL_DOMAIN_SET, PARAMS(NUMBER(new->active),
	    DOMAIN_VALUES(COLUMN_PARAM, new) TEXT(step->name)), e);
}

static bool
user_write(struct mail *m, const struct plan_step *step, struct err *e)
{
	const struct wanted_user *new = (const void *)step->new;
	/* Only who tries a plan has not made its hashes before. */
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

/* Rows of `new` that are to be, with this `active`. */
static bool
destinations_write(struct mail *m, const char *mail,
    const struct words *list, bool active, const struct wanted_alias *old,
    struct err *e)
{
	bool ok = true;

	for (size_t i = 0; ok && i < list->count; i++) {
		const char *to = list->word[i];
		bool on = old != NULL && holds(&old->destination, to);
		bool off = old != NULL && holds(&old->inactive, to);

		if (!on && !off)
			ok = db_exec(m->db, SQL_STATE_ALIAS_ADD,
			    PARAMS(NUMBER(active), TEXT(mail), TEXT(to)), e);
		else if (active ? off : on)
			ok = db_exec(m->db, SQL_ALIAS_SET_ACTIVE,
			    PARAMS(NUMBER(active), TEXT(mail), TEXT(to)), e);
	}
	return ok;
}

static bool
destinations_remove(struct mail *m, const char *mail,
    const struct words *list, const struct wanted_alias *new, struct err *e)
{
	bool ok = true;

	for (size_t i = 0; ok && i < list->count; i++) {
		const char *to = list->word[i];

		if (new == NULL || (!holds(&new->destination, to) &&
		    !holds(&new->inactive, to)))
			ok = db_exec(m->db, SQL_ALIAS_REMOVE,
			    PARAMS(TEXT(mail), TEXT(to)), e);
	}
	return ok;
}

static bool
alias_write(struct mail *m, const struct plan_step *step, struct err *e)
{
	const struct wanted_alias *new = (const void *)step->new;
	const struct wanted_alias *old = (const void *)step->old;

	if (old != NULL && (!destinations_remove(m, step->name,
		&old->destination, new, e) ||
	    !destinations_remove(m, step->name, &old->inactive, new, e)))
		return false;
	return new == NULL ? send_as_name_gone(m, step->name, e) :
	    destinations_write(m, step->name, &new->destination, true, old,
		e) &&
	    destinations_write(m, step->name, &new->inactive, false, old, e);
}

/* The words of one list that another does not hold. */
static bool
grants_apart(struct mail *m, enum sql_id id, const char *email,
    const struct words *list, const struct words *other, struct err *e)
{
	for (size_t i = 0; i < list->count; i++) {
		if (!holds(other, list->word[i]) && !db_exec(m->db, id,
		    PARAMS(TEXT(email), TEXT(list->word[i])), e))
			return false;
	}
	return true;
}

static bool
grants_write(struct mail *m, const struct plan_step *step, struct err *e)
{
	static const struct wanted_user nobody;
	const struct words *new = wanted_send_as((const void *)step->new);
	const struct words *old = wanted_send_as(step->old == NULL ? &nobody :
	    (const void *)step->old);

	return grants_apart(m, SQL_SEND_AS_REMOVE, step->name, old, new, e) &&
	    grants_apart(m, SQL_SEND_AS_ADD, step->name, new, old, e);
}

static bool
domain_remove_row(struct mail *m, const struct plan_step *step,
    struct err *e)
{
	return send_as_domain_leaves(m, step->name, e) &&
	    db_exec(m->db, SQL_DOMAIN_REMOVE, PARAMS(TEXT(step->name)), e);
}

static bool
user_remove_row(struct mail *m, const struct plan_step *step, struct err *e)
{
	return send_as_user_leaves(m, step->name, e) &&
	    db_exec(m->db, SQL_USER_REMOVE, PARAMS(TEXT(step->name)), e);
}

/* --- order ----------------------------------------------------------- */

static bool
is_alias_domain(const struct plan_step *step)
{
	const struct wanted_domain *d = (const void *)(step->new != NULL ?
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

/* Below that the statements for many rows do not pay. */
#define MANY_FROM 20

/* What refers to a thing is written after it and goes before it. */
static const struct pass {
	enum manifest_kind kind;
	bool (*takes)(const struct plan_step *step);
	bool (*write)(struct mail *m, const struct plan_step *step,
	    struct err *e);
	bool (*many)(struct mail *m, const struct plan_step *step, size_t n,
	    struct err *e);
} passes[] = {
	{ MANIFEST_DOMAIN, is_own_domain_write, domain_write },
	{ MANIFEST_DOMAIN, is_alias_domain_write, domain_write },
	{ MANIFEST_USER, is_write, user_write, apply_users_add },
	{ MANIFEST_USER, is_write, grants_write },
	{ MANIFEST_ALIAS, is_any, alias_write, apply_aliases_add },
	{ MANIFEST_USER, is_removal, user_remove_row },
	{ MANIFEST_DOMAIN, is_alias_domain_removal, domain_remove_row },
	{ MANIFEST_DOMAIN, is_own_domain_removal, domain_remove_row },
};

static bool
step_write(struct mail *m, const struct pass *pass,
    const struct plan_step *step, struct err *e)
{
	return pass->write(m, step, e) || err_wrap(e, "%s %s",
	    manifest_kind_names[step->kind], step->name);
}

/* Steps that add, one behind the other, are written together. */
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
	const char *domain = step->kind == MANIFEST_DOMAIN ? step->name :
	    address_domain(step->name);
	bool fresh;

	if (step->action != PLAN_ADD)
		return true;
	db_memo(m->db, "limits kept", domain, 1, &fresh);
	return !fresh || domain_limits_kept(m, domain, e);
}

/* Counts and loops are of the rows as they now are. */
static bool
result_check(struct mail *m, const struct plan *plan, struct err *e)
{
	db_memo_forget(m->db);
	for (size_t i = 0; i < plan->steps.count; i++) {
		const struct plan_step *step = plan_at(plan, i);

		if (is_removal(step))
			continue;
		if (!limits_check(m, step, e) ||
		    (step->kind == MANIFEST_ALIAS &&
		    !delivery_check(m, step->name, e)))
			return false;
	}
	return true;
}

static bool
judge_again(struct mail *m, struct manifest *manifest,
    const struct plan *plan, struct err *e)
{
	struct plan copy = *plan;
	struct planning p = { m, manifest, &copy };
	const struct complaint *first;

	if (!plan_judge(&p, e))
		return false;
	if (manifest->complaints.count == 0)
		return true;
	first = manifest->complaints.item;
	err_set(e, ERR_REFUSED, "the plan is stale: %s", first->text);
	return err_hint(e, "make the plan anew");
}

bool
plan_apply(struct mail *m, struct manifest *manifest,
    const struct plan *plan, struct err *e)
{
	if (plan->steps.count == 0)
		return true;
	if (!mail_lock_aliases(m, e) || !plan_verify(m, plan, e) ||
	    !judge_again(m, manifest, plan, e))
		return false;
	for (size_t i = 0; i < sizeof(passes) / sizeof(passes[0]); i++) {
		if (!pass_run(m, plan, &passes[i], e))
			return false;
	}
	return result_check(m, plan, e);
}
