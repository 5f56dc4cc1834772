/*
 * Records as resources of Terraform, for the provider hashicorp/dns, which
 * sends updates of RFC 2136 to any name server.
 *
 * A resource owns all values of its name and type.  For the TXT of a domain,
 * its MX and the addresses of the server that may be more than ours: a
 * comment says so.
 */
#include <string.h>

#include "model/records/formats.h"

/* --- the language ---------------------------------------------------- */

/* A string; "${" and "%{" would begin an expression. */
static void
add_string(struct text *t, const char *value)
{
	text_add_char(t, '"');
	for (; *value != '\0'; value++) {
		unsigned char c = (unsigned char)*value;

		if (c < ' ' || c > '~') {
			text_addf(t, "\\u%04X", c);
			continue;
		}
		if (c == '"' || c == '\\')
			text_add_char(t, '\\');
		if ((c == '$' || c == '%') && value[1] == '{')
			text_add_char(t, *value);
		text_add_char(t, *value);
	}
	text_add_char(t, '"');
}

static void
argument(struct record_export *x, const char *name, const char *value)
{
	text_addf(x->text, "  %-4s = ", name);
	add_string(x->text, value);
	text_add_char(x->text, '\n');
}

/* A name of letters, digits, - and _: no label of ours ends in _. */
static void
add_label(struct text *t, const struct record *r)
{
	text_add(t, "\"mail_");
	for (const char *p = r->name; *p != '\0'; p++)
		text_add(t, *p == '.' ? "__" : (const char[2]){ *p });
	text_add_char(t, '"');
}

/* --- values ---------------------------------------------------------- */

/* A set of strings: addresses, texts. */
static void
add_set(struct record_export *x, const char *name, const struct record *r,
    size_t count)
{
	struct arena a = { 0 };

	text_addf(x->text, "  %s = [", name);
	for (size_t i = 0; i < count; i++) {
		text_add(x->text, i > 0 ? ", " : "");
		add_string(x->text, strcmp(r->type, "TXT") == 0 ?
		    record_escaped(&a, r[i].value) : r[i].value);
	}
	text_add(x->text, "]\n");
	arena_clear(&a);
}

static void
add_blocks(struct record_export *x, const char *block,
    const char *const *names, const struct record *r, size_t count)
{
	struct arena a = { 0 };

	for (size_t i = 0; i < count; i++) {
		struct words w = record_words(&a, r[i].value);

		text_addf(x->text, "  %s {\n", block);
		for (size_t n = 0; n < w.count; n++) {
			text_addf(x->text, "    %s = ", names[n]);
			if (n + 1 < w.count)
				text_add(x->text, w.word[n]);
			else
				add_string(x->text, w.word[n]);
			text_add_char(x->text, '\n');
		}
		text_add(x->text, "  }\n");
	}
	arena_clear(&a);
}

static void
add_mx(struct record_export *x, const char *name, const struct record *r,
    size_t count)
{
	static const char *const names[] = { "preference", "exchange" };

	add_blocks(x, name, names, r, count);
}

static void
add_srv(struct record_export *x, const char *name, const struct record *r,
    size_t count)
{
	static const char *const names[] = {
		"priority", "weight", "port", "target"
	};

	add_blocks(x, name, names, r, count);
}

static void
add_one(struct record_export *x, const char *name, const struct record *r,
    size_t count)
{
	(void)count;
	argument(x, name, r->value);
}

/* The types that the provider has. */
static const struct resource {
	const char *type;
	const char *resource;
	const char *name;	/* of the argument, or of the block */
	void (*add)(struct record_export *x, const char *name,
	    const struct record *r, size_t count);
} resources[] = {
	{ "A", "dns_a_record_set", "addresses", add_set },
	{ "AAAA", "dns_aaaa_record_set", "addresses", add_set },
	{ "PTR", "dns_ptr_record", "ptr", add_one },
	{ "TXT", "dns_txt_record_set", "txt", add_set },
	{ "MX", "dns_mx_record_set", "mx", add_mx },
	{ "SRV", "dns_srv_record_set", "srv", add_srv },
	{ "CNAME", "dns_cname_record", "cname", add_one },
	{ 0 }
};

/* --- resources ------------------------------------------------------- */

/* Without a zone that is given: of its domain, or what is above a server. */
static const char *
zone_of(const struct record_export *x, const struct record *r)
{
	const char *dot;

	if (x->zone != NULL)
		return x->zone;
	if (r->kind == RECORD_CONSENT)
		return strstr(r->name, "._report._dmarc.") +
		    strlen("._report._dmarc.");
	if (r->kind != RECORD_ADDRESS && r->kind != RECORD_HELO &&
	    r->kind != RECORD_TLSA && r->kind != RECORD_POINTER)
		return r->domain;
	dot = strchr(r->domain, '.');
	return dot != NULL ? dot + 1 : r->domain;
}

static bool
may_be_shared(enum record_kind kind)
{
	return kind == RECORD_ADDRESS || kind == RECORD_MX ||
	    kind == RECORD_SPF || kind == RECORD_HELO;
}

static void
add_resource(struct record_export *x, const struct resource *resource,
    const struct record *r, size_t count)
{
	const char *zone = zone_of(x, r), *below;
	struct arena a = { 0 };

	record_comment_why(x, r);
	if (may_be_shared(r->kind))
		record_comment(x, "It owns all %s of the name: add the "
		    "others that you have.", r->type);
	text_addf(x->text, "resource \"%s\" ", resource->resource);
	add_label(x->text, r);
	text_add(x->text, " {\n");
	argument(x, "zone", records_absolute(&a, zone));
	below = record_relative(&a, r->name, zone);
	if (*below != '\0')
		argument(x, "name", below);
	text_addf(x->text, "  %-4s = %lld\n", "ttl", (long long)x->ttl);
	resource->add(x, resource->name, r, count);
	text_add(x->text, "}\n\n");
	arena_clear(&a);
}

static void
begin(struct record_export *x)
{
	record_comment(x, "Records for mail, for the provider hashicorp/dns.");
	text_add_char(x->text, '\n');
}

static void
add(struct record_export *x, const struct records *list)
{
	size_t count;

	for (size_t i = 0; i < list->count; i += count) {
		const struct record *r = &list->record[i];
		const struct resource *res = resources;
		const char *why = record_export_aside(x, r);

		while (res->type != NULL && strcmp(res->type, r->type) != 0)
			res++;
		if (why == NULL && res->type == NULL)
			why = "the provider has no such type";
		count = 1;
		while (why == NULL && i + count < list->count &&
		    record_is_same_set(r, r + count))
			count++;
		if (why != NULL)
			record_comment_aside(x, r, why);
		else
			add_resource(x, res, r, count);
	}
}

const struct record_writer record_terraform_writer = {
	"#", begin, add, NULL, NULL
};
