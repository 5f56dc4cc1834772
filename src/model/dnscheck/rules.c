/* The table of the rules of DNS, from rules.def. */
#include "model/dnscheck/private.h"

#define E SEVERITY_ERROR
#define W SEVERITY_WARNING
#define N SEVERITY_NOTE

/* Advice that several rules give. */
#define SHOW "mailadm dns show DOMAIN"
#define ROTATE "mailadm dkim rotate DOMAIN"

/* What rules ask for. */
#define MX DNS_NEEDS_MX
#define HOST DNS_NEEDS_HOST
#define SPF DNS_NEEDS_SPF
#define HELO DNS_NEEDS_HELO
#define DKIM DNS_NEEDS_DKIM
#define DMARC DNS_NEEDS_DMARC
#define STS DNS_NEEDS_STS
#define REPORTS DNS_NEEDS_REPORTS
#define TLSA DNS_NEEDS_TLSA
#define SRV DNS_NEEDS_SRV
#define ROOT DNS_NEEDS_ROOT
#define LISTS DNS_NEEDS_LISTS
#define SERVERS DNS_NEEDS_SERVERS
#define ZONE DNS_NEEDS_ZONE

#define RULE(name, ...) [name] = { __VA_ARGS__ },

const struct rule dnscheck_rules[] = {
#include "model/dnscheck/rules.def"
	[DNS_RULES] = { NULL }
};
