/*
 * Asking DNS: several questions at once, by a deadline.
 *
 * A question goes to the resolver, or to one name server of a zone, whose
 * answer then comes from no cache.  What nobody answers in time is unknown,
 * which is never the same as "no such record".
 */
#ifndef MODEL_DNS_ASK_H
#define MODEL_DNS_ASK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/dns/answer.h"

/* How long one dns_ask(), and each answer of a store, may take. */
#define DNS_SECONDS 5

struct dns_question {
	const char *name;
	enum dns_type type;
	const char *server;	/* its address; NULL: the resolver */
	const char *zone;	/* of which that is a name server */

	enum dns_state state;
	/* As struct dns_answer has them. */
	struct words values;
	struct words texts;	/* of TXT: as in a zone file, "a" "b" */
	bool is_alias;		/* a CNAME leads to another name */
	bool secure;		/* proved by DNSSEC */
	bool bogus;		/* its proof is false: DNS_UNKNOWN */
};

struct dns {
	struct arena *arena;
	const char *resolver;	/* ADDRESS[@PORT]; NULL: the system's */
	unsigned seconds;	/* 0: DNS_SECONDS */
	bool (*interrupted)(void *arg);		/* or NULL */
	void *arg;
};

/*
 * Fills in what is answered.  ERR_INVALID for a resolver or a server that is
 * no address, ERR_IO where nothing can be asked at all, ERR_INTERRUPTED.
 */
bool dns_ask(const struct dns *dns, struct dns_question *questions,
    size_t count, struct err *e);

#endif
