/* Records of DNS about mail: what is one, what is wrong, what it says. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "model/dns/dmarc.h"
#include "model/dns/name.h"
#include "model/dns/reports.h"
#include "model/dns/srv.h"
#include "model/dns/sts.h"
#include "model/dns/tags.h"
#include "model/dns/tlsa.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Words with a bar between them. */
static const char *
joined(struct arena *a, const struct words *words)
{
	const char *text = "";

	for (size_t i = 0; i < words->count; i++)
		text = arena_printf(a, "%s%s%s", text, i > 0 ? "|" : "",
		    words->word[i]);
	return text;
}

/* The names of "DOMAIN TXT" lines answer; "?" could not be asked. */
struct table {
	struct arena *arena;
	const char *const *line;
	bool pending;
	struct words asked;
};

static const struct dns_answer *
table_ask(void *arg, const char *name, enum dns_type type)
{
	struct table *t = arg;
	struct dns_answer *answer = arena_alloc(t->arena, sizeof(*answer));
	size_t len = strlen(name);

	assert_true(dns_name_is_valid(name));
	assert_int_equal(type, DNS_TXT);
	words_add(t->arena, &t->asked, arena_strdup(t->arena, name));
	answer->state = DNS_NOTHING;
	for (size_t i = 0; t->line[i] != NULL; i++) {
		const char *text = t->line[i] + len;

		if (strncmp(t->line[i], name, len) != 0 || *text != ' ')
			continue;
		answer->state = strcmp(text, " ?") == 0 ? DNS_UNKNOWN :
		    DNS_FOUND;
		if (answer->state == DNS_FOUND)
			words_add(t->arena, &answer->values, text + 1);
	}
	return t->pending ? NULL : answer;
}

/* --- DMARC ----------------------------------------------------------- */

#define NOT_POLICY "that is not none, quarantine or reject"
#define NOT_BEGUN "does not begin with v=DMARC1"

