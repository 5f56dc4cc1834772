/* What the files of records share. */
#ifndef MODEL_RECORDS_PRIVATE_H
#define MODEL_RECORDS_PRIVATE_H

#include "model/records/records.h"

/* Adds one; its texts are not copied. */
struct record *records_add(struct records *list, const struct record *record);

/* "mx.example.org." */
const char *records_absolute(struct arena *a, const char *name);

/* Texts of TXT records that are the same for all domains. */
const char *records_tls_reports(struct arena *a,
    const struct records_server *server);
const char *records_dmarc(struct arena *a,
    const struct records_server *server);

/* "~all" or "-all" */
const char *records_spf_all(const struct settings *s);

#endif
