/*
 * Records as lines of a zone file: RFC 1035, 5.  Names are whole, so that the
 * lines mean the same in any zone and after any $ORIGIN.
 */
#include <string.h>

#include "model/records/formats.h"

static void
begin(struct record_export *x)
{
	record_comment(x, "Records for mail, to be added to your zone.");
	if (x->zone != NULL)
		record_comment(x, "Zone: %s.", x->zone);
}

static void
line(struct record_export *x, const struct record *r)
{
	text_addf(x->text, "%s. %lld IN %s ", r->name, (long long)x->ttl,
	    r->type);
	if (strcmp(r->type, "TXT") == 0)
		text_add(x->text, "( ");
	record_export_data(x->text, r);
	text_add(x->text, strcmp(r->type, "TXT") == 0 ? " )\n" : "\n");
}

static void
add(struct record_export *x, const struct records *list)
{
	if (list->count == 0)
		return;
	text_add_char(x->text, '\n');
	record_comment(x, "--- %s", list->record[0].domain);
	for (size_t i = 0; i < list->count; i++) {
		const struct record *r = &list->record[i];
		const char *why = record_export_aside(x, r);

		if (why != NULL) {
			record_comment_aside(x, r, why);
			continue;
		}
		record_comment_why(x, r);
		line(x, r);
	}
}

/* What goes is a comment: a zone file has no word for that. */
static void
change(struct record_export *x, const struct record_change *c)
{
	const struct record *r = &c->record;
	const char *why = record_change_aside(x, c);

	text_add_char(x->text, '\n');
	record_comment_wrong(x, c);
	for (size_t i = 0; i < c->data.count; i++)
		record_comment(x, "REMOVE: %s. IN %s %s", r->name, r->type,
		    c->data.word[i]);
	if (c->action == RECORD_DROP)
		return;
	if (why != NULL) {
		record_comment_aside(x, r, why);
		return;
	}
	record_comment_why(x, r);
	line(x, r);
}

const struct record_writer record_zone_writer = {
	";", begin, add, change, NULL
};
