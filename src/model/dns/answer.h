/*
 * What DNS answers, and how to ask for it without knowing who is asked.
 *
 * What judges records takes an asker: libunbound stands behind it in the
 * program, and a table in the tests.
 */
#ifndef MODEL_DNS_ANSWER_H
#define MODEL_DNS_ANSWER_H

#include <stdbool.h>

#include "base/words.h"

enum dns_type {
	DNS_A = 1,
	DNS_NS = 2,
	DNS_CNAME = 5,
	DNS_SOA = 6,
	DNS_PTR = 12,
	DNS_MX = 15,
	DNS_TXT = 16,
	DNS_AAAA = 28,
	DNS_SRV = 33,
	DNS_DS = 43,
	DNS_DNSKEY = 48,
	DNS_TLSA = 52
};

enum dns_state {
	DNS_UNKNOWN,		/* no answer, or an answer that is none */
	DNS_NOTHING,		/* no such name, or no such record there */
	DNS_FOUND
};

/*
 * A value is an address, a name in lower case without its final dot (the root
 * is "."), the joined text of a TXT, or the fields of MX, SRV, TLSA and DS as
 * in a zone file, "10 mx.example.org", "3 1 1 0a1b..." with digits in lower
 * case.  A byte of a name that no host name has is "?", and a NUL in a text
 * is \001.
 */
struct dns_answer {
	enum dns_state state;
	struct words values;	/* of SOA and DNSKEY none */
	bool is_alias;		/* a CNAME leads to another name */
	bool secure;		/* proved by DNSSEC */
	bool bogus;		/* its proof is false: DNS_UNKNOWN */
};

/*
 * NULL: not known yet.  Then whoever asked gives up, and is called again once
 * the answer has come.  A name has no final dot and any bytes but NUL.
 */
struct dns_asker {
	const struct dns_answer *(*ask)(void *arg, const char *name,
	    enum dns_type type);
	void *arg;
};

#endif
