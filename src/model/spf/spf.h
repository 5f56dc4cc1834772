/*
 * SPF: may this address send mail of this domain?  RFC 7208.
 *
 * A record is read strictly and whole, and evaluated as receivers do it, with
 * the limits of 4.6.4: at most 10 terms that ask DNS, 2 answers with nothing
 * in them, 10 names of an MX.  Nothing here asks DNS by itself: the asker
 * does, and where it does not know yet the result is SPF_PENDING.
 */
#ifndef MODEL_SPF_SPF_H
#define MODEL_SPF_SPF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "model/dns/answer.h"
#include "model/dns/name.h"

#define SPF_TERMS_MAX 10
#define SPF_VOID_MAX 2
#define SPF_NAMES_MAX 10

/* --- a record -------------------------------------------------------- */

enum spf_kind {
	SPF_ALL,
	SPF_INCLUDE,
	SPF_A,
	SPF_MX,
	SPF_PTR,
	SPF_IP4,
	SPF_IP6,
	SPF_EXISTS
};

struct spf_term {
	const char *text;	/* as it stands in the record */
	enum spf_kind kind;
	char qualifier;		/* '+', '-', '~' or '?' */
	const char *domain;	/* with macros; NULL: the record's own */
	struct dns_address network;	/* of ip4 and ip6 */
	unsigned bits4;		/* that have to be equal */
	unsigned bits6;
};

struct spf_record {
	struct spf_term *term;	/* the mechanisms, in order */
	size_t count;
	const char *redirect;	/* NULL, or the name with macros */
	const char *redirect_text;	/* the whole term */
	const char *explain;	/* of exp=: NULL, or the name with macros */
	const char *wrong;	/* the first term that is wrong, or NULL */
	const char *why;	/* "is no mechanism" */
};

/* True where a TXT is meant to be one: "v=spf1" and a blank or nothing. */
bool spf_is_record(const char *text);

/* False where a term is wrong: the whole record is void then. */
bool spf_record_parse(struct arena *a, const char *text,
    struct spf_record *record);

/* --- its result ------------------------------------------------------ */

enum spf_state {
	SPF_PENDING,		/* the asker does not know all yet */
	SPF_NONE,
	SPF_NEUTRAL,
	SPF_PASS,
	SPF_FAIL,
	SPF_SOFTFAIL,
	SPF_TEMPERROR,
	SPF_PERMERROR
};

struct spf_query {
	const char *address;	/* of the client */
	const char *helo;	/* its name */
	const char *sender;	/* MAIL FROM; "" or NULL: judged by HELO */
	/*
	 * Goes through the whole record as if the address were in none of
	 * it: finds what is wrong behind a term that matches.
	 */
	bool whole;
};

struct spf_result {
	enum spf_state state;
	const char *domain;	/* in whose record the term stands */
	const char *term;	/* that matched or is wrong, or NULL */
	const char *why;	/* of none and the errors, else NULL */
	unsigned asking;	/* terms that ask DNS */
	unsigned empty;		/* answers with nothing in them */
};

/* "pass", "permerror"; of SPF_PENDING "unknown". */
const char *spf_state_name(enum spf_state state);

/* The texts of the result live in the arena and in the answers. */
struct spf_result spf_check(struct arena *a, const struct dns_asker *asker,
    const struct spf_query *query);

#endif
