/*
 * Texts of TXT records as a zone file has them; RFC 1035, 5.1.
 */
#ifndef MODEL_DNS_TXT_H
#define MODEL_DNS_TXT_H

#include <stddef.h>

#include "base/text.h"

/* A string of a TXT record has at most so many bytes. */
#define DNS_STRING_MAX 255

/*
 * Appends one string in quotes: a quote and a backslash get a backslash,
 * bytes that are no printable ASCII become \DDD, so that it is one line of
 * ASCII whatever the bytes are.
 */
void dns_txt_quote(struct text *t, const void *bytes, size_t len);

/* Appends a value as strings of at most DNS_STRING_MAX bytes: "a" "b". */
void dns_txt_split(struct text *t, const char *value);

#endif
