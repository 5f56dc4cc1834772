/*
 * Enable and disable: the same for every noun, one name after the other.
 */
#ifndef CMD_RUN_ENABLE_H
#define CMD_RUN_ENABLE_H

#include "cmd/run/session.h"

struct enable_args {
	struct words names;
	const char *to;		/* of an alias: only this destination */
	bool no_sync;		/* of a domain */
};

/* The row of the names; a noun's own options and { 0 } follow. */
#define ENABLE_NAMES(word, type, help)					\
	ARGUMENT(word, type, enable_args, names, help,			\
	    .flags = ARG_REQUIRED | ARG_REPEAT)

/* How a noun does it: .enable of both its rows. */
struct enable {
	const char *noun;
	bool (*set)(struct mail *m, const char *name, bool active,
	    enum outcome *outcome, struct err *e);
	/* instead, where --to narrows it */
	bool (*set_to)(struct mail *m, const char *name, const char *to,
	    bool active, enum outcome *outcome, struct err *e);
	/* a hint on what goes on although it is disabled, or NULL */
	void (*hint)(struct session *s, const char *name);
};

/* Handlers of the two rows. */
bool run_enable(struct session *s, const void *args, struct err *e);
bool run_disable(struct session *s, const void *args, struct err *e);

#endif
