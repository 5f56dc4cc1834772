/*
 * Answers of DNS, each asked for once, many at a time.
 *
 * What wants an answer takes it from the asker of the store, gives up where
 * it is not known yet, and is called again after dns_store_wait().  So a
 * hundred questions are under way whatever they are for.  A question that
 * gets no answer in time is unknown, and once nothing answers any more, all
 * that are left are.
 */
#ifndef MODEL_DNS_STORE_H
#define MODEL_DNS_STORE_H

#include "model/dns/ask.h"

/* The root's keys, where the package dns-root-data is installed. */
#define DNS_ROOT_KEY "/usr/share/dns/root.key"

struct dns_store;

/*
 * The answers live in the arena of `dns`, which stays where it is.  With the
 * keys of the root in `anchor` they are proved, unless the resolver does not
 * pass on what that needs; NULL: they are not.
 */
bool dns_store_open(const struct dns *dns, const char *anchor,
    struct dns_store **store, struct err *e);

struct dns_asker dns_store_asker(struct dns_store *store);

/* Until there is something new.  ERR_INTERRUPTED, ERR_IO. */
bool dns_store_wait(struct dns_store *store, struct err *e);

/* How many were asked for, and how many of them got an answer. */
void dns_store_count(const struct dns_store *store, size_t *asked,
    size_t *answered);

/* The answers stay. */
void dns_store_close(struct dns_store *store);

#endif
