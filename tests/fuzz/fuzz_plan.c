/* Any bytes as a saved plan: steps that fit together, or a refusal. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "model/manifest/state.h"
#include "model/manifest/text.h"
#include "model/plan/private.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len);

/* What is done with an object before and while it is written. */
static void
use(struct arena *a, const struct desired *w)
{
	const struct attribute *attribute = manifest_attributes[w->kind];
	const struct desired *copy = state_copy(a, w);
	unsigned char digest[PLAN_DIGEST];
	struct text t = TEXT_INIT;

	BUG_ON(state_differs(copy, w) != 0);
	plan_digest(w, digest);
	for (; attribute->name != NULL; attribute++) {
		plan_value(a, attribute, copy, true);
		plan_value(a, attribute, copy, false);
	}
	for (int format = MANIFEST_YAML; format <= MANIFEST_CSV; format++)
		manifest_text_add(&t, (enum manifest_format)format, copy,
		    true);
	text_clear(&t);
}

static void
check_step(struct arena *a, const struct plan_step *step,
    const struct manifest *manifest)
{
	const struct desired *w = manifest_find(manifest, step->kind,
	    step->name);

	BUG_ON(w == NULL || w->kind != step->kind);
	BUG_ON((step->action == PLAN_REMOVE) != (step->new == NULL));
	BUG_ON(step->said == NULL && step->action != PLAN_REMOVE);
	BUG_ON(step->password && (step->new == NULL ||
	    !plan_step_generates(step)));
	if (step->new != NULL)
		use(a, step->new);
}

int
LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	struct arena a = { 0 };
	struct manifest manifest = { .arena = &a };
	struct plan plan = { .arena = &a };
	FILE *file = len > 0 ? fmemopen((void *)(uintptr_t)bytes, len, "r") :
	    NULL;
	const char *database = NULL;
	struct err e = { 0 };

	if (file == NULL)
		return 0;
	if (plan_read(file, "saved.plan", &manifest, &plan, &database, &e)) {
		BUG_ON(e.code != ERR_NONE || database == NULL);
		for (size_t i = 0; i < plan.steps.count; i++)
			check_step(&a, plan_at(&plan, i), &manifest);
	} else {
		BUG_ON(e.code == ERR_NONE || e.text == NULL);
	}
	fclose(file);
	manifest_clear(&manifest);
	plan_clear(&plan);
	err_clear(&e);
	arena_clear(&a);
	return 0;
}
