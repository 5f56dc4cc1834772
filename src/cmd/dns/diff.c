/* mailadm dns show --diff: what DNS lacks, and what is wrong there. */
#include <string.h>

#include "cmd/dns/dns.h"
#include "model/records/changes.h"

/* Domains that are asked for at once, some 25 questions each. */
#define TOGETHER 40

/* Names that could not be asked are listed up to so many. */
#define UNKNOWN_MAX 10

static const char *const action_names[] = {
	[RECORD_ADD] = "add", [RECORD_CHANGE] = "change",
	[RECORD_DROP] = "remove"
};

/* One run. */
struct diffing {
	struct session *session;
	const struct dns_args *args;
	struct dns_walk walk;
	bool (*print)(struct diffing *d, const struct record_change *change,
	    struct err *e);
	struct record_export export;	/* of text */
	struct text text;
	size_t changes;
	size_t unknown;
};

/* --- one change ------------------------------------------------------ */

static const char *
joined(struct arena *a, const struct words *words)
{
	const char *text = words->count > 0 ? words->word[0] : NULL;

	for (size_t i = 1; i < words->count; i++)
		text = arena_printf(a, "%s | %s", text, words->word[i]);
	return text;
}

static bool
row_print(struct diffing *d, const struct record_change *c, struct err *e)
{
	struct arena a = { 0 };
	const struct record *r = &c->record;
	struct dns_row row = { r->domain, r->name, r->type,
	    c->action == RECORD_DROP ? NULL : r->value, r->need,
	    c->why != NULL ? c->why : r->why, dns_ttl(d->args),
	    action_names[c->action], joined(&a, &c->found) };
	bool ok = dns_row_print(d->session, &row, e);

	arena_clear(&a);
	return ok;
}

static bool
text_print(struct diffing *d, const struct record_change *c, struct err *e)
{
	bool ok;

	record_export_change(&d->export, c);
	ok = out_piece(&d->session->out, d->text.buf, d->text.len, e);
	text_cut(&d->text, 0);
	return ok;
}

/* --- a list of records ----------------------------------------------- */

static bool
change_take(struct diffing *d, const struct record_change *c, struct err *e)
{
	if (c->action == RECORD_FINE)
		return true;
	if (c->action != RECORD_UNKNOWN) {
		d->changes++;
		return d->print(d, c, e);
	}
	if (d->unknown++ < UNKNOWN_MAX)
		out_note(&d->session->out, "not known: %s %s: %s",
		    c->record.name, c->record.type, c->why != NULL ? c->why :
		    "nobody answers");
	return true;
}

/* Who gets no answer at all gets none to the next thousand questions. */
static bool
is_silent(const struct answers *answers, struct err *e)
{
	if (answers->known == 0 || answers->unknown < answers->known)
		return false;
	err_set(e, ERR_RETRY, "DNS could not be asked: nobody answers");
	err_hint(e, "--resolver ADDRESS asks another resolver");
	return true;
}

static bool
list_each(void *arg, const struct records *list, struct err *e)
{
	struct diffing *d = arg;
	struct arena page = { 0 };
	struct answers answers = { .arena = &page };
	struct dns dns = dns_resolver(d->session, d->args, &page);
	struct record_change *changes = arena_array(&page, list->count,
	    sizeof(*changes));
	bool ok = records_judge(&answers, &dns, &d->walk.server, list,
	    changes, e) && !is_silent(&answers, e);

	for (size_t i = 0; ok && i < list->count; i++)
		ok = change_take(d, &changes[i], e);
	answers_clear(&answers);
	arena_clear(&page);
	return ok;
}

/* --- the whole ------------------------------------------------------- */

static bool
conclude(struct diffing *d, struct err *e)
{
	struct session *s = d->session;

	if (d->unknown > UNKNOWN_MAX)
		out_note(&s->out, "not known: %zu more records",
		    d->unknown - UNKNOWN_MAX);
	if (d->changes > 0)
		return session_differs(s, "DNS lacks records, or has wrong "
		    "ones", e);
	if (d->unknown > 0)
		return err_set(e, ERR_RETRY, "DNS could not be asked for %zu "
		    "of the records", d->unknown);
	out_done(&s->out, "DNS has all records");
	return true;
}

static bool
diff_begin(struct diffing *d, struct err *e)
{
	d->walk = (struct dns_walk){ .session = d->session, .args = d->args,
	    .together = TOGETHER, .each = list_each, .arg = d };
	return dns_walk_begin(&d->walk, e);
}

bool
dns_diff_rows(struct session *s, const struct dns_args *args, struct err *e)
{
	struct diffing d = { .session = s, .args = args,
	    .print = row_print };

	return diff_begin(&d, e) && dns_rows_begin(s, true, e) &&
	    dns_walk(&d.walk, e) && out_end(&s->out, e) &&
	    conclude(&d, e);
}

static bool
text_walk(struct diffing *d, struct err *e)
{
	if (!diff_begin(d, e))
		return false;
	d->export.policy = d->walk.server.policy;
	record_export_begin(&d->export);
	return dns_walk(&d->walk, e) && out_piece(&d->session->out,
	    d->text.buf, d->text.len, e) && conclude(d, e);
}

bool
dns_diff_text(struct session *s, const struct dns_args *args,
    enum record_format format, struct err *e)
{
	struct diffing d = { .session = s, .args = args,
	    .print = text_print, .text = TEXT_INIT,
	    .export = { .format = format, .zone = args->zone_name,
		.ttl = dns_ttl(args), .changes = true } };
	bool ok;

	d.export.text = &d.text;
	ok = text_walk(&d, e);
	text_clear(&d.text);
	return ok;
}
