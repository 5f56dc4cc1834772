/*
 * What plan, apply and import from share: a manifest is compared with the
 * database, shown, confirmed and written.
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
 * Compares the manifest, which must be sorted, with one snapshot of the
 * database.  Reports all complaints; the last one is the error.
 */
bool plan_session_compare(struct plan_session *w,
    const struct plan_options *options, struct err *e);

/* The plan in words, on standard error. */
void plan_session_show(const struct plan_session *w);

/* Hashes the passwords of files now; generated ones are made by apply. */
bool plan_session_save(struct plan_session *w, const char *path,
    struct err *e);

/* Writes it in one transaction; with --dry-run it is rolled back. */
bool plan_session_write(struct plan_session *w, struct err *e);

#endif
