/*
 * What every operation on the mail system gets and returns.
 *
 * An operation runs inside the transaction of the caller and fails as a whole:
 * after false the caller rolls back.  Names are canonical (address.h).  Notes
 * are sentences for the person who ran the command; they live in the arena.
 */
#ifndef MODEL_MAIL_MAIL_H
#define MODEL_MAIL_MAIL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/words.h"
#include "db/db.h"
#include "db/rows.h"

struct mail {
	struct db *db;
	struct arena *arena;	/* of the command */
	const char *hostname;	/* of the mail server; NULL: not set */
	const char *mail_directory;	/* what homes are relative to */
	struct words notes;
	/*
	 * Set by what changes which DKIM keys sign: once it is committed the
	 * mail filter of each host needs their files (model/dkim/sync.h).
	 */
	bool signing;
};

/* What an operation did to reach a state. */
enum outcome {
	OUTCOME_CHANGED,
	OUTCOME_UNCHANGED,	/* it was already so */
	OUTCOME_ABSENT		/* with --if-exists: it does not exist */
};

void mail_note(struct mail *m, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Writes that follow aliases (new edges, names that go) exclude each other
 * until the transaction ends; users of other domains are not held up.
 */
bool mail_lock_aliases(struct mail *m, struct err *e);

#endif
