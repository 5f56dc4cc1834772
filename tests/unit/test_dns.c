/* Names, addresses and the data of records: from bytes and from text. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdbool.h>
#include <string.h>

#include "model/dns/name.h"
#include "model/dns/txt.h"
#include "model/dns/value.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define L63 "a12345678901234567890123456789012345678901234567890123456789012"

static void
test_names(void **state)
{
	static const struct {
		const char *name;
		bool valid;
	} cases[] = {
		{ "example.org", true }, { "org", true }, { "", false },
		{ ".", false }, { "example.org.", false },
		{ ".example.org", false }, { "a..org", false },
		{ L63 ".org", true }, { L63 "x.org", false },
		{ L63 "." L63 "." L63 "." L63, false },
		{ L63 "." L63 "." L63 ".x2345678901234567890123456789012345"
		    "67890123456789012345678901", true },
		{ L63 "." L63 "." L63 ".x2345678901234567890123456789012345"
		    "678901234567890123456789012", false },
		{ "_dmarc.example.org", true }, { "a b.org", true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		if (dns_name_is_valid(cases[i].name) != cases[i].valid)
			fail_msg("%s", cases[i].name);
	}
	assert_true(dns_name_is_in("a.Example.org", "example.ORG"));
	assert_true(dns_name_is_in("example.org", "example.org"));
	assert_false(dns_name_is_in("ample.org", "example.org"));
	assert_false(dns_name_is_in("anexample.org", "example.org"));
	assert_false(dns_name_is_in("org", "example.org"));
	assert_string_equal(dns_name_parent("a.b.c"), "b.c");
	assert_null(dns_name_parent("c"));
}

static void
test_addresses(void **state)
{
	static const struct {
		const char *text;
		const char *same;	/* NULL: none */
		const char *reverse;
	} cases[] = {
		{ "192.0.2.1", "192.0.2.1", "1.2.0.192.in-addr.arpa" },
		{ "::ffff:192.0.2.1", "192.0.2.1", "1.2.0.192.in-addr.arpa" },
		{ "2001:DB8:0::1", "2001:db8::1", "1.0.0.0.0.0.0.0.0.0.0.0.0."
		    "0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa" },
		{ "127.0.1.1", "127.0.1.1", "1.1.0.127.in-addr.arpa" },
		{ "10.255.0.1", "10.255.0.1", "1.0.255.10.in-addr.arpa" },
		{ "11.0.0.1", "11.0.0.1", "1.0.0.11.in-addr.arpa" },
		{ "172.31.0.1", "172.31.0.1", "1.0.31.172.in-addr.arpa" },
		{ "172.32.0.1", "172.32.0.1", "1.0.32.172.in-addr.arpa" },
		{ "100.127.255.255", "100.127.255.255",
		    "255.255.127.100.in-addr.arpa" },
		{ "192.0.2", NULL, NULL },
		{ "192.0.2.01", NULL, NULL },
		{ "192.0.2.256", NULL, NULL },
		{ "2001:db8::1%eth0", NULL, NULL },
		{ "[2001:db8::1]", NULL, NULL },
		{ "", NULL, NULL }, { "a.org", NULL, NULL },
	};
	struct arena a = { 0 };
	struct dns_address address;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		bool ok = dns_address_parse(cases[i].text, &address);

		assert_int_equal(ok, cases[i].same != NULL);
		if (!ok)
			continue;
		assert_string_equal(dns_address_text(&a, &address),
		    cases[i].same);
		assert_string_equal(dns_address_reverse(&a, &address),
		    cases[i].reverse);
	}
	arena_clear(&a);
}

