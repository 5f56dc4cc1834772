/*
 * What the commands of DNS share.
 */
#ifndef CMD_DNS_DNS_H
#define CMD_DNS_DNS_H

#include "cmd/run/list.h"
#include "model/dns/ask.h"
#include "model/records/export.h"

/* The options that select and shape records. */
struct dns_args {
	struct words domains;	/* none: all that are enabled */
	const char *format;	/* of dns export */
	bool zone;		/* as a zone file */
	bool diff;
	bool live;
	const char *zone_name;
	const char *resolver;
	int64_t ttl;		/* VALUE_UNSET: RECORD_TTL */
};

#define DNS_DOMAINS							\
	ARGUMENT("DOMAIN", arg_domain, dns_args, domains,		\
	    "one domain or several; default: all that are enabled",	\
	    .flags = ARG_REPEAT)
#define DNS_DIFF							\
	FLAG("--diff", dns_args, diff,					\
	    "ask DNS, and show only what is to be added, changed or "	\
	    "removed")
#define DNS_OPTIONS							\
	OPTION("--zone-name", arg_zone, dns_args, zone_name,		\
	    "only what is in this zone; the rest is a comment"),	\
	OPTION("--ttl", arg_ttl, dns_args, ttl,				\
	    "how long the records may be cached, in seconds; default: "	\
	    "3600"),							\
	FLAG("--live", dns_args, live,					\
	    "ask DNS whether the zone of the server is signed, which "	\
	    "TLSA records need"),					\
	OPTION("--resolver", arg_resolver, dns_args, resolver,		\
	    "the resolver to ask, ADDRESS or ADDRESS@PORT; default: "	\
	    "the setting resolver")

extern const struct arg_type arg_zone, arg_ttl, arg_resolver;

/* A record, and for a change what is to be done with it. */
struct dns_row {
	const char *domain;
	const char *name;
	const char *type;
	const char *value;
	const char *need;
	const char *why;
	int64_t ttl;
	const char *action;	/* "add", "change", "remove"; or NULL */
	const char *found;	/* what DNS has, or NULL */
	int64_t priority;	/* these two are set when it is printed */
	const char *content;
};

extern const struct field dns_shown_fields[];

/* For records, or for changes; ends with out_end(). */
bool dns_rows_begin(struct session *s, bool changes, struct err *e);
bool dns_row_print(struct session *s, struct dns_row *row, struct err *e);

/* Until Ctrl-C; its answers live in the arena. */
struct dns dns_resolver(struct session *s, const struct dns_args *args,
    struct arena *a);

/*
 * Records of many domains: a list at a time, which lives until `each`
 * returns.  The first is that of the server.
 */
struct dns_walk {
	struct session *session;
	const struct dns_args *args;
	size_t together;	/* domains in a list; 0: one */
	struct records_server server;
	bool (*each)(void *arg, const struct records *list, struct err *e);
	void *arg;
};

/* Reads the server, and says what is used of it. */
bool dns_walk_begin(struct dns_walk *walk, struct err *e);

/* ERR_NOT_FOUND for a domain that does not exist, before the first list. */
bool dns_walk(struct dns_walk *walk, struct err *e);

/*
 * dns show --diff, as rows, or as text in a format that has changes.
 * ERR_RETRY where nothing is wrong in what could be asked.
 */
bool dns_diff_rows(struct session *s, const struct dns_args *args,
    struct err *e);
bool dns_diff_text(struct session *s, const struct dns_args *args,
    enum record_format format, struct err *e);

/* The option --ttl, or its default. */
int64_t dns_ttl(const struct dns_args *args);

/* Is the zone of the server signed?  False where nobody knows: a note. */
bool dns_is_signed(struct session *s, const struct dns_args *args,
    struct err *e);

#endif
