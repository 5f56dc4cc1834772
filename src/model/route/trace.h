/*
 * Where mail for an address goes, and why: Postfix with the shipped maps.
 *
 * The model is literal.  smtpd at RCPT: the domain's class, the table of
 * what is disabled, then whether any map knows the recipient.  cleanup:
 * virtual aliases, expanded until nothing changes, with its limits and its
 * way to notice a loop.  At the end the mailbox, the next server or a bounce.
 * What was asked and what lost is kept, for whoever wants to know why.
 *
 * delivery.h is its relative at write time, which counts what is disabled.
 */
#ifndef MODEL_ROUTE_TRACE_H
#define MODEL_ROUTE_TRACE_H

#include "model/mail/mail.h"
#include "model/route/lost.h"

/* Postfix: virtual_alias_address_length_limit. */
#define ROUTE_ADDRESS_MAX 1000

/* The ends of the mail for an address. */
enum route_end {
	ROUTE_MAILBOX,
	ROUTE_EXTERNAL,		/* handed to another server */
	ROUTE_BOUNCE		/* no such mailbox: back to the sender */
};

/* One address on the way; the same for all that lead to it. */
struct route_hop {
	const char *address;	/* its tag in the case it came in */
	struct maps_facts facts;
	struct maps_lookups asked;	/* virtual_alias_maps, key by key */
	const struct maps_lookup *answer;	/* of them; NULL: none */
	struct route_losses lost;
	struct route_hop **to;	/* the addresses that the answer leads to */
	size_t to_count;
	bool looked;		/* its rows were read */
	bool expanded;		/* and the maps were asked */
	bool same;		/* for reach.c: still what was asked about */
	bool seen;		/* for the search for a loop, like the next */
	bool open;
	bool shown;		/* for the printer */
	size_t next;
	struct route_hop *up;
	struct route_hop *after;	/* in a queue of them */
	struct route_hop *other;	/* of the list of all hops */
};

/* Who gets it: one row a recipient of the message that is queued. */
struct route_final {
	const char *address;
	enum route_end end;
	const char *mailbox;	/* of this user; NULL: of nobody here */
	bool by_transport;	/* not by a way out: its domain says how */
	const char *why;	/* NULL: nothing to add */
};

enum route_verdict {
	ROUTE_ACCEPTED,
	ROUTE_REFUSED,		/* permanently, at RCPT */
	ROUTE_DEFERRED		/* temporarily, at every attempt */
};

/* By which way mail to others leaves, by its sender. */
struct route_way {
	const char *sender;	/* NULL: somebody elsewhere */
	const char *name;	/* of the way out; NULL: by the DNS */
	const char *hop;	/* "wayout:[mail.example.net]:587" */
	const char *of;		/* whose it is: user, domain, default */
};

struct route {
	const char *address;
	const char *login;	/* the user who writes, or NULL: from outside */
	struct route_way way;	/* set by route_trace_from() */
	enum route_verdict verdict;
	const char *reply;	/* what the sender gets unless accepted */
	const char *why;	/* why, or how smtpd knows it */
	struct maps_lookups asked;	/* by smtpd at RCPT */
	struct route_hop *root;
	struct route_hop *hops;		/* all, the newest first */
	struct route_final *final;
	size_t finals;
};

/*
 * An address as somebody may write it to: canonical, as in address.h, but
 * a +tag keeps its capitals, as it does on the way to the mailbox.
 */
bool route_address(struct arena *a, const char *text, const char **address,
    struct err *e);

/* What is asked about an address. */
enum route_about {
	ROUTE_WRITER,		/* where mail goes that somebody writes */
	ROUTE_ALL_WRITERS,	/* or that whoever writes who may */
	/*
	 * What may be sent as it: users are reached who get no mail, and mail
	 * that nobody would take is followed.
	 */
	ROUTE_SENDERS
};

bool route_trace_about(struct mail *m, const char *address,
    enum route_about about, struct route *r, struct err *e);

/*
 * Mail from outside.  Reads only; the result is in m->arena.  The address:
 * route_address().
 */
bool route_trace(struct mail *m, const char *address, struct route *r,
    struct err *e);

/*
 * With the way out of mail from that sender; NULL: from somebody elsewhere.
 * One of our users, also by a tag or a name in an alias domain, has logged in
 * on submission, unless they may not send: then it comes from outside.
 */
bool route_trace_from(struct mail *m, const char *address,
    const char *sender, struct route *r, struct err *e);

/*
 * Everything is read from one snapshot, unless a transaction is open.
 * route_view_end() after each route_view_begin().
 */
bool route_view_begin(struct mail *m, bool *begun, struct err *e);
void route_view_end(struct mail *m, bool begun);

#endif
