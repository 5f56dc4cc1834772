/*
 * The doctor: does this mail server work?
 *
 * It goes from what everything stands on to what users see: database, disks,
 * certificate, and at the end the two checkers, whose rules it counts and
 * never repeats.  A row is a thing that was looked at, with the next step if
 * it is wrong.  What this account may not see is unknown, which is never the
 * same as wrong.  It changes nothing; with a probe it sends mail to itself.
 *
 * Each question has a deadline of its own, and the run has one too, so that a
 * service or a program that hangs cannot hang the doctor.  A program that is
 * too late is ended, with all that it has started.
 */
#ifndef MODEL_DOCTOR_DOCTOR_H
#define MODEL_DOCTOR_DOCTOR_H

#include "base/clock.h"
#include "model/check/check.h"
#include "model/verify/verify.h"

/* From the one that a person has to see first. */
enum doctor_state {
	DOCTOR_WRONG,
	DOCTOR_UNKNOWN,		/* could not be asked */
	DOCTOR_OK,
	DOCTOR_SKIPPED,		/* pointless, or off by the settings */
	DOCTOR_STATES
};

/* "wrong", "unknown", "ok", "skipped"; NULL-terminated. */
extern const char *const doctor_state_names[];

struct doctor_row {
	const char *step;
	const char *state;
	const char *what;
	const char *advice;	/* the next step; NULL: none is needed */
};

extern const struct field doctor_fields[];

/* A step as it is listed. */
struct doctor_step_row {
	const char *step;
	const char *how;
	const char *advice;
};

extern const struct field doctor_step_fields[];

/* An account of the doctor's own, with a password for this run. */
struct doctor_probe {
	const char *address;
	const char *password;
	const char *failed;	/* why it cannot be used; NULL: it can */
	const char *from;	/* the sender from outside; NULL: none */
	const char *to;		/* elsewhere; NULL: nothing goes there */
	bool signs;		/* its domain has an active key */
};

/* --- account.c: inside of a transaction -------------------------------- */

/* Which account: that of the setting, or one in the first active domain. */
bool probe_address(struct mail *m, const char *setting,
    const char **address, struct err *e);

/*
 * Gives it the password, and makes it if it is missing.  ERR_REFUSED where
 * the account is somebody's.  *signs: its domain has an active key.
 */
bool probe_begin(struct mail *m, const char *address, const char *hash,
    bool *signs, struct err *e);

/* From now on nobody can log in. */
bool probe_end(struct mail *m, const char *address, struct err *e);

/* --- run.c --------------------------------------------------------------- */

struct doctor_options {
	const struct settings *settings;
	struct verify_options verify;
	struct check_options check;
	const struct doctor_probe *probe;	/* NULL: no mail is sent */
	const char *outside;	/* a mail server elsewhere; NULL: none */
	bool configured;	/* an option file names the account */
	const char *dkim_secret;	/* the file */
	unsigned timeout;	/* seconds that one service has to answer */
	unsigned total;		/* and all of them together */
	bool (*interrupted)(void *arg);		/* by Ctrl-C */
	void *arg;
};

struct doctor_report {
	const struct doctor_row *row;	/* what is wrong first */
	size_t count;
	int64_t found[DOCTOR_STATES];	/* how many of the rows */
};

/* The steps, in their order. */
size_t doctor_step_count(void);
struct doctor_step_row doctor_step_at(size_t i);

/*
 * The connection of m->db is made by the doctor, and should have time-outs
 * that suit one who waits.  ERR_INTERRUPTED alone is an error.
 */
bool doctor_run(struct mail *m, const struct doctor_options *options,
    struct doctor_report *report, struct err *e);

#endif
