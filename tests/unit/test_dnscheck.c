/*
 * The rules of "dns check": a good world, and faults that are planted in it,
 * each of which is found by its rules and by no other.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/field.h"
#include "base/text.h"
#include "model/dns/name.h"
#include "model/dnscheck/dnscheck.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define DAY 86400
#define NOW (1000 * DAY)

#define CERTIFICATE \
"-----BEGIN CERTIFICATE-----\n" \
"MIIBdDCCARmgAwIBAgIUWKcuLXIfm3g5APoB3onACi61qa0wCgYIKoZIzj0EAwIw\n" \
"DzENMAsGA1UEAwwEbGVhZjAeFw0yNjExMjkwOTA5MTZaFw0zNjExMjYwOTA5MTZa\n" \
"MA8xDTALBgNVBAMMBGxlYWYwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATvW/94\n" \
"sVob8MPydbNC7NJVTwvNPrsp5MGPnIAjRW+rDqmqPZHjUp1Slo7bVwakLRkEjo0t\n" \
"d8FkmID3b9sam/JGo1MwUTAdBgNVHQ4EFgQUn3+Qfoa67/lnbi7AyIFgEsMSqLIw\n" \
"HwYDVR0jBBgwFoAUn3+Qfoa67/lnbi7AyIFgEsMSqLIwDwYDVR0TAQH/BAUwAwEB\n" \
"/zAKBggqhkjOPQQDAgNJADBGAiEAw3ycw0o+w494ZqiULcqYE6pPztGzoNQnnMuU\n" \
"+E7NH5cCIQCbM9J8g4Q00saasir7Cv77jJ5CdPO0GO4wnvA3pJP8Cw==\n" \
"-----END CERTIFICATE-----\n"
#define TLSA "ead935997a5adfdcf701023b94d4b9216f355d98e33138b3a5758abc5493dd86"
#define P "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
#define POLICY "version: STSv1\nmode: enforce\nmx: mail.example.org\n" \
	"max_age: 604800\n"

/* --- the good world -------------------------------------------------- */

static const char *const good[] = {
	". NS a.root",
	"example.org SOA -",
	"example.org MX 10 mail.example.org",
	"mail.example.org A 203.0.113.25",
	"mail.example.org AAAA 2001:db8::25",
	"25.113.0.203.in-addr.arpa PTR mail.example.org",
	"5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2."
	    "ip6.arpa PTR mail.example.org",
	"mail.example.org TXT v=spf1 a -all",
	"_25._tcp.mail.example.org TLSA 3 1 1 " TLSA,
	"example.org TXT v=spf1 mx -all",
	"example.org TXT some-site-verification=1234",
	"s1._domainkey.example.org TXT v=DKIM1; k=ed25519; p=" P,
	"_dmarc.example.org TXT v=DMARC1; p=reject; rua=mailto:d@example.org",
	"_mta-sts.example.org TXT v=STSv1; id=1",
	"mta-sts.example.org A 203.0.113.80",
	"_smtp._tls.example.org TXT v=TLSRPTv1; rua=mailto:t@example.org",
	"_imaps._tcp.example.org SRV 0 1 993 mail.example.org",
	"_submissions._tcp.example.org SRV 0 1 465 mail.example.org",
	"_submission._tcp.example.org SRV 0 1 587 mail.example.org",
	"_pop3s._tcp.example.org SRV 0 0 0 .",
	NULL
};

/* Everything that a fault may change. */
struct world {
	struct arena arena;	/* of one judgement */
	struct arena kept;	/* answers and findings */
	const char *const *add;
	const char *without;	/* the beginning of lines that are missing */
	const char *silent;	/* a line that gives no answer */
	bool insecure;
	unsigned asked;
	unsigned hide;		/* later answers are not known */
	struct dkim_row key[3];
	struct dnscheck_server server;
	struct dnscheck_domain domain;
};

static const struct dkim_row a_key = {
	.domain = "example.org", .selector = "s1", .algorithm = "ed25519",
	.bits = FIELD_NULL, .state = "active", .public_key = P,
	.created = NOW - 10 * DAY, .since = NOW - 10 * DAY,
	.seen = NOW - 10 * DAY
};

