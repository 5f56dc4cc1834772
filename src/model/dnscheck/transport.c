/* How others reach this server safely: TLS reports, DANE, SRV. */
#include <string.h>

#include "model/dns/reports.h"
#include "model/dns/srv.h"
#include "model/dns/tags.h"
#include "model/dns/tlsa.h"
#include "model/dnscheck/private.h"

/* --- TLS reports ----------------------------------------------------- */

/*
 * The first that is meant to be one, though others do not see it.  A wildcard
 * of something else is none.
 */
static const char *
meant_for_reports(const struct words *values)
{
	for (size_t i = 0; i < values->count; i++) {
		if (strcasestr(values->word[i], "TLSRPT") != NULL ||
		    strcasestr(values->word[i], "rua=") != NULL)
			return values->word[i];
	}
	return NULL;
}

void
dnscheck_reports(struct dnscheck *c)
{
	const char *name = c->domain->name, *text, *why;
	const struct dns_answer *answer = dnscheck_look(c, DNS_REPORTS_WRONG,
	    arena_printf(c->arena, "_smtp._tls.%s", name), DNS_TXT);
	struct words addresses;
	size_t count;

	if (answer == NULL)
		return;
	text = dns_tags_select(&answer->values, REPORTS_VERSION, false,
	    &count);
	if (count > 1)
		dnscheck_found(c, DNS_REPORTS_WRONG, name, "%zu records "
		    "_smtp._tls.%s", count, name);
	if (count == 0)
		text = meant_for_reports(&answer->values);
	why = text == NULL ? NULL : reports_record_parse(c->arena, text,
	    &addresses);
	if (why != NULL)
		dnscheck_found(c, DNS_REPORTS_WRONG, name, "the record "
		    "_smtp._tls.%s %s", name, why);
	else if (count == 1)
		dnscheck_fine(c, DNS_REPORTS_WRONG, name, "reports go to %s",
		    addresses.word[0]);
}

/* --- TLSA ------------------------------------------------------------ */

/* What is known of all of them. */
struct tlsa_seen {
	bool usable;		/* others go by them */
	bool right;
	bool unreadable;	/* the certificate */
};

static void
tlsa_judge(struct dnscheck *c, const char *value, struct tlsa_seen *seen)
{
	const struct dnscheck_server *s = c->server;
	struct tlsa_record r;
	const char *why = tlsa_record_parse(c->arena, value, &r);
	enum tlsa_match match;

	if (why != NULL) {
		dnscheck_found(c, DNS_TLSA_UNUSED, s->host, "the record %s %s",
		    value, why);
		return;
	}
	match = s->certificate == NULL ? TLSA_UNREADABLE :
	    tlsa_match(&r, s->certificate, s->certificate_len);
	seen->usable = true;
	seen->right = seen->right || match == TLSA_MATCHES;
	seen->unreadable = match == TLSA_UNREADABLE;
}

void
dnscheck_tlsa(struct dnscheck *c)
{
	const char *host = c->server->host;
	const struct dns_answer *answer = dnscheck_look(c, DNS_TLSA_OTHER,
	    arena_printf(c->arena, "_25._tcp.%s", host), DNS_TLSA);
	struct tlsa_seen seen = { 0 };

	if (answer == NULL || answer->values.count == 0)
		return;
	for (size_t i = 0; i < answer->values.count; i++)
		tlsa_judge(c, answer->values.word[i], &seen);
	if (seen.unreadable)
		dnscheck_unchecked(c, DNS_NEEDS_TLSA, "the certificate cannot "
		    "be read");
	if (seen.right)
		dnscheck_fine(c, DNS_TLSA_OTHER, host, "a record _25._tcp.%s "
		    "matches the certificate", host);
	if (seen.usable && !seen.right && !seen.unreadable)
		dnscheck_found(c, DNS_TLSA_OTHER, host, "no record "
		    "_25._tcp.%s matches the certificate", host);
	if (!answer->secure && dnscheck_is_validated(c))
		dnscheck_found(c, DNS_TLSA_UNUSED, host, "the zone is not "
		    "signed: nobody uses the record _25._tcp.%s", host);
}

/* --- SRV ------------------------------------------------------------- */

/* True where the service has a record, or that is not known. */
static bool
service_judge(struct dnscheck *c, const char *service, unsigned port)
{
	const char *name = arena_printf(c->arena, "%s._tcp.%s", service,
	    c->domain->name), *why;
	const struct dns_answer *answer = dnscheck_look(c, DNS_SRV_OTHER,
	    name, DNS_SRV);

	if (answer == NULL)
		return true;
	why = srv_judge(c->arena, &answer->values, c->server->host, port);
	if (why != NULL)
		dnscheck_found(c, DNS_SRV_OTHER, c->domain->name, "%s %s",
		    name, why);
	else if (answer->values.count > 0)
		dnscheck_fine(c, DNS_SRV_OTHER, c->domain->name, "%s is right",
		    name);
	return answer->values.count > 0;
}

void
dnscheck_srv(struct dnscheck *c)
{
	static const char *const services[] = { "_imaps", "_submissions",
		"_submission" };
	bool some = false;

	for (size_t i = 0; i < sizeof(services) / sizeof(*services); i++)
		some = service_judge(c, services[i], srv_port(services[i])) ||
		    some;
	service_judge(c, "_pop3s", c->server->pop3 ? srv_port("_pop3s") : 0);
	if (!some)
		dnscheck_found(c, DNS_SRV_NONE, c->domain->name, "no record "
		    "_imaps._tcp, _submissions._tcp or _submission._tcp");
}
