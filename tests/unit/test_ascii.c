/* Blanks, capital letters, the same text, the nearest name. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/nearest.h"
#include "base/text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void
blanks_go_from_both_ends(void **state)
{
	static const struct {
		const char *text, *set, *trimmed;
	} cases[] = {
		{ "", BLANKS, "" },
		{ "a", BLANKS, "a" },
		{ " \t a b\t ", BLANKS, "a b" },
		{ " \t ", BLANKS, "" },
		{ " a\r", BLANKS, "a\r" },
		{ " a\r", LINE_BLANKS, "a" },
		{ "\v\fa\n", LINE_BLANKS, "\v\fa\n" },
		{ "\v\fa\n", SPACES, "a" },
		{ "`a`", " `", "a" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena a = { 0 };
		const char *text = cases[i].text, *set = cases[i].set;

		assert_string_equal(trimmed(&a, text, strlen(text), set),
		    cases[i].trimmed);
		assert_string_equal(trim(arena_strdup(&a, text), set),
		    cases[i].trimmed);
		arena_clear(&a);
	}
	assert_int_equal(trimmed_length(" a b  c", 6, BLANKS), 4);
}

static void
a_nul_is_in_no_set(void **state)
{
	(void)state;
	assert_false(is_one_of('\0', SPACES));
	assert_true(is_one_of('\n', SPACES));
	assert_false(is_one_of('n', SPACES));
	assert_int_equal(trimmed_length("a \0", 3, BLANKS), 3);
}

static void
only_ascii_has_capitals(void **state)
{
	struct arena a = { 0 };
	char text[] = "@[`AZaz{\xc3\x84";

	(void)state;
	assert_string_equal(lowered(&a, text), "@[`azaz{\xc3\x84");
	assert_string_equal(text, "@[`AZaz{\xc3\x84");
	lower_case(text);
	assert_string_equal(text, "@[`azaz{\xc3\x84");
	arena_clear(&a);
}

static void
null_is_a_text_of_its_own_or_empty(void **state)
{
	(void)state;
	assert_true(text_same("a", "a"));
	assert_false(text_same("a", "A"));
	assert_true(text_same(NULL, NULL));
	assert_false(text_same(NULL, ""));
	assert_false(text_same("", NULL));
	assert_true(text_same_null_empty("a", "a"));
	assert_false(text_same_null_empty("a", NULL));
	assert_true(text_same_null_empty(NULL, NULL));
	assert_true(text_same_null_empty(NULL, ""));
	assert_true(text_same_null_empty("", NULL));
}

static void
the_nearest_names_are_found(void **state)
{
	static const struct {
		const char *word, *first, *second;
	} cases[] = {
		{ "lsit", "list", NULL },
		{ "set", "set", NULL },
		{ "sett", "set", NULL },
		{ "lis", "list", NULL },
		{ "rename", "rename", NULL },
		{ "xxxxx", NULL, NULL },
		{ "lust", "list", "lost" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena a = { 0 };
		struct words names = { 0 }, found;

		words_add(&a, &names, "rename");
		words_add(&a, &names, "list");
		words_add(&a, &names, "set");
		words_add(&a, &names, "lost");
		found = nearest(&a, &names, cases[i].word);
		assert_int_equal(found.count, (cases[i].first != NULL) +
		    (cases[i].second != NULL));
		if (found.count > 0)
			assert_string_equal(found.word[0], cases[i].first);
		if (found.count > 1)
			assert_string_equal(found.word[1], cases[i].second);
		arena_clear(&a);
	}
}

static void
a_word_is_one_of_a_list_or_not(void **state)
{
	struct arena a = { 0 };
	struct words words = { 0 };

	(void)state;
	assert_false(words_have(&words, "a"));
	words_add(&a, &words, "a");
	words_add(&a, &words, "bb");
	assert_true(words_have(&words, "bb"));
	assert_false(words_have(&words, "b"));
	arena_clear(&a);
}

static void
the_clock_does_not_go_back(void **state)
{
	double before = clock_seconds();

	(void)state;
	for (int i = 0; i < 1000; i++) {
		double now = clock_seconds();

		assert_true(now >= before);
		before = now;
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(blanks_go_from_both_ends),
		cmocka_unit_test(a_nul_is_in_no_set),
		cmocka_unit_test(only_ascii_has_capitals),
		cmocka_unit_test(null_is_a_text_of_its_own_or_empty),
		cmocka_unit_test(the_nearest_names_are_found),
		cmocka_unit_test(a_word_is_one_of_a_list_or_not),
		cmocka_unit_test(the_clock_does_not_go_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
