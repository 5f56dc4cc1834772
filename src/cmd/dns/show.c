/* mailadm dns show and export: the records that DNS needs. */
#include "cmd/dns/dns.h"

#include <string.h>

/* --- rows ------------------------------------------------------------ */

struct showing {
	struct session *session;
	int64_t ttl;
};

static bool
rows_print(void *arg, const struct records *list, struct err *e)
{
	struct showing *showing = arg;

	for (size_t i = 0; i < list->count; i++) {
		const struct record *r = &list->record[i];
		struct dns_row row = { r->domain, r->name, r->type, r->value,
		    r->need, r->why, showing->ttl };

		if (!dns_row_print(showing->session, &row, e))
			return false;
	}
	return true;
}

static bool
rows_show(struct session *s, const struct dns_args *args, struct err *e)
{
	struct showing showing = { s, dns_ttl(args) };
	struct dns_walk walk = { .session = s, .args = args,
	    .each = rows_print, .arg = &showing };

	return dns_walk_begin(&walk, e) && dns_rows_begin(s, false, e) &&
	    dns_walk(&walk, e) && out_end(&s->out, e);
}

/* --- text for others ------------------------------------------------- */

struct exporting {
	struct session *session;
	struct record_export export;
	struct text text;
};

static bool
text_out(struct exporting *x, struct err *e)
{
	bool ok = out_piece(&x->session->out, x->text.buf, x->text.len, e);

	text_cut(&x->text, 0);
	return ok;
}

static bool
export_each(void *arg, const struct records *list, struct err *e)
{
	struct exporting *x = arg;

	record_export_add(&x->export, list);
	return text_out(x, e);
}

static bool
export_walk(struct exporting *x, struct dns_walk *walk, struct err *e)
{
	record_export_begin(&x->export);
	if (!dns_walk(walk, e))
		return false;
	record_export_end(&x->export);
	return text_out(x, e);
}

static bool
export(struct session *s, const struct dns_args *args,
    enum record_format format, struct err *e)
{
	struct exporting x = { .session = s, .text = TEXT_INIT,
	    .export = { .format = format, .zone = args->zone_name,
		.ttl = dns_ttl(args), .kept.arena = &s->scratch } };
	struct dns_walk walk = { .session = s, .args = args,
	    .each = export_each, .arg = &x };
	bool ok;

	x.export.text = &x.text;
	if (!dns_walk_begin(&walk, e))
		return false;
	x.export.policy = walk.server.policy;
	x.export.is_signed = args->live && dns_is_signed(s, args, e);
	ok = e->code == ERR_NONE && export_walk(&x, &walk, e);
	text_clear(&x.text);
	return ok;
}

/* --- commands -------------------------------------------------------- */

static const struct arg show_arg[] = {
	DNS_DOMAINS,
	FLAG("--zone", dns_args, zone, "print a zone file"),
	DNS_DIFF,
	DNS_OPTIONS,
	{ 0 }
};

static bool
run_show(struct session *s, const void *args, struct err *e)
{
	const struct dns_args *a = args;

	if (a->diff)
		return a->zone ? dns_diff_text(s, a, RECORD_FORMAT_ZONE, e) :
		    dns_diff_rows(s, a, e);
	return a->zone ? export(s, a, RECORD_FORMAT_ZONE, e) :
	    rows_show(s, a, e);
}

static const struct arg_type arg_format_dns = {
	.metavar = "FORMAT", .choices = record_format_names,
	.choice = "format"
};

static const struct arg export_arg[] = {
	DNS_DOMAINS,
	OPTION("--format", arg_format_dns, dns_args, format,
	    "zone, octodns, terraform or nsupdate",
	    .flags = ARG_REQUIRED),
	DNS_DIFF,
	DNS_OPTIONS,
	{ 0 }
};

static enum record_format
format_of(const char *name)
{
	int i = 0;

	while (record_format_names[i + 1] != NULL &&
	    strcmp(record_format_names[i], name) != 0)
		i++;
	return (enum record_format)i;
}

static bool
run_export(struct session *s, const void *args, struct err *e)
{
	struct dns_args a = *(const struct dns_args *)args;
	enum record_format format = format_of(a.format);

	if (format == RECORD_FORMAT_OCTODNS && a.zone_name == NULL) {
		if (a.domains.count != 1) {
			err_set(e, ERR_USAGE, "octodns needs a zone");
			return err_hint(e, "give --zone-name ZONE, or one "
			    "domain");
		}
		a.zone_name = a.domains.word[0];
	}
	if (!a.diff)
		return export(s, &a, format, e);
	if (format == RECORD_FORMAT_OCTODNS ||
	    format == RECORD_FORMAT_TERRAFORM)
		return err_set(e, ERR_USAGE, "%s finds the changes itself: "
		    "--diff is for zone and nsupdate", a.format);
	return dns_diff_text(s, &a, format, e);
}

const struct cmd dns_cmds[] = {
	{ .name = "dns show", .brief = "show the records that DNS needs",
	    .detail =
	    "The records with which others take the mail of the server: its "
	    "addresses and their names, MX, SPF, DKIM, DMARC, and, by the "
	    "settings, those of MTA-STS, TLS reports and automatic "
	    "configuration; SRV records, with which mail programs find it, and "
	    "the TLSA records of its certificate. The records of the server "
	    "come first. --zone prints them as lines for a zone file. A value "
	    "of type TXT is otherwise in one piece and without quotes, as the "
	    "forms of most providers want it; the columns ttl, priority and "
	    "content are for such forms, too. DNS is not asked, but by --diff: "
	    "it shows only what is to be added, changed or removed. Records "
	    "are judged, not compared: an SPF record with other senders is "
	    "fine if this server passes it, and a stricter DMARC policy "
	    "stays. Status 1: DNS lacks something, or has it wrong; 8: "
	    "nothing is wrong in what could be asked.",
	    .example = "dns show example.com --zone",
	    ARGS(show_arg, dns_args), .columns = dns_shown_fields,
	    .flags = CMD_DB, .run = run_show },
	{ .name = "dns export", .brief = "write records for other programs",
	    .detail =
	    "The records of \"dns show\" as a zone file, as a source of "
	    "octoDNS, as resources of Terraform (provider hashicorp/dns), or "
	    "as commands of nsupdate and knsupdate. Nothing is sent: another "
	    "program applies the text. What others have to publish, what is "
	    "not in the zone of --zone-name, and what does harm unless it is "
	    "wanted (TLSA in a zone that is not signed, CAA), is a comment. "
	    "With --diff it is only what DNS lacks or has wrong; nsupdate "
	    "then deletes each wrong record by its value.",
	    .example = "dns export example.com --format nsupdate",
	    ARGS(export_arg, dns_args), .flags = CMD_DB, .run = run_export },
	{ 0 }
};
