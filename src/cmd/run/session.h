/*
 * A run of mailadm: its options, its output, its database.
 *
 * Every front end builds one and hands it words; session_run() finds the
 * command, fills its arguments, connects, and wraps a command that writes
 * into one transaction, which is repeated as a whole when the server asks
 * for that.
 */
#ifndef CMD_RUN_SESSION_H
#define CMD_RUN_SESSION_H

#include <signal.h>
#include <stdbool.h>

#include "cmd/language/parse.h"
#include "file/settings.h"
#include "model/connect/account.h"
#include "model/mail/mail.h"
#include "print/out.h"

/* Where commands come from, and what is one transaction. */
enum session_mode {
	SESSION_ONE,		/* one command, from the command line */
	SESSION_BATCH,		/* a file, in one transaction */
	SESSION_LINES,		/* a file, each line in its own */
	SESSION_SHELL,
	SESSION_SOURCE		/* a file that the shell reads, in one */
};

/* What a change makes of the keys that the mail filter has; see signing.c. */
enum signing {
	SIGNING_SAME,
	SIGNING_LATER,		/* --no-sync: somebody else brings them */
	SIGNING_NOW
};

struct session {
	struct db *db;
	struct db_settings db_settings;
	struct account_found found;	/* in the option files */
	struct settings settings;
	struct run_options run;		/* of the whole run */
	struct run_options options;	/* and of the command that runs */
	const struct cmd *cmd;		/* which is this one */
	const char *did;		/* without a transaction, or NULL */
	struct out out;
	struct mail mail;		/* what model functions get */
	struct arena memory;		/* of the session */
	struct arena scratch;		/* of the command: wiped after it */
	enum session_mode mode;
	bool hints;			/* of the shell, as the next two */
	bool timing;
	bool (*source)(struct session *s, const char *path, struct err *e);
	bool admin;			/* connected by the admin group */
	bool schema_known;		/* the version was looked at */
	bool passwords_shown;		/* by this transaction */
	enum signing signing;		/* by this transaction, too */
	enum signing unsynced;		/* by those that are committed */
	bool quit;
	volatile sig_atomic_t tidies;	/* a signal is db_interrupt() */
	bool watches;			/* and its thread is ours */
	volatile sig_atomic_t ended_by;	/* a signal after the commit, or 0 */
	double begun;			/* of clock_seconds() */
	int status;			/* of a run without an error */
};

/*
 * Reads settings and option files; does not connect yet. run: the options of
 * the command line.
 */
bool session_init(struct session *s, const struct run_options *run,
    struct err *e);
void session_clear(struct session *s);

/* The settings as they are now, for a command that needs no database. */
bool session_settings(struct session *s, struct settings *settings,
    struct err *e);

/* Sets what output and messages need.  Call before session_init(). */
void session_start(struct session *s);

/* Commands come from a file, which may be standard input. */
static inline bool
session_is_batch(const struct session *s)
{
	return s->mode != SESSION_ONE && s->mode != SESSION_SHELL;
}

/* All commands are one transaction, whichever of them runs. */
static inline bool
session_is_one_transaction(const struct session *s)
{
	return s->mode == SESSION_BATCH || s->mode == SESSION_SOURCE;
}

/* --dry-run, of the run or of the command. */
static inline bool
session_is_dry(const struct session *s)
{
	return s->options.dry_run;
}

/*
 * Parses the words of a command.  The output options in them are used from
 * then on, also for an error in the words.
 */
bool session_parse(struct session *s, struct arena *a,
    const struct words *words, struct parsed *parsed, struct err *e);

/*
 * One command, as words or parsed already.  Errors are returned, not
 * printed.  session_run() wipes the memory of the command afterwards.
 */
bool session_run(struct session *s, const struct words *words,
    struct err *e);
bool session_run_parsed(struct session *s, const struct parsed *parsed,
    struct err *e);

/* Connects and refuses a missing, half-way or newer schema. */
bool session_connect(struct session *s, const struct cmd *cmd,
    struct err *e);

/*
 * From begin to end a first signal does not end the program, but is
 * db_interrupt(): the command ends by itself, at once, and takes away what
 * must not stay.  Nothing may be asked on the terminal in between.
 */
bool session_tidy_begin(struct session *s, struct err *e);
void session_tidy_end(struct session *s);

/*
 * Runs `unit` in one transaction: begin, unit, results out, commit.
 * Repeated when the server asks for it (deadlock, lock time-out), with
 * growing pauses, at most five times and never after results left.
 */
typedef bool (*session_unit)(struct session *s, void *arg, struct err *e);
bool session_transaction(struct session *s, session_unit unit, void *arg,
    struct err *e);

/*
 * The same, or as a part of the transaction that is open: for commands that
 * look first and write later.
 */
bool session_write(struct session *s, session_unit unit, void *arg,
    struct err *e);

/*
 * Runs `unit`, a command, as a step of the open transaction of the shell: if
 * it fails, it is undone alone and the transaction goes on, unless that is
 * gone: db_transaction_failed().
 */
bool session_step(struct session *s, session_unit unit, void *arg,
    struct err *e);

/* A row of options for each command that may change which keys sign. */
#define NO_SYNC(st)							\
	FLAG("--no-sync", st, no_sync,					\
	    "leave the keys of the mail filter to the next \"dkim sync\"")

/* After a command, which may have changed which keys sign. */
void session_signing_note(struct session *s, const struct parsed *p);

/* When a transaction has ended: what it has committed waits for a sync. */
void session_signing_settle(struct session *s);

/*
 * When no transaction is open: what was committed is brought to the mail
 * filter of this host, once for all of it.  Others than root, and hosts
 * without a filter, get a hint.  The error says that the change is made.
 */
bool session_signing_sync(struct session *s, struct err *e);

/* The file of the DKIM secret; an empty setting is the default. */
const char *session_dkim_secret(const struct session *s);

/*
 * What the command has done outside of the database and cannot take back, as
 * "the files are written": an error that follows says so.
 */
void session_did(struct session *s, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Adds to an error what became of the transaction: that it was committed
 * all the same, what the passwords are worth that were shown.  False.
 */
bool session_verdict(struct session *s, struct err *e);

/*
 * Asks before more happens than was named.  True with --yes or after a yes on
 * a terminal; else ERR_REFUSED. action: "remove this and that".
 */
bool session_confirm(struct session *s, const char *action, struct err *e);

/*
 * Ends a command whose answer is "there are changes": status 1, and no
 * error, since what was printed is enough; but in a batch, where the status
 * of one command is not that of the run, `text` is the error that ends it.
 */
bool session_differs(struct session *s, const char *text, struct err *e);

/* Parses the setting postmaster; *postmaster is NULL if it is not set. */
bool session_postmaster(struct session *s, struct arena *a,
    const char **postmaster, struct err *e);

/* Prints the notes of the model, and clears them. */
void session_notes(struct session *s);

#endif
