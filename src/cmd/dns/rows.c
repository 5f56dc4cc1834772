/* Records and changes as rows. */
#include <string.h>

#include "base/size.h"
#include "cmd/dns/dns.h"

#define ROW(member, type) FIELD(struct dns_row, member, type)
#define MORE(member, type) FIELD_MORE(struct dns_row, member, type)

const struct field dns_shown_fields[] = {
	ROW(domain, FIELD_ADDRESS), ROW(name, FIELD_TEXT),
	ROW(type, FIELD_TEXT), ROW(value, FIELD_TEXT),
	ROW(need, FIELD_TEXT), ROW(why, FIELD_TEXT),
	MORE(ttl, FIELD_NUMBER), MORE(priority, FIELD_NUMBER),
	MORE(content, FIELD_TEXT), MORE(action, FIELD_TEXT),
	MORE(found, FIELD_TEXT),
	{ 0 }
};

static const struct field changed[] = {
	ROW(domain, FIELD_ADDRESS), ROW(action, FIELD_TEXT),
	ROW(name, FIELD_TEXT), ROW(type, FIELD_TEXT),
	ROW(value, FIELD_TEXT), ROW(found, FIELD_TEXT),
	ROW(need, FIELD_TEXT), ROW(why, FIELD_TEXT),
	MORE(ttl, FIELD_NUMBER), MORE(priority, FIELD_NUMBER),
	MORE(content, FIELD_TEXT),
	{ 0 }
};

/* For people the name says whose a record is. */
static const struct field shown_table[] = {
	ROW(name, FIELD_TEXT), ROW(type, FIELD_TEXT),
	ROW(need, FIELD_TEXT), ROW(value, FIELD_TEXT),
	ROW(why, FIELD_TEXT),
	MORE(domain, FIELD_ADDRESS), MORE(ttl, FIELD_NUMBER),
	MORE(priority, FIELD_NUMBER), MORE(content, FIELD_TEXT),
	MORE(action, FIELD_TEXT), MORE(found, FIELD_TEXT),
	{ 0 }
};

static const struct field changed_table[] = {
	ROW(name, FIELD_TEXT), ROW(action, FIELD_TEXT),
	ROW(type, FIELD_TEXT), ROW(need, FIELD_TEXT),
	ROW(value, FIELD_TEXT), ROW(found, FIELD_TEXT),
	ROW(why, FIELD_TEXT),
	MORE(domain, FIELD_ADDRESS), MORE(ttl, FIELD_NUMBER),
	MORE(priority, FIELD_NUMBER), MORE(content, FIELD_TEXT),
	{ 0 }
};

bool
dns_rows_begin(struct session *s, bool changes, struct err *e)
{
	const struct field *fields = out_is_table(&s->out) ?
	    changes ? changed_table : shown_table :
	    changes ? changed : dns_shown_fields;

	return out_begin(&s->out, fields, OUT_LIST, e);
}

/* Forms of providers ask for the priority apart from the rest. */
static void
content_set(struct dns_row *row)
{
	size_t len;
	struct arena a = { 0 };

	row->content = row->value;
	row->priority = FIELD_NULL;
	if (row->value == NULL || (strcmp(row->type, "MX") != 0 &&
	    strcmp(row->type, "SRV") != 0))
		return;
	len = strcspn(row->value, " ");
	if (number_parse(arena_strndup(&a, row->value, len), &row->priority))
		row->content += len + 1;
	arena_clear(&a);
}

bool
dns_row_print(struct session *s, struct dns_row *row, struct err *e)
{
	content_set(row);
	return out_row(&s->out, row, e);
}

int64_t
dns_ttl(const struct dns_args *args)
{
	return args->ttl != VALUE_UNSET ? args->ttl : RECORD_TTL;
}
