/* Templates: what a name becomes, which lines stand, what is refused. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "file/template.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *words_of_hosts[] = { "db1", "db2", NULL };
static const struct words hosts = { words_of_hosts, 2 };
static const struct words nobody = { words_of_hosts, 0 };

static const struct template_value values[] = {
	{ .name = "NAME", .text = "mx.example.org" },
	{ .name = "UID_2", .text = "5000" },
	{ .name = "EMPTY", .text = "" },
	{ .name = "NONE" },
	{ .name = "HOSTS", .list = &hosts },
	{ .name = "NOBODY", .list = &nobody },
	{ 0 }
};

static const struct {
	const char *text;
	const char *result;
} rendered[] = {
	{ "", "" },
	{ "no newline", "no newline" },
	{ "a @NAME@ b\n", "a mx.example.org b\n" },
	{ "@NAME@@UID_2@", "mx.example.org5000" },
	{ "[@EMPTY@@NONE@]\n", "[]\n" },
	/* What only looks like a name. */
	{ "anna@example.org, '%u@%d', @name@, @NAME, A@, @@\n",
	    "anna@example.org, '%u@%d', @name@, @NAME, A@, @@\n" },
	{ "# @if NAME@\n@ifNAME@\n@end@ too\n",
	    "# @if NAME@\n@ifNAME@\n@end@ too\n" },
	{ "@if NAME@\nyes\n@end@\n", "yes\n" },
	{ "@if NONE@\nyes\n@end@\nall\n", "all\n" },
	{ "@if EMPTY@\nyes\n@else@\nno\n@end@\n", "no\n" },
	{ "@if NAME@\nyes\n@else@\nno\n@end@", "yes\n" },
	{ "\t@if NAME@\n\t@NAME@\n\t@end@\n", "\tmx.example.org\n" },
	{ "@if NOBODY@\nsome\n@else@\nnone\n@end@\n", "none\n" },
	{ "@for HOSTS@\nhost=@ITEM@ (@NAME@)\n@end@\n",
	    "host=db1 (mx.example.org)\nhost=db2 (mx.example.org)\n" },
	{ "@for NOBODY@\nhost=@ITEM@\n@end@\nend\n", "end\n" },
	{ "@for HOSTS@\n@if NONE@\n1\n@else@\n@ITEM@\n@end@\n@end@\n",
	    "db1\ndb2\n" },
	{ "@if NONE@\n@for HOSTS@\n@ITEM@\n@end@\n@if NAME@\nx\n@else@\n"
	    "y\n@end@\n@else@\nz\n@end@\n", "z\n" },
	{ "@for HOSTS@\n@for HOSTS@\n@ITEM@\n@end@\n-\n@end@\n",
	    "db1\ndb2\n-\ndb1\ndb2\n-\n" },
};

static const struct {
	const char *text;
	const char *message;
} refused[] = {
	{ "\n@NAMES@\n", "t:2: no such name: NAMES" },
	{ "@ITEM@\n", "t:1: no such name: ITEM" },
	{ "@HOSTS@\n", "t:1: a list needs @for: HOSTS" },
	{ "@for NAME@\n@end@\n", "t:1: not a list: NAME" },
	{ "@if WHAT@\n@end@\n", "t:1: no such name: WHAT" },
	{ "@if NONE@\n@if WHAT@\n@end@\n@end@\n",
	    "t:2: no such name: WHAT" },
	{ "a\n@end@\n", "t:2: @end@ without @if or @for" },
	{ "@else@\n", "t:1: @else@ without @if" },
	{ "@for HOSTS@\n@else@\n@end@\n", "t:2: @else@ without @if" },
	{ "@if NAME@\n@else@\n@else@\n@end@\n", "t:3: @else@ without @if" },
	{ "a\n@if NAME@\nb\n", "t:2: no @end@ for this" },
};

static void
names_become_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rendered); i++) {
		struct text result = TEXT_INIT;
		struct err e = { 0 };

		assert_true(template_render("t", rendered[i].text, values,
		    &result, &e));
		assert_string_equal(result.buf, rendered[i].result);
		text_clear(&result);
	}
}

static void
mistakes_are_named_with_their_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		struct text result = TEXT_INIT;
		struct err e = { 0 };

		assert_false(template_render("t", refused[i].text, values,
		    &result, &e));
		assert_int_equal(e.code, ERR_INVALID);
		assert_string_equal(e.text, refused[i].message);
		err_clear(&e);
		text_clear(&result);
	}
}

static void
nesting_has_an_end(void **state)
{
	struct text text = TEXT_INIT, result = TEXT_INIT;
	struct err e = { 0 };

	(void)state;
	for (int i = 0; i < 100; i++)
		text_add(&text, "@if NAME@\n");
	assert_false(template_render("t", text.buf, values, &result, &e));
	assert_non_null(strstr(e.text, "too deep"));
	err_clear(&e);
	text_clear(&text);
	text_clear(&result);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_become_values),
		cmocka_unit_test(mistakes_are_named_with_their_line),
		cmocka_unit_test(nesting_has_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
