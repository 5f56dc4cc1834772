/* Importing domains: few, so by a manifest and a plan. */
#include <string.h>

#include "model/plan/apply.h"
#include "model/import/private.h"
#include "model/manifest/state.h"

static bool
manifest_fill(struct import *x, struct mail *m, struct manifest *manifest,
    struct err *e)
{
	struct import_chunk c = { 0 };
	bool ok;

	do {
		ok = import_chunk_read(x, &c, e);
		for (size_t i = 0; ok && i < c.count; i++) {
			const struct desired *copy = state_copy(m->arena,
			    &c.row[i].is);

			memcpy(manifest_add(manifest, MANIFEST_DOMAIN,
				copy->name, &copy->position), copy,
			    sizeof(struct desired_domain));
		}
	} while (ok && c.count > 0);
	arena_clear(&c.arena);
	manifest_sort(manifest);
	return ok;
}

static bool
steps_judge(struct import *x, struct manifest *manifest,
    const struct plan *plan)
{
	struct err e = { 0 };

	for (size_t i = 0; i < plan->steps.count; i++) {
		const struct plan_step *step = plan_at(plan, i);

		if (step->action == PLAN_CHANGE && !x->options->update) {
			err_set(&e, ERR_EXISTS, "domain %s already exists",
			    step->name);
			err_hint(&e, "--update changes what exists");
			import_complain(x, step->said->position.line, 1, &e);
		}
		x->added += step->action == PLAN_ADD;
		x->changed += step->action == PLAN_CHANGE;
	}
	x->unchanged = (int64_t)(manifest_count(manifest, MANIFEST_DOMAIN) -
	    plan->steps.count);
	return x->report.complaints.count == 0;
}

/* Complaints of the manifest are errors of the file. */
static void
complaints_take(struct import *x, struct manifest *manifest)
{
	const struct complaint *c = manifest->complaints.item;
	struct err e = { 0 };

	for (size_t i = 0; i < manifest->complaints.count; i++) {
		err_set(&e, ERR_INVALID, "%s", c[i].text);
		if (c[i].hint != NULL)
			err_hint(&e, "%s", c[i].hint);
		import_complain(x, c[i].position.line, c[i].position.column,
		    &e);
	}
}

static bool
plan_write(struct import *x, struct mail *m, struct manifest *manifest,
    struct plan *plan, struct err *e)
{
	static const struct plan_options options = { 0 };

	if (!plan_make(m, manifest, &options, plan, e))
		return false;
	complaints_take(x, manifest);
	return !steps_judge(x, manifest, plan) ||
	    plan_apply(m, manifest, plan, e);
}

bool
import_domains(struct import *x, struct mail *m, struct err *e)
{
	struct manifest manifest = { .arena = m->arena };
	struct plan plan = { .arena = m->arena };
	bool ok;

	ok = manifest_fill(x, m, &manifest, e) &&
	    plan_write(x, m, &manifest, &plan, e);
	plan_clear(&plan);
	manifest_clear(&manifest);
	return ok;
}
