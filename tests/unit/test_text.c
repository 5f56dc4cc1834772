/* What everything stands on: texts, UTF-8, sizes, arenas, errors. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/nearest.h"
#include "base/shown.h"
#include "base/size.h"
#include "base/text.h"
#include "base/time.h"
#include "base/utf8.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* --- texts ----------------------------------------------------------- */

static void
a_text_grows_and_stays_terminated(void **state)
{
	struct text t = TEXT_INIT;

	(void)state;
	assert_string_equal(t.buf, "");
	for (int i = 0; i < 1000; i++)
		text_addf(&t, "%03d,", i);
	assert_int_equal(t.len, 4000);
	assert_int_equal(strlen(t.buf), 4000);
	assert_memory_equal(t.buf + 3992, "998,999,", 9);
	text_cut(&t, 3);
	assert_string_equal(t.buf, "000");
	text_add_bytes(&t, "\0x", 2);
	assert_int_equal(t.len, 5);
	text_clear(&t);
	assert_int_equal(t.len, 0);
	assert_string_equal(t.buf, "");
}

static void
what_is_cut_is_overwritten(void **state)
{
	struct text t = TEXT_INIT;

	(void)state;
	text_add(&t, "user secret");
	text_cut(&t, 5);
	assert_memory_equal(t.buf + 5, "\0\0\0\0\0", 6);
	text_cut(&t, 0);
	text_clear(&t);
	text_cut(&t, 0);
	assert_string_equal(t.buf, "");
}

static void
a_stolen_text_is_the_thief_s(void **state)
{
	struct text t = TEXT_INIT;
	char *buf;

	(void)state;
	text_add(&t, "mine");
	buf = text_steal(&t);
	assert_string_equal(buf, "mine");
	assert_string_equal(t.buf, "");
	free(buf);
	buf = text_steal(&t);
	assert_string_equal(buf, "");
	free(buf);
}

/* --- UTF-8 ----------------------------------------------------------- */

#define MI_KHAHAM "\xd9\x85\xdb\x8c\xe2\x80\x8c\xd8\xae\xd9\x88"	\
    "\xd8\xa7\xd9\x87\xd9\x85"
#define SRI "\xe0\xb7\x81\xe0\xb7\x8a\xe2\x80\x8d\xe0\xb6\xbb\xe0\xb7\x93"
#define FAMILY "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7"

