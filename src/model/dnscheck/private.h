/* What the files of the rules of DNS share. */
#ifndef MODEL_DNSCHECK_PRIVATE_H
#define MODEL_DNSCHECK_PRIVATE_H

#include "model/dns/name.h"
#include "model/dnscheck/dnscheck.h"

enum dns_rule {
#define RULE(name, ...) name,
#include "model/dnscheck/rules.def"
	DNS_RULES
};

/*
 * What a rule asks for (`needs`).  Where one of these gives no answer, all
 * rules with that bit are unchecked: they cannot have seen everything.
 */
enum dns_needs {
	DNS_NEEDS_MX = 1 << 0,
	DNS_NEEDS_HOST = 1 << 1,	/* addresses, and their names */
	DNS_NEEDS_SPF = 1 << 2,
	DNS_NEEDS_HELO = 1 << 3,	/* SPF of the server's own name */
	DNS_NEEDS_DKIM = 1 << 4,
	DNS_NEEDS_DMARC = 1 << 5,
	DNS_NEEDS_STS = 1 << 6,
	DNS_NEEDS_REPORTS = 1 << 7,
	DNS_NEEDS_TLSA = 1 << 8,
	DNS_NEEDS_SRV = 1 << 9,
	DNS_NEEDS_ROOT = 1 << 10,
	DNS_NEEDS_ZONE = 1 << 11,
	DNS_NEEDS_LISTS = 1 << 12,
	DNS_NEEDS_SERVERS = 1 << 13
};

/* Reports, unless answers are only being gathered. */
void dnscheck_found(struct dnscheck *c, enum dns_rule rule, const char *name,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* The same of what is right, which --show prints. */
void dnscheck_fine(struct dnscheck *c, enum dns_rule rule, const char *name,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* It could not be asked: rules that need the same are unchecked. */
void dnscheck_silent(struct dnscheck *c, enum dns_rule rule,
    const char *name);

/* Something else than DNS is not known. */
void dnscheck_unchecked(struct dnscheck *c, unsigned needs, const char *why);

/* NULL: not known yet, or not at all; then the rule has nothing to say. */
const struct dns_answer *dnscheck_look(struct dnscheck *c,
    enum dns_rule rule, const char *name, enum dns_type type);

/*
 * A and AAAA of a name, together.  False: not known.  *alias: the name is a
 * CNAME; it may be NULL.
 */
bool dnscheck_addresses(struct dnscheck *c, enum dns_rule rule,
    const char *name, struct words *addresses, bool *alias);

/* True where one of the addresses is the server's. */
bool dnscheck_is_ours(const struct dnscheck *c, const struct words *addresses);

/* A key of the domain that signs. */
bool dnscheck_signs(const struct dnscheck *c);

/* Does the resolver validate? */
bool dnscheck_is_validated(struct dnscheck *c);

/* --- the rules, in the order of the manual --------------------------- */

void dnscheck_mx(struct dnscheck *c);
void dnscheck_host(struct dnscheck *c);
void dnscheck_spf(struct dnscheck *c);
void dnscheck_helo(struct dnscheck *c);
void dnscheck_dkim(struct dnscheck *c);
void dnscheck_dmarc(struct dnscheck *c);
void dnscheck_sts(struct dnscheck *c);	/* policy.c */
void dnscheck_reports(struct dnscheck *c);
void dnscheck_tlsa(struct dnscheck *c);
void dnscheck_blocklists(struct dnscheck *c);
void dnscheck_srv(struct dnscheck *c);
void dnscheck_servers(struct dnscheck *c);

#endif