static const struct dmarc_case {
	const char *text;
	const char *why;	/* NULL: nothing is wrong */
	bool usable;
	const char *policy;
} dmarc_cases[] = {
	{ "v=DMARC1; p=none", NULL, true, "none" },
	{ "v=DMARC1; p=quarantine;", NULL, true, "quarantine" },
	{ "v=DMARC1;p=reject;", NULL, true, "reject" },
	{ "v=DMARC1; p=REJECT", NULL, true, "reject" },
	{ "v=DMARC1\t;\tp = reject ; ", NULL, true, "reject" },
	{ "v = DMARC1; p=none", NULL, true, "none" },
	{ "v=DMARC1; p=none; sp=reject; np=reject; t=y; psd=n; adkim=s; "
	    "aspf=s; fo=1:d:s; rua=mailto:a@b.org; ruf=mailto:c@d.org", NULL,
	    true, "none" },
	{ "v=DMARC1; rua=mailto:a@b.org", NULL, true, "none" },
	{ "v=DMARC1; rua=mailto:a@b.org; p=reject", NULL, true, "reject" },
	{ "v=DMARC1; p=none; pct=50; ri=3600; rf=afrf", NULL, true, "none" },
	{ "v=DMARC1; p=none; x-y=z", NULL, true, "none" },
	{ "v=DMARC1; p=none; x=", NULL, true, "none" },
	{ "v=DMARC1", "has no p= and no rua=", false, "none" },
	{ "v=DMARC1;", "has no p= and no rua=", false, "none" },
	{ "v=DMARC1; sp=reject", "has no p= and no rua=", false, "none" },
	{ "v=DMARC1; p=", "has a p= " NOT_POLICY, false, "none" },
	{ "v=DMARC1; p=rejct", "has a p= " NOT_POLICY, false, "none" },
	{ "v=DMARC1; p=reject, sp=none", "has a p= " NOT_POLICY, false,
	    "none" },
	{ "v=DMARC1; p=block; rua=mailto:a@b.org", "has a p= " NOT_POLICY,
	    true, "none" },
	{ "v=DMARC1; p=reject; sp=no", "has an sp= " NOT_POLICY, false,
	    "none" },
	{ "v=DMARC1; p=reject; np=no; rua=mailto:a@b.org", "has an np= "
	    NOT_POLICY, true, "none" },
	{ "p=reject; v=DMARC1", NOT_BEGUN, false, "" },
	{ "p=reject", NOT_BEGUN, false, "" },
	{ "", NOT_BEGUN, false, "" },
	{ "DMARC1; p=reject", NOT_BEGUN, false, "" },
	{ "v=DMARC2; p=reject", NOT_BEGUN, false, "" },
	{ "v=dmarc1; p=reject", NOT_BEGUN, false, "" },
	{ "V=DMARC1; p=reject", NOT_BEGUN, false, "" },
	{ " v=DMARC1; p=reject", NOT_BEGUN, false, "" },
	{ "\tv=DMARC1; p=reject", NOT_BEGUN, false, "" },
	{ "v=DMARC1 p=reject", NOT_BEGUN, false, "" },
	{ "v=DMARC1, p=reject", NOT_BEGUN, false, "" },
	{ "v=spf1 -all", NOT_BEGUN, false, "" },
	{ "\"v=DMARC1; p=reject\"", NOT_BEGUN, false, "" },
	{ "v=DMARC1; p=none; p=reject", "has a tag twice", false, "" },
	{ "v=DMARC1; p=none; v=DMARC1", "has a tag twice", false, "" },
	{ "v=DMARC1; p=none; junk", "is no list of tags", true, "none" },
	{ "v=DMARC1;; p=none", "is no list of tags", true, "none" },
	{ "v=DMARC1; p=none;;", "is no list of tags", true, "none" },
	{ "v=DMARC1; p=none; =x", "is no list of tags", true, "none" },
	{ "v=DMARC1; p=none; a b=x", "is no list of tags", true, "none" },
	{ "v=DMARC1; p=none; x=\x01", "has a character that is not allowed",
	    true, "none" },
	{ "v=DMARC1; p=none; x=\xc3\xbc", "has a character that is not "
	    "allowed", true, "none" },
	{ "v=DMARC1; p=none; adkim=x", "has an adkim= that is not r or s",
	    true, "none" },
	{ "v=DMARC1; p=none; adkim=strict",
	    "has an adkim= that is not r or s", true, "none" },
	{ "v=DMARC1; p=none; aspf=", "has an aspf= that is not r or s", true,
	    "none" },
	{ "v=DMARC1; p=none; t=yes", "has a t= that is not y or n", true,
	    "none" },
	{ "v=DMARC1; p=none; psd=x", "has a psd= that is not y, n or u", true,
	    "none" },
	{ "v=DMARC1; p=none; fo=0:1", "has an fo= that is no list of 0, 1, "
	    "d, s", true, "none" },
	{ "v=DMARC1; p=none; fo=d:d", "has an fo= that is no list of 0, 1, "
	    "d, s", true, "none" },
	{ "v=DMARC1; p=none; fo=1,d", "has an fo= that is no list of 0, 1, "
	    "d, s", true, "none" },
	{ "v=DMARC1; p=none; fo=", "has an fo= that is no list of 0, 1, d, s",
	    true, "none" },
	{ "v=DMARC1; p=none; fo=1:", "has an fo= that is no list of 0, 1, d, "
	    "s", true, "none" },
	{ "v=DMARC1; p=none; rua=a@b.org", "has an rua= that has an address "
	    "without mailto:", true, "none" },
	{ "v=DMARC1; rua=a@b.org", "has no p= and no rua=", false, "none" },
	{ "v=DMARC1; p=none; rua=", "has an rua= that has a comma without an "
	    "address", true, "none" },
	{ "v=DMARC1; p=none; rua=mailto:a@b.org,", "has an rua= that has a "
	    "comma without an address", true, "none" },
	{ "v=DMARC1; p=none; rua=mailto: a@b.org", "has an rua= that has a "
	    "character that is not allowed in an address", true, "none" },
	{ "v=DMARC1; p=none; rua=mailto:a", "has an rua= that has a mailto: "
	    "without an address", true, "none" },
	{ "v=DMARC1; p=none; rua=mailto:", "has an rua= that has a mailto: "
	    "without an address", true, "none" },
	{ "v=DMARC1; p=none; ruf=a@b.org", "has an ruf= that has an address "
	    "without mailto:", true, "none" },
};

