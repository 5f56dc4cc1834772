/* Which texts have been there before, and where. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/seen.h"

#define MANY 200000

static uint32_t
add(struct seen *s, const char *text, uint32_t place)
{
	return seen_add(s, text, strlen(text), place);
}

static void
the_place_of_the_first_is_told(void **state)
{
	struct seen s = { 0 };

	(void)state;
	assert_int_equal(add(&s, "anna@x.org", 2), 0);
	assert_int_equal(add(&s, "", 3), 0);
	assert_int_equal(add(&s, "anna@x.org", 4), 2);
	assert_int_equal(add(&s, "", 5), 3);
	assert_int_equal(add(&s, "anna@x.org", 6), 2);
	assert_int_equal(add(&s, "anna@x.or", 7), 0);
	seen_clear(&s);
	assert_int_equal(add(&s, "anna@x.org", 8), 0);
	seen_clear(&s);
}

static void
many_keep_their_places_when_the_table_grows(void **state)
{
	struct seen s = { 0 };
	char text[32];
	uint32_t i;

	(void)state;
	for (i = 1; i <= MANY; i++) {
		snprintf(text, sizeof(text), "user%u@x.org", i);
		assert_int_equal(add(&s, text, i), 0);
	}
	for (i = 1; i <= MANY; i++) {
		snprintf(text, sizeof(text), "user%u@x.org", i);
		assert_int_equal(add(&s, text, MANY + i), i);
	}
	assert_int_equal(s.count, MANY);
	seen_clear(&s);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_place_of_the_first_is_told),
		cmocka_unit_test(many_keep_their_places_when_the_table_grows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
