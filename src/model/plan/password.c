/* The passwords of a plan: from files or made, and hashed in parallel. */
#include <string.h>

#include "file/password_file.h"
#include "model/manifest/state.h"
#include "model/password/bulk.h"
#include "model/password/hash.h"
#include "model/password/password.h"
#include "model/plan/apply.h"
#include "model/plan/private.h"

const struct field password_made_fields[] = {
	FIELD(struct password_made, email, FIELD_ADDRESS),
	FIELD(struct password_made, password, FIELD_TEXT),
	{ 0 }
};

/* --- which are needed ------------------------------------------------ */

const char *
plan_password_path(struct arena *a, const struct desired_user *w)
{
	const char *slash = strrchr(w->is.position.file, '/');

	if (*desired_password_file(w) == '/' || slash == NULL)
		return desired_password_file(w);
	return arena_printf(a, "%.*s/%s", (int)(slash - w->is.position.file),
	    w->is.position.file, desired_password_file(w));
}

static bool
password_from_file(struct arena *a, const struct desired_user *w,
    struct text *secret, struct err *e)
{
	return password_file_read(plan_password_path(a, w),
	    desired_password_file(w), secret, e) &&
	    password_valid(secret->buf, secret->len, e);
}

bool
plan_password_needed(struct planning *p, const struct desired_user *w,
    const struct desired_user *old)
{
	struct text secret = TEXT_INIT;
	struct err e = { 0 };
	bool needed = true;

	if (w->generate)
		return old == NULL || strcmp(old->hash, PASSWORD_NONE) == 0;
	if (desired_password_file(w) == NULL)
		return false;
	if (!password_from_file(p->plan->arena, w, &secret, &e)) {
		err_wrap(&e, "user %s: password_file", w->is.name);
		manifest_complain(p->manifest, &w->is.position, &e);
	} else if (old != NULL) {
		needed = password_verify(old->hash, secret.buf) !=
		    PASSWORD_MATCHES;
	}
	text_clear(&secret);
	return needed;
}

/* --- making the hashes ----------------------------------------------- */

bool
plan_step_generates(const struct plan_step *step)
{
	return step->password && desired_user(step->new)->generate;
}

static bool
file_password(struct arena *a, const struct plan_step *step,
    const char **password, struct err *e)
{
	struct text secret = TEXT_INIT;
	bool ok;

	ok = password_from_file(a, desired_user(step->new), &secret, e);
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

/* libxcrypt makes one hash in the time that two threads need to start. */
static bool
jobs_hash(const struct plan *plan, struct password_job *job, size_t count,
    struct err *e)
{
	struct hashing h = { plan, count };
	const struct password_hashing how = { (long)plan->rounds,
	    hashing_progress, &h };

	if (count == 1)
		return password_hash(plan->arena, job->password,
		    how.rounds, &job->hash, e);
	return password_hash_bulk(plan->arena, job, count, &how, e);
}

static void
hash_take(struct arena *a, struct plan_step *step, const char *hash)
{
	struct desired_user new;

	memcpy(&new, step->new, sizeof(new));
	new.hash = hash;
	step->new = state_copy(a, &new.is);
	step->password = false;
}

/* The passwords from files, or the generated ones. */
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

		if (!step->password || plan_step_generates(step) != generated)
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
