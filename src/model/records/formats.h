/* The formats, one file each, and what they share. */
#ifndef MODEL_RECORDS_FORMATS_H
#define MODEL_RECORDS_FORMATS_H

#include "model/records/export.h"
#include "model/records/private.h"

struct record_writer {
	const char *comment;	/* how a line of comment begins */
	void (*begin)(struct record_export *x);
	void (*add)(struct record_export *x, const struct records *list);
	void (*change)(struct record_export *x,
	    const struct record_change *change);	/* or NULL */
	void (*end)(struct record_export *x);		/* or NULL */
};

extern const struct record_writer record_zone_writer, record_octodns_writer,
    record_terraform_writer, record_nsupdate_writer;

/* A line of comment. */
void record_comment(struct record_export *x, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* "required: why" as a comment, and the policy where it belongs. */
void record_comment_why(struct record_export *x, const struct record *r);

/* What is wrong in DNS, which may quote what DNS holds: in one line. */
void record_comment_wrong(struct record_export *x,
    const struct record_change *change);

/* The record as in a zone file, as a comment with the reason. */
void record_comment_aside(struct record_export *x, const struct record *r,
    const char *why);

/* Why the change is a comment; NULL: it is none. */
const char *record_change_aside(const struct record_export *x,
    const struct record_change *change);

/* Its name below the zone, "" for the zone itself. */
const char *record_relative(struct arena *a, const char *name,
    const char *zone);

/* A TXT as in a zone file, but in one piece and without the quotes. */
const char *record_escaped(struct arena *a, const char *value);

/* True for a name and type that stands once for several values. */
bool record_is_same_set(const struct record *a, const struct record *b);

/* The words of a value: "10", "mx.example.org." */
struct words record_words(struct arena *a, const char *value);

#endif
