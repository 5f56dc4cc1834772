/* What an error may quote of what came in. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "base/quote.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define HIDDEN "(" QUOTE_HIDDEN ")"

static void
a_typing_error_of_a_name_is_quoted(void **state)
{
	static const struct {
		const char *word, *text;
	} cases[] = {
		{ "domian", "unknown key: domian" },
		{ "dom", "unknown key: dom" },
		{ "domainss", "unknown key: domainss" },
		{ "secret", "unknown key " HIDDEN },
		{ "domainsecret", "unknown key " HIDDEN },
		{ "DOMAIN", "unknown key " HIDDEN },
	};
	struct arena a = { 0 };
	struct words names = { 0 };
	struct err e = { 0 };

	(void)state;
	words_add(&a, &names, "domain");
	words_add(&a, &names, "users");
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_false(quote_unknown(&e, ERR_USAGE, "unknown key",
		    &names, cases[i].word));
		assert_int_equal(e.code, ERR_USAGE);
		assert_string_equal(e.text, cases[i].text);
	}
	err_clear(&e);
	arena_clear(&a);
}

static void
a_word_is_taken_out_of_text_and_hint(void **state)
{
	static const char all[] = "not valid " HIDDEN;
	static const struct {
		const char *word, *text, *hint, *shown, *hint_shown;
	} cases[] = {
		{ "secret", "bad \"secret\": no @", "use DOMAIN",
		    "bad " HIDDEN ": no @", "use DOMAIN" },
		{ "secretsecret", "bad \"secret...\": no @", NULL,
		    "bad " HIDDEN ": no @", NULL },
		{ "sec\"ret", "bad \"sec\"ret\"", NULL, "bad " HIDDEN, NULL },
		{ "secret", "\"secret\" and \"secret\"", NULL,
		    HIDDEN " and " HIDDEN, NULL },
		{ "secret", "bad secret", NULL, all, NULL },
		{ "a@SECRET.org", "bad part secret", NULL, all, NULL },
		{ "secret", "bad \"secre\" x", NULL, "bad " HIDDEN " x", NULL },
		{ "secret", "bad \"secretary\"", NULL, all, NULL },
		{ "secret", "no @", "write secret@x.org", "no @", NULL },
		{ "1X", "a size, got \"1X\"", "500M", "a size, got " HIDDEN,
		    "500M" },
		{ "a", "a size is a number", NULL, "a size is a number", NULL },
		{ "", "got \"\"", NULL, "got \"\"", NULL },
	};
	struct err e = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		err_set(&e, ERR_INVALID, "%s", cases[i].text);
		if (cases[i].hint != NULL)
			err_hint(&e, "%s", cases[i].hint);
		assert_false(quote_hide(&e, cases[i].word));
		assert_int_equal(e.code, ERR_INVALID);
		assert_string_equal(e.text, cases[i].shown);
		if (cases[i].hint_shown == NULL)
			assert_null(e.hint);
		else
			assert_string_equal(e.hint, cases[i].hint_shown);
	}
	err_clear(&e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_typing_error_of_a_name_is_quoted),
		cmocka_unit_test(a_word_is_taken_out_of_text_and_hint),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
