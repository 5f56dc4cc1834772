/*
 * What the commands that check something share: their arguments, how they
 * ended, and how their findings are printed.
 */
#ifndef CMD_CHECK_CHECK_H
#define CMD_CHECK_CHECK_H

#include "cmd/run/session.h"
#include "file/check_state.h"
#include "model/check/check.h"

/* What is different for each of these commands. */
struct checker {
	const struct rule *rules;
	const char *state;	/* name of the file that --new keeps */
	const char *metrics;	/* what those for Prometheus begin with */
	bool counts_rows;
	const struct field *fields;	/* of its findings */
	/* For people; NULL: as a table of any rows. */
	bool (*print)(struct session *s, const struct report *r,
	    struct err *e);
};

/* Empty until the run is over: a check that did not finish found nothing. */
struct check_outcome {
	bool finished;
	const struct checker *checker;
	struct check_result result;
};

/* --- what all checkers take, and how they end: front.c ---------------- */

/* Arguments of every checker. */
struct check_front {
	int64_t severity;
	struct words rules;
	struct words ignore;
	bool nagios;
	bool changes;			/* --new */
	const char *state;
	const char *prometheus;
	/* No argument.  NULL if the command failed before it began. */
	struct check_outcome *outcome;
};

/* Their rows; `st` has a member `front`. */
#define CHECK_FRONT_ARGS(st, rule_type, ignore_type)			\
	OPTION("--severity", arg_severity, st, front.severity,		\
	    "the lowest that is reported: note, warning (the default) "	\
	    "or error"),						\
	OPTION("--rule", rule_type, st, front.rules,			\
	    "only this rule; repeat it for several",			\
	    .flags = ARG_REPEAT),					\
	OPTION("--ignore", ignore_type, st, front.ignore,		\
	    "without this rule, or with ID:NAME without this name; * "	\
	    "and ? match as in file names; repeat it for several",	\
	    .flags = ARG_REPEAT),					\
	FLAG("--nagios", st, front.nagios,				\
	    "one line for Nagios and similar programs, and their "	\
	    "statuses 0 to 3", .flags = ARG_RUN)

/* Of those that remember what they found; state: the default of --state. */
#define CHECK_WATCH_ARGS(st, state_file)				\
	FLAG("--new", st, front.changes,				\
	    "only what is new or gone since the last run with --new"),	\
	OPTION("--state", arg_written_file, st, front.state,		\
	    "where --new keeps what was found; default: "		\
	    "~/.local/state/mailadm/" state_file),			\
	OPTION("--prometheus", arg_prom, st, front.prometheus,		\
	    "also write FILE for the textfile collector of "		\
	    "Prometheus; its name ends in .prom", .flags = ARG_RUN)

extern const struct arg_type arg_prom;

/* Call before the run.  ERR_USAGE for options that exclude each other. */
bool check_front_begin(struct session *s, struct arena *a,
    struct check_front *front, const struct checker *checker,
    struct err *e);

/* The filter of findings; setting: check_ignore, or NULL. */
bool check_front_filter(struct session *s, const struct check_front *front,
    const char *setting, struct finding_filter *filter, struct err *e);

/* What the rules about DKIM keys compare with, of this host. */
struct check_keys check_front_keys(struct session *s);

/*
 * Runs find(), which fills the report and ends with check_front_finished(),
 * and prints what it found, or with --new what has changed.  False, with
 * ERR_DIFFERS, when something was found.
 */
bool check_front_run(struct session *s, const struct check_front *front,
    const struct finding_filter *filter,
    bool (*find)(void *arg, struct err *e), void *arg, struct err *e);

/*
 * Call when the outcome has its report: prints which rules were not checked.
 */
void check_front_finished(struct session *s, const struct check_front *front);

/*
 * With --prometheus: writes the file; ERR_USAGE writes none.  With --nagios:
 * prints how the command ended, and clears the error.
 */
void check_front_conclude(struct session *s, const struct check_front *front,
    const struct checker *checker, struct err *e);

struct check_args {
	struct check_front front;
	struct words domains;
	bool fix;
};

/* --- for people, of any checker: print.c ----------------------------- */

/* Prints a note on the rules that were not checked. */
void check_print_unchecked(struct session *s, const struct report *r);

bool check_print(struct session *s, const struct checker *checker,
    const struct report *r, struct err *e);

/*
 * False, with ERR_DIFFERS, when something was found. kind: an adjective for
 * the message, "" or "new ".
 */
bool check_print_found(struct session *s, const struct report *r,
    const char *kind, struct err *e);

bool check_print_rules(struct session *s, const struct rule *rules,
    struct err *e);

/* --- only what changed: new.c ---------------------------------------- */

struct check_new {
	const struct checker *checker;
	struct check_state state;
	const char *database;
	struct err failed;		/* reported after printing */
	const struct check_seen *keep;	/* for the next run */
	size_t keep_count;
};

/*
 * Call before anything is checked.  A state file that cannot be used does not
 * hide problems: everything is new then, and check_new_end() reports the
 * error of the file.
 */
bool check_new_begin(struct check_new *n, struct session *s,
    const struct check_front *front, struct err *e);

/* *changed: what is new, and what is gone, in the order of the rules. */
void check_new_compare(struct check_new *n, struct arena *a,
    const struct finding_filter *filter, const struct report *found,
    struct report *changed);

/* Call after the changes are printed.  With `dry` the file is not written. */
bool check_new_end(struct check_new *n, bool dry, struct err *e);

/* Always. */
void check_new_close(struct check_new *n);

/* --- for machines: monitor.c ----------------------------------------- */

/*
 * Prints the line and sets the status for Nagios, and clears the error.
 * outcome: NULL or unfinished if the check failed.
 */
void check_nagios(struct session *s, const struct check_outcome *outcome,
    struct err *e);

/* The file that the textfile collector of Prometheus reads. */
bool check_prometheus(struct session *s, const char *path,
    const struct checker *checker, const struct check_outcome *outcome,
    struct err *e);

#endif
