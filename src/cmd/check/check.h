/*
 * What the files of the command "check" share: its arguments, how it ended,
 * and how any checker's findings are printed.
 */
#ifndef CMD_CHECK_CHECK_H
#define CMD_CHECK_CHECK_H

#include "cmd/run/session.h"
#include "file/check_state.h"
#include "model/check/check.h"

/* Empty until the run is over: what could not finish has found nothing. */
struct check_outcome {
	bool finished;
	bool no_rows;		/* it reads no tables */
	struct check_result result;
};

/* --- what all checkers take, and how they end: front.c ---------------- */

/* Arguments of every checker. */
struct check_front {
	int64_t severity;
	struct words rules;
	struct words ignore;
	bool nagios;
	/* No argument: NULL where the command could not even begin. */
	struct check_outcome *outcome;
};

/* Their rows; `st` has a member `front`. */
#define CHECK_FRONT_ARGS(st, rule_type, ignore_type)			\
	OPTION("--severity", arg_severity, st, front.severity,		\
	    "the lowest that is reported: note, warning (the default) "	\
	    "or error"),						\
	OPTION("--rule", rule_type, st, front.rules,			\
	    "only this rule; several: --rule again",			\
	    .flags = ARG_REPEAT),					\
	OPTION("--ignore", ignore_type, st, front.ignore,		\
	    "not this rule, or with ID:NAME not about such a name; * "	\
	    "and ? as in file names; several: --ignore again",		\
	    .flags = ARG_REPEAT),					\
	FLAG("--nagios", st, front.nagios,				\
	    "one line for Nagios and similar programs, and their "	\
	    "statuses 0 to 3", .flags = ARG_RUN)

/* Before the run.  ERR_USAGE where --nagios meets an output format. */
bool check_front_begin(struct session *s, struct arena *a,
    struct check_front *front, struct err *e);

/* The filter of findings; setting: check_ignore, or NULL. */
bool check_front_filter(struct session *s, const struct check_front *front,
    const char *setting, struct finding_filter *filter, struct err *e);

/* The outcome has a report: says what could not be checked. */
void check_front_finished(struct session *s, const struct check_front *front);

/* The report, for a person or a script; false where something was found. */
bool check_front_print(struct session *s, const struct check_front *front,
    struct err *e);

/* With --nagios reports how the command ended, and takes the error. */
void check_front_conclude(struct session *s, const struct check_front *front,
    struct err *e);

struct check_args {
	struct check_front front;
	struct words domains;
	bool changes;			/* --new */
	bool fix;
	const char *state;
	const char *prometheus;
};

/* --- for people, of any checker: print.c ----------------------------- */

/* A note on what could not be asked. */
void check_print_unchecked(struct session *s, const struct report *r);

bool check_print(struct session *s, const struct report *r,
    struct err *e);

/*
 * False, with ERR_DIFFERS, where something was found.  kind: what they are,
 * "" or "new ".
 */
bool check_print_found(struct session *s, const struct report *r,
    const char *kind, struct err *e);

bool check_print_rules(struct session *s, const struct rule *rules,
    struct err *e);

/* --- only what changed: new.c ---------------------------------------- */

struct check_new {
	struct check_state state;
	const char *database;
	struct err failed;		/* told when all is printed */
	const struct check_seen *keep;	/* for the next run */
	size_t keep_count;
};

/*
 * Before the tables are read.  A state that cannot be used at all must not
 * hide what is found: that is kept for check_new_end(), and all is new.
 */
bool check_new_begin(struct check_new *n, struct session *s,
    const char *path, struct err *e);

/* *changed: what is new, and what is gone, in the order of the rules. */
void check_new_compare(struct check_new *n, struct arena *a,
    const struct finding_filter *filter, const struct report *found,
    struct report *changed);

/* When the changes are printed.  With `dry` nothing is kept. */
bool check_new_end(struct check_new *n, bool dry, struct err *e);

/* Always. */
void check_new_close(struct check_new *n);

/* --- for machines: monitor.c ----------------------------------------- */

/*
 * The line that Nagios reads, and the status that it wants, for a check
 * that ended as `e` says; it takes the error.  outcome: NULL or unfinished
 * where there is nothing but the error.
 */
void check_nagios(struct session *s, const struct check_outcome *outcome,
    struct err *e);

/* The file that the textfile collector of Prometheus reads. */
bool check_prometheus(struct session *s, const char *path,
    const struct check_outcome *outcome, struct err *e);

#endif
