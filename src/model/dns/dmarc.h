/*
 * DMARC: the record of a domain, and where it is found; RFC 9989, with what
 * receivers by RFC 7489 see in another way.
 */
#ifndef MODEL_DNS_DMARC_H
#define MODEL_DNS_DMARC_H

#include <stdbool.h>

#include "base/arena.h"
#include "model/dns/answer.h"

/* Behind "v=". */
#define DMARC_VERSION "DMARC1"

/* --- a record -------------------------------------------------------- */

enum dmarc_policy {
	DMARC_UNSET,		/* the tag is missing, or wrong */
	DMARC_NONE,
	DMARC_QUARANTINE,
	DMARC_REJECT
};

struct dmarc_record {
	enum dmarc_policy policy;	/* p=, or what stands for it */
	enum dmarc_policy subdomains;	/* sp= */
	enum dmarc_policy missing;	/* np=: of names that do not exist */
	bool strict_dkim;	/* adkim=s */
	bool strict_spf;	/* aspf=s */
	bool testing;		/* t=y */
	char suffix;		/* psd=: 'y', 'n', or 'u' */
	struct words reports;	/* addresses of rua= */
	struct words failures;	/* addresses of ruf= */
	const char *removed;	/* a tag that RFC 9989 has no more: "pct" */
	const char *unknown;	/* a tag that nobody knows, or NULL */
	bool late_policy;	/* p= not second: RFC 7489 wants it so */
	bool has_size;		/* an address with "!10m", which is removed */
	bool usable;		/* for receivers, whatever is wrong */
};

/* NULL, or the first thing that is wrong: "has no p= and no rua=". */
const char *dmarc_record_parse(struct arena *a, const char *text,
    struct dmarc_record *record);

/* "none", "quarantine", "reject"; of DMARC_UNSET "". */
const char *dmarc_policy_name(enum dmarc_policy policy);

/* --- where it is found ----------------------------------------------- */

enum dmarc_state {
	DMARC_PENDING,		/* the asker does not know all yet */
	DMARC_UNKNOWN,		/* a name could not be asked for */
	DMARC_MISSING,
	DMARC_FOUND
};

struct dmarc_found {
	enum dmarc_state state;
	const char *domain;	/* whose record it is */
	const char *text;
	struct dmarc_record record;
	enum dmarc_policy policy;	/* for the domain that was asked for */
	const char *organization;	/* what aligned names have in common */
};

/* The tree walk of RFC 9989, 4.10: at most eight questions. */
struct dmarc_found dmarc_find(struct arena *a, const struct dns_asker *asker,
    const char *domain);

/* DOMAIN._report._dmarc.OTHER, whose record lets OTHER get the reports. */
const char *dmarc_consent_name(struct arena *a, const char *domain,
    const char *other);

/* True where one of these TXT values is such a record. */
bool dmarc_is_consent(struct arena *a, const struct words *values);

#endif
