/*
 * What the commands of DKIM keys share.
 */
#ifndef CMD_DKIM_DKIM_H
#define CMD_DKIM_DKIM_H

#include "cmd/run/list.h"
#include "model/dkim/dkim.h"
#include "model/dkim/rotate.h"
#include "model/dns/ask.h"

extern const struct arg_type arg_selector, arg_selector_used, arg_algorithm;

/* A record that is to be in DNS, or to go from there. */
extern const struct field dkim_record_fields[];

/* Prints the record of a key, after out_begin() with these fields. */
bool dkim_record_print(struct session *s, const struct dkim_row *key,
    struct err *e);

/* "20261129r of example.com" */
const char *dkim_key_name(struct session *s, const struct dkim_row *key);

/* Asks the resolver of the settings, until Ctrl-C. */
struct dns dkim_dns(struct session *s);

/* The secret of the settings. */
bool dkim_secret_get(struct session *s, struct arena *a,
    struct dkim_secret *secret, struct err *e);

#endif
