/* Which passwords the policy takes. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "model/password/policy.h"

#define MIN 8

static const struct {
	const char *password;
	const char *reason;	/* a part of it; NULL: taken */
} cases[] = {
	{ "123", "too short: 3 of at least 8" },
	{ "s3cr-et", "too short: 7 of" },
	{ "ääääääö", "too short: 7 of" },
	{ "zzzzzzzzz", "again and again" },
	{ "password", "commonest" },
	{ "PassWord", "commonest" },
	{ "Passw0rd!", "commonest" },
	{ "sommer2024", "commonest" },
	{ "123456789012", "commonest" },
	{ "contraseña", "commonest" },
	/* Five digits behind it, a word behind it, something before it. */
	{ "sommer20245", NULL },
	{ "summer breeze", NULL },
	{ "2024sommer", NULL },
	{ "password\xff", NULL },
	{ "#a few of", NULL },
	{ "twelve ox", NULL },
	{ "häßlich!", NULL },
};

static void
test_reasons(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err e = { 0 };
		bool ok = password_strong(cases[i].password, MIN, &e);

		if (ok != (cases[i].reason == NULL) || (!ok &&
		    strstr(e.text, cases[i].reason) == NULL))
			fail_msg("%s: %s", cases[i].password,
			    ok ? "taken" : e.text);
		if (!ok)
			assert_int_equal(e.code, ERR_REFUSED);
		err_clear(&e);
	}
}

static void
test_shorter_policy(void **state)
{
	struct err e = { 0 };

	(void)state;
	assert_true(password_strong("k9", 1, &e));
	assert_false(password_strong("1234", 1, &e));
	err_clear(&e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_shorter_policy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