static void
world_make(struct world *w)
{
	*w = (struct world){ .key = { a_key }, .hide = UINT32_MAX };
	w->server = (struct dnscheck_server){ .host = "mail.example.org",
	    .certificate = CERTIFICATE,
	    .certificate_len = strlen(CERTIFICATE), .now = NOW,
	    .dkim_max_age = 365 * DAY };
	words_add(&w->kept, &w->server.addresses, "203.0.113.25");
	words_add(&w->kept, &w->server.addresses, "2001:db8::25");
	w->domain = (struct dnscheck_domain){ .name = "example.org",
	    .sends = true, .key = w->key, .keys = 1,
	    .policy = { FETCH_DONE, NULL, POLICY, strlen(POLICY), true } };
}

static void
world_clear(struct world *w)
{
	arena_clear(&w->arena);
	arena_clear(&w->kept);
}

static const char *
type_name(enum dns_type type)
{
	switch (type) {
	case DNS_A: return "A";
	case DNS_AAAA: return "AAAA";
	case DNS_MX: return "MX";
	case DNS_NS: return "NS";
	case DNS_PTR: return "PTR";
	case DNS_SOA: return "SOA";
	case DNS_SRV: return "SRV";
	case DNS_TLSA: return "TLSA";
	case DNS_TXT: return "TXT";
	default: return "?";
	}
}

static bool
begins(const char *text, const char *begin)
{
	return begin != NULL && strncmp(text, begin, strlen(begin)) == 0;
}

/* "CNAME": the next line has the data of the name that it leads to. */
static void
line_read(struct world *w, const char *line, const char *key,
    struct dns_answer *answer)
{
	const char *value = line + strlen(key);

	if (!begins(line, key) || *value != ' ')
		return;
	value++;
	if (strcmp(value, "?") == 0 || strcmp(value, "bogus") == 0) {
		answer->state = DNS_UNKNOWN;
		answer->bogus = *value == 'b';
		return;
	}
	answer->state = DNS_FOUND;
	if (begins(value, "CNAME ")) {
		answer->is_alias = true;
		value += strlen("CNAME ");
	}
	words_add(&w->kept, &answer->values, value);
}

static const struct dns_answer *
world_ask(void *arg, const char *name, enum dns_type type)
{
	struct world *w = arg;
	struct dns_answer *answer = arena_alloc(&w->kept, sizeof(*answer));
	const char *key = arena_printf(&w->kept, "%s %s", name,
	    type_name(type));

	assert_true(strcmp(name, ".") == 0 || dns_name_is_valid(name));
	if (w->asked++ >= w->hide)
		return NULL;
	answer->state = DNS_NOTHING;
	answer->secure = !w->insecure;
	for (size_t i = 0; good[i] != NULL; i++) {
		if (!begins(good[i], w->without))
			line_read(w, good[i], key, answer);
	}
	for (size_t i = 0; w->add != NULL && w->add[i] != NULL; i++)
		line_read(w, w->add[i], key, answer);
	if (w->silent != NULL && begins(w->silent, key) &&
	    w->silent[strlen(key)] == ' ')
		*answer = (struct dns_answer){ .state = DNS_UNKNOWN };
	return answer;
}

/* The ids of what is found, of that severity and above. */
static const char *
world_judge(struct world *w, enum severity severity, struct report *report)
{
	struct finding_filter filter = { .severity = severity };
	struct dns_asker asker = { world_ask, w };
	struct findings findings;
	struct dnscheck c = { .arena = &w->arena, .kept = &w->kept,
		.asker = &asker,
		.server = &w->server, .findings = &findings };
	const char *ids = "";
	bool known;

	findings_begin(&findings, dnscheck_rules, &w->kept, &filter, report);
	dnscheck_choose(&findings, &w->server);
	known = dnscheck_server(&c);
	known = dnscheck_domain(&c, &w->domain) && known;
	findings_end(&findings);
	findings_clear(&findings);
	for (size_t i = 0; i < report->count; i++) {
		const char *id = report->finding[i].rule;

		if (strstr(ids, id) == NULL)
			ids = arena_printf(&w->kept, "%s%s%s", ids,
			    *ids == '\0' ? "" : " ", id);
	}
	return known ? ids : "pending";
}

