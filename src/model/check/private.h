/*
 * What the files of the checker share.
 *
 * A name is a number (base/nameset.h) of its folded form: lower case, without
 * blanks around it, domains as A-labels.  A row whose name is no address is
 * a finding, and is left out when rows are compared with each other.
 */
#ifndef MODEL_CHECK_PRIVATE_H
#define MODEL_CHECK_PRIVATE_H

#include <openssl/types.h>

#include "base/nameset.h"
#include "base/vector.h"
#include "db/schema/facts.h"
#include "db/privileges.h"
#include "db/schema/survey_server.h"
#include "model/address.h"
#include "model/check/check.h"
#include "model/check/rules.h"
#include "model/findings.h"

/*
 * What a rule has to see: its `needs`.  Where the account cannot see it, the
 * rules with that bit are unchecked, and so is each new one.
 */
enum check_needs {
	NEEDS_HASHES = 1 << 0,		/* users.crypt */
	NEEDS_RIGHTS = 1 << 1,		/* what users may do */
	NEEDS_GRANTS = 1 << 2,		/* the rights to send as others */
	NEEDS_ACCOUNTS = 1 << 3,	/* other accounts and their grants */
	NEEDS_TABLE = 1 << 4,		/* what the catalogue has of a table */
	NEEDS_COLUMN = 1 << 5,		/* ... of a column */
	NEEDS_COMPARED = 1 << 6,	/* ... of a column in lookups */
	NEEDS_KEYS = 1 << 7,
	NEEDS_CONSTRAINTS = 1 << 8,	/* checks and foreign keys */
	NEEDS_TRIGGERS = 1 << 9,
	NEEDS_DEFINERS = 1 << 10,	/* accounts that triggers run as */
	NEEDS_DKIM = 1 << 11,		/* dkim_keys, without private halves */
	NEEDS_EXPIRY = 1 << 12,		/* when users and aliases expire */
	NEEDS_WAYS = 1 << 13		/* where mail goes */
};

/* What is known of a name; by its number.  There are millions of them. */
struct known_name {
	uint32_t domain;	/* index + 1 of its domain, 0: not ours */
	uint32_t node;		/* index + 1 in the graph of aliases, 0: none */
	bool is_domain : 1;	/* then `domain` is its own */
	bool valid_domain : 1;	/* a name that domain_parse() takes as it is */
	bool invalid_domain : 1;	/* in the table, and no domain name */
	bool canonical : 1;	/* a domain or user, in the right spelling */
	bool twice : 1;		/* a domain or user, reported as twice */
	bool user : 1;
	bool user_active : 1;
	bool user_receives : 1;	/* and is active */
	bool user_sends : 1;	/* and is active */
	bool alias : 1;		/* some row has it as `mail` */
	bool alias_active : 1;
	bool alias_as_is : 1;	/* some row's `mail` needs no folding */
	bool keeps_copy : 1;	/* an active alias leads to itself */
	bool taken : 1;		/* reported: none of its mail is kept */
	bool expired : 1;	/* what is enabled of it has */
	bool recipient : 1;	/* of a domain that is passed on */
};

struct known_domain {
	uint32_t name;
	uint32_t target;	/* name of alias_of; NAME_NONE */
	bool active;
	int64_t max_users;
	int64_t max_aliases;
	int64_t users;
	int64_t users_active;
	bool sends;		/* one of them is active and may send */
	bool signs;		/* it has an active DKIM key */
	int64_t aliases;	/* addresses */
	bool postmaster;	/* one of them, which no limit counts */
	int64_t recipients;
	int64_t patterns;	/* names, also disabled ones */
	bool relay;		/* it is passed on to another server */
	bool takes_rest;	/* also names that it does not know */
};

/* One alias row, or one part of a list in one. */
struct known_alias {
	uint32_t mail;
	uint32_t destination;
	bool active;
	bool nowhere;		/* the destination is no address */
};

/* Who gets copies of what comes to a domain or a user, or is sent. */
struct archive {
	const char *owner;
	const char *address;
	bool incoming;
};

/* How a row spells an address that is folded to another. */
struct spelling {
	uint32_t name;
	uint32_t spelled;
};

/* A hash's digest: equal ones are found by sorting. */
#define DIGEST_SIZE 16
struct known_hash {
	unsigned char digest[DIGEST_SIZE];
	uint32_t user;
};

/* A user with the same home as one that was read before. */
struct shared_home {
	const char *email;
	uint32_t home;
};

