/* Words of a line: blanks, quotes, comments, and what is refused. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "base/text.h"
#include "base/words.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The words in brackets: [a][b c]. */
static const char *
bracketed(struct arena *a, const struct words *words)
{
	const char *all = "";

	for (size_t i = 0; i < words->count; i++)
		all = arena_printf(a, "%s[%s]", all, words->word[i]);
	if (words->count > 0)
		assert_null(words->word[words->count]);
	return all;
}

static void
lines_are_split(void **state)
{
	static const struct {
		const char *line;
		const char *words;
	} cases[] = {
		{ "", "" },
		{ " \t ", "" },
		{ "a", "[a]" },
		{ "  a\tb  c ", "[a][b][c]" },
		{ "# all", "" },
		{ "a # rest", "[a]" },
		{ "a #rest 'open", "[a]" },
		{ "a#b #", "[a#b]" },
		{ "a '#' \\# \"#\"", "[a][#][#][#]" },
		{ "'a b'", "[a b]" },
		{ "\"a b\"", "[a b]" },
		{ "a' 'b\" \"c", "[a b c]" },
		{ "''", "[]" },
		{ "a '' \"\" b", "[a][][][b]" },
		{ "'a\"b' \"a'b\"", "[a\"b][a'b]" },
		{ "a\\ b", "[a b]" },
		{ "\\'a\\\"", "['a\"]" },
		{ "\\\\", "[\\]" },
		{ "'\\'", "[\\]" },
		{ "\"\\\"\\\\\"", "[\"\\]" },
		{ "\"\\n\\$\"", "[\\n\\$]" },
		{ "\\n", "[n]" },
		{ "$HOME `id` $(id) * ~ ;|&<>!",
		    "[$HOME][`id`][$(id)][*][~][;|&<>!]" },
		{ "b\xc3\xbc" "cher \xf0\x9f\x90\xa6",
		    "[b\xc3\xbc" "cher][\xf0\x9f\x90\xa6]" },
		{ "\xc2\xa0", "[\xc2\xa0]" },
		{ "a\rb \v", "[a\rb][\v]" },
	};
	struct arena a = { 0 };
	struct err e = { 0 };
	struct words words;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_true(words_split(&a, cases[i].line,
		    strlen(cases[i].line), &words, &e));
		assert_string_equal(bracketed(&a, &words), cases[i].words);
	}
	arena_clear(&a);
}

static void
faulty_lines_are_refused(void **state)
{
	static const struct {
		const char *line;
		size_t len;
		enum err_code code;
		const char *says;
	} cases[] = {
		{ "a 'b", 4, ERR_USAGE, "no closing '" },
		{ "a \"b' c", 7, ERR_USAGE, "no closing \"" },
		{ "\"a\\\"", 4, ERR_USAGE, "no closing \"" },
		{ "a \\", 3, ERR_USAGE, "nothing after the last \\" },
		{ "a\0b", 3, ERR_INVALID, "NUL" },
		{ "# \0", 3, ERR_INVALID, "NUL" },
		{ "\xff", 1, ERR_INVALID, "UTF-8" },
		{ "# \xc3", 3, ERR_INVALID, "UTF-8" },
		{ "\xed\xa0\x80", 3, ERR_INVALID, "UTF-8" },
		{ "\xc0\xaf", 2, ERR_INVALID, "UTF-8" },
	};
	struct arena a = { 0 };
	struct words words;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct err e = { 0 };

		assert_false(words_split(&a, cases[i].line, cases[i].len,
		    &words, &e));
		assert_int_equal(e.code, cases[i].code);
		assert_non_null(strstr(e.text, cases[i].says));
		err_clear(&e);
	}
	arena_clear(&a);
}

static void
the_word_being_typed_is_known(void **state)
{
	static const struct {
		const char *line;
		const char *words;
		const char *begun;
		size_t start;
	} cases[] = {
		{ "", "", "", 0 },
		{ "us", "", "us", 0 },
		{ "user ", "[user]", "", 5 },
		{ "user  sh", "[user]", "sh", 6 },
		{ "user show an\\ na", "[user][show]", "an na", 10 },
		{ "user show 'an na", "[user][show]", "an na", 10 },
		{ "user show \"an", "[user][show]", "an", 10 },
		{ "user show an\\", "[user][show]", "an", 10 },
		{ "user 'a b' c", "[user][a b]", "c", 11 },
		{ "user # x", "[user]", "", 8 },
	};
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct words words;
		const char *begun;
		size_t start;

		words_split_open(&a, cases[i].line, strlen(cases[i].line),
		    &words, &begun, &start);
		assert_string_equal(bracketed(&a, &words), cases[i].words);
		assert_string_equal(begun, cases[i].begun);
		assert_int_equal(start, cases[i].start);
	}
	arena_clear(&a);
}

static void
a_list_of_any_length_ends_with_null(void **state)
{
	struct arena a = { 0 };
	struct words words = { 0 };

	(void)state;
	for (size_t i = 0; i < 10000; i++) {
		words_add(&a, &words, i % 2 ? "odd" : "even");
		assert_int_equal(words.count, i + 1);
		assert_null(words.word[i + 1]);
	}
	for (size_t i = 0; i < words.count; i++)
		assert_string_equal(words.word[i], i % 2 ? "odd" : "even");
	arena_clear(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_split),
		cmocka_unit_test(faulty_lines_are_refused),
		cmocka_unit_test(the_word_being_typed_is_known),
		cmocka_unit_test(a_list_of_any_length_ends_with_null),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
