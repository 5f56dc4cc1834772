/* config calibrate, with clocks that say what a test wants. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "model/password/calibrate.h"
#include "model/password/hash.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int64_t each;		/* nanoseconds a round */
static int64_t asked;		/* the most rounds */

static int64_t
proportional(struct arena *a, int64_t rounds, struct err *e)
{
	(void)a;
	(void)e;
	assert_in_range(rounds, PASSWORD_ROUNDS_MIN, PASSWORD_ROUNDS_MAX);
	asked = rounds > asked ? rounds : asked;
	return rounds * each;
}

static int64_t
failing(struct arena *a, int64_t rounds, struct err *e)
{
	(void)a;
	(void)rounds;
	err_set(e, ERR_IO, "no clock");
	return 0;
}

static void
the_rounds_take_the_time_that_is_requested(void **state)
{
	static const struct {
		int64_t each, requested, rounds, milliseconds;
	} cases[] = {
		{ 500, 100, 200000, 100 },
		{ 500, 25, 50000, 25 },
		{ 700, 100, 140000, 98 },	/* of 142857 two digits */
		{ 50000, 100, 5000, 250 },	/* never below the least */
		{ 1, 10000, 5000000, 5 },	/* nor above the most */
		{ 20000, 2000, 100000, 2000 },
		{ 1, 1, 1000000, 1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena a = { 0 };
		struct err e = { 0 };
		struct calibration c;

		each = cases[i].each;
		assert_true(calibrate(&a, proportional, cases[i].requested, &c,
		    &e));
		assert_int_equal(c.rounds, cases[i].rounds);
		assert_int_equal(c.milliseconds, cases[i].milliseconds);
		assert_int_equal(c.requested, cases[i].requested);
		arena_clear(&a);
	}
}

/* A slow machine is measured with few rounds. */
static void
nobody_waits_longer_than_the_answer_needs(void **state)
{
	struct arena a = { 0 };
	struct err e = { 0 };
	struct calibration c;

	(void)state;
	each = 50000;
	asked = 0;
	assert_true(calibrate(&a, proportional, 10, &c, &e));
	assert_int_equal(asked, 20000);
	arena_clear(&a);
}

static void
a_failure_is_told(void **state)
{
	struct arena a = { 0 };
	struct err e = { 0 };
	struct calibration c;

	(void)state;
	assert_false(calibrate(&a, failing, 100, &c, &e));
	assert_int_equal(e.code, ERR_IO);
	err_clear(&e);
	arena_clear(&a);
}

/* By its sign only: how long it takes is the machine's. */
static void
libxcrypt_is_measured(void **state)
{
	struct arena a = { 0 };
	struct err e = { 0 };

	(void)state;
	assert_true(calibrate_measure(&a, PASSWORD_ROUNDS_MIN, &e) > 0);
	assert_int_equal(calibrate_measure(&a, 1, &e), 0);
	assert_int_equal(e.code, ERR_INVALID);
	err_clear(&e);
	arena_clear(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_rounds_take_the_time_that_is_requested),
		cmocka_unit_test(nobody_waits_longer_than_the_answer_needs),
		cmocka_unit_test(a_failure_is_told),
		cmocka_unit_test(libxcrypt_is_measured),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
