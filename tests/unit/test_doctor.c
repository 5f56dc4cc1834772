/* What the doctor says of facts: no server is asked. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include <openssl/x509_vfy.h>

#include "model/doctor/deliver.h"
#include "model/doctor/opening.h"
#include "model/doctor/port.h"
#include "model/doctor/queue.h"

#define NOW 1800000000
#define DAY 86400

static struct arena arena;

static int
clear(void **state)
{
	(void)state;
	arena_clear(&arena);
	return 0;
}

/* `part` is in what is said, or in the advice behind " -> ". */
static void
says(struct verdict v, enum doctor_state state, const char *part)
{
	const char *all = arena_printf(&arena, "%s -> %s", v.what,
	    v.advice != NULL ? v.advice : "");

	if (v.state != state || strstr(all, part) == NULL)
		fail_msg("%s: %s, and not %s: %s",
		    doctor_state_names[v.state], all,
		    doctor_state_names[state], part);
}

static void
a_clock_may_be_a_minute_apart(void **state)
{
	static const struct {
		int64_t there;
		enum doctor_state state;
		const char *part;
	} cases[] = {
		{ NOW, DOCTOR_OK, "the clock is" },
		{ NOW + 60, DOCTOR_OK, "the clock is" },
		{ NOW - 60, DOCTOR_OK, "the clock is" },
		{ NOW + 61, DOCTOR_WRONG, "61 s behind that" },
		{ NOW - 3600, DOCTOR_WRONG, "3600 s ahead of that" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		says(clock_judge(&arena, NOW, cases[i].there),
		    cases[i].state, cases[i].part);
}

static void
a_replica_has_to_run_and_to_be_close(void **state)
{
	static const struct {
		struct db_replica r;
		enum doctor_state state;
		const char *part;
	} cases[] = {
		{ { "db1", true, 0, "" }, DOCTOR_OK, "is 0 s behind db1" },
		{ { "db1", true, 60, "" }, DOCTOR_OK, "is 60 s behind db1" },
		{ { "db1", true, 61, "" }, DOCTOR_WRONG, "is 61 s behind" },
		{ { "db1", true, -1, "" }, DOCTOR_WRONG, "does not know" },
		{ { "db1", false, -1, "" }, DOCTOR_WRONG, "no longer copies "
		    "from db1: the replica is stopped -> SHOW REPLICA" },
		{ { "db1", false, -1, "Duplicate entry" }, DOCTOR_WRONG,
		    "from db1: Duplicate entry" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		says(replica_judge(&arena, &cases[i].r), cases[i].state,
		    cases[i].part);
	says(replica_judge(&arena, NULL), DOCTOR_SKIPPED, "from no other");
}

static void
a_message_is_found_in_the_queue(void **state)
{
	static const char json[] = "{\"queue_name\": \"active\", "
	    "\"queue_id\": \"A1\", \"recipients\": [{\"address\": "
	    "\"x\"}]}\n[]\n{\"queue_id\": \"B2\", \"recipients\": "
	    "[{\"delay_reason\": \"no way\"}]}\n";
	struct queue_place place;

	(void)state;
	queue_find(&arena, json, &(struct queue_sent){ "A1", "x" },
	    &place);
	assert_true(place.found && place.answered && place.reason == NULL);
	queue_find(&arena, json, &(struct queue_sent){ "B2", "x" },
	    &place);
	assert_true(place.found);
	assert_string_equal(place.reason, "no way");
	queue_find(&arena, json, &(struct queue_sent){ "C3", "x" },
	    &place);
	assert_false(place.found);
	queue_find(&arena, "", &(struct queue_sent){ "A1", "x" }, &place);
	assert_false(place.found || place.answered);
}

static void
a_disk_needs_a_tenth_of_its_space_and_files(void **state)
{
	static const struct {
		struct disk disk;
		enum doctor_state state;
		const char *part;
	} cases[] = {
		{ { "/m", "mail", 1000, 100, 1000, 100 }, DOCTOR_OK, "/m" },
		{ { "/m", "mail", 1000, 99, 1000, 500 }, DOCTOR_WRONG,
		    "disk of the mail has 9 % left: /m -> df -h /m" },
		{ { "/m", "mail", 1000, 0, 1000, 0 }, DOCTOR_WRONG, " 0 %" },
		{ { "/m", "queue", 1000, 500, 1000, 99 }, DOCTOR_WRONG,
		    "9 % more files: /m -> df -i /m" },
		/* btrfs counts no files, and some systems nothing. */
		{ { "/m", "mail", 1000, 500, 0, 0 }, DOCTOR_OK, "/m" },
		{ { "/m", "mail", 0, 0, 0, 0 }, DOCTOR_OK, "/m" },
		{ { "/m", "mail", UINT64_MAX, UINT64_MAX / 11, 0, 0 },
		    DOCTOR_WRONG, " 9 %" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		says(disk_judge(&arena, &cases[i].disk), cases[i].state,
		    cases[i].part);
}

static void
a_certificate_is_valid_for_two_weeks_and_the_host(void **state)
{
	static const struct {
		struct certificate c;
		enum doctor_state state;
		const char *part;
	} cases[] = {
		{ { "/c", NOW - DAY, NOW + 60 * DAY, true, "mx" },
		    DOCTOR_OK, "/c is valid for 60 days" },
		{ { "/c", NOW - DAY, NOW + 14 * DAY, true, "mx" },
		    DOCTOR_OK, "14 days" },
		{ { "/c", NOW - DAY, NOW + 14 * DAY - 1, true, "mx" },
		    DOCTOR_WRONG, "expires in 13 days" },
		{ { "/c", NOW - DAY, NOW - 3 * DAY, true, "mx" },
		    DOCTOR_WRONG, "expired 3 days ago" },
		{ { "/c", NOW - DAY, NOW, true, "mx" },
		    DOCTOR_WRONG, "expired 0 days ago" },
		{ { "/c", NOW + 1, NOW + 60 * DAY, true, "mx" },
		    DOCTOR_WRONG, "not valid yet" },
		{ { "/c", NOW - DAY, NOW + 60 * DAY, false, "mx" },
		    DOCTOR_WRONG, "not for mx -> certbot certonly -d mx" },
		{ { "/c", NOW - DAY, NOW + 60 * DAY, false, NULL },
		    DOCTOR_OK, "60 days" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		says(certificate_judge(&arena, &cases[i].c, NOW),
		    cases[i].state, cases[i].part);
}

static void
errors_of_a_checker_are_counted_and_the_first_is_named(void **state)
{
	const struct finding two[] = {
		{ .rule = "D001", .text = "first", .advice = "do it" },
		{ .rule = "U001", .text = "second", .advice = "do that" },
	};
	struct report r = { .finding = two, .count = 2,
	    .found[SEVERITY_ERROR] = 2 };

	(void)state;
	says(report_judge(&arena, &r, "check"), DOCTOR_WRONG,
	    "\"check\" finds 2 errors; D001: first -> ");
	r.count = 1;
	r.found[SEVERITY_ERROR] = 1;
	says(report_judge(&arena, &r, "check"), DOCTOR_WRONG,
	    "finds 1 error; D001: first -> do it");
	r = (struct report){ 0 };
	says(report_judge(&arena, &r, "check"), DOCTOR_OK, "no errors");
	words_add(&arena, &r.unchecked, "D001");
	r.unchecked_why = "no permission";
	says(report_judge(&arena, &r, "check"), DOCTOR_UNKNOWN,
	    "could not check 1 rule: no permission");
}

static void
an_answer_of_a_port_is_judged(void **state)
{
	static const struct {
		struct port p;
		enum doctor_state state;
		const char *part;
	} cases[] = {
		{ { .address = "192.0.2.1", .number = 25, .is_own = true,
		    .greets = true }, DOCTOR_OK, "192.0.2.1:25 greets" },
		{ { .address = "2001:db8::1", .number = 25, .is_own = true,
		    .greets = true }, DOCTOR_OK, "[2001:db8::1]:25 greets" },
		{ { .address = "127.0.0.1", .number = 25, .is_own = true,
		    .end = TALK_REFUSED }, DOCTOR_WRONG, "Postfix runs, but "
		    "does not listen on 127.0.0.1:25 -> look at "
		    "\"inet_interfaces" },
		{ { .server = PORT_DOVECOT, .address = "127.0.0.1",
		    .number = 993, .is_own = true, .end = TALK_REFUSED },
		    DOCTOR_WRONG, "look at \"listen\"" },
		{ { .address = "192.0.2.1", .number = 25, .is_own = true,
		    .end = TALK_UNREACHABLE }, DOCTOR_WRONG, "a firewall" },
		/* A router's: only somebody outside can ask. */
		{ { .address = "192.0.2.1", .number = 25,
		    .end = TALK_UNREACHABLE }, DOCTOR_UNKNOWN,
		    "ask from outside" },
		{ { .address = "192.0.2.1", .number = 25,
		    .end = TALK_REFUSED }, DOCTOR_UNKNOWN, "192.0.2.1" },
		{ { .address = "127.0.0.1", .number = 25, .seconds = 5,
		    .end = TALK_SILENT }, DOCTOR_WRONG, "nothing for 5 s" },
		{ { .address = "127.0.0.1", .number = 587,
		    .end = TALK_CLOSED }, DOCTOR_WRONG, "without a greeting" },
		{ { .address = "127.0.0.1", .number = 465,
		    .end = TALK_BROKEN }, DOCTOR_WRONG, "begin with TLS" },
		{ { .address = "127.0.0.1", .number = 25,
		    .said = "421 too many" }, DOCTOR_WRONG,
		    "takes no session: 421 too many" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		says(port_judge(&arena, &cases[i].p), cases[i].state,
		    cases[i].part);
}

/* Three ports, and what the system says of the process. */
static struct verdict
server(enum running running, struct port a, struct port b, struct port c)
{
	struct port three[] = { a, b, c };
	const struct ports ports = { three, 3, 3 };

	return server_judge(&arena, PORT_DOVECOT, running, &ports);
}

static void
a_server_is_down_or_hangs_or_runs(void **state)
{
	const struct port no = { .server = PORT_DOVECOT, .is_own = true,
	    .end = TALK_REFUSED };
	const struct port mute = { .server = PORT_DOVECOT, .is_own = true,
	    .end = TALK_SILENT };
	const struct port yes = { .server = PORT_DOVECOT, .is_own = true,
	    .greets = true };
	const struct port other = { .server = PORT_POSTFIX, .is_own = true,
	    .greets = true };

	(void)state;
	says(server(RUNS_NOT, no, no, other), DOCTOR_WRONG,
	    "Dovecot is not running -> systemctl restart dovecot");
	says(server(RUNS_UNKNOWN, no, no, other), DOCTOR_WRONG, "not running");
	says(server(RUNS_UNKNOWN, no, yes, other), DOCTOR_OK, "Dovecot runs");
	says(server(RUNS, no, no, other), DOCTOR_OK, "Dovecot runs");
	says(server(RUNS, mute, mute, other), DOCTOR_WRONG, "it hangs");
	says(server(RUNS, mute, yes, other), DOCTOR_OK, "runs");
	says(server(RUNS_UNKNOWN, other, other, other), DOCTOR_UNKNOWN,
	    "cannot be seen");
}

static void
a_certificate_that_is_presented_is_that_of_the_file(void **state)
{
	static const unsigned char file[32] = { 1 }, none[32];
	struct port p = { .address = "127.0.0.1", .number = 993,
	    .server = PORT_DOVECOT, .host = "mx", .tls_offered = true,
	    .tls = { .is_for_host = true, .ends = NOW + 60 * DAY } };

	(void)state;
	says(tls_judge(&arena, &p, NULL, NOW), DOCTOR_OK, "60 days");
	says(tls_judge(&arena, &p, none, NOW), DOCTOR_OK, "60 days");
	says(tls_judge(&arena, &p, file, NOW), DOCTOR_WRONG,
	    "another certificate than the file: it was not reloaded -> "
	    "systemctl reload dovecot");
	p.takes_old = true;
	says(tls_judge(&arena, &p, NULL, NOW), DOCTOR_WRONG,
	    "127.0.0.1:993 takes TLS 1.1, which is broken (RFC 8996) -> "
	    "ssl_min_protocol");
	says(tls_judge(&arena, &p, NULL, NOW + 60 * DAY), DOCTOR_WRONG,
	    "has expired");
	p.tls.chain = X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
	says(tls_judge(&arena, &p, NULL, NOW), DOCTOR_WRONG, "nobody trusts");
	p.tls.is_for_host = false;
	says(tls_judge(&arena, &p, NULL, NOW), DOCTOR_WRONG, "not for mx");
	p.tls_end = TALK_BROKEN;
	says(tls_judge(&arena, &p, NULL, NOW), DOCTOR_WRONG, "fails");
	p.tls_end = TALK_SILENT;
	says(tls_judge(&arena, &p, NULL, NOW), DOCTOR_WRONG, "no answer");
	p.tls_end = TALK_OK;
	p.tls_offered = false;
	says(tls_judge(&arena, &p, NULL, NOW), DOCTOR_WRONG,
	    "does not offer TLS");
}

static void
a_milter_is_down_or_hangs_or_answers(void **state)
{
	(void)state;
	says(milter_judge(&arena, "unix:x", TALK_OK), DOCTOR_OK, "answers");
	says(milter_judge(&arena, "unix:x", TALK_REFUSED), DOCTOR_WRONG,
	    "unix:x is not running -> systemctl");
	says(milter_judge(&arena, "unix:x", TALK_SILENT), DOCTOR_WRONG,
	    "it hangs");
	says(milter_judge(&arena, "unix:x", TALK_CLOSED), DOCTOR_WRONG,
	    "no mail filter");
	says(milter_judge(&arena, "unix:x", TALK_UNREACHABLE),
	    DOCTOR_UNKNOWN, "cannot be asked");
}

static void
the_policy_service_answers_for_itself(void **state)
{
	(void)state;
	says(sending_judge(TALK_OK, "action=OK"), DOCTOR_OK, "answers");
	says(sending_judge(TALK_OK, "action=FAILED"), DOCTOR_WRONG,
	    "cannot ask the database -> mailadm config verify");
	says(sending_judge(TALK_OK, "220 mx ESMTP"), DOCTOR_WRONG,
	    "cannot ask the database");
	says(sending_judge(TALK_REFUSED, ""), DOCTOR_WRONG, "not running");
	says(sending_judge(TALK_SILENT, ""), DOCTOR_WRONG, "it hangs");
	says(sending_judge(TALK_CLOSED, ""), DOCTOR_WRONG,
	    "ends without an answer");
	says(sending_judge(TALK_UNREACHABLE, ""), DOCTOR_UNKNOWN,
	    "cannot be asked");
}

static void
a_stranger_is_refused_or_it_is_a_relay(void **state)
{
	(void)state;
	says(relay_judge(&arena, "554 5.7.1 Relay access denied"), DOCTOR_OK,
	    "refuses");
	says(relay_judge(&arena, "250 2.1.5 Ok"), DOCTOR_WRONG,
	    "relays for strangers: 250");
	says(relay_judge(&arena, "451 4.3.0 later"), DOCTOR_UNKNOWN,
	    "answers 451");
}

static void
networks_that_postfix_trusts_are_found(void **state)
{
	static const struct {
		const char *network, *address;
		int trusted;
	} cases[] = {
		{ "127.0.0.0/8", "127.0.0.1", 1 },
		{ "127.0.0.0/8", "128.0.0.1", 0 },
		{ "192.0.2.0/25", "192.0.2.127", 1 },
		{ "192.0.2.0/25", "192.0.2.128", 0 },
		{ "192.0.2.7", "192.0.2.7", 1 },
		{ "192.0.2.7", "192.0.2.8", 0 },
		{ "0.0.0.0/0", "192.0.2.8", 1 },
		{ "[::1]/128", "::1", 1 },
		{ "[2001:db8::]/32", "2001:db8:1::1", 1 },
		{ "[2001:db8::]/32", "2001:db9::1", 0 },
		{ "[::ffff:127.0.0.0]/104", "127.0.0.1", 0 },
		{ "127.0.0.0/8", "::1", 0 },
		{ "hash:/etc/postfix/networks", "192.0.2.1", -1 },
		{ "192.0.2.0/99", "192.0.2.1", -1 },
		{ "192.0.2.0/x", "192.0.2.1", -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct words words = { 0 };

		words_add(&arena, &words, cases[i].network);
		if (relay_is_trusted(&words, cases[i].address) !=
		    cases[i].trusted)
			fail_msg("%s, %s", cases[i].network,
			    cases[i].address);
	}
}

static void
a_queue_is_counted_by_reason(void **state)
{
	static const char json[] =
	    "{\"queue_name\": \"deferred\", \"arrival_time\": 1799990000, "
	    "\"recipients\": [{\"delay_reason\": \"mailbox full\"}]}\n"
	    "{\"queue_name\": \"deferred\", \"arrival_time\": 1799980000, "
	    "\"recipients\": [{\"delay_reason\": \"<a@x> timed out\"}, "
	    "{\"delay_reason\": \"<b@x> timed out\"}]}\n"
	    "{\"queue_name\": \"hold\", \"arrival_time\": 1000000000, "
	    "\"recipients\": [{}]}\n"
	    "{\"queue_name\": \"active\", \"arrival_time\": 1799999000, "
	    "\"recipients\": [{}]}\nno\n";
	struct queue q;

	(void)state;
	queue_read(&arena, json, &q);
	assert_int_equal(q.count, 4);
	assert_int_equal(q.waiting, 2);
	assert_int_equal(q.held, 1);
	assert_int_equal(q.oldest, 1799980000);
	assert_int_equal(q.odd, 1);
	assert_int_equal(q.reason[0].count, 2);
	assert_string_equal(q.reason[0].text, "<> timed out");
	assert_string_equal(q.reason[1].text, "mailbox full");
	assert_int_equal(q.reason[2].count, 0);
	says(queue_judge(&arena, &q, NOW), DOCTOR_OK,
	    "4 messages in the queue, 2 deferred; 2x <> timed out; 1x ");
	says(queue_judge(&arena, &q, NOW + 2 * DAY), DOCTOR_WRONG,
	    "the oldest waits for 2 days");
	q.waiting = 101;
	says(queue_judge(&arena, &q, NOW), DOCTOR_WRONG, "101 deferred");
	queue_read(&arena, "", &q);
	says(queue_judge(&arena, &q, NOW), DOCTOR_OK, "is empty");
}

static void
a_resolver_answers_soon(void **state)
{
	(void)state;
	says(resolver_judge(&arena, true, 0.1), DOCTOR_OK, "answers");
	says(resolver_judge(&arena, true, 2.5), DOCTOR_WRONG, "2.5 s");
	says(resolver_judge(&arena, false, 5), DOCTOR_WRONG, "not answer");
	says(outgoing_judge(&arena, "mx", TALK_OK, "220 mx"), DOCTOR_OK,
	    "port 25 of mx greets");
	says(outgoing_judge(&arena, "mx", TALK_OK, "554 go away"),
	    DOCTOR_WRONG, "takes no mail from here: 554 go away -> mailadm "
	    "dns check --blocklists");
	says(outgoing_judge(&arena, "mx", TALK_UNREACHABLE, ""),
	    DOCTOR_WRONG, "port 25 of mx cannot be reached: mail does not");
	says(outgoing_judge(&arena, "mx", TALK_SILENT, ""), DOCTOR_WRONG,
	    "says nothing");
}

static void
the_header_of_a_probe_is_read(void **state)
{
	static const char mail[] =
	    "Return-Path: <a@x.org>\r\n"
	    "Authentication-Results: mx.x.org;\r\n\tdkim=pass\r\n"
	    "authentication-results: other\r\n"
	    "DKIM-Signature: v=1; a=rsa-sha256; d=x.org;\r\n"
	    "\ts=20261129r; bh=x; b=d=no.org\r\n"
	    "X-Spam-Status: No, score=-0.1\r\n"
	    "X-Spam: Yes\r\n\r\nDKIM-Signature: d=body.org\r\n";
	struct probe_header h;

	(void)state;
	probe_header_read(&arena, mail, &h);
	assert_int_equal(h.signatures.count, 1);
	assert_string_equal(h.signatures.word[0], "d=x.org s=20261129r");
	assert_string_equal(h.results, "mx.x.org;\tdkim=pass");
	assert_string_equal(h.spam, "No, score=-0.1");
	assert_true(h.is_spam);
}

static void
a_probe_is_judged_by_its_way(void **state)
{
	const struct probe_way in = { "port 25", false, true, true };
	const struct probe_way out = { "port 465", true, true, true };
	struct probe_header h = { 0 };

	(void)state;
	says(probe_judge(&arena, &in, &h, "x.org"), DOCTOR_WRONG,
	    "no Authentication-Results");
	says(probe_judge(&arena, &out, &h, "x.org"), DOCTOR_WRONG,
	    "no DKIM-Signature of x.org");
	words_add(&arena, &h.signatures, "d=x.organic s=1");
	says(probe_judge(&arena, &out, &h, "x.org"), DOCTOR_WRONG,
	    "no DKIM-Signature of x.org");
	words_add(&arena, &h.signatures, "d=X.org s=2");
	h.results = "mx";
	says(probe_judge(&arena, &out, &h, "x.org"), DOCTOR_OK,
	    "by port 465: d=x.organic s=1; mx");
	says(probe_judge(&arena, &in, &h, "x.org"), DOCTOR_OK, "mx");
	h.is_spam = true;
	says(probe_judge(&arena, &in, &h, "x.org"), DOCTOR_WRONG, "spam");
	h = (struct probe_header){ 0 };
	says(probe_judge(&arena, &(struct probe_way){ "port 465", true, false,
	    false }, &h, "x.org"), DOCTOR_OK, "unsigned");
}

static void
who_listens_is_read_as_the_kernel_writes_it(void **state)
{
	static const char table[] =
	    "  sl  local_address rem_address   st tx_queue rx_queue\n"
	    "   0: 0100007F:0CEA 00000000:0000 0A 00000000:00000000\n"
	    "   1: 00000000:0019 00000000:0000 0A 00000000:00000000\n"
	    "   2: 010200C0:01BB 020200C0:C350 01 00000000:00000000\n"
	    "   3: 00000000000000000000000001000000:2C4E "
	    "00000000000000000000000000000000:0000 0A 0\n"
	    "   4: 0000000000000000FFFF00000100007F:2C4C "
	    "00000000000000000000000000000000:0000 0A 0\n"
	    "   5: 00000000000000000000000000000000:03E1 "
	    "00000000000000000000000000000000:0000 0A 0\n"
	    "   6: 0100007F:0019 00000000:0000 0A 0\n";
	static const struct listener wanted[] = {
		{ 3306, true }, { 25, false }, { 11342, true },
		{ 11340, true }, { 993, false },
	};
	struct listeners all = { 0 };

	(void)state;
	listeners_read(table, &all);
	assert_int_equal(all.count, sizeof(wanted) / sizeof(wanted[0]));
	for (size_t i = 0; i < all.count; i++) {
		assert_int_equal(all.item[i].port, wanted[i].port);
		assert_int_equal(all.item[i].loopback, wanted[i].loopback);
	}
	VECTOR_CLEAR(&all);
}

/* Whatever this machine has: each is an address, and none is loopback. */
static void
addresses_of_the_machine_can_be_connected_to(void **state)
{
	struct words words = ports_addresses(&arena);

	(void)state;
	for (size_t i = 0; i < words.count; i++) {
		assert_true(strlen(words.word[i]) > 2);
		assert_string_not_equal(words.word[i], "127.0.0.1");
	}
}

/* The ports of loopback, in the order in which they were found. */
static const char *
ports_in(const char *text, int minor)
{
	struct doctor_options options = { .settings = &(struct settings){ 0 } };
	struct doctor d = { .arena = &arena, .options = &options };
	struct dovecot_config config = { .minor = minor };
	struct ports ports = { 0 };
	const char *all = "";
	struct err e = { 0 };

	assert_true(dovecot_parse(&arena, text, &config.root, &e));
	ports_of_dovecot(&d, &config, &ports);
	for (size_t i = 0; i < ports.count; i++) {
		if (strcmp(ports.item[i].address, "127.0.0.1") == 0)
			all = arena_printf(&arena, "%s %u%s", all,
			    ports.item[i].number,
			    ports.item[i].tls_first ? "s" : "");
	}
	VECTOR_CLEAR(&ports);
	return all;
}

static void
dovecot_2_4_does_not_list_its_default_ports(void **state)
{
	static const char flags[] = "listen =\nprotocols {\n  imap = yes\n"
	    "  pop3 = yes\n}\n";

	(void)state;
	assert_string_equal(ports_in(flags, 4), " 143 993s 110 995s");
	assert_string_equal(ports_in("protocols {\n  imap = yes\n}\n", 4),
	    " 143 993s");
	assert_string_equal(ports_in("protocols {\n  imap = yes\n}\n"
	    "service imap-login {\n  inet_listener imap {\n    port = 0\n"
	    "  }\n  inet_listener other {\n    port = 1993\n"
	    "    ssl = yes\n  }\n}\n", 4), " 993s 1993s");
	assert_string_equal(ports_in("protocols = imap lmtp\nlisten = *\n"
	    "service imap-login {\n  inet_listener imap {\n"
	    "    port = 143\n  }\n}\n", 3), " 143");
}

static void
each_step_says_how_it_looks_and_what_comes_next(void **state)
{
	(void)state;
	for (size_t i = 0; i < doctor_step_count(); i++) {
		struct doctor_step_row row = doctor_step_at(i);

		assert_true(strlen(row.how) > 10);
		assert_non_null(row.advice);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(row.step,
			    doctor_step_at(j).step);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_clock_may_be_a_minute_apart),
		cmocka_unit_test(a_replica_has_to_run_and_to_be_close),
		cmocka_unit_test(a_message_is_found_in_the_queue),
		cmocka_unit_test(a_disk_needs_a_tenth_of_its_space_and_files),
		cmocka_unit_test(
		    a_certificate_is_valid_for_two_weeks_and_the_host),
		cmocka_unit_test(
		    errors_of_a_checker_are_counted_and_the_first_is_named),
		cmocka_unit_test(an_answer_of_a_port_is_judged),
		cmocka_unit_test(a_server_is_down_or_hangs_or_runs),
		cmocka_unit_test(
		    a_certificate_that_is_presented_is_that_of_the_file),
		cmocka_unit_test(a_milter_is_down_or_hangs_or_answers),
		cmocka_unit_test(a_stranger_is_refused_or_it_is_a_relay),
		cmocka_unit_test(networks_that_postfix_trusts_are_found),
		cmocka_unit_test(a_queue_is_counted_by_reason),
		cmocka_unit_test(a_resolver_answers_soon),
		cmocka_unit_test(the_header_of_a_probe_is_read),
		cmocka_unit_test(a_probe_is_judged_by_its_way),
		cmocka_unit_test(the_policy_service_answers_for_itself),
		cmocka_unit_test(who_listens_is_read_as_the_kernel_writes_it),
		cmocka_unit_test(
		    addresses_of_the_machine_can_be_connected_to),
		cmocka_unit_test(dovecot_2_4_does_not_list_its_default_ports),
		cmocka_unit_test(
		    each_step_says_how_it_looks_and_what_comes_next),
	};

	return cmocka_run_group_tests(tests, NULL, clear);
}
