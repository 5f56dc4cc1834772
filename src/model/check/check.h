/*
 * The checker: is everything in the tables right?
 *
 * It reads the three tables as they are, ours or foreign ones, in one
 * snapshot, and the catalogue; it writes nothing.  Each rule is a row of
 * check_rules[]; what breaks one is a finding, a row of its own.  Memory:
 * some hundred bytes a user or alias row, whatever is found.
 */
#ifndef MODEL_CHECK_CHECK_H
#define MODEL_CHECK_CHECK_H

#include "model/findings.h"
#include "model/mail/mail.h"

/* In the order of the manual; ends with id NULL. */
extern const struct rule check_rules[];

/* What is known of this host about DKIM keys; zeroed: nothing. */
struct check_keys {
	bool signs;			/* the setting filter names one */
	int64_t wait;			/* the settings dkim_wait */
	int64_t max_age;		/* and dkim_max_age: seconds */
	const char *secret_id;		/* NULL: not known */
	const char *secret_why;		/* why; NULL: it has no secret */
};

struct check_options {
	struct finding_filter filter;
	int64_t rounds_min;		/* policy of the settings */
	bool old_refused;		/* by Dovecot: see hash_is_old() */
	int64_t expiry_days;		/* how long before it is reported */
	struct check_keys keys;
};

struct check_result {
	struct report report;
	int64_t domains;	/* rows read */
	int64_t users;
	int64_t aliases;
	bool ours;		/* the schema is mailadm's */
};

/* ERR_USAGE unless the word is the ID of a rule, or ID:NAME. */
bool check_rule_known(const char *word, struct err *e);

bool check_run(struct mail *m, const struct check_options *options,
    struct check_result *result, struct err *e);

#endif
