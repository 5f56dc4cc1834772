/*
 * The data of a DNS record as it comes over the wire, as text.
 */
#ifndef MODEL_DNS_VALUE_H
#define MODEL_DNS_VALUE_H

#include <stddef.h>

#include "base/arena.h"
#include "model/dns/answer.h"

/* NULL where the bytes are no data of that type, or none that is shown. */
const char *dns_value_text(struct arena *a, enum dns_type type,
    const unsigned char *bytes, size_t len);

/* The strings of a TXT as in a zone file, where each of them counts. */
const char *dns_value_strings(struct arena *a, const unsigned char *bytes,
    size_t len);

#endif