static void
test_dmarc(void **state)
{
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(dmarc_cases); i++) {
		const struct dmarc_case *c = &dmarc_cases[i];
		struct dmarc_record r;
		const char *why = dmarc_record_parse(&a, c->text, &r);

		if (!text_same(why, c->why) || r.usable != c->usable ||
		    strcmp(dmarc_policy_name(r.policy), c->policy) != 0)
			fail_msg("%s: %s, %d, %s", c->text, why, r.usable,
			    dmarc_policy_name(r.policy));
	}
	arena_clear(&a);
}

static void
test_dmarc_fields(void **state)
{
	struct arena a = { 0 };
	struct dmarc_record r;

	(void)state;
	assert_null(dmarc_record_parse(&a, "v=DMARC1; p=none; sp=reject; "
	    "np=quarantine; adkim=S; t=y; psd=y; "
	    "rua=mailto:a@b.org!10m , MAILTO:c%2Cd%21@e.org?subject=x,"
	    "https://f.org/g; ruf=mailto:h@i.org", &r));
	assert_int_equal(r.subdomains, DMARC_REJECT);
	assert_int_equal(r.missing, DMARC_QUARANTINE);
	assert_true(r.strict_dkim && !r.strict_spf && r.testing);
	assert_int_equal(r.suffix, 'y');
	assert_string_equal(joined(&a, &r.reports),
	    "a@b.org|c,d!@e.org|https://f.org/g");
	assert_string_equal(joined(&a, &r.failures), "h@i.org");
	assert_true(r.has_size && !r.late_policy);
	assert_null(r.removed);
	assert_null(r.unknown);
	assert_null(dmarc_record_parse(&a, "v=DMARC1; ri=1; p=none; pct=1; "
	    "rub=x", &r));
	assert_string_equal(r.removed, "ri");
	assert_string_equal(r.unknown, "rub");
	assert_true(r.late_policy && !r.has_size);
	assert_int_equal(r.suffix, 'u');
	arena_clear(&a);
}

/* --- the tree walk --------------------------------------------------- */

static const struct walk_case {
	const char *domain;
	const char *zone[4];
	enum dmarc_state state;
	const char *found;
	const char *policy;
	const char *organization;
} walk_cases[] = {
	{ "example.org", { "_dmarc.example.org v=DMARC1; p=reject" },
	    DMARC_FOUND, "example.org", "reject", "example.org" },
	{ "example.org", { NULL }, DMARC_MISSING, "example.org", "",
	    "example.org" },
	{ "a.example.org", { "_dmarc.example.org v=DMARC1; p=reject" },
	    DMARC_FOUND, "example.org", "reject", "example.org" },
	{ "a.example.org", { "_dmarc.example.org v=DMARC1; p=reject; "
	    "sp=none; np=quarantine" }, DMARC_FOUND, "example.org", "none",
	    "example.org" },
	{ "a.example.org", { "_dmarc.a.example.org v=DMARC1; p=quarantine",
	    "_dmarc.example.org v=DMARC1; p=reject" }, DMARC_FOUND,
	    "a.example.org", "quarantine", "example.org" },
	{ "a.mail.example.com", { "_dmarc.mail.example.com v=DMARC1; p=none",
	    "_dmarc.example.com v=DMARC1; p=reject" }, DMARC_FOUND,
	    "example.com", "reject", "example.com" },
	{ "a.mail.example.com", { "_dmarc.mail.example.com v=DMARC1; p=none; "
	    "psd=n", "_dmarc.example.com v=DMARC1; p=reject" }, DMARC_FOUND,
	    "mail.example.com", "none", "mail.example.com" },
	{ "a.mail.example.com", { "_dmarc.com v=DMARC1; p=none; psd=y" },
	    DMARC_FOUND, "com", "none", "example.com" },
	{ "mail.example.com", { "_dmarc.example.com v=DMARC1; p=none; psd=y",
	    "_dmarc.com v=DMARC1; p=reject" }, DMARC_FOUND, "example.com",
	    "none", "mail.example.com" },
	/* A suffix that sends mail itself. */
	{ "gov.example", { "_dmarc.gov.example v=DMARC1; p=reject; psd=y" },
	    DMARC_FOUND, "gov.example", "reject", "gov.example" },
	{ "example.org", { "_dmarc.example.org v=DMARC1; p=reject",
	    "_dmarc.example.org v=DMARC1; p=none" }, DMARC_MISSING,
	    "example.org", "", "example.org" },
	{ "example.org", { "_dmarc.example.org v=DMARC1; p=reject",
	    "_dmarc.example.org hello" }, DMARC_FOUND, "example.org",
	    "reject", "example.org" },
	{ "a.example.org", { "_dmarc.a.example.org v=DMARC1; p=x",
	    "_dmarc.example.org v=DMARC1; p=reject" }, DMARC_FOUND,
	    "example.org", "reject", "example.org" },
	{ "example.org", { "_dmarc.example.org ?" }, DMARC_UNKNOWN,
	    "example.org", "", "example.org" },
	{ "a.example.org", { "_dmarc.a.example.org ?",
	    "_dmarc.example.org v=DMARC1; p=reject" }, DMARC_UNKNOWN,
	    "a.example.org", "", "example.org" },
	{ "example.org", { "_dmarc.org ?",
	    "_dmarc.example.org v=DMARC1; p=reject" }, DMARC_FOUND,
	    "example.org", "reject", "example.org" },
	{ "org", { "_dmarc.org v=DMARC1; p=reject" }, DMARC_FOUND, "org",
	    "reject", "org" },
};

