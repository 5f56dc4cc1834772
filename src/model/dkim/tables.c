/* The tables of rspamd and OpenDKIM. */
#include "model/dkim/tables.h"

#include <string.h>

#include "base/nameset.h"

#define HEAD "# Written by `mailadm dkim sync`.\n"

static void
rspamd_add(struct text *t, const struct dkim_signer *s, size_t count)
{
	text_add(t, HEAD "domain {\n");
	for (size_t i = 0; i < count; i++) {
		bool first = i == 0 ||
		    strcmp(s[i - 1].domain, s[i].domain) != 0;
		bool last = i + 1 == count ||
		    strcmp(s[i + 1].domain, s[i].domain) != 0;

		if (first)
			text_addf(t, "    \"%s\" { selectors [\n",
			    s[i].domain);
		text_addf(t, "        { selector = \"%s\"; path = \""
		    DKIM_DIRECTORY "/keys/%s.%s.key\"; },\n", s[i].selector,
		    s[i].domain, s[i].selector);
		if (last)
			text_add(t, "    ] }\n");
	}
	text_add(t, "}\n");
}

static void
opendkim_add(struct dkim_tables *tables, const struct dkim_signer *s,
    size_t count)
{
	struct text *keys = &tables->table[0].text;
	struct text *senders = &tables->table[1].text;

	text_add(keys, HEAD);
	text_add(senders, HEAD);
	for (size_t i = 0; i < count; i++) {
		text_addf(keys, "%s.%s %s:%s:" DKIM_DIRECTORY
		    "/keys/%s.%s.key\n", s[i].selector, s[i].domain,
		    s[i].domain, s[i].selector, s[i].domain, s[i].selector);
		text_addf(senders, "*@%s %s.%s\n", s[i].domain,
		    s[i].selector, s[i].domain);
	}
}

void
dkim_tables_make(struct dkim_tables *tables, const char *filter,
    const struct dkim_signer *signers, size_t count)
{
	*tables = (struct dkim_tables){ .table = { { .text = TEXT_INIT },
	    { .text = TEXT_INIT } }, .count = 1,
	    .joined = { .text = TEXT_INIT } };
	tables->table[0].shown = tables->table[1].shown = true;
	if (strcmp(filter, "rspamd") == 0) {
		tables->table[0].name = "rspamd.conf";
		tables->table[0].public = true;
		rspamd_add(&tables->table[0].text, signers, count);
		return;
	}
	tables->count = 2;
	tables->table[0].name = tables->joined.name = "KeyTable";
	tables->table[1].name = "SigningTable";
	opendkim_add(tables, signers, count);
}

static void
lines_add(struct dkim_tables *tables, const struct nameset *new,
    const struct text *old)
{
	struct text *joined = &tables->joined.text;
	const char *p = old->buf;

	while (*p != '\0') {
		size_t len = strcspn(p, "\n");

		if (p[len] == '\n' && nameset_find(new, p, len) == NAME_NONE) {
			if (joined->len == 0)
				text_add(joined, tables->table[0].text.buf);
			text_add_bytes(joined, p, len + 1);
		}
		p += len + (p[len] == '\n');
	}
}

void
dkim_tables_join(struct dkim_tables *tables, const struct text *old)
{
	const char *p = tables->table[0].text.buf;
	struct nameset new = { 0 };

	while (*p != '\0') {
		size_t len = strcspn(p, "\n");

		nameset_add(&new, p, len);
		p += len + (p[len] == '\n');
	}
	lines_add(tables, &new, old);
	nameset_clear(&new);
}

void
dkim_tables_clear(struct dkim_tables *tables)
{
	text_clear(&tables->table[0].text);
	text_clear(&tables->table[1].text);
	text_clear(&tables->joined.text);
}
