/*
 * Is what DNS has about our mail right?  As receivers see it.
 *
 * Each rule is a row of dnscheck_rules[], and judges answers alone: an asker
 * gives them, and whoever judges calls again while some are not known yet.
 * What could not be asked is never a finding, but leaves its rule unchecked.
 */
#ifndef MODEL_DNSCHECK_DNSCHECK_H
#define MODEL_DNSCHECK_DNSCHECK_H

#include <stddef.h>
#include <stdint.h>

#include "db/rows.h"
#include "model/dns/store.h"
#include "model/findings.h"

/* In the order of the manual; ends with id NULL. */
extern const struct rule dnscheck_rules[];

/* ERR_USAGE unless the word is the ID of a rule, or ID:NAME. */
bool dnscheck_rule_known(const char *word, struct err *e);

/* What is known of the server without DNS. */
struct dnscheck_server {
	const char *host;
	struct words addresses;	/* that it has; none: those of DNS count */
	const char *certificate;	/* PEM of the chain in use, or NULL */
	size_t certificate_len;
	bool pop3;
	bool blocklists;	/* ask them */
	bool authoritative;	/* ask each name server, too */
	int64_t dkim_max_age;	/* seconds; 0: never */
	int64_t now;
};

/* The policy of MTA-STS, as it was fetched. */
enum dnscheck_fetch {
	FETCH_NOT_TRIED,
	FETCH_FAILED,
	FETCH_DONE
};

struct dnscheck_policy {
	enum dnscheck_fetch state;
	const char *why;	/* it failed: "the certificate has expired" */
	const char *bytes;
	size_t len;
	bool plain;		/* its type is text/plain */
};

struct dnscheck_domain {
	const char *name;
	bool active;		/* or it needs no records */
	bool sends;		/* users of it may send */
	const struct dkim_row *key;
	size_t keys;
	struct dnscheck_policy policy;
	const char *unread_role;	/* postmaster or abuse, or NULL */
};

/* One run. */
struct dnscheck {
	struct arena *arena;	/* may be emptied after each domain */
	struct arena *kept;	/* stays until the end */
	const struct dns_asker *asker;
	const struct dnscheck_server *server;
	struct findings *findings;	/* NULL: only ask */
	struct words addresses;	/* of the server, found or known */
	const struct dnscheck_domain *domain;
	bool pending;
	bool bogus;		/* reported for this domain */
	size_t silent;		/* questions without an answer */
	const char *silent_name;	/* the first of them */
};

/*
 * After findings_begin(): chooses the rules, without those that are not asked
 * for.
 */
void dnscheck_choose(struct findings *f, const struct dnscheck_server *server);

/* Whether a chosen rule wants to know who reads postmaster and abuse. */
bool dnscheck_asks_roles(const struct findings *f);

/*
 * Asks for all that the rules want of the server and these domains, many
 * questions at a time; nothing is reported.  Where c->findings is not NULL it
 * is the same afterwards.  ERR_INTERRUPTED, ERR_IO.
 */
bool dnscheck_gather(struct dnscheck *c, struct dns_store *store,
    const struct dnscheck_domain *domains, size_t count, struct err *e);

/*
 * Then: fetches the policies of MTA-STS, many at a time, if a rule wants
 * them.  The arena of `dns` has them.  ERR_INTERRUPTED.
 */
bool dnscheck_fetch(struct dnscheck *c, const struct dns *dns,
    struct dnscheck_domain *domains, size_t count, struct err *e);

/*
 * Then, where that was asked for: asks each name server of each domain, and
 * reports those that disagree.  ERR_INTERRUPTED, ERR_IO.
 */
bool dnscheck_compare(struct dnscheck *c, const struct dns *dns,
    const struct dnscheck_domain *domains, size_t count, struct err *e);

/*
 * False while answers are missing: nothing was reported that counts, so judge
 * with findings only once all are known.  The server comes first.
 */
bool dnscheck_server(struct dnscheck *c);
bool dnscheck_domain(struct dnscheck *c,
    const struct dnscheck_domain *domain);

#endif