static void
what_a_terminal_acts_on_is_escaped(void **state)
{
	static const struct {
		const char *bytes;
		const char *shown;
	} cases[] = {
		{ "plain", "plain" },
		{ "b\xc3\xbc" "cher \xe2\x86\x92", "b\xc3\xbc" "cher "
		    "\xe2\x86\x92" },
		{ "a\tb\nc\rd", "a\\tb\\nc\\rd" },
		{ "\033[31m", "\\x1b[31m" },
		{ "\x7f", "\\x7f" },
		{ "\xc2\x9b", "\\u{009b}" },
		{ "\xe2\x80\xae", "\\u{202e}" },
		{ "\xe2\x80\x8b", "\\u{200b}" },
		{ "\xe2\x80\xa8", "\\u{2028}" },
		{ "\xef\xbb\xbf", "\\u{feff}" },
		{ "\xf3\xa0\x80\x81", "\\u{e0001}" },
		{ "\xee\x80\x80", "\\u{e000}" },
		{ "a\xff" "b\xc3", "a\\xff" "b\\xc3" },
		{ "\xed\xa0\x80", "\\xed\\xa0\\x80" },
		/* Persian, Sinhala, a family: joiners as people write them. */
		{ MI_KHAHAM, MI_KHAHAM },
		{ SRI, SRI },
		{ FAMILY, FAMILY },
		{ "an\xe2\x80\x8dna", "an\\u{200d}na" },
		{ "\xe2\x80\x8c" MI_KHAHAM, "\\u{200c}" MI_KHAHAM },
		{ "\xd9\x85\xe2\x80\x8c\xe2\x80\x8c", "\xd9\x85\xe2\x80\x8c"
		    "\\u{200c}" },
		{ "\xff\xe2\x80\x8d", "\\xff\\u{200d}" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct text t = TEXT_INIT;
		size_t len = strlen(cases[i].bytes);
		bool same = strcmp(cases[i].bytes, cases[i].shown) == 0;

		shown_add(&t, cases[i].bytes, len);
		assert_string_equal(t.buf, cases[i].shown);
		assert_true(shown_has_control(cases[i].bytes, len) != same);
		assert_false(shown_has_control(t.buf, t.len));
		text_clear(&t);
	}
}

static void
the_reason_for_a_refused_character_is_true(void **state)
{
	static const struct {
		const char *text;
		const char *reason;	/* NULL: it is accepted */
	} cases[] = {
		{ "Anna \xc3\x85kesson", NULL },
		{ MI_KHAHAM, NULL },
		{ FAMILY, NULL },
		{ "a\tb", "a control character is not allowed: U+0009" },
		{ "a\xe2\x80\x8b", "an invisible character is not allowed: "
		    "U+200B" },
		{ "an\xe2\x80\x8dna", "an invisible character is not "
		    "allowed: U+200D" },
		{ "\xee\x80\x80", "a private-use character is not allowed: "
		    "U+E000" },
		{ "\xcd\xb8", "an unassigned character is not allowed: "
		    "U+0378" },
		{ "\xe2\x80\xa8", "a line separator is not allowed: "
		    "U+2028" },
		{ "a\xff", "not valid UTF-8" },
		{ "123456789", "9 characters, 8 at most" },
	};
	struct err e = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t max = i + 1 == COUNT(cases) ? 8 : 255;

		assert_int_equal(shown_valid(cases[i].text, max, &e),
		    cases[i].reason == NULL);
		if (cases[i].reason != NULL)
			assert_string_equal(e.text, cases[i].reason);
		err_clear(&e);
	}
}

static void
nul_is_shown_and_no_utf8_is_told(void **state)
{
	struct text t = TEXT_INIT;

	(void)state;
	shown_add(&t, "a\0b", 3);
	assert_string_equal(t.buf, "a\\x00b");
	text_clear(&t);
	assert_true(utf8_valid("\xf4\x8f\xbf\xbf", 4));
	assert_false(utf8_valid("\xf4\x90\x80\x80", 4));
	assert_false(utf8_valid("\xc0\x80", 2));
	assert_false(utf8_valid("\xc3", 1));
	assert_true(utf8_valid("", 0));
}

static void
widths_are_columns(void **state)
{
	(void)state;
	assert_int_equal(utf8_width("abc"), 3);
	assert_int_equal(utf8_width("b\xc3\xbc" "cher"), 6);
	assert_int_equal(utf8_width("u\xcc\x88"), 1);
	assert_int_equal(utf8_width("\xe4\xbe\x8b"), 2);
	assert_int_equal(utf8_width(""), 0);
}

