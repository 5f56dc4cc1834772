/* Requests of the policy delegation protocol: which bytes are one. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "model/sending/request.h"

/* Requests of text, each as its login and recipient; then the error. */
static const struct {
	const char *bytes;
	size_t len;		/* 0: that of the text */
	const char *taken;
	const char *error;	/* a part of it; NULL: none */
} cases[] = {
	{ "", 0, "", NULL },
	{ "request=x\nsasl_username=a\nrecipient=b\n\n", 0, "a b;", NULL },
	{ "recipient=b=c\nother=x\nsasl_username=\n\n", 0, " b=c;", NULL },
	{ "sasl_username=a\n\nsasl_username=b\n\n", 0, "a ;b ;", NULL },
	{ "\n", 0, " ;", NULL },
	{ "sasl_username=a\n\nsasl_user", 0, "a ;", "within a request" },
	{ "sasl_username=a", 0, "", "within a request" },
	{ "sasl_username=a\n", 0, "", "within a request" },
	{ "sasl_username=a\nsasl_username=b\n\n", 0, "",
	    "has sasl_username twice" },
	{ "other=a\nother=b\nrecipient=c\n\n", 0, " c;", NULL },
	{ "words\n\n", 0, "", "no name=value" },
	{ "=a\n\n", 0, "", "no name=value" },
	{ "a=\0\n\n", 5, "", "NUL" },
	{ "sasl_username=a\r\n\r\n", 0, "", "within a request" },
};

/* Through a pipe, so many bytes at a time; what was taken, or "?". */
static void
read_all(const char *bytes, size_t len, size_t piece, char *taken,
    struct err *e)
{
	static struct request_reader reader;
	struct request r;
	bool found = true;
	int end[2];

	assert_int_equal(pipe(end), 0);
	for (size_t at = 0; at < len; at += piece)
		assert_true(write(end[1], bytes + at, len - at < piece ?
		    len - at : piece) > 0);
	close(end[1]);
	memset(&reader, 0, sizeof(reader));
	reader.fd = end[0];
	*taken = '\0';
	while (found && request_read(&reader, &r, &found, e)) {
		if (!found)
			break;
		strcat(taken, r.login);
		strcat(taken, " ");
		strcat(taken, r.recipient);
		strcat(taken, ";");
	}
	close(end[0]);
}

static void
test_requests(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t len = cases[i].len > 0 ? cases[i].len :
		    strlen(cases[i].bytes);
		struct err e = { 0 };
		char taken[256];

		read_all(cases[i].bytes, len, len + 1, taken, &e);
		if (strcmp(taken, cases[i].taken) != 0)
			fail_msg("case %zu: %s", i, taken);
		if ((e.code != ERR_NONE) != (cases[i].error != NULL) ||
		    (cases[i].error != NULL &&
		    strstr(e.text, cases[i].error) == NULL))
			fail_msg("case %zu: %s", i, e.text ? e.text : "");
		err_clear(&e);
	}
}

/* A request ends at the limit: a byte more, and it is none. */
static void
test_longest(void **state)
{
	static char bytes[REQUEST_MAX + 1];
	static struct request_reader reader;
	struct err e = { 0 };
	struct request r;
	bool found;

	(void)state;
	for (int more = 0; more < 2; more++) {
		FILE *f = tmpfile();
		size_t len = REQUEST_MAX + (size_t)more;

		memset(bytes, 'a', sizeof(bytes));
		bytes[1] = '=';
		memcpy(bytes + len - 2, "\n\n", 2);
		assert_non_null(f);
		assert_int_equal(fwrite(bytes, 1, len, f), len);
		rewind(f);
		memset(&reader, 0, sizeof(reader));
		reader.fd = fileno(f);
		assert_int_equal(request_read(&reader, &r, &found, &e),
		    more == 0);
		fclose(f);
	}
	assert_non_null(strstr(e.text, "longer than"));
	err_clear(&e);
}

/* However many there are, and wherever a read ends. */
static void
test_many(void **state)
{
	static const char one[] = "sasl_username=a\nsender=b\n\n";
	static struct request_reader reader;
	FILE *f = tmpfile();
	struct err e = { 0 };
	struct request r;
	size_t taken = 0;
	bool found = true;

	(void)state;
	assert_non_null(f);
	for (int i = 0; i < 20000; i++)
		fputs(one, f);
	rewind(f);
	memset(&reader, 0, sizeof(reader));
	reader.fd = fileno(f);
	while (found && request_read(&reader, &r, &found, &e))
		taken += found && strcmp(r.login, "a") == 0;
	fclose(f);
	assert_int_equal(e.code, ERR_NONE);
	assert_int_equal(taken, 20000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_requests),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
