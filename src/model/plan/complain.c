/* Complaints about steps, at the place of what the manifest says. */
#include "model/plan/private.h"

void
plan_complain(struct planning *p, const struct plan_step *step,
    struct err *e)
{
	err_wrap(e, "%s %s", manifest_kind_names[step->kind], step->name);
	manifest_complain(p->manifest, &step->said->position, e);
}
