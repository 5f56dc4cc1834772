/* The page of the report: what becomes of a text on it. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "cmd/report/html.h"
#include "cmd/report/report.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ACTS "\xef\xbf\xbd"

static void
a_text_is_escaped(void **state)
{
	static const struct {
		const char *text, *html;
	} cases[] = {
		{ "", "" },
		{ "anna@example.com", "anna@example.com" },
		{ "<script>alert(\"x\")</script>",
		    "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;" },
		{ "' onload='a", "&#39; onload=&#39;a" },
		{ "&amp;", "&amp;amp;" },
		{ "a\nb\tc\x7f\x1b[1m", "a" ACTS "b" ACTS "c" ACTS ACTS
		    "[1m" },
		/* C1, but not the blank behind them. */
		{ "\xc2\x80\xc2\x9f\xc2\xa0", ACTS ACTS "\xc2\xa0" },
		/* Directions, and their neighbours. */
		{ "\u2029\u202a\u202e\u202f", "\u2029" ACTS ACTS "\u202f" },
		{ "\u2065\u2066\u2069\u206a", "\u2065" ACTS ACTS "\u206a" },
		{ "\u6f22\U0001f600\u00e9", "\u6f22\U0001f600\u00e9" },
		/* Not UTF-8. */
		{ "a\xe2\x80", "a" ACTS ACTS },
		{ "\xff<", ACTS "&lt;" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct text t = TEXT_INIT;

		html_add(&t, cases[i].text);
		assert_string_equal(t.buf, cases[i].html);
		text_clear(&t);
	}
}

static void
a_number_of_an_attribute_has_a_point(void **state)
{
	static const struct {
		double number;
		const char *html;
	} cases[] = {
		{ 0, "0" }, { 1000, "1000" }, { 33.333, "33.3" },
		{ 0.05, "0.1" }, { 99.96, "100" }, { 0.04, "0" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct text t = TEXT_INIT;

		html_number(&t, cases[i].number);
		assert_string_equal(t.buf, cases[i].html);
		text_clear(&t);
	}
}

static void
numbers_and_sizes_are_grouped(void **state)
{
	struct arena a = { 0 };
	const struct style s = { &a, " ", " " };

	(void)state;
	assert_string_equal(style_number(&s, 0), "0");
	assert_string_equal(style_number(&s, 999), "999");
	assert_string_equal(style_number(&s, 1000), "1 000");
	assert_string_equal(style_number(&s, 1234567), "1 234 567");
	assert_string_equal(style_number(&s, -5), "-5");
	assert_string_equal(style_size(&s, 0), "0 B");
	assert_string_equal(style_size(&s, 2147483648), "2 G");
	assert_string_equal(style_count(&s, 1, "user", "users"), "1 user");
	assert_string_equal(style_count(&s, 2000, "user", "users"),
	    "2 000 users");
	assert_string_equal(style_month(&s, 2026 * 12 + 10), "Nov 2026");
	assert_string_equal(style_day(&s, 0), "1 Jan");
	assert_string_equal(style_time(&s, 86400 + 61),
	    "2 January 1970, 00:01 UTC");
	arena_clear(&a);
}

static void
a_part_is_rounded_to_a_hundredth(void **state)
{
	(void)state;
	assert_int_equal(percent_of(0, 0), 0);
	assert_int_equal(percent_of(1, 3), 33);
	assert_int_equal(percent_of(2, 3), 67);
	assert_int_equal(percent_of(3, 2), 150);
	assert_int_equal(percent_of(INT64_MAX, INT64_MAX), 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_is_escaped),
		cmocka_unit_test(a_number_of_an_attribute_has_a_point),
		cmocka_unit_test(numbers_and_sizes_are_grouped),
		cmocka_unit_test(a_part_is_rounded_to_a_hundredth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