static void
walk_expect(struct arena *a, const struct walk_case *c)
{
	struct table t = { .arena = a, .line = c->zone };
	struct dns_asker asker = { table_ask, &t };
	struct dmarc_found found = dmarc_find(a, &asker, c->domain);

	if (found.state != c->state || strcmp(found.domain, c->found) != 0 ||
	    strcmp(dmarc_policy_name(found.policy), c->policy) != 0 ||
	    strcmp(found.organization, c->organization) != 0)
		fail_msg("%s, %s: %d, %s, %s, %s", c->domain, c->zone[0],
		    found.state, found.domain,
		    dmarc_policy_name(found.policy), found.organization);
	t.pending = true;
	found = dmarc_find(a, &asker, c->domain);
	assert_int_equal(found.state, DMARC_PENDING);
}

static void
test_dmarc_walk(void **state)
{
	static const char *const nothing[] = { NULL };
	struct arena a = { 0 };
	struct table t = { .arena = &a, .line = nothing };
	struct dns_asker asker = { table_ask, &t };

	(void)state;
	for (size_t i = 0; i < COUNT(walk_cases); i++)
		walk_expect(&a, &walk_cases[i]);
	dmarc_find(&a, &asker, "a.b.c.d.e.f.g.h.i.j.mail.example.com");
	assert_string_equal(joined(&a, &t.asked),
	    "_dmarc.a.b.c.d.e.f.g.h.i.j.mail.example.com|"
	    "_dmarc.g.h.i.j.mail.example.com|_dmarc.h.i.j.mail.example.com|"
	    "_dmarc.i.j.mail.example.com|_dmarc.j.mail.example.com|"
	    "_dmarc.mail.example.com|_dmarc.example.com|_dmarc.com");
	t.asked.count = 0;
	dmarc_find(&a, &asker, "a.b.c.d.e.f.g.h");
	assert_int_equal(t.asked.count, 8);
	assert_string_equal(t.asked.word[1], "_dmarc.b.c.d.e.f.g.h");
	arena_clear(&a);
}

static void
test_consent(void **state)
{
	static const struct {
		const char *text;
		bool consents;
	} cases[] = {
		{ "v=DMARC1", true }, { "v=DMARC1;", true },
		{ "v=DMARC1; rua=mailto:a@b.org", true },
		{ "v=DMARC10", false }, { "v=dmarc1", false }, { "", false },
	};
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct words values = { 0 };

		words_add(&a, &values, cases[i].text);
		assert_int_equal(dmarc_is_consent(&a, &values),
		    cases[i].consents);
	}
	assert_string_equal(dmarc_consent_name(&a, "a.org", "b.org"),
	    "a.org._report._dmarc.b.org");
	arena_clear(&a);
}

/* --- MTA-STS and TLS reports ----------------------------------------- */

#define NOT_STS "does not begin with v=STSv1"
#define NOT_ID "has an id= that is not 1 to 32 letters and digits"

