/*
 * The verifier: finds problems in the installed configuration of Postfix and
 * Dovecot.
 *
 * It reads the configuration by the programs of the servers, the files that
 * it names, what the database answers the accounts in them, and the rows of
 * the DKIM keys; it writes nothing.  Rules and findings are those of
 * findings.h, with ids of their own.  What cannot be read, because a program,
 * a permission or the database is missing, is reported as not checked.  The
 * passwords of the accounts are used for connecting; no text contains them.
 */
#ifndef MODEL_VERIFY_VERIFY_H
#define MODEL_VERIFY_VERIFY_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/clock.h"
#include "file/settings.h"
#include "model/findings.h"
#include "model/mail/mail.h"

struct verify_options {
	struct finding_filter filter;
	const char *root;	/* the files name paths below it; or NULL */
	const char *postfix_dir;
	const char *dovecot_dir;
	const char *mailadm_dir;
	const struct settings *settings;
	const char *mail_directory;
	int64_t vmail_uid;
	unsigned timeout;	/* seconds, for the database */
	const struct stop *stop;	/* then nothing is asked; or NULL */
	struct mail *mail;	/* the tables; NULL: cannot be asked */
	const char *mail_why;	/* why not */
	const char *secret;	/* the file of the DKIM keys' secret */
};

/* In the order of the manual; ends with id NULL. */
extern const struct rule verify_rules[];

/* What else is to be said about a rule; by its index. */
struct verify_page {
	const char *why;	/* what comes of it */
	const char *hand;	/* how to check it by hand */
	const char *elsewhere;	/* advice where mailadm did not set up */
};

extern const struct verify_page verify_pages[];

/* ERR_USAGE unless the word is the ID of a rule, or ID:NAME. */
bool verify_rule_known(const char *word, struct err *e);

bool verify_run(struct arena *a, const struct verify_options *options,
    struct report *report, struct err *e);

#endif
