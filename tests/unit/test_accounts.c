/* The accounts' option file and mailadm.conf: what changes, what stays. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file/accounts.h"
#include "file/settings.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void
an_option_is_set_in_its_group(void **state)
{
	static const struct {
		const char *before, *value, *after;
	} cases[] = {
		{ "", "v", "[g]\nn = v\n" },
		{ "# head\n", "v", "# head\n\n[g]\nn = v\n" },
		{ "[g]", "v", "[g]\nn = v\n" },
		{ "[g]\nn = x\n", "v", "[g]\nn = v\n" },
		{ "[g]\n n=\"x\" # no comment here\n", "v", "[g]\nn = v\n" },
		{ "[g]\na = 1\n\n# of h\n[h]\nn = x\n", "v",
		    "[g]\na = 1\nn = v\n\n# of h\n[h]\nn = x\n" },
		{ "[h]\nn = x\n[g ]\r\na=1\r\n", "v",
		    "[h]\nn = x\n[g ]\r\na=1\r\nn = v\n" },
		{ "[g]\n#n = x\nnn = y\n", "v",
		    "[g]\n#n = x\nnn = y\nn = v\n" },
		/* The last one would count. */
		{ "[g]\nn = 1\nb = 2\nn = 3\n[g]\nn = 4\nc = 5\n", "v",
		    "[g]\nn = v\nb = 2\n[g]\nc = 5\n" },
		{ "[g]\nn = 1\nb = 2\nn\n", NULL, "[g]\nb = 2\n" },
		{ "[h]\nn = 1\n", NULL, "[h]\nn = 1\n" },
		{ "", NULL, "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct text file = TEXT_INIT;

		text_add(&file, cases[i].before);
		option_text_set(&file, "g", "n", cases[i].value);
		assert_string_equal(file.buf, cases[i].after);
		assert_int_equal(option_text_has(&file, "g", "n"),
		    cases[i].value != NULL);
		text_clear(&file);
	}
}

/* The password of postfix in a file of this text and mode. */
static const char *
password_in(struct arena *a, const char *text, mode_t mode, struct err *e)
{
	char path[] = "/tmp/mailadm-accounts-XXXXXX";
	int fd = mkstemp(path);
	struct accounts accounts;
	bool ok;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
	ok = accounts_read(a, path, &accounts, e);
	unlink(path);
	return ok ? accounts.password[ACCOUNT_POSTFIX] : NULL;
}

static void
a_password_is_read_from_its_group(void **state)
{
	static const struct {
		const char *text, *password;
	} cases[] = {
		{ "[postfix]\npassword = abc-1._+/=Z\n", "abc-1._+/=Z" },
		{ "[postfix]\n password=\"abc\" \r\n", "abc" },
		{ "[postfix]\npassword='abc'", "abc" },
		{ "[postfix]\npassword = 1\npassword = 2\n", "2" },
		{ "[postfix]\nuser = x\n[dovecot]\npassword = y\n", NULL },
		{ "[mysqld]\npassword = not ours\n[postfix]\n"
		    "password = z\n", "z" },
		{ "[postfix]\n#password = x\n", NULL },
		{ "[postfix]\npassword =\n", NULL },
		{ "[postfix]\npassword = \"\"\n", NULL },
		{ "", NULL },
	};
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct err e = { 0 };
		const char *password = password_in(&a, cases[i].text, 0600,
		    &e);

		assert_int_equal(e.code, ERR_NONE);
		if (cases[i].password == NULL)
			assert_null(password);
		else
			assert_string_equal(password, cases[i].password);
	}
	arena_clear(&a);
}

static void
what_servers_cannot_hold_or_others_read_is_refused(void **state)
{
	static const struct {
		const char *text;
		mode_t mode;
		enum err_code code;
	} cases[] = {
		{ "[postfix]\npassword = a b\n", 0600, ERR_INVALID },
		{ "[dovecot]\npassword = a'b\n", 0600, ERR_INVALID },
		{ "[mailadm]\npassword = \"a\n", 0600, ERR_INVALID },
		{ "[postfix]\npassword = a$b\n", 0600, ERR_INVALID },
		{ "[postfix]\npassword = \xc3\xa9\n", 0600, ERR_INVALID },
		{ "[postfix]\npassword = a\n", 0640, ERR_DENIED },
		{ "[postfix]\npassword = a\n", 0604, ERR_DENIED },
	};
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct err e = { 0 };

		assert_null(password_in(&a, cases[i].text, cases[i].mode,
		    &e));
		assert_int_equal(e.code, cases[i].code);
		assert_non_null(e.hint);
		err_clear(&e);
	}
	arena_clear(&a);
}

static void
a_setting_is_changed_where_it_stands(void **state)
{
	static const struct {
		const char *before, *name, *value, *after;
	} cases[] = {
		{ "pop3 = no\n", "pop3", "yes", "pop3 = yes\n" },
		{ "pop3=no", "pop3", "yes", "pop3= yes" },
		{ " pop3 =\tno\t# why\r\n", "pop3", "yes",
		    " pop3 = yes\t# why\r\n" },
		{ "pop3 = no # why\n", "pop3", "no", "pop3 = no # why\n" },
		{ "hostname =\nx = 1\n", "hostname", "a.b",
		    "hostname = a.b\nx = 1\n" },
		{ "hostname = a.b\n", "hostname", "", "hostname =\n" },
		{ "certificate_key = /k\ncertificate = /c # it\n",
		    "certificate", "/d",
		    "certificate_key = /k\ncertificate = /d # it\n" },
		{ "#pop3 = no\npop3 = no\n", "pop3", "yes",
		    "#pop3 = no\npop3 = yes\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct text file = TEXT_INIT;

		text_add(&file, cases[i].before);
		setting_write(&file, setting_find(cases[i].name),
		    cases[i].value);
		assert_string_equal(file.buf, cases[i].after);
		text_clear(&file);
	}
}

static void
a_setting_that_is_not_there_comes_last_with_its_help(void **state)
{
	const struct setting *row = setting_find("pop3");
	struct text file = TEXT_INIT;

	(void)state;
	setting_write(&file, row, "yes");
	assert_string_equal(file.buf,
	    "# POP3 besides IMAP, yes or no\npop3 = yes\n");
	text_cut(&file, 0);
	text_add(&file, "rounds = 6000");
	setting_write(&file, setting_find("hostname"), "mx.example.org");
	assert_memory_equal(file.buf, "rounds = 6000\n\n# Full name", 26);
	for (const char *p = file.buf; *p != '\0'; ) {
		size_t len = strcspn(p, "\n");

		assert_in_range(len, 0, 79);
		p += len + (p[len] == '\n');
	}
	text_clear(&file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_option_is_set_in_its_group),
		cmocka_unit_test(a_password_is_read_from_its_group),
		cmocka_unit_test(
		    what_servers_cannot_hold_or_others_read_is_refused),
		cmocka_unit_test(a_setting_is_changed_where_it_stands),
		cmocka_unit_test(
		    a_setting_that_is_not_there_comes_last_with_its_help),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
