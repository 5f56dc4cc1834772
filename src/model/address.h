/*
 * Mail addresses and domains: the one place that decides what is valid.
 *
 * Everything that enters the database passes here, so whatever Postfix,
 * Dovecot or a shell script does with an address later, it meets only the
 * characters that this module lets through.  An input is accepted or
 * refused with the reason; nothing is repaired.  Two foldings are not
 * repairs, because they name the same mailbox: ASCII capitals become lower
 * case, and U-labels become A-labels (IDNA2008, non-transitional, RFC 5891).
 *
 * Local parts are RFC 5321 dot-atoms, 1 to 64 octets.  Domains are LDH
 * labels of 1 to 63 octets, 253 in all; an address has at most 254.
 * Results are in the caller's arena, canonical, NUL-terminated.
 */
#ifndef MODEL_ADDRESS_H
#define MODEL_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

#define ADDRESS_MAX 254
#define ADDRESS_LOCAL_MAX 64
#define DOMAIN_MAX 253

enum address_kind {
	ADDRESS_USER,		/* a-z 0-9 . _ - : may log in */
	ADDRESS_ALIAS,		/* other dot-atom characters, @DOMAIN too */
	ADDRESS_DESTINATION	/* as an alias, but no catch-all */
};

/* Fails with ERR_INVALID; the text holds the word and the reason. */
bool domain_parse(struct arena *a, const char *text, const char **domain,
    struct err *e);
bool address_parse(struct arena *a, enum address_kind kind, const char *text,
    const char **address, struct err *e);

/*
 * Would address_parse() take the first `len` characters as they are for what
 * stands before the @?  For millions of rows: without a word why not.
 */
bool address_local_is_canonical(enum address_kind kind, const char *local,
    size_t len);

/* The part after the @ of a canonical address, inside that string. */
const char *address_domain(const char *address);

/* A copy of the part before the @; "" for a catch-all. */
const char *address_local(struct arena *a, const char *address);

/* LOCAL@DOMAIN in one string. */
const char *address_join(struct arena *a, const char *local,
    const char *domain);

/* True for @DOMAIN. */
bool address_is_catchall(const char *address);

/* True where a * stands before the @: any characters, or none. */
bool address_is_pattern(const char *address);

/*
 * The address without its +extension ("a+x@d" is "a@d"), or NULL where it
 * has none.  Postfix's recipient_delimiter is + in what mailadm ships.
 */
const char *address_untagged(struct arena *a, const char *address);

/*
 * What a person should see beside the stored form of a domain or address:
 * its U-label form, or NULL where that is the same.
 */
const char *address_unicode(struct arena *a, const char *stored);

#endif
