/*
 * TLS reports: the record that says where they go; RFC 8460.
 */
#ifndef MODEL_DNS_REPORTS_H
#define MODEL_DNS_REPORTS_H

#include "base/arena.h"
#include "base/words.h"

/* Behind "v=". */
#define REPORTS_VERSION "TLSRPTv1"

/*
 * NULL, or why the text is no such record.  The addresses are those of
 * rua=: of mailto: without that, others whole.
 */
const char *reports_record_parse(struct arena *a, const char *text,
    struct words *addresses);

#endif
