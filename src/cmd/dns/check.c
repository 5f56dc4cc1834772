/* mailadm dns check: is what DNS has about our mail right? */
#include <strings.h>

#include "base/sentence.h"
#include "cmd/check/check.h"
#include "cmd/dns/dns.h"
#include "model/dns/store.h"
#include "model/dnscheck/read.h"
#include "model/mail/domain.h"

/* So many domains are judged together: their answers are in memory. */
#define TOGETHER 200

struct dns_check_args {
	struct check_front front;
	struct words domains;
	const char *resolver;
	const char *anchor;
	bool blocklists;
	bool authoritative;
	bool show;
	int64_t timeout;	/* VALUE_UNSET: DNS_SECONDS */
};

#define STATE "dns-check.state"

static const struct checker checker = {
	.rules = dnscheck_rules, .fields = finding_fields, .state = STATE,
	.metrics = "mailadm_dns_check"
};

static const struct arg_type arg_seconds = {
	.metavar = "SECONDS", .min = 1, .max = 600
};

static const struct arg dns_check_arg[] = {
	ARGUMENT("DOMAIN", arg_domain, dns_check_args, domains,
	    "one domain or several; default: all that are enabled",
	    .flags = ARG_REPEAT),
	CHECK_FRONT_ARGS(dns_check_args, arg_dns_rule, arg_dns_ignore),
	OPTION("--resolver", arg_resolver, dns_check_args, resolver,
	    "the resolver to ask, ADDRESS or ADDRESS@PORT; default: the "
	    "setting resolver"),
	OPTION("--trust-anchor", arg_file, dns_check_args, anchor,
	    "the keys that DNSSEC begins with; default: " DNS_ROOT_KEY),
	FLAG("--blocklists", dns_check_args, blocklists,
	    "also ask public blocklists about the server's addresses"),
	FLAG("--authoritative", dns_check_args, authoritative,
	    "also ask each name server of a domain, and compare what they "
	    "say"),
	FLAG("--show", dns_check_args, show,
	    "print what is right, too, as \"ok\""),
	OPTION("--timeout", arg_seconds, dns_check_args, timeout,
	    "seconds that DNS has for each answer; default: 5"),
	CHECK_WATCH_ARGS(dns_check_args, STATE),
	{ 0 }
};

/* --- the run --------------------------------------------------------- */

struct checking {
	struct session *session;
	const struct dns_check_args *args;
	struct dnscheck_server server;
	struct finding_filter filter;
	struct findings findings;
	struct dnscheck check;
	struct arena page;		/* domains and answers */
	struct arena row;		/* of one judgement */
	struct dnscheck_domain domain[TOGETHER];
	size_t count;
	bool begun;			/* the server was judged */
};

static bool
gather(struct checking *c, struct dns_store *store, struct err *e)
{
	size_t asked, answered;

	if (!dnscheck_gather(&c->check, store, c->domain, c->count, e))
		return false;
	dns_store_count(store, &asked, &answered);
	return answered > 0 || err_set(e, ERR_IO, "DNS gives no answer to "
	    "any question");
}

static void
judge(struct checking *c)
{
	if (!c->begun)
		dnscheck_server(&c->check);
	c->begun = true;
	for (size_t i = 0; i < c->count; i++) {
		dnscheck_domain(&c->check, &c->domain[i]);
		arena_reset(&c->row);
	}
}

/* Asks and judges what was collected, and forgets it. */
static bool
page_check(struct checking *c, struct err *e)
{
	struct dns_args resolver = { .resolver = c->args->resolver };
	struct dns dns = dns_resolver(c->session, &resolver, &c->page);
	int64_t timeout = c->args->timeout;
	const char *anchor = c->args->anchor != NULL ? c->args->anchor :
	    DNS_ROOT_KEY;
	struct dns_store *store;
	struct dns_asker asker;
	bool ok;

	dns.seconds = timeout == VALUE_UNSET ? 0 : (unsigned)timeout;
	if (!dns_store_open(&dns, anchor, &store, e))
		return false;
	asker = dns_store_asker(store);
	c->check = (struct dnscheck){ .arena = &c->row, .kept = &c->page,
	    .asker = &asker, .server = &c->server,
	    .findings = &c->findings, .silent = c->check.silent,
	    .silent_name = c->check.silent_name };
	ok = gather(c, store, e) && dnscheck_fetch(&c->check, &dns,
	    c->domain, c->count, e) && dnscheck_compare(&c->check, &dns,
	    c->domain, c->count, e);
	if (ok)
		judge(c);
	dns_store_close(store);
	c->count = 0;
	arena_reset(&c->page);
	arena_reset(&c->row);
	return ok;
}

static bool
domain_take(struct checking *c, const char *name, struct err *e)
{
	struct mail mail = c->session->mail;

	mail.arena = &c->page;
	if (!dnscheck_domain_read(&mail, name,
	    dnscheck_asks_roles(&c->findings), &c->domain[c->count], e))
		return false;
	if (!c->domain[c->count].active) {
		out_note(&c->session->out, "%s is disabled: it needs no "
		    "records", name);
		return true;
	}
	c->count++;
	return c->count < TOGETHER || page_check(c, e);
}