static void
test_sts_record(void **state)
{
	static const char *const cases[][2] = {
		{ "v=STSv1; id=20260101T000000;", NULL },
		{ "v=STSv1;id=1", NULL }, { "v=STSv1 ; id=1 ; x=y", NULL },
		{ "v=STSv1; x=y; id=1", NULL },
		{ "v=STSv1; id=12345678901234567890123456789012", NULL },
		{ "v=STSv1; id=123456789012345678901234567890123", NOT_ID },
		{ "v=STSv1; id=", NOT_ID },
		{ "v=STSv1; id=2026-01-01", NOT_ID },
		{ "v=STSv1; id=1 2", NOT_ID }, { "v=STSv1;", "has no id=" },
		{ "v=STSv1", "has no id=" }, { "v=STSv1; ID=1", "has no id=" },
		{ "v=STSv1; id=1; id=2", "has a tag twice" },
		{ "v=STSv1; id=1; x", "is no list of tags" },
		{ "v=STSv1; id=1; x=", "has a character that is not allowed" },
		{ "v=STSv1; id = 1", "is no list of tags" },
		{ "v = STSv1; id=1", NOT_STS }, { "id=1; v=STSv1", NOT_STS },
		{ "v=STSV1; id=1", NOT_STS }, { "v=STSv2; id=1", NOT_STS },
		{ "", NOT_STS }, { "v=STSv1 id=1", NOT_STS },
		{ " v=STSv1; id=1", NOT_STS },
	};
	struct arena a = { 0 };
	const char *id;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *why = sts_record_parse(&a, cases[i][0], &id);

		if (!text_same(why, cases[i][1]))
			fail_msg("%s: %s", cases[i][0], why);
	}
	assert_null(sts_record_parse(&a, "v=STSv1; id=aZ9;", &id));
	assert_string_equal(id, "aZ9");
	arena_clear(&a);
}

#define POLICY "version: STSv1\r\nmode: enforce\r\n"
#define AGE "max_age: 604800\r\n"
#define NO_LINE "has a line that is no NAME: VALUE"

static void
test_sts_policy(void **state)
{
	static const char *const cases[][2] = {
		{ POLICY "mx: mail.example.org\r\n" AGE, NULL },
		{ "version: STSv1\nmode: testing\nmx: *.example.org\n"
		    "max_age: 86400", NULL },
		{ "mx:a.example.org\nmax_age:1\nmode:enforce\n"
		    "version:STSv1\n", NULL },
		{ "version: STSv1\nmode: none\nmax_age: 0\n", NULL },
		{ POLICY "x-new: a b\r\nmx: a.example.org  \r\n" AGE, NULL },
		{ POLICY AGE, "has no line of mx:" },
		{ POLICY "mx: a.example.org\n", "has no line of max_age:" },
		{ "version: STSv1\nmx: a.example.org\n" AGE,
		    "has no line of mode:" },
		{ "mode: enforce\nmx: a.example.org\n" AGE,
		    "has no line of version:" },
		{ "version: STSv2\nmode: none\n" AGE,
		    "has another version than STSv1" },
		{ "version: STSv1\nmode: on\n" AGE,
		    "has a mode that is not enforce, testing or none" },
		{ "version: STSv1\nmode: Enforce\n" AGE,
		    "has a mode that is not enforce, testing or none" },
		{ POLICY "max_age: 31557600\nmx: a.example.org", NULL },
		{ POLICY "max_age: 31557601\nmx: a.example.org",
		    "has a max_age of more than a year" },
		{ POLICY "max_age: 7d\nmx: a.example.org",
		    "has a max_age that is no number of seconds" },
		{ POLICY "max_age: -1\nmx: a.example.org",
		    "has a max_age that is no number of seconds" },
		{ POLICY "max_age: 12345678901\nmx: a.example.org",
		    "has a max_age that is no number of seconds" },
		{ POLICY POLICY, "has two lines of version:" },
		{ POLICY "mode: none\n" AGE, "has two lines of mode:" },
		{ POLICY AGE AGE, "has two lines of max_age:" },
		{ POLICY AGE "mx: 192.0.2.1:25", "has an mx that is no host "
		    "name" },
		{ POLICY AGE "mx: .example.org", "has an mx that is no host "
		    "name" },
		{ POLICY AGE "mx: mail.*.org", "has an mx that is no host "
		    "name" },
		{ POLICY AGE "mx: localhost", "has an mx that is no host "
		    "name" },
		{ POLICY AGE "mx: a.org, b.org", "has an mx that is no host "
		    "name" },
		{ POLICY "\r\n" AGE, NO_LINE },
		{ "<html><head>", NO_LINE }, { " version: STSv1", NO_LINE },
		{ "{ \"version\": \"STSv1\" }", NO_LINE },
		{ "", "has no line of version:" },
	};
	static const char two[] = POLICY AGE "mx: *.example.org\n"
	    "mx: Mail.example.net\n";
	struct arena a = { 0 };
	struct sts_policy p;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *why = sts_policy_parse(&a, cases[i][0],
		    strlen(cases[i][0]), &p);

		if (!text_same(why, cases[i][1]))
			fail_msg("%s: %s", cases[i][0], why);
	}
	assert_string_equal(sts_policy_parse(&a, "a\0b", 3, &p),
	    "has bytes that are no text");
	assert_string_equal(sts_policy_parse(&a, POLICY, STS_SIZE_MAX + 1,
	    &p), "has more than 64 KiB");
	assert_null(sts_policy_parse(&a, two, strlen(two), &p));
	assert_int_equal(p.mode, STS_ENFORCE);
	assert_int_equal(p.max_age, 604800);
	assert_true(sts_policy_has(&p, "mail.example.NET"));
	assert_true(sts_policy_has(&p, "a.example.org"));
	assert_false(sts_policy_has(&p, "example.org"));
	assert_false(sts_policy_has(&p, "a.b.example.org"));
	assert_false(sts_policy_has(&p, "b.example.net"));
	arena_clear(&a);
}

