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

/* A manifest, its plan, and the session that shows and writes it. */
struct plan_session {
	struct manifest manifest;
	struct plan plan;
	struct route_change *route;
	size_t routes;
	struct session *session;
	struct progress progress;	/* of hashing */
};

/* Both in the memory of the command. */
void plan_session_init(struct session *s, struct plan_session *w);
void plan_session_clear(struct plan_session *w);

/*
 * Compares the manifest, sorted, with one state of the database.  Complaints
 * are told: all but the last at once, the last is the error.
 */
bool plan_session_compare(struct plan_session *w,
    const struct plan_options *options, struct err *e);

/* The plan in words, on standard error. */
void plan_session_show(const struct plan_session *w);

/* Passwords of files are hashed now; those to be made are made later. */
bool plan_session_save(struct plan_session *w, const char *path,
    struct err *e);

/* Writes it in one transaction, or only tries with --dry-run. */
bool plan_session_write(struct plan_session *w, struct err *e);

#endif
