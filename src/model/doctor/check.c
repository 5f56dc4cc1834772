/* The doctor calls the two checkers, and counts what they find. */
#include <inttypes.h>

#include "base/sentence.h"
#include "model/dns/store.h"
#include "model/dnscheck/read.h"
#include "model/doctor/private.h"
#include "model/mail/domain.h"

/* More domains are not looked at here: "dns check" has the time. */
#define DOMAINS_MOST 100

struct verdict
report_judge(struct arena *a, const struct report *r, const char *command)
{
	int64_t errors = r->found[SEVERITY_ERROR];
	const struct finding *first = r->finding;

	if (errors > 0)
		return (struct verdict){ DOCTOR_WRONG, arena_printf(a,
		    "\"%s\" finds %s; %s: %s", command, sentence_number(a,
		    errors, "error", "errors"), first->rule, first->text),
		    errors == 1 ? first->advice : NULL };
	/* An account has not every right; but most is to be seen. */
	if (r->unchecked.count > 0)
		return (struct verdict){ r->unchecked.count <
		    r->checked_count ? DOCTOR_OK : DOCTOR_UNKNOWN,
		    arena_printf(a,
		    "\"%s\" finds no errors, but could not check %s: %s",
		    command, sentence_number(a, (int64_t)r->unchecked.count,
		    "rule", "rules"), r->unchecked_why), NULL };
	return (struct verdict){ DOCTOR_OK, arena_printf(a,
	    "\"%s\" finds no errors", command), NULL };
}

void
doctor_check(struct doctor *d)
{
	struct check_options options = d->options->check;
	struct check_result result = { 0 };
	struct err e = { 0 };

	options.filter.severity = SEVERITY_ERROR;
	if (check_run(d->mail, &options, &result, &e))
		doctor_add(d, report_judge(d->arena, &result.report,
		    "check"));
	else
		doctor_say(d, DOCTOR_UNKNOWN, "mailadm check", "%s", e.text);
	err_clear(&e);
}

/* Each account of the servers waits for a database that hangs. */
void
doctor_config(struct doctor *d)
{
	struct verify_options options = d->options->verify;
	struct report report;
	struct err e = { 0 };

	options.filter.severity = SEVERITY_ERROR;
	options.timeout = d->database ? doctor_seconds(d) : 1;
	options.stop = &d->stop;
	options.mail = d->database ? d->mail : NULL;
	options.mail_why = "the database cannot be asked";
	options.secret = d->options->dkim_secret;
	if (verify_run(d->arena, &options, &report, &e))
		doctor_add(d, report_judge(d->arena, &report,
		    "config verify"));
	else
		doctor_say(d, DOCTOR_UNKNOWN, "mailadm config verify", "%s",
		    e.text);
	err_clear(&e);
}

/* --- DNS --------------------------------------------------------------- */

struct domains {
	struct mail mail;
	struct dnscheck_domain domain[DOMAINS_MOST];
	size_t count;
	size_t more;
};

static bool
domain_take(void *arg, const void *row, struct err *e)
{
	const struct domain *domain = row;
	struct domains *all = arg;

	if (!domain->active)
		return true;
	if (all->count == DOMAINS_MOST) {
		all->more++;
		return true;
	}
	/* That nobody reads postmaster is no error, which alone is counted. */
	return dnscheck_domain_read(&all->mail, domain->domain, false,
	    &all->domain[all->count], e) && ++all->count > 0;
}

/* Asks, and then judges by what is known; fills the asker that c has. */
static bool
dns_check(struct dnscheck *c, struct dns_asker *asker, const struct dns *dns,
    struct domains *all, struct err *e)
{
	struct dns_store *store;
	bool ok;

	if (!dns_store_open(dns, DNS_ROOT_KEY, &store, e))
		return false;
	*asker = dns_store_asker(store);
	ok = dnscheck_gather(c, store, all->domain, all->count, e) &&
	    dnscheck_fetch(c, dns, all->domain, all->count, e);
	if (ok)
		dnscheck_server(c);
	for (size_t i = 0; ok && i < all->count; i++)
		dnscheck_domain(c, &all->domain[i]);
	dns_store_close(store);
	return ok;
}

static bool
dns_report(struct doctor *d, struct domains *all, struct report *report,
    struct err *e)
{
	const struct finding_filter filter = { .severity = SEVERITY_ERROR,
	    .ignore = d->options->check.filter.ignore };
	const struct dns dns = { .arena = d->arena,
	    .resolver = d->options->settings->resolver,
	    .interrupted = d->options->interrupted, .arg = d->options->arg };
	struct dnscheck_server server;
	struct findings findings;
	struct dns_asker asker;
	struct arena row = { 0 };
	struct dnscheck c = { .arena = &row, .kept = d->arena,
	    .asker = &asker,
	    .server = &server, .findings = &findings };
	bool ok;

	if (!dnscheck_server_read(d->arena, d->options->settings, &server,
	    e))
		return false;
	findings_begin(&findings, dnscheck_rules, d->arena, &filter, report);
	dnscheck_choose(&findings, &server);
	ok = dns_check(&c, &asker, &dns, all, e);
	findings_end(&findings);
	findings_clear(&findings);
	arena_clear(&row);
	return ok;
}

void
doctor_dns(struct doctor *d)
{
	struct domains *all = arena_alloc(d->arena, sizeof(*all));
	const struct list_filter every = { 0 };
	struct report report = { 0 };
	struct err e = { 0 };

	all->mail = *d->mail;
	all->mail.arena = d->arena;
	if (d->unresolved)
		doctor_say(d, DOCTOR_SKIPPED, NULL, "the resolver does not "
		    "work");
	else if (d->options->settings->hostname == NULL)
		doctor_say(d, DOCTOR_SKIPPED, NULL, "the setting hostname is "
		    "not set");
	else if (domain_list(d->mail, &every, domain_take, all, &e) &&
	    dns_report(d, all, &report, &e))
		doctor_add(d, report_judge(d->arena, &report, "dns check"));
	else
		doctor_say(d, DOCTOR_UNKNOWN, "mailadm dns check", "%s",
		    e.text);
	if (all->more > 0)
		doctor_say(d, DOCTOR_SKIPPED, "mailadm dns check", "the DNS "
		    "of %zu more domains was not asked", all->more);
	err_clear(&e);
}
