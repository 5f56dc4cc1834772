/*
 * Records as lines for nsupdate of BIND and knsupdate: RFC 2136.
 *
 * Where only one record of ours can have the name, the old one goes in the
 * same update.  Where others may have records of the type (a TXT of the
 * domain, another MX) none is deleted: what is wrong there, "--diff" knows.
 * Each zone needs an update of its own, so each domain has one.
 */
#include <string.h>

#include "model/dns/name.h"
#include "model/records/formats.h"

static bool
is_ours_alone(enum record_kind kind)
{
	switch (kind) {
	case RECORD_TLSA:
	case RECORD_TLS_REPORTS:
	case RECORD_DKIM:
	case RECORD_DKIM_OLD:
	case RECORD_DMARC:
	case RECORD_STS:
	case RECORD_STS_HOST:
	case RECORD_SRV:
	case RECORD_AUTOCONFIG:
		return true;
	default:
		return false;
	}
}

static void
begin(struct record_export *x)
{
	record_comment(x, "Updates of DNS for mail; add the server and the "
	    "key that your name server wants.");
	if (!x->changes)
		record_comment(x, "An SPF record, MX or address that exists is "
		    "not replaced: dns export --diff does that.");
}

static void
update_delete(struct record_export *x, const struct record *r)
{
	text_addf(x->text, "update delete %s. %s\n", r->name, r->type);
}

static void
update_add(struct record_export *x, const struct record *r)
{
	text_addf(x->text, "update add %s. %lld %s ", r->name,
	    (long long)x->ttl, r->type);
	record_export_data(x->text, r);
	text_add_char(x->text, '\n');
}

/* True when another zone than that of the one before is likely. */
static bool
begins_update(const struct records *list, size_t i)
{
	enum record_kind kind = list->record[i].kind;

	return i > 0 && (kind == RECORD_CONSENT || kind == RECORD_POINTER ||
	    list->record[i - 1].kind == RECORD_CONSENT ||
	    list->record[i - 1].kind == RECORD_POINTER);
}

static void
update(struct record_export *x, const struct records *list, size_t i)
{
	const struct record *r = &list->record[i];

	if (is_ours_alone(r->kind) &&
	    (i == 0 || !record_is_same_set(r, r - 1)))
		update_delete(x, r);
	if (r->kind != RECORD_DKIM_OLD)
		update_add(x, r);
}

static bool
is_left_out(const struct record_export *x, const struct record *r)
{
	if (r->kind == RECORD_DKIM_OLD)
		return x->zone != NULL && !dns_name_is_in(r->name, x->zone);
	return record_export_aside(x, r) != NULL;
}

static void
send(struct record_export *x, bool *open)
{
	if (*open)
		text_add(x->text, "send\n");
	*open = false;
}

static void
add(struct record_export *x, const struct records *list)
{
	bool open = false;

	for (size_t i = 0; i < list->count; i++) {
		const struct record *r = &list->record[i];

		if (begins_update(list, i))
			send(x, &open);
		if (is_left_out(x, r)) {
			record_comment_aside(x, r, record_export_aside(x, r));
			continue;
		}
		if (!open && x->zone != NULL)
			text_addf(x->text, "zone %s.\n", x->zone);
		open = true;
		record_comment_why(x, r);
		update(x, list, i);
	}
	send(x, &open);
}

/* Each in an update of its own: whatever zone it belongs to. */
static void
change(struct record_export *x, const struct record_change *c)
{
	const struct record *r = &c->record;
	const char *why = record_change_aside(x, c);

	record_comment_wrong(x, c);
	if (why != NULL) {
		record_comment_aside(x, r, why);
		return;
	}
	record_comment_why(x, r);
	if (x->zone != NULL)
		text_addf(x->text, "zone %s.\n", x->zone);
	for (size_t i = 0; i < c->data.count; i++)
		text_addf(x->text, "update delete %s. %s %s\n", r->name,
		    r->type, c->data.word[i]);
	if (c->action != RECORD_DROP)
		update_add(x, r);
	text_add(x->text, "send\n");
}

const struct record_writer record_nsupdate_writer = {
	";", begin, add, change, NULL
};
