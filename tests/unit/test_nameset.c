/* Many names by number, and the growing array beside them. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/nameset.h"
#include "base/vector.h"

#define MANY 200000

static uint32_t
add(struct nameset *n, const char *text)
{
	return nameset_add(n, text, strlen(text));
}

static uint32_t
find(const struct nameset *n, const char *text)
{
	return nameset_find(n, text, strlen(text));
}

static void
an_empty_set_holds_nothing(void **state)
{
	struct nameset n = { 0 };

	(void)state;
	assert_int_equal(find(&n, "a"), NAME_NONE);
	assert_int_equal(find(&n, ""), NAME_NONE);
	nameset_clear(&n);
}

static void
a_text_keeps_the_number_that_it_got_first(void **state)
{
	struct nameset n = { 0 };

	(void)state;
	assert_int_equal(add(&n, "anna@x.org"), 0);
	assert_int_equal(add(&n, ""), 1);
	assert_int_equal(add(&n, "bo@x.org"), 2);
	assert_int_equal(add(&n, "anna@x.org"), 0);
	assert_int_equal(add(&n, ""), 1);
	assert_int_equal(n.count, 3);
	assert_string_equal(nameset_text(&n, 2), "bo@x.org");
	nameset_clear(&n);
	assert_int_equal(find(&n, "bo@x.org"), NAME_NONE);
	assert_int_equal(add(&n, "bo@x.org"), 0);
	nameset_clear(&n);
}

static void
only_so_many_characters_of_a_text_count(void **state)
{
	struct nameset n = { 0 };

	(void)state;
	assert_int_equal(nameset_add(&n, "x.org/a", 5), 0);
	assert_int_equal(find(&n, "x.org"), 0);
	assert_int_equal(find(&n, "x.or"), NAME_NONE);
	assert_int_equal(find(&n, "x.orgs"), NAME_NONE);
	assert_string_equal(nameset_text(&n, 0), "x.org");
	nameset_clear(&n);
}

/* The set grows many times meanwhile. */
static void
none_of_many_names_is_lost(void **state)
{
	struct nameset n = { 0 };
	char text[32];

	(void)state;
	for (uint32_t i = 0; i < MANY; i++) {
		snprintf(text, sizeof(text), "user%u@d%u.example", i,
		    i % 1000);
		assert_int_equal(add(&n, text), i);
	}
	for (uint32_t i = 0; i < MANY; i++) {
		snprintf(text, sizeof(text), "user%u@d%u.example", i,
		    i % 1000);
		assert_int_equal(find(&n, text), i);
		assert_string_equal(nameset_text(&n, i), text);
		text[0] = 'U';
		assert_int_equal(find(&n, text), NAME_NONE);
	}
	assert_int_equal(n.count, MANY);
	nameset_clear(&n);
}

/* Of every length, with one byte changed at every place, and cut there. */
static void
texts_that_differ_anywhere_are_different(void **state)
{
	struct nameset n = { 0 };
	uint32_t count = 0;
	char text[70];

	(void)state;
	for (size_t len = 1; len < sizeof(text); len++) {
		memset(text, 'a', len);
		text[len] = '\0';
		assert_int_equal(add(&n, text), count++);
		for (size_t i = 0; i < len; i++) {
			text[i] = '\xff';
			assert_int_equal(find(&n, text), NAME_NONE);
			assert_int_equal(add(&n, text), count++);
			text[i] = 'a';
		}
	}
	assert_int_equal(n.count, 69 + 69 * 70 / 2);
	nameset_clear(&n);
}

static void
items_of_a_vector_are_zeroed_and_kept(void **state)
{
	VECTOR(uint64_t) v = { 0 };

	(void)state;
	for (uint64_t i = 0; i < MANY; i++) {
		uint64_t *item = VECTOR_ADD(&v);

		assert_int_equal(*item, 0);
		*item = i + 1;
	}
	VECTOR_REACH(&v, MANY + 1000);
	assert_int_equal(v.count, MANY + 1000);
	for (uint64_t i = 0; i < v.count; i++)
		assert_int_equal(v.item[i], i < MANY ? i + 1 : 0);
	VECTOR_REACH(&v, 1);
	assert_int_equal(v.count, MANY + 1000);
	VECTOR_CLEAR(&v);
	assert_null(v.item);
	assert_int_equal(v.count, 0);
	*VECTOR_ADD(&v) = 7;
	assert_int_equal(v.count, 1);
	assert_int_equal(v.item[0], 7);
	VECTOR_CLEAR(&v);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_set_holds_nothing),
		cmocka_unit_test(a_text_keeps_the_number_that_it_got_first),
		cmocka_unit_test(only_so_many_characters_of_a_text_count),
		cmocka_unit_test(none_of_many_names_is_lost),
		cmocka_unit_test(texts_that_differ_anywhere_are_different),
		cmocka_unit_test(items_of_a_vector_are_zeroed_and_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