static void
a_start_fits_its_columns(void **state)
{
	static const struct {
		const char *text;
		int columns;
		size_t bytes;
	} starts[] = {
		{ "", 5, 0 }, { "abc", 0, 0 }, { "abc", 2, 2 },
		{ "abc", 3, 3 }, { "abc", 9, 3 }, { "\xc3\xa9t", 1, 2 },
		/* Two columns each; what goes onto a letter takes none. */
		{ "\xe6\x97\xa5\xe6\x9c\xac", 3, 3 },
		{ "e\xcc\x81x", 1, 3 }, { "abc", -1, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(starts); i++) {
		if (utf8_fitting(starts[i].text, starts[i].columns) !=
		    starts[i].bytes)
			fail_msg("%s in %d", starts[i].text,
			    starts[i].columns);
	}
}

static void
near_words_are_near(void **state)
{
	static const struct {
		const char *a;
		const char *b;
		size_t distance;
	} cases[] = {
		{ "list", "list", 0 }, { "lsit", "list", 1 },
		{ "lst", "list", 1 }, { "liste", "list", 1 },
		{ "lost", "list", 1 }, { "", "ab", 2 },
		{ "domian", "domain", 1 }, { "add", "remove", 3 },
		{ "a", "abcdefgh", 3 },
		{ "0123456789012345678901234567890123", "x", 3 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(word_distance(cases[i].a, cases[i].b, 2),
		    cases[i].distance);
		assert_int_equal(word_distance(cases[i].b, cases[i].a, 2),
		    cases[i].distance);
	}
}

/* --- sizes and times ------------------------------------------------- */

static void
sizes_are_read_and_written(void **state)
{
	static const struct {
		const char *text;
		int64_t bytes;
		const char *shortest;	/* NULL: the same */
	} cases[] = {
		{ "0", 0, NULL }, { "1", 1, NULL }, { "1023", 1023, NULL },
		{ "1024", 1024, "1K" }, { "1K", 1024, NULL },
		{ "1k", 1024, "1K" }, { "500M", 524288000, NULL },
		{ "1025", 1025, NULL }, { "1536K", 1572864, NULL },
		{ "1024G", 1099511627776, "1T" },
		{ "7E", 8070450532247928832, NULL },
		{ "9223372036854775806", 9223372036854775806, NULL },
		{ "007", 7, "7" }, { "12B", 12, "12" }, { "12 b", 12, "12" },
		{ "500MB", 524288000, "500M" }, { "1GiB", 1073741824, "1G" },
		{ "2 gb", 2147483648, "2G" }, { "1 KIB", 1024, "1K" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *want = cases[i].shortest;
		char buf[SIZE_TEXT];
		int64_t bytes;

		assert_true(size_parse(cases[i].text, &bytes));
		assert_int_equal(bytes, cases[i].bytes);
		size_format(buf, bytes);
		assert_string_equal(buf, want ? want : cases[i].text);
	}
}

static void
a_size_is_short_in_a_table(void **state)
{
	static const struct {
		int64_t bytes;
		const char *text;
	} sizes[] = {
		{ 0, "0" }, { 12345, "12345" }, { 123456, "121K" },
		{ 1400000000, "1.3G" }, { 500 << 20, "500M" },
		{ 1536 << 20, "1536M" }, { 1073741825, "1.0G" },
		{ 10736366305, "10G" }, { INT64_MAX - 1, "8.0E" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		char text[SIZE_SHORT];

		size_short(text, sizes[i].bytes);
		assert_string_equal(text, sizes[i].text);
	}
}

static void
what_is_no_size_is_refused(void **state)
{
	static const char *const cases[] = {
		"", " 1", "1 ", "-1", "+1", "1.5G", "1X", "K", "1KX", "0x10",
		"1e3", "8E", "9223372036854775807", "9223372036854775808",
		"99999999999999999999", "16E", "1\xc2\xa0", "M1", "1,000",
		"1\n", "1  K", "1 K ", "1Ki", "1KBB", "1KiBs", "1 iB", "1BB",
		"1Bi", "B",
	};
	int64_t n;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_false(size_parse(cases[i], &n));
	assert_true(number_parse("12", &n));
	assert_int_equal(n, 12);
	assert_false(number_parse("12k", &n));
	assert_false(number_parse("9223372036854775807", &n));
}

static void
times_are_rfc_3339(void **state)
{
	static const struct {
		int64_t seconds;
		const char *text;
	} cases[] = {
		{ 0, "1970-01-01T00:00:00Z" },
		{ 951782400, "2000-02-29T00:00:00Z" },
		{ 951868799, "2000-02-29T23:59:59Z" },
		{ 4107542400, "2100-03-01T00:00:00Z" },
		{ -1, "1969-12-31T23:59:59Z" },
		{ 253402300799, "9999-12-31T23:59:59Z" },
		{ -30610224000, "1000-01-01T00:00:00Z" },
		{ 1769929689, "2026-02-01T07:08:09Z" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char buf[TIME_TEXT];

		time_format(buf, cases[i].seconds);
		assert_string_equal(buf, cases[i].text);
	}
	assert_int_equal(time_from_date(2026, 2, 1, 7, 8, 9), 1769929689);
	assert_int_equal(time_from_date(1000, 1, 1, 0, 0, 0), -30610224000);
	assert_int_equal(time_from_date(2000, 2, 29, 0, 0, 0), 951782400);
}

/* --- arenas and errors ----------------------------------------------- */

/* Now is 2026-11-30 14:00:00. */
static void
a_time_is_short_in_a_table(void **state)
{
	static const struct {
		int64_t ago;
		const char *text;
	} times[] = {
		{ 0, "now" }, { 59, "now" }, { 60, "1m ago" },
		{ 3599, "59m ago" }, { 3600, "1h ago" },
		{ 86399, "23h ago" }, { 86400, "29 Nov" },
		{ 29 * 86400, "1 Nov" }, { 334 * 86400, "2025-12-31" },
		{ -1, "30 Nov" }, { -86400, "1 Dec" },
		{ -40 * 86400, "2027-01-09" },
	};
	int64_t now = time_from_date(2026, 11, 30, 14, 0, 0);

	(void)state;
	for (size_t i = 0; i < COUNT(times); i++) {
		char text[TIME_TEXT];

		time_short(text, now - times[i].ago, now);
		assert_string_equal(text, times[i].text);
	}
}

/* Now is 2026-11-30 14:00:00. */
static void
what_is_to_come_is_a_date_or_a_span(void **state)
{
	static const struct {
		const char *word;
		const char *time;	/* NULL: it is none */
	} cases[] = {
		{ "2026-12-31", "2026-12-31T00:00:00Z" },
		{ "2026-12-31 18:00", "2026-12-31T18:00:00Z" },
		{ "2026-12-31T18:00:00+01:00", "2026-12-31T17:00:00Z" },
		{ "2028-02-29", "2028-02-29T00:00:00Z" },
		{ "30d", "2026-12-30T14:00:00Z" },
		{ "2w", "2026-12-14T14:00:00Z" },
		{ "1s", "2026-11-30T14:00:01Z" },
		{ "0d", "2026-11-30T14:00:00Z" },
		{ "1970-01-01", "1970-01-01T00:00:00Z" },
		{ "9999-12-31 23:59:59", "9999-12-31T23:59:59Z" },
		{ "1970-01-01T00:00:00+01:00", NULL },
		{ "9999-12-31T23:59:59-01:00", NULL },
		{ "9999999d", NULL }, { "9223372036854775807w", NULL },
		{ "2027-02-29", NULL }, { "-3d", NULL }, { "3", NULL },
		{ "d", NULL },
		{ "30 d", NULL }, { "2026-12-31 18", NULL }, { "", NULL },
	};
	int64_t now = time_from_date(2026, 11, 30, 14, 0, 0);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char text[TIME_TEXT];
		int64_t seconds = 0;
		bool ok = time_parse_ahead(cases[i].word, now, &seconds);

		assert_int_equal(ok, cases[i].time != NULL);
		time_format(text, seconds);
		if (ok)
			assert_string_equal(text, cases[i].time);
	}
	assert_false(time_date_parse("30d", &now));
}

static void
an_arena_gives_zeroed_aligned_memory(void **state)
{
	struct arena a = { 0 };

	(void)state;
	for (size_t size = 0; size < 40000; size = size * 2 + 1) {
		unsigned char *p = arena_alloc(&a, size);

		assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xaa, size);
	}
	assert_string_equal(arena_strndup(&a, "abc", 2), "ab");
	assert_string_equal(arena_printf(&a, "%s-%d", "x", 7), "x-7");
	arena_reset(&a);
	assert_int_equal(*(char *)arena_alloc(&a, 1), 0);
	arena_clear(&a);
	assert_null(a.blocks);
}

static void
errors_are_set_wrapped_and_cleared(void **state)
{
	struct err e = { 0 };

	(void)state;
	assert_false(err_set(&e, ERR_INVALID, "no %s", "size"));
	assert_false(err_hint(&e, "like %d", 5));
	assert_false(err_wrap(&e, "--quota"));
	assert_int_equal(e.code, ERR_INVALID);
	assert_string_equal(e.text, "--quota: no size");
	assert_string_equal(e.hint, "like 5");
	assert_false(err_set(&e, ERR_USAGE, "other"));
	assert_null(e.hint);
	err_clear(&e);
	assert_int_equal(e.code, ERR_NONE);
	assert_null(e.text);
	errno = ENOENT;
	assert_false(err_errno(&e, "cannot open %s", "x"));
	assert_int_equal(e.code, ERR_NOT_FOUND);
	assert_string_equal(e.text, "cannot open x: No such file or "
	    "directory");
	errno = EIO;
	err_errno(&e, "cannot read x");
	assert_int_equal(e.code, ERR_IO);
	err_clear(&e);
}

static void
a_long_error_is_cut_between_characters(void **state)
{
	struct text word = TEXT_INIT;
	struct err e = { 0 };

	(void)state;
	for (size_t i = 0; i < 10000; i++)
		text_add(&word, "\xe2\x86\x92");
	err_set(&e, ERR_INVALID, "x%s", word.buf);
	assert_true(strlen(e.text) <= ERR_TEXT_MAX);
	assert_true(utf8_valid(e.text, strlen(e.text)));
	assert_string_equal(e.text + strlen(e.text) - 3, "...");
	err_clear(&e);
	text_clear(&word);
}

/* Each status and each name once; the manual is made of the same rows. */
static void
statuses_and_names_are_unique(void **state)
{
	(void)state;
	for (size_t i = 0; i < ERR_CODES; i++) {
		assert_non_null(err_kinds[i].meaning);
		assert_true((err_kinds[i].name == NULL) == (i == ERR_NONE));
		for (size_t j = 0; j < i; j++) {
			assert_int_not_equal(err_kinds[i].status,
			    err_kinds[j].status);
			if (j > 0)
				assert_string_not_equal(err_kinds[i].name,
				    err_kinds[j].name);
		}
	}
}

/* The number stands below the table of statuses, which needs memory. */
static void
no_memory_ends_the_program_with_the_status_of_io(void **state)
{
	int status;
	pid_t child = fork();

	(void)state;
	if (child == 0) {
		fclose(stderr);
		out_of_memory();
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), err_kinds[ERR_IO].status);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_grows_and_stays_terminated),
		cmocka_unit_test(what_is_cut_is_overwritten),
		cmocka_unit_test(a_stolen_text_is_the_thief_s),
		cmocka_unit_test(what_a_terminal_acts_on_is_escaped),
		cmocka_unit_test(nul_is_shown_and_no_utf8_is_told),
		cmocka_unit_test(the_reason_for_a_refused_character_is_true),
		cmocka_unit_test(widths_are_columns),
		cmocka_unit_test(a_start_fits_its_columns),
		cmocka_unit_test(near_words_are_near),
		cmocka_unit_test(sizes_are_read_and_written),
		cmocka_unit_test(a_size_is_short_in_a_table),
		cmocka_unit_test(what_is_no_size_is_refused),
		cmocka_unit_test(times_are_rfc_3339),
		cmocka_unit_test(a_time_is_short_in_a_table),
		cmocka_unit_test(what_is_to_come_is_a_date_or_a_span),
		cmocka_unit_test(an_arena_gives_zeroed_aligned_memory),
		cmocka_unit_test(errors_are_set_wrapped_and_cleared),
		cmocka_unit_test(a_long_error_is_cut_between_characters),
		cmocka_unit_test(statuses_and_names_are_unique),
		cmocka_unit_test(
		    no_memory_ends_the_program_with_the_status_of_io),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