static void
show(const struct report *r)
{
	for (size_t i = 0; i < r->count; i++)
		print_error("  %s %s %s: %s\n", r->finding[i].rule,
		    r->finding[i].severity, r->finding[i].name,
		    r->finding[i].text);
}

static void
test_good(void **state)
{
	struct report report;
	struct world w;

	(void)state;
	world_make(&w);
	if (*world_judge(&w, SEVERITY_NOTE, &report) != '\0') {
		show(&report);
		fail();
	}
	assert_int_equal(report.unchecked.count, 0);
	world_clear(&w);
}

/* No answer is no fault, whatever it is that gives none. */
static void
test_silent(void **state)
{
	struct report report;
	struct world w;

	(void)state;
	for (size_t i = 0; good[i] != NULL; i++) {
		world_make(&w);
		w.silent = good[i];
		if (*world_judge(&w, SEVERITY_NOTE, &report) != '\0') {
			print_error("%s:\n", good[i]);
			show(&report);
			fail();
		}
		if (report.unchecked.count == 0)
			fail_msg("%s", good[i]);
		world_clear(&w);
	}
}

/* As long as an answer is missing, it is said. */
static void
test_pending(void **state)
{
	struct report report;
	unsigned asked;
	struct world w;

	(void)state;
	world_make(&w);
	world_judge(&w, SEVERITY_NOTE, &report);
	asked = w.asked;
	for (w.hide = 0; w.hide < asked; w.hide++) {
		w.asked = 0;
		assert_string_equal(world_judge(&w, SEVERITY_NOTE, &report),
		    "pending");
	}
	world_clear(&w);
}

/* --- planted faults -------------------------------------------------- */

struct fault {
	const char *what;
	const char *ids;
	const char *without;
	const char *add[4];
	void (*change)(struct world *w);
};

static void
no_keys(struct world *w)
{
	w->domain.keys = 0;
}

static void
no_keys_no_senders(struct world *w)
{
	w->domain.keys = 0;
	w->domain.sends = false;
}

static void
second_pending(struct world *w)
{
	w->key[1] = w->key[0];
	w->key[1].selector = "s2";
	w->key[1].state = "pending";
	w->key[1].seen = FIELD_NULL;
	w->domain.keys = 2;
}

static void
second_waiting(struct world *w)
{
	second_pending(w);
	w->key[1].seen = NOW - 8 * DAY;
}

static void
second_retired(struct world *w)
{
	second_pending(w);
	w->key[1].state = "retired";
}

static void
second_retiring(struct world *w)
{
	second_pending(w);
	w->key[1].state = "retiring";
}

static void
key_old(struct world *w)
{
	w->key[0].created = NOW - 366 * DAY;
}

static void
key_bits(struct world *w, int64_t bits)
{
	w->key[1] = w->key[0];
	w->key[1].selector = "s2";
	w->key[1].algorithm = "rsa";
	w->key[1].bits = bits;
	w->domain.keys = 2;
}

static void
key_short(struct world *w)
{
	key_bits(w, 1024);
}

static void
key_tiny(struct world *w)
{
	key_bits(w, 512);
}

static void
key_good(struct world *w)
{
	key_bits(w, 2048);
}

static void
policy_set(struct world *w, const char *bytes)
{
	w->domain.policy.bytes = bytes;
	w->domain.policy.len = strlen(bytes);
}

static void
policy_failed(struct world *w)
{
	w->domain.policy = (struct dnscheck_policy){ FETCH_FAILED,
	    "the certificate has expired" };
}

static void
policy_html(struct world *w)
{
	policy_set(w, "<html></html>");
}

static void
policy_other(struct world *w)
{
	policy_set(w, "version: STSv1\nmode: enforce\nmx: mx.example.net\n"
	    "max_age: 604800\n");
}

static void
policy_testing(struct world *w)
{
	policy_set(w, "version: STSv1\nmode: testing\nmx: *.example.org\n"
	    "max_age: 604800\n");
}

