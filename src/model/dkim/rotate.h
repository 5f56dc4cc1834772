/*
 * Rotation: which step of a domain's keys is due.
 *
 * One step for each algorithm, and each can be done again: a new key is
 * added when the active one is old (or the domain was named), it signs once
 * its record has been in DNS for a while, and the old one is retired when no
 * mail that it signed is under way any more.
 */
#ifndef MODEL_DKIM_ROTATE_H
#define MODEL_DKIM_ROTATE_H

#include "file/settings.h"
#include "model/dkim/dkim.h"
#include "model/dns/ask.h"

struct dkim_policy {
	bool makes[DKIM_ALGORITHMS];
	int64_t bits;
	int64_t wait;		/* seconds, as all of them */
	int64_t retire;
	int64_t max_age;	/* 0: a key never grows old */
};

/* ERR_INVALID for an algorithm that does not exist, or none. */
bool dkim_policy_read(const struct settings *s, struct dkim_policy *policy,
    struct err *e);

enum dkim_due {
	DKIM_DUE_ADD,
	DKIM_DUE_SEE,		/* DNS has the record for the first time */
	DKIM_DUE_ACTIVATE,
	DKIM_DUE_RETIRE,
	DKIM_DUE_PUBLISH	/* nothing to do here: DNS has no record yet */
};

struct dkim_task {
	enum dkim_due due;
	enum dkim_algorithm algorithm;
	const char *domain;
	struct dkim_row row;	/* but of DKIM_DUE_ADD */
	const char *why;	/* of DKIM_DUE_PUBLISH */
};

struct dkim_tasks {
	struct dkim_task *task;
	size_t count;
};

struct dkim_rotation {
	const struct dkim_policy *policy;
	const struct dns *dns;
	int64_t now;		/* by the database */
};

/* The domains that have keys. */
bool dkim_domains(struct mail *m, struct words *domains, struct err *e);

/*
 * Appends what is due for a domain.  named: a new key is due whatever the
 * age of the active one, unless a rotation is under way.  What is due for a
 * pending key depends on DNS: dkim_tasks_look().
 */
bool dkim_tasks_add(struct mail *m, struct dkim_rotation *rotation,
    const char *domain, bool named, struct dkim_tasks *tasks,
    struct err *e);

/* Asks DNS about all of them together. */
bool dkim_tasks_look(struct mail *m, const struct dkim_rotation *rotation,
    struct dkim_tasks *tasks, struct err *e);

/*
 * Does one, inside the caller's transaction; *row: the key, as it is then.
 * new: for DKIM_DUE_ADD.  *done: another session was faster when it is false.
 */
bool dkim_task_do(struct mail *m, const struct dkim_task *task,
    const struct dkim_new *new, struct dkim_row *row, bool *done,
    struct err *e);

#endif
