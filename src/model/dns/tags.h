/*
 * Lists of tags, "v=X; a=b; c=d": the form of the TXT records of DMARC,
 * MTA-STS and TLS reports.
 */
#ifndef MODEL_DNS_TAGS_H
#define MODEL_DNS_TAGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/words.h"

struct dns_tag {
	const char *name;
	const char *value;
};

struct dns_tags {
	struct dns_tag *tag;	/* in order */
	size_t count;
	bool twice;		/* a name stands there twice */
};

/*
 * NULL, or why the text is no list of tags; those that can be read are in it
 * all the same.  Blanks around a semicolon do not count, nor those around "="
 * where loose; the last semicolon may be left out.
 */
const char *dns_tags_parse(struct arena *a, const char *text, bool loose,
    struct dns_tags *tags);

/* NULL where it is missing. */
const char *dns_tags_find(const struct dns_tags *tags, const char *name);

/*
 * The text, whose tags these are, begins with "v=" and the version: a blank
 * before it makes it another record, which receivers do not read.
 */
bool dns_tags_have_version(const struct dns_tags *tags, const char *text,
    const char *version, bool loose);

/*
 * Of these TXT values the one that begins with "v=" and the version, with
 * blanks around "=" where loose.  *count is how many of them do; where none
 * does, or more than one, NULL.
 */
const char *dns_tags_select(const struct words *values, const char *version,
    bool loose, size_t *count);

/* --- addresses of reports -------------------------------------------- */

/*
 * NULL, or why the text is no list of URIs with commas.  The addresses of
 * those that begin with mailto: are added, decoded, without what stands
 * behind "?" and "!"; the others are added as they are.
 */
const char *dns_uris_parse(struct arena *a, const char *text,
    struct words *addresses);

#endif