static void
policy_brief(struct world *w)
{
	policy_set(w, "version: STSv1\nmode: enforce\nmx: *.example.org\n"
	    "max_age: 3600\n");
}

static void
policy_type(struct world *w)
{
	w->domain.policy.plain = false;
}

static void
not_validated(struct world *w)
{
	w->insecure = true;
}

static void
roles_unread(struct world *w)
{
	w->domain.unread_role = "abuse";
}

static void
pop3_on(struct world *w)
{
	w->server.pop3 = true;
}

static void
other_certificate(struct world *w)
{
	w->server.certificate = NULL;
}

static void
addresses_of_dns(struct world *w)
{
	w->server.addresses = (struct words){ 0 };
}

static void
one_address(struct world *w)
{
	w->server.addresses.count = 1;
}

static void
lists_asked(struct world *w)
{
	w->server.blocklists = true;
}

#define ON_LIST "25.113.0.203.bl.spamcop.net A "
#define SPF(text) "example.org TXT v=spf1", { "example.org TXT " text }
#define KEY "s1._domainkey.example.org TXT"
#define DKIM(text) KEY, { KEY " " text }
#define DMARC(text) "_dmarc.example.org", { "_dmarc.example.org TXT " text }
#define PTR4 "25.113.0.203.in-addr.arpa PTR"
#define ELEVEN "a:x.org a:x.org a:x.org a:x.org a:x.org a:x.org a:x.org " \
	"a:x.org a:x.org a:x.org a:y.org"

