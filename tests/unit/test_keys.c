/* DKIM keys of other programs: what the names of their files say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/keys/private.h"

/* example.org, mail.example.org and my-shop.example are ours. */
static bool
is_known(void *arg, const char *domain)
{
	static const char *const known[] = {
		"example.org", "mail.example.org", "my-shop.example"
	};

	(void)arg;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(domain, known[i]) == 0)
			return true;
	}
	return false;
}

static const struct {
	const char *name;
	const char *domain;	/* NULL: not said */
	const char *selector;
} names[] = {
	{ "example.org/mail.private", "example.org", "mail" },
	{ "keys/example.org/2024-a.private", "example.org", "2024-a" },
	{ "example.org/mail.key", "example.org", "mail" },
	{ "example.org/mail.key.pem", "example.org", "mail" },
	{ "EXAMPLE.org/mail.private", "example.org", "mail" },
	{ "keys/mail.private", NULL, "mail" },
	{ "keys/mail.example.private", "mail.example", NULL },
	{ "example.org.dkim.key", "example.org", "dkim" },
	{ "dkim/example.org.dkim.key", "example.org", "dkim" },
	{ "mail.example.org.key", "mail.example.org", NULL },
	{ "mail.example.org.s.key", "mail.example.org", "s" },
	{ "a.example.org.key", "a.example", "org" },	/* nobody knows */
	{ "example.org_default.key", "example.org", "default" },
	{ "example.org.pem", "example.org", NULL },
	{ "mail.example.org.pem", "mail.example.org", NULL },
	{ "example.org.private", "example.org", NULL },
	{ "rsa-2048-mail-example.org.private.txt", "example.org", "mail" },
	{ "rsa-4096-2023-dkim-my-shop.example.private.txt",
	    "my-shop.example", "2023-dkim" },
	{ "ed25519-a-b-mail.example.org.private.txt", "mail.example.org",
	    "a-b" },
	{ "ed25519-mail-x.example.private.txt", "x.example", "mail" },
	{ "2024a._domainkey.example.org.20240102T030405.rsa2048.privatekey."
	    "pkcs8.pem", "example.org", "2024a" },
	{ "s._domainkey.mail.example.org.ed25519.privatekey.pkcs8.pem",
	    "mail.example.org", "s" },
	{ "b\xc3\xbc.example/mail.private", "b\xc3\xbc.example", "mail" },
	{ "README.key", NULL, NULL },
	{ "..key", NULL, NULL },
	{ ".example.org.key", NULL, NULL },
};

static void
names_say(void **state)
{
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct keys_layout l = { .known = is_known };

		assert_true(keys_layout(&a, names[i].name, &l));
		if (!text_same(l.domain, names[i].domain) ||
		    !text_same(l.selector, names[i].selector))
			fail_msg("%s: %s, %s", names[i].name, l.domain,
			    l.selector);
	}
	arena_clear(&a);
}

static void
other_files_are_no_keys(void **state)
{
	static const char *const others[] = {
		"example.org/mail.txt", "KeyTable", "TrustedHosts",
		"rsa-2048-mail-example.org.public.txt", "private", ".key",
		"example.org.key.bak", ""
	};
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		struct keys_layout l = { .known = is_known };

		assert_false(keys_layout(&a, others[i], &l));
	}
	arena_clear(&a);
}

static void
names_without_an_end_take_no_time(void **state)
{
	struct arena a = { 0 };
	struct text t = TEXT_INIT;
	struct keys_layout l = { .known = is_known };

	(void)state;
	text_add(&t, "rsa-2048-");
	for (int i = 0; i < 110; i++)
		text_add(&t, "a-");
	text_add(&t, "b.c.private.txt");
	assert_true(keys_layout(&a, t.buf, &l));
	assert_string_equal(l.selector, "a");
	text_clear(&t);
	arena_clear(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_say),
		cmocka_unit_test(other_files_are_no_keys),
		cmocka_unit_test(names_without_an_end_take_no_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
