/* The public addresses of the server, and texts of a zone file. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "base/text.h"
#include "model/dns/txt.h"
#include "model/records/export.h"
#include "model/server/addresses.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void
private_addresses_are_not_public(void **state)
{
	static const struct {
		const char *address;
		bool public;
	} cases[] = {
		{ "203.0.113.7", true }, { "8.8.8.8", true },
		{ "100.63.255.255", true }, { "100.64.0.1", false },
		{ "172.15.0.1", true }, { "172.16.0.1", false },
		{ "172.31.255.255", false }, { "172.32.0.1", true },
		{ "10.0.0.1", false }, { "192.168.1.1", false },
		{ "169.254.1.1", false }, { "127.0.1.1", false },
		{ "0.0.0.0", false }, { "198.19.0.1", false },
		{ "224.0.0.1", false }, { "255.255.255.255", false },
		{ "2001:db8::1", true }, { "2a01:4f8::1", true },
		{ "::1", false }, { "::", false }, { "fe80::1", false },
		{ "fec0::1", false }, { "fd00::1", false },
		{ "ff02::1", false }, { "::ffff:8.8.8.8", false },
		{ "mx.example.org", false }, { "", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		if (server_address_is_public(cases[i].address) !=
		    cases[i].public)
			fail_msg("%s", cases[i].address);
	}
}

static void
addresses_are_canonical_and_listed_once(void **state)
{
	static const char *const wrong[] = {
		"mx.example.org", "1.2.3", "1.2.3.4.5", "203.0.113.7/24",
		"2001:db8::1%eth0", "203.0.113.7 x", "[2001:db8::1]",
		"203.0.113.7,203.0.113.8",
	};
	struct settings s;
	struct server_addresses found;
	struct arena a = { 0 };
	struct err e = { 0 };

	(void)state;
	settings_default(&s);
	s.addresses = "2001:DB8:0::7  203.0.113.7 2001:db8::7";
	assert_true(server_addresses(&a, &s, &found, &e));
	assert_true(found.set);
	assert_int_equal(found.list.count, 2);
	assert_string_equal(found.list.word[0], "203.0.113.7");
	assert_string_equal(found.list.word[1], "2001:db8::7");
	for (size_t i = 0; i < COUNT(wrong); i++) {
		s.addresses = wrong[i];
		if (server_addresses(&a, &s, &found, &e))
			fail_msg("accepted: %s", wrong[i]);
		assert_int_equal(e.code, ERR_INVALID);
		err_clear(&e);
	}
	arena_clear(&a);
}

static void
strings_are_quoted_and_split_at_255_bytes(void **state)
{
	struct text t = TEXT_INIT;
	char value[600];

	(void)state;
	dns_txt_quote(&t, "a\"b\\c;d\n\0\377 ~", 12);
	assert_string_equal(t.buf,
	    "\"a\\\"b\\\\c;d\\010\\000\\255 ~\"");
	text_cut(&t, 0);
	dns_txt_split(&t, "");
	assert_string_equal(t.buf, "\"\"");
	for (size_t len = 254; len <= 257; len++) {
		memset(value, 'x', len);
		value[len] = '\0';
		text_cut(&t, 0);
		dns_txt_split(&t, value);
		assert_int_equal(t.len, len + (len <= 255 ? 2 : 5));
		assert_true((strstr(t.buf, "x\" \"x") != NULL) ==
		    (len > 255));
	}
	text_clear(&t);
}

/* --- hostile values --------------------------------------------------- */

/* What each format makes of a text, in the order of its names. */
static const struct {
	const char *value;
	const char *expected[4];
} hostile[] = {
	{ "a\"b", { "\"a\\\"b\"", "'a\"b'", "\"a\\\\\\\"b\"",
	    "\"a\\\"b\"" } },
	{ "a\\b", { "\"a\\\\b\"", "'a\\\\b'", "\"a\\\\\\\\b\"",
	    "\"a\\\\b\"" } },
	{ "v=1; p=2", { "\"v=1; p=2\"", "'v=1\\; p=2'", "\"v=1; p=2\"",
	    "\"v=1; p=2\"" } },
	{ "it's", { "\"it's\"", "'it''s'", "\"it's\"", "\"it's\"" } },
	{ "${x} %{y} $z", { "\"${x} %{y} $z\"", "'${x} %{y} $z'",
	    "\"$${x} %%{y} $z\"", "\"${x} %{y} $z\"" } },
	{ "a\nsend\n", { "\"a\\010send\\010\"", "'a\\010send\\010'",
	    "\"a\\\\010send\\\\010\"", "\"a\\010send\\010\"" } },
	{ "\303\274 \033[31m", { "\"\\195\\188 \\027[31m\"",
	    "'\\195\\188 \\027[31m'",
	    "\"\\\\195\\\\188 \\\\027[31m\"",
	    "\"\\195\\188 \\027[31m\"" } },
};

static void
no_value_ends_its_string_in_any_format(void **state)
{
	(void)state;
	for (size_t i = 0; i < 4 * COUNT(hostile); i++) {
		struct arena a = { 0 };
		struct text t = TEXT_INIT;
		struct record record = { RECORD_DMARC, "x.org",
		    "_dmarc.x.org", "TXT", hostile[i / 4].value,
		    RECORD_REQUIRED, "why" };
		const struct records list = { &a, &record, 1, 1 };
		struct record_export x = { (enum record_format)(i % 4),
		    "x.org", RECORD_TTL, .text = &t, .kept.arena = &a };

		record_export_begin(&x);
		record_export_add(&x, &list);
		record_export_end(&x);
		if (strstr(t.buf, hostile[i / 4].expected[i % 4]) == NULL)
			fail_msg("%s: %s\nnot in: %s",
			    record_format_names[i % 4],
			    hostile[i / 4].expected[i % 4], t.buf);
		for (size_t n = 0; n < t.len; n++)
			assert_true(t.buf[n] == '\n' ||
			    (t.buf[n] >= ' ' && t.buf[n] <= '~'));
		text_clear(&t);
		arena_clear(&a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(private_addresses_are_not_public),
		cmocka_unit_test(addresses_are_canonical_and_listed_once),
		cmocka_unit_test(strings_are_quoted_and_split_at_255_bytes),
		cmocka_unit_test(no_value_ends_its_string_in_any_format),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