static const struct fault faults[] = {
	{ "no MX", "N001 N012", "example.org MX" },
	{ "no MX, an address here", "N001 N012", "example.org MX",
	    { "example.org A 203.0.113.25" } },
	{ "no MX, an address elsewhere", "N002 N012", "example.org MX",
	    { "example.org A 198.51.100.1" } },
	{ "the null MX", "N001 N012", "example.org MX",
	    { "example.org MX 0 ." } },
	{ "MX of another host", "N002 N012", "example.org MX",
	    { "example.org MX 10 mx.example.net",
	    "mx.example.net A 198.51.100.1" } },
	{ "MX of another host beside ours", "N002", NULL,
	    { "example.org MX 20 mx.example.net",
	    "mx.example.net A 198.51.100.1" } },
	{ "MX by another name of ours", "", "example.org MX",
	    { "example.org MX 10 mx.example.org",
	    "mx.example.org A 203.0.113.25",
	    "mx.example.org AAAA 2001:db8::25" } },
	{ "MX to an alias", "N003", "example.org MX",
	    { "example.org MX 10 mx.example.org",
	    "mx.example.org A CNAME 203.0.113.25",
	    "mx.example.org AAAA CNAME 2001:db8::25" } },
	{ "MX to nothing", "N003 N012", "example.org MX",
	    { "example.org MX 10 none.example.org" } },
	{ "MX to an address", "N003 N012", "example.org MX",
	    { "example.org MX 10 203.0.113.25" } },

	{ "the server has no address", "N004 N012 N014",
	    "mail.example.org A", { NULL } },
	{ "a loopback address", "N004", NULL,
	    { "mail.example.org A 127.0.1.1" } },
	{ "a private address", "N004", NULL,
	    { "mail.example.org A 192.168.1.2" } },
	{ "an address that is not ours", "N004", NULL,
	    { "mail.example.org A 198.51.100.1" } },
	{ "the addresses of DNS count", "", NULL, { NULL },
	    addresses_of_dns },
	{ "an address that is not set", "N004", NULL, { NULL }, one_address },
	{ "no PTR", "N005", PTR4 },
	{ "a PTR that does not lead back", "N006", PTR4,
	    { PTR4 " mail.example.net" } },
	{ "a PTR of another name", "N007", PTR4,
	    { PTR4 " www.example.net", "www.example.net A 203.0.113.25" } },
	{ "a PTR of a provider", "N008", PTR4,
	    { PTR4 " host-203-0-113-25.example.net",
	    "host-203-0-113-25.example.net A 203.0.113.25" } },
	{ "a PTR of a provider, backwards", "N008", PTR4,
	    { PTR4 " 25.113.0.203.dyn.example.net",
	    "25.113.0.203.dyn.example.net A 203.0.113.25" } },
	{ "two PTRs, one of them right", "", NULL,
	    { PTR4 " www.example.net", "www.example.net A 203.0.113.25" } },

	{ "no SPF", "N009", "example.org TXT v=spf1" },
	{ "two SPF records", "N010", NULL, { "example.org TXT v=spf1 -all" } },
	{ "SPF with a wrong term", "N011", SPF("v=spf1 mx ipv4:1.2.3.4 -all") },
	{ "SPF with eleven terms, ours last", "N011",
	    "example.org TXT v=spf1", { "example.org TXT v=spf1 " ELEVEN
	    " mx -all", "x.org A 198.51.100.1", "y.org A 198.51.100.1",
	    "x.org AAAA 2001:db8::99" } },
	{ "SPF with eleven terms, ours first", "N011",
	    "example.org TXT v=spf1", { "example.org TXT v=spf1 mx " ELEVEN
	    " -all", "x.org A 198.51.100.1", "y.org A 198.51.100.1",
	    "x.org AAAA 2001:db8::99" } },
	{ "SPF that includes nothing", "N011",
	    SPF("v=spf1 mx include:none.example.net -all") },
	{ "SPF of the provider alone", "N012", "example.org TXT v=spf1",
	    { "example.org TXT v=spf1 include:spf.example.net -all",
	    "spf.example.net TXT v=spf1 ip4:198.51.100.0/24 -all" } },
	{ "SPF of others and us", "", "example.org TXT v=spf1",
	    { "example.org TXT v=spf1 include:spf.example.net mx -all",
	    "spf.example.net TXT v=spf1 ip4:198.51.100.0/24 -all" } },
	{ "SPF of IPv4 alone", "N012",
	    SPF("v=spf1 ip4:203.0.113.25 -all") },
	{ "SPF that is soft", "", SPF("v=spf1 mx ~all") },
	{ "SPF by another record", "", "example.org TXT v=spf1",
	    { "example.org TXT v=spf1 redirect=mail.example.org" } },
	{ "SPF for everybody", "N013", SPF("v=spf1 mx +all") },
	{ "SPF that says nothing", "N013", SPF("v=spf1 mx ?all") },
	{ "SPF without an end", "N013", SPF("v=spf1 mx") },
	{ "SPF with ptr", "N013", SPF("v=spf1 mx ptr -all") },
	{ "no SPF of the server", "N014", "mail.example.org TXT" },
	{ "SPF of the server fails", "N014", "mail.example.org TXT",
	    { "mail.example.org TXT v=spf1 -all" } },

	{ "no record of the key", "N015", KEY },
	{ "no record of a key that retires", "N015", NULL, { NULL },
	    second_retiring },
	{ "another key", "N016",
	    DKIM("k=ed25519; p=AAAAAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=") },
	{ "a key that is cut off", "N017", DKIM("k=ed25519; p=11qYAYKxCrfV") },
	{ "two records of a key", "N017", NULL,
	    { KEY " v=DKIM1; k=ed25519; p=" P } },
	{ "a key that is revoked", "N017", DKIM("v=DKIM1; k=ed25519; p=") },
	{ "a key of another kind", "N017", DKIM("v=DKIM1; p=" P) },
	{ "no key at all", "N017", DKIM("hello") },
	{ "a key for tests", "N018", DKIM("k=ed25519; t=y; p=" P) },
	{ "a key by another name", "",
	    DKIM("CNAME v=DKIM1; k=ed25519; p=" P) },
	{ "a short key", "N019", NULL,
	    { "s2._domainkey.example.org TXT v=DKIM1; p=" P }, key_short },
	{ "a tiny key", "N019", NULL,
	    { "s2._domainkey.example.org TXT v=DKIM1; p=" P }, key_tiny },
	{ "a good key", "", NULL,
	    { "s2._domainkey.example.org TXT v=DKIM1; p=" P }, key_good },
	{ "an old key", "N020", NULL, { NULL }, key_old },
	{ "a retired key without a record", "", NULL, { NULL },
	    second_retired },
	{ "a retired key that is revoked", "", NULL,
	    { "s2._domainkey.example.org TXT v=DKIM1; p=" }, second_retired },
	{ "a retired key with its record", "N021", NULL,
	    { "s2._domainkey.example.org TXT v=DKIM1; p=" P },
	    second_retired },
	{ "a new key without a record", "N022", NULL, { NULL },
	    second_pending },
	{ "a new key with another record", "N016", NULL,
	    { "s2._domainkey.example.org TXT k=ed25519; p="
	    "AAAAAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=" },
	    second_pending },
	{ "a new key that waits", "N023", NULL,
	    { "s2._domainkey.example.org TXT k=ed25519; p=" P },
	    second_waiting },
	{ "no key", "N024", NULL, { NULL }, no_keys },
	{ "no key, and nobody sends", "", NULL, { NULL },
	    no_keys_no_senders },

	{ "no DMARC", "N025", "_dmarc.example.org" },
	{ "DMARC of the suffix", "N025", "_dmarc.example.org",
	    { "_dmarc.org TXT v=DMARC1; p=reject; psd=y; "
	    "rua=mailto:x@example.org" } },
	{ "two DMARC records", "N026", NULL,
	    { "_dmarc.example.org TXT v=DMARC1; p=none" } },
	{ "DMARC in the wrong order", "N026", DMARC("p=reject; v=DMARC1") },
	{ "DMARC with an unknown policy", "N026", DMARC("v=DMARC1; p=block") },
	{ "DMARC without a policy", "N026", DMARC("v=DMARC1") },
	{ "DMARC without mailto:", "N026 N028",
	    DMARC("v=DMARC1; p=reject; rua=d@example.org") },
	{ "DMARC and another text", "", NULL,
	    { "_dmarc.example.org TXT hello" } },
	{ "another text instead of DMARC", "N025", DMARC("v=spf1 -all") },
	{ "DMARC that asks for nothing", "N027",
	    DMARC("v=DMARC1; p=none; rua=mailto:d@example.org") },
	{ "DMARC without reports", "N028", DMARC("v=DMARC1; p=reject") },
	{ "DMARC reports elsewhere", "N029",
	    DMARC("v=DMARC1; p=reject; rua=mailto:d@example.net") },
	{ "DMARC reports elsewhere, agreed", "", "_dmarc.example.org",
	    { "_dmarc.example.org TXT v=DMARC1; p=reject; "
	    "rua=mailto:d@example.net",
	    "example.org._report._dmarc.example.net TXT v=DMARC1" } },
	{ "DMARC reports to a name below", "",
	    DMARC("v=DMARC1; p=reject; rua=mailto:d@sub.example.org") },
	{ "DMARC with pct", "N030",
	    DMARC("v=DMARC1; p=reject; pct=50; rua=mailto:d@example.org") },
	{ "DMARC is strict, no key", "N024 N031", "_dmarc.example.org",
	    { "_dmarc.example.org TXT v=DMARC1; p=reject; adkim=s; "
	    "rua=mailto:d@example.org" }, no_keys },

	{ "no policy of MTA-STS", "N032", NULL, { NULL }, policy_failed },
	{ "a policy that is HTML", "N032", NULL, { NULL }, policy_html },
	{ "two records of MTA-STS", "N032", NULL,
	    { "_mta-sts.example.org TXT v=STSv1; id=2" } },
	{ "a wrong record of MTA-STS", "N032", "_mta-sts.example.org",
	    { "_mta-sts.example.org TXT v=STSv1; id=2026-01-01" } },
	{ "a policy of the wrong type", "N032", NULL, { NULL }, policy_type },
	{ "a policy without us", "N033", NULL, { NULL }, policy_other },
	{ "a policy for tests", "N034", NULL, { NULL }, policy_testing },
	{ "a policy for an hour", "N034", NULL, { NULL }, policy_brief },
	{ "a policy without its record", "N035", "_mta-sts.example.org" },
	{ "wrong TLS reports", "N036", "_smtp._tls.example.org",
	    { "_smtp._tls.example.org TXT v=TLSRPTv1; rua=t@example.org" } },
	{ "TLS reports of another version", "N036", "_smtp._tls.example.org",
	    { "_smtp._tls.example.org TXT v=TLSRPT1; rua=mailto:t@b.org" } },
	{ "two TLS reports", "N036", NULL,
	    { "_smtp._tls.example.org TXT v=TLSRPTv1; rua=mailto:t@b.org" } },
	{ "no TLS reports", "", "_smtp._tls.example.org" },
	{ "TLSA of another key", "N037", "_25._tcp.mail.example.org",
	    { "_25._tcp.mail.example.org TLSA 3 0 1 " TLSA } },
	{ "TLSA of this key and the next", "", NULL,
	    { "_25._tcp.mail.example.org TLSA 3 0 1 " TLSA } },
	{ "TLSA with usage 1", "N037", NULL,
	    { "_25._tcp.mail.example.org TLSA 1 1 1 " TLSA } },
	{ "no TLSA", "", "_25._tcp.mail.example.org" },
	{ "a certificate that nobody may read", "", NULL, { NULL },
	    other_certificate },
	{ "SRV of another port", "N038", "_submissions._tcp",
	    { "_submissions._tcp.example.org SRV 0 1 587 mail.example.org" } },
	{ "SRV of another host", "N038", "_imaps._tcp",
	    { "_imaps._tcp.example.org SRV 0 1 993 imap.example.net" } },
	{ "SRV of POP3, which is off", "N038", "_pop3s._tcp",
	    { "_pop3s._tcp.example.org SRV 0 1 995 mail.example.org" } },
	{ "SRV says that POP3 is off", "N038", NULL, { NULL }, pop3_on },
	{ "no SRV", "N038", "_", {
	    "_dmarc.example.org TXT v=DMARC1; p=reject; "
	    "rua=mailto:d@example.org",
	    "_mta-sts.example.org TXT v=STSv1; id=1" } },
	{ "no DNSSEC", "N039", NULL, { NULL }, not_validated },
	{ "false signatures", "N040", "example.org TXT",
	    { "example.org TXT bogus" } },
	{ "false signatures of the server", "N040", "mail.example.org A ",
	    { "mail.example.org A bogus" } },
	{ "a blocklist that is not asked", "", NULL,
	    { ON_LIST "127.0.0.2" } },
	{ "a blocklist", "N043", NULL, { ON_LIST "127.0.0.2" },
	    lists_asked },
	{ "a blocklist of IPv6", "N043", NULL,
	    { "5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0."
	    "0.2.zen.spamhaus.org A 127.0.0.3" }, lists_asked },
	{ "a blocklist that refuses", "", NULL,
	    { ON_LIST "127.255.255.254" }, lists_asked },
	{ "no list but a resolver that invents answers", "", NULL,
	    { ON_LIST "198.51.100.1" }, lists_asked },
	{ "abuse is not read", "N042", NULL, { NULL }, roles_unread },
};