static bool
one_of_all(void *arg, const void *row, struct err *e)
{
	const struct domain *domain = row;

	return !domain->active || domain_take(arg, domain->domain, e);
}

static bool
domains_take(struct checking *c, struct err *e)
{
	struct session *s = c->session;
	const struct words *names = &c->args->domains;
	struct list_filter all = { 0 };

	if (names->count == 0)
		return domain_list(&s->mail, &all, one_of_all, c, e);
	for (size_t i = 0; i < names->count; i++) {
		if (!domain_take(c, names->word[i], e))
			return false;
	}
	return true;
}

static bool
check(struct checking *c, struct err *e)
{
	struct session *s = c->session;
	struct report *report = &c->args->front.outcome->result.report;
	bool ok;

	findings_begin(&c->findings, dnscheck_rules, &s->scratch, &c->filter,
	    report);
	c->findings.shows = c->args->show;
	dnscheck_choose(&c->findings, &c->server);
	ok = domains_take(c, e) && ((c->begun && c->count == 0) ||
	    page_check(c, e));
	findings_end(&c->findings);
	findings_clear(&c->findings);
	arena_clear(&c->page);
	arena_clear(&c->row);
	return ok;
}

/* --- the command ----------------------------------------------------- */

/* A rule that is named, and would not be checked, must not look clean. */
static bool
rule_may(const struct dns_check_args *a, const char *rule, bool given,
    const char *option, struct err *e)
{
	const struct words *rules = &a->front.rules;

	for (size_t i = 0; i < rules->count && !given; i++) {
		if (strcasecmp(rules->word[i], rule) == 0)
			return err_set(e, ERR_USAGE, "the rule %s needs %s",
			    rule, option);
	}
	return true;
}

static bool
rules_may(const struct dns_check_args *a, struct err *e)
{
	return rule_may(a, "N041", a->authoritative, "--authoritative", e) &&
	    rule_may(a, "N043", a->blocklists, "--blocklists", e);
}

static bool
prepare_check(struct session *s, struct arena *memory, void *args,
    struct err *e)
{
	struct dns_check_args *a = args;

	if (a->show && (a->front.nagios || a->front.changes))
		return err_set(e, ERR_USAGE, "--show cannot be combined with "
		    "--nagios or --new");
	return rules_may(a, e) &&
	    check_front_begin(s, memory, &a->front, &checker, e);
}

static bool
find(void *arg, struct err *e)
{
	struct checking *c = arg;
	struct session *s = c->session;

	if (!check(c, e))
		return false;
	if (c->check.silent > 0 && !c->args->front.nagios)
		out_note(&s->out, "DNS gave no answer to %s, the first about "
		    "%s", sentence_number(&s->scratch,
		    (int64_t)c->check.silent, "question", "questions"),
		    c->check.silent_name);
	check_front_finished(s, &c->args->front);
	return true;
}

static bool
run_check(struct session *s, const void *args, struct err *e)
{
	struct checking *c = arena_alloc(&s->scratch, sizeof(*c));

	*c = (struct checking){ .session = s, .args = args };
	if (!check_front_filter(s, &c->args->front, s->settings.check_ignore,
	    &c->filter, e) || !dnscheck_server_read(&s->scratch, &s->settings,
	    &c->server, e))
		return false;
	c->server.blocklists = c->args->blocklists;
	c->server.authoritative = c->args->authoritative;
	return check_front_run(s, &c->args->front, &c->filter, find, c, e);
}

static void
conclude_check(struct session *s, const void *args, struct err *e)
{
	const struct dns_check_args *a = args;

	check_front_conclude(s, &a->front, &checker, e);
}

static bool
run_rules(struct session *s, const void *args, struct err *e)
{
	(void)args;
	return check_print_rules(s, dnscheck_rules, e);
}

const struct cmd dns_check_cmds[] = {
	{ .name = "dns check",
	    .brief = "find problems in what DNS has about the mail",
	    .detail =
	    "No output and status 0 if nothing is wrong, else status 1. Asks "
	    "DNS for the records of the server and of each domain, and judges "
	    "them as receivers do: MX, the addresses of the server and their "
	    "names, SPF with its limits, DKIM against the keys, DMARC, "
	    "MTA-STS, TLS reports, TLSA against the certificate, SRV, DNSSEC, "
	    "and whether postmaster and abuse are read. A question without an "
	    "answer is never a problem of the domain: its rule is named as "
	    "not checked. The policy of MTA-STS is fetched from the web "
	    "server of the domain. Each problem comes with what to do; \"dns "
	    "show\" has the records. \"dns rules\" lists the rules.",
	    .example = "dns check example.com",
	    ARGS(dns_check_arg, dns_check_args), .columns = finding_fields,
	    .flags = CMD_DB, .prepare = prepare_check, .run = run_check,
	    .conclude = conclude_check },
	{ .name = "dns rules", .brief = "list the rules of dns check",
	    .example = "dns rules",
	    .columns = rule_fields, .run = run_rules },
	{ 0 }
};
