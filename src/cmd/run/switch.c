/* Enable and disable, for every noun. */
#include "cmd/run/switch.h"

#include "cmd/run/list.h"

static bool
set_one(struct session *s, const struct switched *what, const char *name,
    const char *to, bool active, enum outcome *outcome, struct err *e)
{
	if (what->set_to != NULL)
		return what->set_to(&s->mail, name, to, active, outcome, e);
	return what->set(&s->mail, name, active, outcome, e);
}

bool
switch_run(struct session *s, const struct switched *what,
    const struct switch_args *args, bool active, struct err *e)
{
	for (size_t i = 0; i < args->names.count; i++) {
		const char *name = args->names.word[i];
		enum outcome outcome;

		if (!set_one(s, what, name, args->to, active, &outcome, e))
			return false;
		outcome_print(s, outcome, what->noun, name,
		    active ? "enabled" : "disabled");
		if (!active && outcome == OUTCOME_CHANGED &&
		    what->hint != NULL)
			what->hint(s, name);
	}
	return true;
}
