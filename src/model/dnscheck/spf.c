/* SPF of a domain, evaluated as receivers do. */
#include <string.h>

#include "model/dnscheck/private.h"
#include "model/spf/spf.h"

/* "term of example.org", or the domain alone. */
static const char *
place(struct dnscheck *c, const struct spf_result *r)
{
	return r->term == NULL ? r->domain : arena_printf(c->arena,
	    "\"%s\" in the record of %s", r->term, r->domain);
}

/* --- the record ------------------------------------------------------ */

static void
weak_judge(struct dnscheck *c, const struct spf_record *r)
{
	const char *name = c->domain->name;
	const struct spf_term *last = NULL;

	for (size_t i = 0; i < r->count; i++) {
		if (r->term[i].kind == SPF_PTR)
			dnscheck_found(c, DNS_SPF_WEAK, name, "\"%s\" is "
			    "slow, and some receivers skip it",
			    r->term[i].text);
		if (r->term[i].kind == SPF_ALL && last == NULL)
			last = &r->term[i];
	}
	if (last == NULL && r->redirect == NULL)
		dnscheck_found(c, DNS_SPF_WEAK, name, "the record has no "
		    "\"all\" at its end");
	else if (last != NULL && strchr("+?", last->qualifier) != NULL)
		dnscheck_found(c, DNS_SPF_WEAK, name, "\"%s\" lets everybody "
		    "send", last->text);
}

/* True where the domain has one record that can be evaluated. */
static bool
record_judge(struct dnscheck *c)
{
	const char *name = c->domain->name, *text = NULL;
	const struct dns_answer *answer = dnscheck_look(c, DNS_SPF_MISSING,
	    name, DNS_TXT);
	struct spf_record record;
	size_t count = 0;

	if (answer == NULL)
		return false;
	for (size_t i = 0; i < answer->values.count; i++) {
		if (!spf_is_record(answer->values.word[i]))
			continue;
		text = answer->values.word[i];
		count++;
	}
	if (count == 0)
		dnscheck_found(c, DNS_SPF_MISSING, name, "no SPF record");
	else if (count > 1)
		dnscheck_found(c, DNS_SPF_TWO, name, "%zu SPF records",
		    count);
	else if (!spf_record_parse(c->arena, text, &record))
		dnscheck_found(c, DNS_SPF_WRONG, name, "\"%s\" %s",
		    record.wrong, record.why);
	else
		weak_judge(c, &record);
	if (count == 1 && record.wrong == NULL)
		dnscheck_fine(c, DNS_SPF_MISSING, name, "%s", text);
	return count == 1 && record.wrong == NULL;
}

/* --- evaluating ------------------------------------------------------ */

static struct spf_result
evaluate(struct dnscheck *c, const char *address, bool whole)
{
	const char *name = c->domain->name;
	struct spf_query query = { .address = address, .whole = whole,
		.helo = c->server->host,
		.sender = arena_printf(c->arena, "postmaster@%s", name) };
	struct spf_result r = spf_check(c->arena, c->asker, &query);

	if (r.state == SPF_PENDING)
		c->pending = true;
	else if (r.state == SPF_TEMPERROR)
		dnscheck_silent(c, whole ? DNS_SPF_WRONG : DNS_SPF_FAILS,
		    name);
	return r;
}

/* True where nothing is wrong in it. */
static bool
whole_judge(struct dnscheck *c)
{
	struct spf_result r = evaluate(c, c->addresses.word[0], true);

	if (r.state == SPF_PERMERROR)
		dnscheck_found(c, DNS_SPF_WRONG, c->domain->name, "%s %s",
		    place(c, &r), r.why);
	return r.state != SPF_PERMERROR;
}

static void
address_judge(struct dnscheck *c, const char *address, bool fine)
{
	struct spf_result r = evaluate(c, address, false);
	const char *name = c->domain->name;

	if (r.state == SPF_PENDING || r.state == SPF_TEMPERROR)
		return;
	if (r.state == SPF_PASS)
		dnscheck_fine(c, DNS_SPF_FAILS, name, "mail from %s passes, "
		    "by %s", address, place(c, &r));
	else if (r.state != SPF_PERMERROR)
		dnscheck_found(c, DNS_SPF_FAILS, name, "mail from %s gets "
		    "%s, by %s", address, spf_state_name(r.state), place(c,
		    &r));
	else if (fine)
		dnscheck_found(c, DNS_SPF_WRONG, name, "%s %s", place(c, &r),
		    r.why);
}

void
dnscheck_spf(struct dnscheck *c)
{
	bool fine;

	if (!record_judge(c) || c->addresses.count == 0)
		return;
	fine = whole_judge(c);
	for (size_t i = 0; i < c->addresses.count; i++)
		address_judge(c, c->addresses.word[i], fine);
}

/* --- the server's own name ------------------------------------------- */

void
dnscheck_helo(struct dnscheck *c)
{
	const char *host = c->server->host;

	for (size_t i = 0; i < c->addresses.count; i++) {
		struct spf_query query = { .address = c->addresses.word[i],
			.helo = host };
		struct spf_result r = spf_check(c->arena, c->asker, &query);

		if (r.state == SPF_PENDING)
			c->pending = true;
		else if (r.state == SPF_TEMPERROR)
			dnscheck_silent(c, DNS_SPF_HELO, host);
		else if (r.state == SPF_NONE)
			dnscheck_found(c, DNS_SPF_HELO, host, "%s has no SPF "
			    "record", host);
		else if (r.state != SPF_PASS)
			dnscheck_found(c, DNS_SPF_HELO, host, "bounces from "
			    "%s get %s, by %s", query.address,
			    spf_state_name(r.state), place(c, &r));
		else
			dnscheck_fine(c, DNS_SPF_HELO, host, "bounces from %s "
			    "pass, by %s", query.address, place(c, &r));
		if (r.state == SPF_NONE)
			return;
	}
}
