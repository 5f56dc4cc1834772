/*
 * Records of DNS judged: no crash, an end, and what is exported of them is
 * lines of ASCII that no value has ended.
 */
#include <stdint.h>
#include <string.h>

#include "model/dns/txt.h"
#include "model/records/export.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* SPF asks for a limited number of names. */
#define ROUNDS 64

#define KEY "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="

static const struct dkim_row key = { .domain = "example.org",
    .selector = "s", .algorithm = "ed25519", .state = "active",
    .public_key = KEY };

static const struct record wanted[] = {
	{ RECORD_HELO, "mx.example.net", "mx.example.net", "TXT",
	    "v=spf1 a -all", RECORD_RECOMMENDED, "why" },
	{ RECORD_MX, "example.org", "example.org", "MX",
	    "10 mx.example.net.", RECORD_REQUIRED, "why" },
	{ RECORD_SPF, "example.org", "example.org", "TXT", "v=spf1 mx ~all",
	    RECORD_REQUIRED, "why" },
	{ RECORD_DKIM, "example.org", "s._domainkey.example.org", "TXT",
	    "v=DKIM1; k=ed25519; p=" KEY, RECORD_REQUIRED, "why", &key },
	{ RECORD_DKIM_OLD, "example.org", "old._domainkey.example.org", "TXT",
	    "v=DKIM1; k=ed25519; p=", RECORD_REMOVE, "why", &key },
	{ RECORD_DMARC, "example.org", "_dmarc.example.org", "TXT",
	    "v=DMARC1; p=quarantine; rua=mailto:a@b.example",
	    RECORD_REQUIRED, "why" },
	{ RECORD_CONSENT, "example.org",
	    "example.org._report._dmarc.b.example", "TXT", "v=DMARC1",
	    RECORD_REQUIRED, "why" },
	{ RECORD_TLS_REPORTS, "example.org", "_smtp._tls.example.org", "TXT",
	    "v=TLSRPTv1; rua=mailto:a@b.example", RECORD_OPTIONAL, "why" },
	{ RECORD_STS, "example.org", "_mta-sts.example.org", "TXT",
	    "v=STSv1; id=1", RECORD_OPTIONAL, "why" },
	{ RECORD_SRV, "example.org", "_imaps._tcp.example.org", "SRV",
	    "0 1 993 mx.example.net.", RECORD_RECOMMENDED, "why" },
};

#define WANTED (sizeof(wanted) / sizeof(*wanted))

/* Each question gets the text for its answer; addresses lead nowhere. */
static void
answer(struct answers *answers, const char *text)
{
	for (size_t i = answers->known; i < answers->names.count; i++) {
		struct dns_question *q = answers->question[i];
		struct dns_answer *a = arena_alloc(answers->arena,
		    sizeof(*a));
		struct text zone = TEXT_INIT;

		a->state = q->type == DNS_A || q->type == DNS_AAAA ?
		    DNS_NOTHING : DNS_FOUND;
		if (a->state == DNS_FOUND)
			words_add(answers->arena, &a->values, text);
		dns_txt_split(&zone, text);
		words_add(answers->arena, &q->texts,
		    arena_strdup(answers->arena, zone.buf));
		text_clear(&zone);
		answers->answer[i] = a;
	}
	answers->known = answers->names.count;
}

/* Values but TXT come as value.c makes them: words of ASCII. */
static bool
may_export(const struct record_change *c)
{
	if (strcmp(c->record.type, "TXT") == 0)
		return true;
	for (size_t i = 0; i < c->data.count; i++) {
		for (const char *p = c->data.word[i]; *p != '\0'; p++) {
			if (*p < ' ' || *p > '~')
				return false;
		}
	}
	return true;
}

static void
export(struct arena *a, const struct record_change *c)
{
	for (int format = 0; format < 2; format++) {
		struct text t = TEXT_INIT;
		struct record_export x = { format == 0 ?
		    RECORD_FORMAT_ZONE : RECORD_FORMAT_NSUPDATE,
		    .ttl = RECORD_TTL, .text = &t, .kept.arena = a };
		size_t strings = 0;

		BUG_ON(c->found.count != c->data.count);
		record_export_begin(&x);
		record_export_change(&x, c);
		for (size_t i = 0; i < t.len; i++) {
			BUG_ON(t.buf[i] != '\n' && (t.buf[i] < ' ' ||
			    t.buf[i] > '~'));
			strings += t.buf[i] == '"' && (i == 0 ||
			    t.buf[i - 1] == ' ');
		}
		BUG_ON(strings == 0 && c->record.type[0] == 'T' &&
		    c->data.count > 0);
		text_clear(&t);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	struct settings s;
	struct records_server server = { .settings = &s,
	    .dmarc_reports = "a@b.example", .tls_reports = "a@b.example",
	    .policy_id = "1" };
	struct answers answers = { .arena = &a };
	const char *text = arena_strndup(&a, (const char *)data, size);

	settings_default(&s);
	s.hostname = "mx.example.net";
	s.dmarc = "quarantine";
	words_add(&a, &server.addresses.list, "203.0.113.7");
	for (size_t i = 0; i < WANTED; i++) {
		struct record_change c;
		int rounds = 0;

		do {
			c = record_judge(&answers, &server, &wanted[i]);
			answer(&answers, text);
			BUG_ON(rounds++ > ROUNDS);
		} while (c.action == RECORD_OPEN);
		if (c.action != RECORD_FINE && c.action != RECORD_UNKNOWN &&
		    may_export(&c))
			export(&a, &c);
	}
	answers_clear(&answers);
	arena_clear(&a);
	return 0;
}
