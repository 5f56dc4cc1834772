/*
 * What plan, apply and other commands that want a state share: a manifest,
 * compared with the database, shown, confirmed and written.
 */
#ifndef CMD_PLAN_H
#define CMD_PLAN_H

#include "cmd/run/session.h"
#include "model/plan/plan.h"
#include "model/plan/route.h"
#include "print/progress.h"

/* A manifest and what is to be done about it. */
struct work {
	struct manifest manifest;
	struct plan plan;
	struct route_change *route;
	size_t routes;
	struct session *session;
	struct progress progress;	/* of hashing */
};

/* Both in the memory of the command. */
void work_init(struct session *s, struct work *w);
void work_clear(struct work *w);

/*
 * Compares the manifest, sorted, with one state of the database.  Complaints
 * are told: all but the last at once, the last is the error.
 */
bool work_compare(struct session *s, const struct plan_options *options,
    struct work *w, struct err *e);

/* The plan in words, on standard error. */
void work_say(struct session *s, const struct work *w);

/* Passwords of files are hashed now; those to be made are made later. */
bool work_save(struct session *s, struct work *w, const char *path,
    struct err *e);

/* Writes it in one transaction, or only tries with --dry-run. */
bool work_write(struct session *s, struct work *w, struct err *e);

#endif
