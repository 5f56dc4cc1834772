/*
 * Are the records of keys in DNS, for everybody?
 *
 * Every name server of the zone is asked itself: a resolver may hold an old
 * answer, and one name server may have a change before the others.
 */
#ifndef MODEL_DKIM_PUBLISH_H
#define MODEL_DKIM_PUBLISH_H

#include "db/rows.h"
#include "model/dns/ask.h"

enum dkim_published {
	DKIM_UNKNOWN,		/* DNS could not be asked */
	DKIM_NOT_PUBLISHED,
	DKIM_PUBLISHED
};

struct dkim_look {
	enum dkim_published state;
	const char *why;	/* "ns1.example.org has no record" */
	struct words silent;	/* name servers that gave no answer */
};

struct dkim_looks {
	const struct dkim_row *key;
	struct dkim_look *look;		/* of each; filled in */
	size_t count;
	void (*progress)(void *arg, size_t done);	/* or NULL */
	void *arg;
};

/*
 * Some dozens are looked for at once; if DNS answers nothing about those,
 * nothing is asked about the rest.  Fails as dns_ask().
 */
bool dkim_look_up(const struct dns *dns, const struct dkim_looks *all,
    struct err *e);

#endif