static void
test_reports(void **state)
{
	static const char *const cases[][3] = {
		{ "v=TLSRPTv1; rua=mailto:a@b.org", NULL, "a@b.org" },
		{ "v=TLSRPTv1;rua=mailto:a@b.org,https://c.org/d;", NULL,
		    "a@b.org|https://c.org/d" },
		{ "v=TLSRPTv1; x=y; rua=mailto:a@b.org", NULL, "a@b.org" },
		{ "v=TLSRPTv1; rua=mailto:a%21@b.org", NULL, "a!@b.org" },
		{ "v=TLSRPTv1;", "has no rua=", "" },
		{ "v=TLSRPTv1; rua=a@b.org",
		    "has an address without mailto:", "" },
		{ "v=TLSRPTv1; rua=http://c.org/",
		    "has an address without mailto: or https:",
		    "http://c.org/" },
		{ "v=TLSRPTv1; rua=mailto:a@b.org!10m",
		    "has a character that is not allowed in an address", "" },
		{ "v=TLSRPTv1; rua=", "has a comma without an address", "" },
		{ "v=TLSRPTv1; rua=mailto:a@b.org; rua=mailto:c@d.org",
		    "has a tag twice", "" },
		{ "v=TLSRPTv2; rua=mailto:a@b.org",
		    "does not begin with v=TLSRPTv1", "" },
		{ "v=tlsrptv1; rua=mailto:a@b.org",
		    "does not begin with v=TLSRPTv1", "" },
		{ " v=TLSRPTv1; rua=mailto:a@b.org",
		    "does not begin with v=TLSRPTv1", "" },
		{ "rua=mailto:a@b.org; v=TLSRPTv1",
		    "does not begin with v=TLSRPTv1", "" },
	};
	struct arena a = { 0 };
	struct words addresses;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *why = reports_record_parse(&a, cases[i][0],
		    &addresses);

		if (!text_same(why, cases[i][1]) ||
		    strcmp(joined(&a, &addresses), cases[i][2]) != 0)
			fail_msg("%s: %s, %s", cases[i][0], why,
			    joined(&a, &addresses));
	}
	arena_clear(&a);
}

static void
test_select(void **state)
{
	struct arena a = { 0 };
	struct words values = { 0 };
	size_t count;

	(void)state;
	assert_null(dns_tags_select(&values, "STSv1", false, &count));
	assert_int_equal(count, 0);
	words_add(&a, &values, "v=STSv10; id=1");
	words_add(&a, &values, "v = STSv1; id=1");
	words_add(&a, &values, "v=STSv1; id=1");
	assert_string_equal(dns_tags_select(&values, "STSv1", false, &count),
	    "v=STSv1; id=1");
	assert_null(dns_tags_select(&values, "STSv1", true, &count));
	assert_int_equal(count, 2);
	arena_clear(&a);
}