struct checking {
	struct mail *m;
	const struct check_options *options;
	struct check_result *result;
	struct survey survey;
	struct nameset names;
	struct words patterns;	/* those that are enabled */
	VECTOR(struct known_name) known;	/* by name */
	VECTOR(struct known_domain) domains;
	VECTOR(struct known_alias) aliases;
	VECTOR(struct spelling) spellings;	/* of `mail` */
	VECTOR(struct archive) archives;
	VECTOR(struct known_hash) hashes;
	struct findings findings;
	bool *chosen;			/* those of the findings */
	struct arena row;		/* of the row that is judged */
	struct nameset homes;		/* unless a key keeps them apart */
	int64_t history_since;		/* FIELD_NULL: it is not asked */
	int64_t now;			/* by the clock of the database */
	VECTOR(uint32_t) written[SURVEY_TABLES];	/* by name */
	VECTOR(struct shared_home) shared_homes;
	EVP_MD_CTX *digest;
	EVP_MD *digest_kind;
};

/* --- names.c: what is known of each name ------------------------------ */

/* Adds nothing where the filter leaves the rule or the name out. */
void check_found(struct checking *c, enum rule_id rule, const char *name,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* The rule cannot be checked: this account does not see enough. */
void check_unchecked(struct checking *c, enum rule_id rule, const char *why);

/* The same of every rule that needs any of these bits. */
void check_unchecked_all(struct checking *c, unsigned needs, const char *why);

/* The number of a folded name, and what is known of it. */
uint32_t check_name(struct checking *c, const char *folded);
struct known_name *check_known(const struct checking *c, uint32_t name);

/* The domain of an address or of a domain's name; NULL: not ours. */
struct known_domain *check_domain_of(const struct checking *c,
    uint32_t name);

/* Folded; the same pointer as `raw` where nothing is to be folded. */
const char *check_fold(struct checking *c, const char *raw);

/*
 * Like address_parse() of what check_fold() returned, for millions of rows:
 * the verdict on each domain is cached.
 */
bool check_address(struct checking *c, enum address_kind kind,
    const char *folded, struct err *e);

/* True where the domain has a finding of its own: the name needs none. */
bool check_domain_is_invalid(const struct checking *c, const char *folded);

/* Reports a duplicate once, whatever the order of the rows. */
void check_twice(struct checking *c, enum rule_id rule,
    struct known_name *known, const char *raw, const char *folded);

/* --- expiry.c: what expires ------------------------------------------- */

bool check_expired(const struct checking *c, int64_t expires);

/*
 * Reports that it expires within the days of the settings, or that it has
 * expired, which is the rule behind that one.  what: "user a@x.org".  Call it
 * only where there is a time.
 */
void check_expires(struct checking *c, enum rule_id soon, const char *name,
    const char *what, int64_t expires);

/* --- way.c: where mail goes ------------------------------------------- */

/* The server and the transport of a domain, as its row has them. */
void check_hops(struct checking *c, const struct survey_domain *row);

/* Reads the names of relay domains: before aliases are followed. */
bool check_recipients_read(struct checking *c, struct err *e);

/* Does a relay domain pass on mail for it, with or without its tag? */
bool check_passes_on(struct checking *c, const struct known_domain *d,
    const char *address);

/* What a relay domain takes, and what is in it; once all is read. */
void check_relay_domain(struct checking *c, const struct known_domain *d);

void check_archive(struct checking *c, const char *owner,
    const char *address, bool incoming);

/* The ways out. */
bool check_ways(struct checking *c, struct err *e);

/* --- the others, in the order in which run.c calls them --------------- */

bool check_expiry_begin(struct checking *c, struct err *e);

/* Reading the tables, then comparing rows with each other. */
bool check_domains_read(struct checking *c, struct err *e);
bool check_users_read(struct checking *c, struct err *e);
bool check_aliases_read(struct checking *c, struct err *e);
bool check_patterns_read(struct checking *c, struct err *e);
void check_domains(struct checking *c);
void check_users(struct checking *c);
bool check_aliases(struct checking *c, struct err *e);

/* Does a pattern match the name, or what is compared without its tag? */
bool check_has_pattern(const struct checking *c, const char *address);

/* Grants, once all names are known. */
bool check_grants(struct checking *c, struct err *e);

/* What users have sent. */
bool check_sending(struct checking *c, struct err *e);

/* DKIM keys, once all domains and users are known. */
bool check_keys(struct checking *c, struct err *e);

/* Before the rows: what they are compared with comes from here. */
bool check_database(struct checking *c, struct err *e);
bool check_history_begin(struct checking *c, const struct facts *actual,
    struct err *e);

/* A row of that name was written then. */
void check_written(struct checking *c, enum survey_table table,
    uint32_t name, int64_t modified);

/* After the rows. */
bool check_history(struct checking *c, struct err *e);

#endif
