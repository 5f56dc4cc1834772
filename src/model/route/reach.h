/*
 * The way back: which addresses reach a user, and which the user may send as.
 */
#ifndef MODEL_ROUTE_REACH_H
#define MODEL_ROUTE_REACH_H

#include "model/mail/mail.h"

enum route_source_kind {
	ROUTE_SOURCE_USER,		/* their own address */
	ROUTE_SOURCE_TAG,		/* a name with any +tag */
	ROUTE_SOURCE_ALIAS,
	ROUTE_SOURCE_ALIAS_DOMAIN,	/* a name that an alias domain has */
	ROUTE_SOURCE_PATTERN,		/* any name that it matches */
	ROUTE_SOURCE_CATCHALL,		/* any name that does not exist */
	ROUTE_SOURCE_GRANT		/* to send as, with any tag */
};

struct route_source {
	const char *address;
	enum route_source_kind kind;
	const char *via;	/* the next address on the way, or NULL */
	int64_t steps;		/* to the user, by the shortest way */
};

struct route_sources {
	struct route_source *source;
	size_t count;
	size_t room;
	const char *off;	/* why the user may send nothing, or NULL */
	/*
	 * Domains and users whose mail is copied to the user.  Each of their
	 * names reaches the user, too, and none of them is listed for that.
	 */
	struct words archive_of;
};

/* ERR_NOT_FOUND when there is no such user. */
bool route_to(struct mail *m, const char *user, struct route_sources *found,
    struct err *e);

/*
 * What the user may send as, by postfix/sql_senders.cf: every address whose
 * mail reaches the user, or passes the user on its way elsewhere, and grants.
 */
bool route_sender(struct mail *m, const char *user,
    struct route_sources *found, struct err *e);

#endif