/* --- SRV ------------------------------------------------------------- */

static void
test_srv(void **state)
{
	static const struct {
		const char *value;
		unsigned port;
		const char *why;
	} cases[] = {
		{ "0 1 993 mail.example.org", 993, NULL },
		{ "0 1 993 Mail.Example.org.", 993, NULL },
		{ "65535 65535 993 mail.example.org", 993, NULL },
		{ "0 1 587 mail.example.org", 465,
		    "leads to mail.example.org port 587" },
		{ "0 1 993 other.example.org", 993,
		    "leads to other.example.org port 993" },
		{ "0 0 0 .", 993, "says that the service is not offered" },
		{ "0 0 0 .", 0, NULL },
		{ "0 1 143 mail.example.org", 0, "leads to mail.example.org "
		    "port 143, and the service is off" },
		{ "0 1 65536 a.org", 993, "is no SRV record" },
		{ "0 1 993", 993, "is no SRV record" },
		{ "0 1 993 ", 993, "is no SRV record" },
		{ "0 1 x a.org", 993, "is no SRV record" },
		{ "0  1 993 a.org", 993, "is no SRV record" },
		{ "0 1 993 a..org", 993, "is no SRV record" },
		{ "", 993, "is no SRV record" },
	};
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct words values = { 0 };
		const char *why;

		words_add(&a, &values, cases[i].value);
		why = srv_judge(&a, &values, "mail.example.org",
		    cases[i].port);
		if (!text_same(why, cases[i].why))
			fail_msg("%s: %s", cases[i].value, why);
	}
	assert_int_equal(srv_port("_imaps"), 993);
	assert_int_equal(srv_port("_submissions"), 465);
	assert_int_equal(srv_port("_xmpp"), 0);
	arena_clear(&a);
}

/* --- TLSA ------------------------------------------------------------ */

#define LEAF \
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
#define CA \
"-----BEGIN CERTIFICATE-----\n" \
"MIIBbzCCARWgAwIBAgIUCFG5BjhlkwwPp2wRdNnzC1GBPO4wCgYIKoZIzj0EAwIw\n" \
"DTELMAkGA1UEAwwCY2EwHhcNMjYxMTI5MDkwOTE2WhcNMzYxMTI2MDkwOTE2WjAN\n" \
"MQswCQYDVQQDDAJjYTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABMEa5bT7/VW/\n" \
"8LvNncOWFlOmfACdPOBnRi9Ge6fHPRVEYMtPJQDqX34SxbAef74KvZxqvLuQMEhG\n" \
"zThBgBslEZejUzBRMB0GA1UdDgQWBBR4+ZviGvrdIRk+VhnqhXhSEbET+TAfBgNV\n" \
"HSMEGDAWgBR4+ZviGvrdIRk+VhnqhXhSEbET+TAPBgNVHRMBAf8EBTADAQH/MAoG\n" \
"CCqGSM49BAMCA0gAMEUCIQCvy79gEM5bn0iIk78B8dvobdw/fyPZUU/QeYCnlqZt\n" \
"TgIgbdHcD0TXEtQKdZMNbZGtSWq0PweBE3s03I6gHkGS8AI=\n" \
"-----END CERTIFICATE-----\n"
#define LEAF_SHA256 \
"e601961edb2da1aa6ff40b16a29a8d9d2b38f6cf11d51f57be91cc3f62c1210f"
#define LEAF_KEY_SHA256 \
"ead935997a5adfdcf701023b94d4b9216f355d98e33138b3a5758abc5493dd86"
#define LEAF_KEY_SHA512 \
"cc7c6f60d39975b7c9d64f0851aabeadcd7a60abd9c9435919ab1dab786124d7" \
"13bbc3ac575921f2792a486c51174c5610d6cc6f42f973ae2a655ff1a91e211f"
#define LEAF_KEY \
"3059301306072a8648ce3d020106082a8648ce3d03010703420004ef5bff78b1" \
"5a1bf0c3f275b342ecd2554f0bcd3ebb29e4c18f9c8023456fab0ea9aa3d91e3" \
"529d52968edb5706a42d19048e8d2d77c1649880f76fdb1a9bf246"
#define CA_SHA256 \
"7e1495e37973f18cbff4d1707ff075867c354b3939c0f2fcff3cf59e5a5815ea"
#define CA_KEY_SHA256 \
"524e7bd2e0893125f2fd3c38214b32c9389dc56a1dc2bb0bdad68aea20019120"

