/*
 * TLSA: does a record match a certificate?  RFC 6698, for mail RFC 7672.
 */
#ifndef MODEL_DNS_TLSA_H
#define MODEL_DNS_TLSA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct tlsa_record {
	unsigned usage;		/* 2: an authority; 3: the certificate */
	unsigned selector;	/* 0: the certificate; 1: its key */
	unsigned matching;	/* 0: the bytes; 1: SHA-256; 2: SHA-512 */
	const unsigned char *data;
	size_t len;
};

/* NULL, or why "3 1 1 0a1b..." is no TLSA record of mail. */
const char *tlsa_record_parse(struct arena *a, const char *value,
    struct tlsa_record *record);

enum tlsa_match {
	TLSA_NO_MATCH,
	TLSA_MATCHES,
	TLSA_UNREADABLE		/* the text holds no certificate */
};

/*
 * Against the certificates of a PEM text: usage 3 is about the first one,
 * usage 2 about those behind it.
 */
enum tlsa_match tlsa_match(const struct tlsa_record *record,
    const char *pem, size_t len);

#endif
