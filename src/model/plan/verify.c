/*
 * Is the database as the plan found it?
 *
 * A plan is shown to a person and applied later, perhaps from a file and on
 * another day.  So each row that it changes is read again under a lock and
 * compared: with the row itself, or with its digest where the plan comes
 * from a file, since a file must not hold rows.  A pruned domain loses what
 * the manifest does not name, so there the names of all users and aliases
 * count, too: one that came since was not in what the person saw.
 */
#include <openssl/evp.h>
#include <string.h>

#include "base/text.h"
#include "model/digest.h"
#include "model/manifest/state.h"
#include "model/manifest/text.h"
#include "model/plan/bulk.h"
#include "model/plan/private.h"

/* --- digests --------------------------------------------------------- */

void
plan_digest(const struct desired *w, unsigned char digest[static PLAN_DIGEST])
{
	struct text t = TEXT_INIT;

	manifest_text_add(&t, MANIFEST_JSONL, w, true);
	digest_sha256(t.buf, t.len, digest);
	text_clear(&t);
}

/* What is in the pruned domains: a name more would have to go, too. */
static bool
name_digest(void *arg, const struct desired *there, struct err *e)
{
	EVP_MD_CTX *digest = arg;

	(void)e;
	BUG_ON(!EVP_DigestUpdate(digest, there->name,
	    strlen(there->name) + 1));
	return true;
}

bool
plan_prunes(const struct plan *plan)
{
	bool any = false;

	for (int kind = 0; kind < MANIFEST_KINDS; kind++)
		any |= plan->pruned[kind].count > 0;
	return any;
}

bool
plan_pruned_names(struct mail *m, const struct plan *plan,
    unsigned char names[static PLAN_DIGEST], struct err *e)
{
	EVP_MD_CTX *digest = EVP_MD_CTX_new();
	bool ok = true;

	if (digest == NULL ||
	    !EVP_DigestInit_ex2(digest, EVP_sha256(), NULL))
		out_of_memory();
	for (int kind = 0; ok && kind < MANIFEST_KINDS; kind++) {
		if (plan->pruned[kind].count > 0)
			ok = state_all(m, (enum manifest_kind)kind,
			    &plan->pruned[kind], name_digest, digest, e);
	}
	BUG_ON(!EVP_DigestFinal_ex(digest, names, NULL));
	EVP_MD_CTX_free(digest);
	return ok;
}

/* --- rows ------------------------------------------------------------ */

static bool
stale(const struct plan_step *step, struct err *e)
{
	err_set(e, ERR_REFUSED, "the plan is stale: %s %s has changed since",
	    manifest_kind_names[step->kind], step->name);
	return err_hint(e, "make a new plan");
}

/* A step of a saved plan gets its row, if the digest is the same. */
static bool
step_digest(struct arena *a, struct plan_step *step,
    const struct desired *now, struct err *e)
{
	unsigned char digest[PLAN_DIGEST];

	if ((now == NULL) != (step->action == PLAN_ADD))
		return stale(step, e);
	if (now == NULL)
		return true;
	plan_digest(now, digest);
	if (memcmp(digest, step->digest, sizeof(digest)) != 0)
		return stale(step, e);
	step->old = state_copy(a, now);
	return true;
}

static bool
step_verify(struct mail *m, struct arena *a, const struct plan *plan,
    struct plan_step *step, struct err *e)
{
	struct desired *now;

	if (!state_find_locked(m, a, step->kind, step->name, &now, e))
		return false;
	if (step->digested)
		return step_digest(plan->arena, step, now, e);
	if ((now == NULL) != (step->old == NULL) ||
	    (now != NULL && state_differs(now, step->old) != 0))
		return stale(step, e);
	return true;
}

/* How many users are added from there on, one step after the other. */
static size_t
users_added(const struct plan *plan, size_t first)
{
	size_t n = 0;

	while (n < BULK_ROWS && first + n < plan->steps.count &&
	    plan_at(plan, first + n)->kind == MANIFEST_USER &&
	    plan_at(plan, first + n)->action == PLAN_ADD)
		n++;
	return n;
}

/* None of them may exist: one question for many. */
static bool
users_absent(struct mail *m, struct arena *a, const struct plan *plan,
    size_t first, size_t n, struct err *e)
{
	const char **name = arena_array(a, n + 1, sizeof(*name));
	const struct user_state *there;
	struct db_rows rows;

	for (size_t i = 0; i < n; i++)
		name[i] = plan_at(plan, first + i)->name;
	if (!db_query(m->db, a, SQL_BULK_USERS_FIND, PARAMS(TEXT(bulk_names(a,
	    name, n))), &rows, e))
		return false;
	there = rows.row;
	for (size_t i = 0; rows.count > 0 && i < n; i++) {
		if (strcmp(name[i], there->email) == 0)
			return stale(plan_at(plan, first + i), e);
	}
	return true;
}

static bool
rows_verify(struct mail *m, const struct plan *plan, struct err *e)
{
	unsigned char names[PLAN_DIGEST];
	struct arena a = { 0 };
	bool ok = true;
	size_t n;

	for (size_t i = 0; ok && i < plan->steps.count; i += n) {
		n = users_added(plan, i);
		ok = n > 1 ? users_absent(m, &a, plan, i, n, e) :
		    step_verify(m, &a, plan, plan_at(plan, i), e);
		n = n > 1 ? n : 1;
		arena_reset(&a);
	}
	arena_clear(&a);
	if (!ok || !plan_prunes(plan))
		return ok;
	if (!plan_pruned_names(m, plan, names, e))
		return false;
	if (memcmp(names, plan->pruned_names, sizeof(names)) == 0)
		return true;
	err_set(e, ERR_REFUSED, "the plan is stale: users, aliases or other "
	    "names were added or removed since in the domains it prunes");
	return err_hint(e, "make a new plan");
}

/* --- the whole ------------------------------------------------------- */

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
	return err_hint(e, "make a new plan");
}

bool
plan_verify(struct mail *m, struct manifest *manifest,
    const struct plan *plan, struct err *e)
{
	return rows_verify(m, plan, e) && judge_again(m, manifest, plan, e);
}
