/*
 * The checker: is everything in the tables right?
 *
 * It reads the three tables as they are, ours or somebody's, in one
 * snapshot, and the catalogue; it writes nothing.  Each rule is a row of
 * check_rules[]; what breaks one is a finding, a row of its own.  Memory:
 * some hundred bytes a user or alias row, whatever is found.
 */
#ifndef MODEL_CHECK_CHECK_H
#define MODEL_CHECK_CHECK_H

#include "model/mail/mail.h"

enum check_severity {
	CHECK_NOTE,
	CHECK_WARNING,
	CHECK_ERROR,
	CHECK_SEVERITIES
};

/* "note", "warning", "error"; NULL-terminated. */
extern const char *const check_severities[];

/* What a rule has to see; an account that cannot leaves it unchecked. */
enum check_needs {
	NEEDS_NOTHING = 0,
	NEEDS_HASHES = 1 << 0,		/* users.crypt */
	NEEDS_TRIGGERS = 1 << 1,	/* the triggers' bodies and definers */
	NEEDS_ACCOUNTS = 1 << 2,	/* other accounts' grants */
	NEEDS_OURS = 1 << 3,		/* a schema that mailadm made */
	NEEDS_RIGHTS = 1 << 4,		/* what users may do */
	NEEDS_GRANTS = 1 << 5		/* who may send as whom */
};

struct check_rule {
	const char *id;			/* "U005", for ever */
	enum check_severity severity;
	const char *kind;		/* domain, user, alias, database */
	const char *title;		/* what is wrong, in general */
	const char *advice;		/* what to do */
	unsigned needs;
	const char *mend;		/* what --fix does; NULL: nothing */
};

/* In the order of the manual; ends with id NULL. */
extern const struct check_rule check_rules[];

/* A rule as it is printed. */
struct check_rule_row {
	const char *rule;
	const char *severity;
	const char *kind;
	const char *finds;
	const char *advice;
	const char *mend;
};

extern const struct field check_rule_fields[];

/* What is asked for; zeroed: every rule, warnings and errors. */
struct check_options {
	enum check_severity severity;	/* the least that is shown */
	struct words rules;		/* only these ids; none: all */
	struct words domains;		/* only what is in these */
	struct words ignore;		/* ID or ID:NAME; * and ? in NAME */
	int64_t rounds_min;		/* policy of the settings */
};

struct finding {
	const char *rule;
	const char *severity;
	const char *kind;
	const char *name;	/* of the row; NULL: of the whole database */
	const char *text;
	const char *advice;
	const char *change;	/* new, gone, mended, mendable */
	const struct check_rule *of;
};

extern const struct field finding_fields[];

/* A rule that was asked, and how often it was broken. */
struct check_asked {
	const struct check_rule *rule;
	enum check_severity severity;	/* here: one depends on the schema */
	int64_t found;
};

struct check_report {
	const struct finding *finding;	/* sorted by rule and name */
	size_t count;
	const struct check_asked *asked;	/* in the order of the manual */
	size_t asked_count;
	int64_t found[CHECK_SEVERITIES];	/* those in `finding` */
	struct words unchecked;	/* ids of rules that could not be asked */
	const char *unchecked_why;	/* a sentence, NULL: none */
	int64_t domains;	/* rows read */
	int64_t users;
	int64_t aliases;
	bool ours;		/* the schema is mailadm's */
};

/* ERR_USAGE unless the word is the ID of a rule, or ID:NAME. */
bool check_rule_known(const char *word, struct err *e);

bool check_run(struct mail *m, const struct check_options *options,
    struct check_report *report, struct err *e);

#endif