static void
test_faults(void **state)
{
	struct report report;
	bool failed = false;

	(void)state;
	for (size_t i = 0; i < COUNT(faults); i++) {
		const struct fault *f = &faults[i];
		const char *ids;
		struct world w;

		world_make(&w);
		w.without = f->without;
		w.add = f->add;
		if (f->change != NULL)
			f->change(&w);
		ids = world_judge(&w, SEVERITY_NOTE, &report);
		if (strcmp(ids, f->ids) != 0) {
			print_error("%s: %s, not %s\n", f->what, ids, f->ids);
			show(&report);
			failed = true;
		}
		world_clear(&w);
	}
	assert_false(failed);
}

/*
 * Every rule is broken by some fault, but that of the name servers, who are
 * asked themselves: db/dns_check.sh.
 */
static void
test_all_rules(void **state)
{
	(void)state;
	for (const struct rule *r = dnscheck_rules; r->id != NULL; r++) {
		bool found = strcmp(r->id, "N041") == 0;

		for (size_t i = 0; i < COUNT(faults); i++)
			found = found || strstr(faults[i].ids, r->id) != NULL;
		if (!found)
			fail_msg("%s", r->id);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_silent),
		cmocka_unit_test(test_pending),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_all_rules),
	};

	return cmocka_run_group_tests_name("dnscheck", tests, NULL, NULL);
}
