/* Enable and disable, for every noun. */
#include "cmd/run/enable.h"

#include "cmd/run/list.h"

static bool
enable_one(struct session *s, const char *name, const char *to, bool active,
    struct err *e)
{
	const struct enable *how = s->cmd->enable;
	enum outcome outcome;

	if (!(how->set_to != NULL ?
	    how->set_to(&s->mail, name, to, active, &outcome, e) :
	    how->set(&s->mail, name, active, &outcome, e)))
		return false;
	outcome_print(s, outcome, how->noun, name,
	    active ? "enabled" : "disabled");
	if (!active && outcome == OUTCOME_CHANGED && how->hint != NULL)
		how->hint(s, name);
	return true;
}

static bool
enable_all(struct session *s, const struct enable_args *a, bool active,
    struct err *e)
{
	for (size_t i = 0; i < a->names.count; i++) {
		if (!enable_one(s, a->names.word[i], a->to, active, e))
			return false;
	}
	return true;
}

bool
run_enable(struct session *s, const void *args, struct err *e)
{
	return enable_all(s, args, true, e);
}

bool
run_disable(struct session *s, const void *args, struct err *e)
{
	return enable_all(s, args, false, e);
}
