/* The record of a DKIM key: what is one, and what verifies a key. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdbool.h>
#include <string.h>

#include "base/text.h"
#include "model/dkim/record.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* RFC 8463, A.2. */
#define P "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
#define OTHER "AAAAAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="

#define NO_LIST "is no list of tags"
#define OTHER_K "has a k= that is another algorithm"

static const struct {
	const char *text;
	const char *why;	/* NULL: it verifies the key */
} cases[] = {
	{ "v=DKIM1; k=ed25519; p=" P, NULL },
	{ "v=DKIM1;k=ed25519;p=" P ";", NULL },
	{ "k=ed25519; p=" P, NULL },
	{ "p=" P "; k=ed25519", NULL },
	{ " v = DKIM1 ; k = ed25519 ; p = " P " ; ", NULL },
	{ "v=DKIM1;\r\n\tk=ed25519;\r\n\tp=" P, NULL },
	{ "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7h "
	    "cvPapiMlrwIaaPcHURo=", NULL },
	{ "v=DKIM1; k=ed25519; s=email; p=" P, NULL },
	{ "v=DKIM1; k=ed25519; s=*; p=" P, NULL },
	{ "v=DKIM1; k=ed25519; s=tlsrpt:email; p=" P, NULL },
	{ "v=DKIM1; k=ed25519; h=sha256; p=" P, NULL },
	{ "v=DKIM1; k=ed25519; h=sha1 : sha256; p=" P, NULL },
	{ "v=DKIM1; k=ed25519; t=s; p=" P, NULL },
	{ "v=DKIM1; k=ed25519; n=a note; p=" P, NULL },
	{ "v=DKIM1; k=ed25519; g=*; x=y; p=" P, NULL },
	{ "v=DKIM1; k=ed25519; p=", "has an empty p=, which revokes the key" },
	{ "v=DKIM1; k=ed25519; p= ; ", "has an empty p=, which revokes the "
	    "key" },
	{ "v=DKIM1; k=ed25519; p=" OTHER, "has another public key" },
	{ "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7T",
	    "has a p= that is cut off" },
	{ "v=DKIM1; k=ed25519; p=11", "has a p= that is cut off" },
	{ "v=DKIM1; k=ed25519; p=x" P, "has a p= that is no base64" },
	{ "v=DKIM1; k=ed25519; p=\"" P "\"", "has a p= that is no base64" },
	{ "v=DKIM1; k=ed25519; p=-----BEGIN PUBLIC KEY-----",
	    "has a p= that is no base64" },
	{ "v=DKIM1; k=ed25519", "has no p=" },
	{ "v=DKIM1;", "has no p=" },
	{ "v=DKIM1", "has no p=" },
	{ "", "has no p=" },
	{ "v=spf1 -all", "has no p=" },
	{ "hello", NO_LIST },
	{ "v=DKIM1 k=ed25519 p=" P, "has no p=" },
	{ "v=DKIM1;; k=ed25519; p=" P, NO_LIST },
	{ "v=DKIM1; k=ed25519; p=" P ";;", NO_LIST },
	{ "v=DKIM1; k=ed25519; =x; p=" P, NO_LIST },
	{ "v=DKIM2; k=ed25519; p=" P, "has another v= than DKIM1" },
	{ "v=dkim1; k=ed25519; p=" P, "has another v= than DKIM1" },
	{ "v=; k=ed25519; p=" P, "has another v= than DKIM1" },
	{ "k=ed25519; v=DKIM1; p=" P, "has its v= not at the beginning" },
	{ "p=" P "; v=DKIM1", "has its v= not at the beginning" },
	{ "v=DKIM1; k=rsa; p=" P, OTHER_K },
	{ "v=DKIM1; p=" P, OTHER_K },
	{ "v=DKIM1; k=; p=" P, OTHER_K },
	{ "v=DKIM1; k=ED25519; p=" P, OTHER_K },
	{ "v=DKIM1; k=ed25519; k=ed25519; p=" P, "has a tag twice" },
	{ "v=DKIM1; k=ed25519; p=" P "; p=" P, "has a tag twice" },
	{ "v=DKIM1; k=ed25519; s=tlsrpt; p=" P, "has an s= without email" },
	{ "v=DKIM1; k=ed25519; s=; p=" P, "has an s= without email" },
	{ "v=DKIM1; k=ed25519; s=emails; p=" P, "has an s= without email" },
	{ "v=DKIM1; k=ed25519; h=sha1; p=" P, "has an h= without sha256" },
	{ "v=DKIM1; k=ed25519; h=sha256x; p=" P, "has an h= without sha256" },
	{ "v=DKIM1; k=ed25519; t=y; p=" P, "has t=y: receivers take the mail "
	    "for unsigned" },
	{ "v=DKIM1; k=ed25519; t=s:y; p=" P, "has t=y: receivers take the "
	    "mail for unsigned" },
};

static void
test_records(void **state)
{
	const struct dkim_row key = { .domain = "example.org",
	    .selector = "s", .algorithm = "ed25519", .state = "active",
	    .public_key = P };
	struct arena a = { 0 };
	struct words values = { 0 };

	(void)state;
	assert_string_equal(dkim_record_judge(&a, &values, &key),
	    "has no record");
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *why;

		values = (struct words){ 0 };
		words_add(&a, &values, cases[i].text);
		why = dkim_record_judge(&a, &values, &key);
		if (!text_same(why, cases[i].why))
			fail_msg("%s: %s", cases[i].text, why);
	}
	words_add(&a, &values, cases[0].text);
	assert_string_equal(dkim_record_judge(&a, &values, &key),
	    "has two records");
	arena_clear(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_records),
	};

	return cmocka_run_group_tests_name("dkim_record", tests, NULL, NULL);
}
