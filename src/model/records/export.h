/*
 * Records as text that others apply: a zone file, octoDNS, Terraform (the
 * provider hashicorp/dns), nsupdate.  Nothing is sent to anybody.
 *
 * What others have to publish, what is optional and does harm when it is
 * wrong, and what is not in the zone that is written, stands there as a
 * comment.  All of it is ASCII, whatever the values hold.
 */
#ifndef MODEL_RECORDS_EXPORT_H
#define MODEL_RECORDS_EXPORT_H

#include "base/text.h"
#include "model/records/changes.h"

/* The order of record_format_names. */
enum record_format {
	RECORD_FORMAT_ZONE,
	RECORD_FORMAT_OCTODNS,
	RECORD_FORMAT_TERRAFORM,
	RECORD_FORMAT_NSUPDATE
};

extern const char *const record_format_names[];	/* ended by NULL */

#define RECORD_TTL 3600
#define RECORD_TTL_MAX 2147483647

struct record_export {
	enum record_format format;
	const char *zone;	/* only what is in it; NULL: all zones */
	int64_t ttl;		/* seconds */
	bool is_signed;		/* the zone of the server, by DNSSEC */
	bool changes;		/* record_export_change() will be called */
	const char *policy;	/* of MTA-STS, or NULL */
	struct text *text;	/* what is appended to */
	const char *comment;	/* how one begins; set by _begin() */
	struct records kept;	/* of octoDNS, until the end; its arena */
};

/*
 * Appends the head of the file, the records of the server or of a domain, and
 * what is still to come.  octoDNS needs a zone.
 */
void record_export_begin(struct record_export *x);
void record_export_add(struct record_export *x, const struct records *list);
void record_export_end(struct record_export *x);

/*
 * Instead of record_export_add(): what is to be done with DNS,
 * by RECORD_FORMAT_ZONE or _NSUPDATE.
 */
void record_export_change(struct record_export *x,
    const struct record_change *change);

/* Why the record is a comment; NULL: it is none. */
const char *record_export_aside(const struct record_export *x,
    const struct record *r);

/* The data of a record as in a zone file: a TXT in its strings. */
void record_export_data(struct text *t, const struct record *r);

#endif
