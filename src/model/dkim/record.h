/*
 * The record of a DKIM key in DNS: written, and compared with an answer.
 */
#ifndef MODEL_DKIM_RECORD_H
#define MODEL_DKIM_RECORD_H

#include "base/arena.h"
#include "base/words.h"
#include "db/rows.h"

/* The parts of a tag list that count for a key; RFC 6376, 3.6.1. */
struct dkim_record {
	const char *version;	/* NULL where a tag is missing */
	const char *algorithm;
	const char *public_key;	/* without blanks */
	const char *services;
	const char *hashes;
	const char *flags;
};

/* SELECTOR._domainkey.DOMAIN */
const char *dkim_record_name(struct arena *a, const struct dkim_row *key);

/* "v=DKIM1; k=rsa; p=..."; of a retired key without the public key. */
const char *dkim_record_text(struct arena *a, const struct dkim_row *key);

/* "required" or "remove", and why, by the state of the key. */
const char *dkim_record_need(const struct dkim_row *key);
const char *dkim_record_why(const struct dkim_row *key);

/* The line of a zone file, in strings of at most 255 bytes. */
const char *dkim_record_zone(struct arena *a, const struct dkim_row *key);

/* NULL, or why the text is no record of a key. */
const char *dkim_record_parse(struct arena *a, const char *text,
    struct dkim_record *record);

/* What dkim_record_judge() says of two faults that are no wrong text. */
#define DKIM_WHY_OTHER "has another public key"
#define DKIM_WHY_TESTING "has t=y: receivers take the mail for unsigned"

/*
 * NULL when these TXT values let everybody verify what the key signs, or why
 * they do not: "has no record", "has another public key".
 */
const char *dkim_record_judge(struct arena *a, const struct words *values,
    const struct dkim_row *key);

#endif
