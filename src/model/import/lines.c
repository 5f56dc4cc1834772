/*
 * Importing by a manifest and a plan: domains, which are few, and JSON lines,
 * which are a manifest.
 */
#include <string.h>
#include <unistd.h>

#include "model/import/private.h"
#include "model/plan/apply.h"

/* --- a manifest ------------------------------------------------------ */

static bool
steps_judge(struct import *x, struct manifest *manifest,
    const struct plan *plan)
{
	struct err e = { 0 };

	for (size_t i = 0; i < plan->steps.count; i++) {
		const struct plan_step *step = plan_at(plan, i);

		if (step->action == PLAN_CHANGE && !x->options->update) {
			err_set(&e, ERR_EXISTS, "%s %s already exists",
			    manifest_kind_names[step->kind], step->name);
			err_hint(&e, "--update changes what exists");
			import_complain(x, step->said->position.line, 1, &e);
		}
		x->added += step->action == PLAN_ADD;
		x->changed += step->action == PLAN_CHANGE;
	}
	x->unchanged = (int64_t)(manifest_count(manifest,
	    x->options->kind) -
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
import_by_plan(struct import *x, struct mail *m, struct manifest *manifest,
    struct err *e)
{
	struct plan plan = { .arena = m->arena };
	bool ok = plan_write(x, m, manifest, &plan, e);

	plan_clear(&plan);
	return ok;
}

/* --- JSON lines ------------------------------------------------------ */

bool
import_is_lines(const struct csv_file *f)
{
	char text[64];
	ssize_t n = pread(f->fd, text, sizeof(text) - 1, 0);

	if (n <= 0)
		return false;
	text[n] = '\0';
	return text[strspn(text, " \t\r\n")] == '{';
}

/* What only a manifest may say. */
static void
object_judge(struct manifest *m, const struct import *x,
    const struct desired *w)
{
	enum manifest_kind kind = x->options->kind;
	const char *why = NULL;
	struct err e = { 0 };

	if (w->kind != (uint8_t)kind)
		why = "another kind of object";
	else if (w->absent)
		why = "absent is for apply";
	else if (kind == MANIFEST_USER && (desired_user(w)->generate ||
	    desired_password_file(desired_user(w)) != NULL))
		why = "generate and password_file are for apply";
	if (why == NULL)
		return;
	err_set(&e, ERR_INVALID, "%s %s: %s", manifest_kind_names[w->kind],
	    w->name, why);
	manifest_complain(m, &w->position, &e);
}

static void
objects_judge(struct manifest *m, const struct import *x)
{
	for (int kind = 0; kind < MANIFEST_KINDS; kind++) {
		size_t n = manifest_count(m, (enum manifest_kind)kind);

		for (size_t i = 0; i < n; i++)
			object_judge(m, x, manifest_at(m,
			    (enum manifest_kind)kind, i));
	}
}

bool
import_lines(struct import *x, struct mail *m, struct err *e)
{
	struct manifest manifest = { .arena = m->arena };
	bool ok = manifest_read_fd(&manifest, x->file->fd, x->file->name, e);

	if (ok) {
		manifest_sort(&manifest);
		objects_judge(&manifest, x);
		ok = import_by_plan(x, m, &manifest, e);
	}
	manifest_clear(&manifest);
	return ok;
}