static void
test_values(void **state)
{
	static const struct {
		enum dns_type type;
		const char *bytes;
		size_t len;
		const char *text;	/* NULL: no data of this type */
	} cases[] = {
#define BYTES(s) s, sizeof(s) - 1
		{ DNS_A, BYTES("\300\0\2\1"), "192.0.2.1" },
		{ DNS_A, BYTES("\300\0\2"), NULL },
		{ DNS_A, BYTES(""), NULL },
		{ DNS_AAAA, BYTES("\300\0\2\1"), NULL },
		{ DNS_AAAA, BYTES("\40\1\15\270\0\0\0\0\0\0\0\0\0\0\0\1"),
		    "2001:db8::1" },
		{ DNS_NS, BYTES("\3Ns1\7example\3org\0"), "ns1.example.org" },
		{ DNS_PTR, BYTES("\0"), "." },
		{ DNS_CNAME, BYTES("\3a.b\1\0\1\377\0"), "a?b.?.?" },
		{ DNS_NS, BYTES("\3ns1\7example\3org"), NULL },
		{ DNS_NS, BYTES("\3ns"), NULL },
		{ DNS_NS, BYTES("\3ns1\0x"), NULL },
		{ DNS_NS, BYTES("\300\14"), NULL },
		{ DNS_NS, BYTES(""), NULL },
		{ DNS_MX, BYTES("\0\12\2mx\3org\0"), "10 mx.org" },
		{ DNS_MX, BYTES("\0\0\0"), "0 ." },
		{ DNS_MX, BYTES("\377\377\0"), "65535 ." },
		{ DNS_MX, BYTES("\0\12"), NULL },
		{ DNS_SRV, BYTES("\0\0\0\1\3\341\2mx\3org\0"),
		    "0 1 993 mx.org" },
		{ DNS_SRV, BYTES("\0\0\0\1\3"), NULL },
		{ DNS_TLSA, BYTES("\3\1\1\253\1"), "3 1 1 ab01" },
		{ DNS_TLSA, BYTES("\3\1\1"), NULL },
		{ DNS_DS, BYTES("\60\71\15\2\253"), "12345 13 2 ab" },
		{ DNS_DS, BYTES("\60\71\15\2"), NULL },
		{ DNS_TXT, BYTES("\2ab\0\1c"), "abc" },
		{ DNS_TXT, BYTES("\5ab"), "ab" },
		{ DNS_TXT, BYTES("\3a\0b"), "a\1b" },
		{ DNS_TXT, BYTES(""), "" },
		{ DNS_SOA, BYTES("\0"), NULL },
	};
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *text = dns_value_text(&a, cases[i].type,
		    (const unsigned char *)cases[i].bytes, cases[i].len);

		if ((text == NULL) != (cases[i].text == NULL) ||
		    (text != NULL && strcmp(text, cases[i].text) != 0))
			fail_msg("%zu: %s", i, text);
	}
	assert_string_equal(dns_value_strings(&a,
	    (const unsigned char *)"\2a\"\0\1\\\1\0", 8),
	    "\"a\\\"\" \"\" \"\\\\\" \"\\000\"");
	arena_clear(&a);
}

/* Strictly: strings in quotes with one blank between; RFC 1035, 5.1. */
static size_t
strings_read(struct arena *a, const char *zone, char **bytes)
{
	size_t n = 0, string;

	*bytes = arena_alloc(a, strlen(zone) + 1);
	for (;;) {
		assert_int_equal(*zone++, '"');
		for (string = n; *zone != '"'; n++) {
			assert_true(*zone >= ' ' && *zone <= '~');
			if (*zone != '\\') {
				(*bytes)[n] = *zone++;
			} else if (zone[1] >= '0' && zone[1] <= '9') {
				(*bytes)[n] = (char)(100 * (zone[1] - '0') +
				    10 * (zone[2] - '0') + zone[3] - '0');
				zone += 4;
			} else {
				(*bytes)[n] = zone[1];
				zone += 2;
			}
		}
		assert_true(n - string <= DNS_STRING_MAX);
		if (*++zone == '\0')
			return n;
		assert_int_equal(*zone++, ' ');
	}
}

/* What is printed for a zone file is read back as it was, whatever it is. */
static void
test_strings(void **state)
{
	static const size_t lengths[] = { 0, 1, 2, 254, 255, 256, 509, 510,
		511, 1000, 5000 };
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(lengths); i++) {
		char *value = arena_alloc(&a, lengths[i] + 1), *bytes;
		struct text t = TEXT_INIT;
		size_t n;

		for (size_t j = 0; j < lengths[i]; j++)
			value[j] = (char)(1 + (j * 7 + i) % 255);
		dns_txt_split(&t, value);
		n = strings_read(&a, t.buf, &bytes);
		assert_int_equal(n, lengths[i]);
		assert_memory_equal(bytes, value, n);
		text_clear(&t);
	}
	arena_clear(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_strings),
	};

	return cmocka_run_group_tests_name("dns", tests, NULL, NULL);
}
