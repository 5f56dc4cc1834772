/*
 * Names from the database while somebody types.
 *
 * Asked on a connection of its own, which sees what is not committed yet
 * (so also the names of the shell's open transaction) and waits for
 * nothing: a database that is slow or gone gives no names, without a word,
 * and is not asked again for some seconds.
 */
#ifndef MODEL_CONNECT_NAMES_H
#define MODEL_CONNECT_NAMES_H

#include <stdbool.h>

#include "model/mail/mail.h"

enum names_kind {
	NAMES_DOMAIN,
	NAMES_USER,
	NAMES_ALIAS,
	NAMES_SELECTOR,		/* of the DKIM keys of one domain */
	NAMES_SELECTOR_USED,	/* but those that are retired */
	NAMES_RELAY,		/* the ways out */
	NAMES_RECIPIENT,	/* the names of relay domains */
	NAMES_KINDS
};

/* Of one kind, sorted. */
struct names_found {
	struct words names;
	bool more;	/* only the first ones, and the last one of all */
};

/* The most that are found. */
#define NAMES_MAX 100

struct names;

/*
 * Connects with the account of `beside`, which must outlive it.  Never asks
 * for a password.
 */
struct names *names_open(struct arena *a, struct db *beside,
    const struct db_settings *settings);
void names_close(struct names *n);

/*
 * Names that begin so, of one domain (but not NAMES_DOMAIN) or, for NULL,
 * of all (but not selectors).  The last name is
 * among them, so what all found ones have in common all others have, too.
 */
void names_find(struct names *n, struct arena *a, enum names_kind kind,
    const char *domain, const char *begun, struct names_found *found);

#endif
