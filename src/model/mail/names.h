/*
 * Names from the database while somebody types.
 *
 * Asked on a connection of its own, which sees what is not committed yet
 * (so also the names of the shell's open transaction) and waits for
 * nothing: a database that is slow or gone gives no names, without a word,
 * and is not asked again for some seconds.
 */
#ifndef MODEL_MAIL_NAMES_H
#define MODEL_MAIL_NAMES_H

#include <stdbool.h>

#include "model/mail/mail.h"

enum names_kind { NAMES_DOMAIN, NAMES_USER, NAMES_ALIAS, NAMES_KINDS };

/* Of one kind, sorted. */
struct names_found {
	struct words names;
	bool more;	/* not all: the first ones, and the very last */
};

/* The most that are found. */
#define NAMES_MAX 100

struct names;

/* With the account of `beside`, which must outlive it.  Never asks. */
struct names *names_open(struct arena *a, struct db *beside,
    const struct db_settings *settings);
void names_close(struct names *n);

/*
 * Names that begin so, of one domain (but not NAMES_DOMAIN) or, for NULL,
 * of all.  The last name is
 * among them, so what all found ones have in common all others have, too.
 */
void names_find(struct names *n, struct arena *a, enum names_kind kind,
    const char *domain, const char *begun, struct names_found *found);

/* What the database is, and how many rows it holds. */
bool status_read(struct mail *m, struct server_status *status,
    struct err *e);

/*
 * Every domain, user and alias whose name matches the glob, and aliases
 * whose destination does; without * or ?, wherever it is a part.
 */
bool names_search(struct mail *m, const char *pattern, db_row_each each,
    void *arg, struct err *e);

#endif
