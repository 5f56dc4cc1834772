/* What the formats of records share. */
#include <string.h>

#include "base/ascii.h"
#include "model/dns/name.h"
#include "model/dns/txt.h"
#include "model/records/formats.h"

static bool
is_txt(const struct record *r)
{
	return strcmp(r->type, "TXT") == 0;
}

/* --- comments -------------------------------------------------------- */

void
record_comment(struct record_export *x, const char *fmt, ...)
{
	va_list ap;

	text_add(x->text, x->comment);
	text_add_char(x->text, ' ');
	va_start(ap, fmt);
	text_addv(x->text, fmt, ap);
	va_end(ap);
	text_add_char(x->text, '\n');
}

static void
comment_policy(struct record_export *x, const struct record *r)
{
	const char *line = x->policy, *end;

	record_comment(x, "https://mta-sts.%s/.well-known/mta-sts.txt:",
	    r->domain);
	for (; (end = strchr(line, '\n')) != NULL; line = end + 1)
		record_comment(x, "    %.*s", (int)(end - line), line);
}

void
record_comment_why(struct record_export *x, const struct record *r)
{
	record_comment(x, "%s: %s", r->need, r->why);
	if (r->kind == RECORD_STS && x->policy != NULL)
		comment_policy(x, r);
}

void
record_comment_wrong(struct record_export *x, const struct record_change *c)
{
	struct arena a = { 0 };

	if (c->why != NULL)
		record_comment(x, "%s %s %s", c->record.name, c->record.type,
		    record_escaped(&a, c->why));
	arena_clear(&a);
}

void
record_comment_aside(struct record_export *x, const struct record *r,
    const char *why)
{
	record_comment(x, "%s; %s", r->why, why);
	text_addf(x->text, "%s   %s. %lld IN %s ",
	    x->comment, r->name, (long long)x->ttl, r->type);
	record_export_data(x->text, r);
	text_add_char(x->text, '\n');
}

/* --- what is a comment ----------------------------------------------- */

const char *
record_export_aside(const struct record_export *x, const struct record *r)
{
	if (r->kind == RECORD_DKIM_OLD)
		return "to be removed";
	if (r->kind == RECORD_CAA)
		return "uncomment it if you want that";
	if (r->kind == RECORD_TLSA && !x->is_signed)
		return "uncomment it if the zone is signed";
	if (x->zone != NULL)
		return dns_name_is_in(r->name, x->zone) ? NULL :
		    "not in this zone";
	return r->foreign ? "not in a zone of yours" : NULL;
}

/* That the zone is signed is known where a TLSA record is missed. */
const char *
record_change_aside(const struct record_export *x,
    const struct record_change *c)
{
	if (x->zone != NULL && !dns_name_is_in(c->record.name, x->zone))
		return "not in this zone";
	return x->zone == NULL && c->record.foreign ?
	    "not in a zone of yours" : NULL;
}

/* --- values ---------------------------------------------------------- */

void
record_export_data(struct text *t, const struct record *r)
{
	if (is_txt(r))
		dns_txt_split(t, r->value);
	else
		text_add(t, r->value);
}

const char *
record_relative(struct arena *a, const char *name, const char *zone)
{
	size_t len = strlen(name), end = strlen(zone);

	return len == end ? "" : arena_strndup(a, name, len - end - 1);
}

const char *
record_escaped(struct arena *a, const char *value)
{
	struct text t = TEXT_INIT;
	const char *copy;

	dns_txt_quote(&t, value, strlen(value));
	copy = arena_strndup(a, t.buf + 1, t.len - 2);
	text_clear(&t);
	return copy;
}

bool
record_is_same_set(const struct record *a, const struct record *b)
{
	return strcmp(a->name, b->name) == 0 && strcmp(a->type, b->type) == 0;
}

struct words
record_words(struct arena *a, const char *value)
{
	struct words words = { 0 };

	while (*value != '\0') {
		size_t len = strcspn(value, BLANKS);

		words_add(a, &words, arena_strndup(a, value, len));
		value += len;
		value += strspn(value, BLANKS);
	}
	return words;
}
