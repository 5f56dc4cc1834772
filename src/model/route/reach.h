/*
 * The way back: which addresses reach a user, and which are his to send as.
 */
#ifndef MODEL_ROUTE_REACH_H
#define MODEL_ROUTE_REACH_H

#include "model/mail/mail.h"

enum route_source_kind {
	ROUTE_SOURCE_USER,		/* his own address */
	ROUTE_SOURCE_TAG,		/* a name with any +tag */
	ROUTE_SOURCE_ALIAS,
	ROUTE_SOURCE_ALIAS_DOMAIN,	/* a name that an alias domain has */
	ROUTE_SOURCE_CATCHALL,		/* any name that nobody has */
	ROUTE_SOURCE_GRANT		/* to send as, its tags included */
};

struct route_source {
	const char *address;
	enum route_source_kind kind;
	const char *via;	/* the next address on the way, or NULL */
	int64_t steps;		/* to the user, at the least */
};

struct route_sources {
	struct route_source *source;
	size_t count;
	size_t room;
	const char *off;	/* why there is nothing for the user, or NULL */
};

/* ERR_NOT_FOUND when there is no such user. */
bool route_to(struct mail *m, const char *user, struct route_sources *found,
    struct err *e);

/*
 * What the user may send as, as postfix/sql_senders.cf says: all that mail
 * reaches him by, or passes him on its way elsewhere, and grants.
 */
bool route_sender(struct mail *m, const char *user,
    struct route_sources *found, struct err *e);

#endif
