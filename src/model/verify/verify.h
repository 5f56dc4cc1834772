/*
 * The verifier: is what is installed for Postfix and Dovecot right?
 *
 * It reads the configuration by the servers' own programs, the files that
 * it names, and what the database answers the accounts in them; it writes
 * nothing.  Rules and findings are those of findings.h, with ids of their own.
 * What cannot be looked at, because a program, a right or the database is
 * missing, is reported as not checked.
 *
 * The passwords of the accounts are used for connecting and are in no text
 * that leaves here.
 */
#ifndef MODEL_VERIFY_VERIFY_H
#define MODEL_VERIFY_VERIFY_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/findings.h"

struct verify_options {
	struct finding_filter filter;
	const char *root;	/* the files name paths below it; or NULL */
	const char *postfix_dir;
	const char *dovecot_dir;
	const char *mailadm_dir;
	const char *mail_directory;
	int64_t vmail_uid;
	unsigned timeout;	/* seconds, for the database */
};

/* In the order of the manual; ends with id NULL. */
extern const struct rule verify_rules[];

/* ERR_USAGE unless the word is the ID of a rule, or ID:NAME. */
bool verify_rule_known(const char *word, struct err *e);

bool verify_run(struct arena *a, const struct verify_options *options,
    struct report *report, struct err *e);

#endif