static void
test_tlsa(void **state)
{
	static const struct {
		const char *value;
		const char *why;
		bool matches;
	} cases[] = {
		{ "3 1 1 " LEAF_KEY_SHA256, NULL, true },
		{ "3 1 1 EAD935997A5ADFDCF701023B94D4B921 "
		    "6F355D98E33138B3A5758ABC5493DD86", NULL, true },
		{ "3 0 1 " LEAF_SHA256, NULL, true },
		{ "3 1 2 " LEAF_KEY_SHA512, NULL, true },
		{ "3 1 0 " LEAF_KEY, NULL, true },
		{ "2 0 1 " CA_SHA256, NULL, true },
		{ "2 1 1 " CA_KEY_SHA256, NULL, true },
		{ "3 1 1 " CA_KEY_SHA256, NULL, false },
		{ "2 1 1 " LEAF_KEY_SHA256, NULL, false },
		{ "3 0 1 " LEAF_KEY_SHA256, NULL, false },
		{ "3 1 0 00", NULL, false },
		{ "0 0 1 " CA_SHA256, "has usage 0 or 1, which mail servers "
		    "ignore", false },
		{ "1 1 1 " LEAF_KEY_SHA256, "has usage 0 or 1, which mail "
		    "servers ignore", false },
		{ "4 1 1 " LEAF_KEY_SHA256, "has a usage that nobody knows",
		    false },
		{ "3 2 1 " LEAF_KEY_SHA256, "has a selector that nobody "
		    "knows", false },
		{ "3 1 3 " LEAF_KEY_SHA256, "has a matching type that nobody "
		    "knows", false },
		{ "3 1 1 " LEAF_KEY_SHA512, "has a digest that is no SHA-256",
		    false },
		{ "3 1 2 " LEAF_KEY_SHA256, "has a digest that is no SHA-512",
		    false },
		{ "3 1 1 abc", "is no TLSA record", false },
		{ "3 1 1 xx", "is no TLSA record", false },
		{ "3 1 1 ", "is no TLSA record", false },
		{ "3 1 1", "is no TLSA record", false },
		{ "3 1 ab", "is no TLSA record", false },
		{ "256 1 1 ab", "is no TLSA record", false },
		{ "", "is no TLSA record", false },
	};
	static const char chain[] = LEAF CA;
	struct arena a = { 0 };
	struct tlsa_record r;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *why = tlsa_record_parse(&a, cases[i].value, &r);

		if (!text_same(why, cases[i].why))
			fail_msg("%s: %s", cases[i].value, why);
		if (why == NULL && (tlsa_match(&r, chain, strlen(chain)) ==
		    TLSA_MATCHES) != cases[i].matches)
			fail_msg("%s: %d", cases[i].value, cases[i].matches);
	}
	assert_null(tlsa_record_parse(&a, cases[0].value, &r));
	assert_int_equal(tlsa_match(&r, CA, strlen(CA)), TLSA_NO_MATCH);
	assert_int_equal(tlsa_match(&r, "", 0), TLSA_UNREADABLE);
	assert_int_equal(tlsa_match(&r, "hello", 5), TLSA_UNREADABLE);
	assert_int_equal(tlsa_match(&r, LEAF, 200), TLSA_UNREADABLE);
	arena_clear(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dmarc),
		cmocka_unit_test(test_dmarc_fields),
		cmocka_unit_test(test_dmarc_walk),
		cmocka_unit_test(test_consent),
		cmocka_unit_test(test_sts_record),
		cmocka_unit_test(test_sts_policy),
		cmocka_unit_test(test_reports),
		cmocka_unit_test(test_select),
		cmocka_unit_test(test_srv),
		cmocka_unit_test(test_tlsa),
	};

	return cmocka_run_group_tests_name("dns_records", tests, NULL, NULL);
}
