/*
 * Enable and disable: the same for every noun, one name after the other.
 */
#ifndef CMD_RUN_SWITCH_H
#define CMD_RUN_SWITCH_H

#include "cmd/run/session.h"

struct switch_args {
	struct words names;
	const char *to;		/* an alias's: only this destination */
};

/* The row of the names; a noun's own options and { 0 } follow. */
#define SWITCH_NAMES(word, type, help)					\
	ARGUMENT(word, type, switch_args, names, help,			\
	    .flags = ARG_REQUIRED | ARG_REPEAT)

/* What a noun does about it. */
struct switched {
	const char *noun;
	bool (*set)(struct mail *m, const char *name, bool active,
	    enum outcome *outcome, struct err *e);
	/* instead, where --to narrows it */
	bool (*set_to)(struct mail *m, const char *name, const char *to,
	    bool active, enum outcome *outcome, struct err *e);
	/* a hint on what goes on although it is off, or NULL */
	void (*hint)(struct session *s, const char *name);
};

bool switch_run(struct session *s, const struct switched *what,
    const struct switch_args *args, bool active, struct err *e);

#endif
