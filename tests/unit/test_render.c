/* Rendering: commands of postconf, hidden secrets, releases. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/server/hosts.h"
#include "model/server/release.h"
#include "model/server/render.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The commands, a line each. */
static char *
commands_of(struct arena *a, const char *folder, const char *name,
    const char *text)
{
	struct words commands = { 0 };
	char *all = arena_strdup(a, "");

	render_postconf(a, folder, name, text, &commands);
	for (size_t i = 0; i < commands.count; i++)
		all = arena_printf(a, "%s%s\n", all, commands.word[i]);
	return all;
}

static void
a_setting_of_main_cf_is_one_command(void **state)
{
	static const struct {
		const char *text, *commands;
	} cases[] = {
		{ "", "" },
		{ "# nothing\n\n  # at all\n", "" },
		{ "a = 1", "postconf -e 'a = 1'\n" },
		{ "a = 1\nb =\n", "postconf -e 'a = 1'\n"
		    "postconf -e 'b ='\n" },
		{ "a =\n  x,\n\ty\nb = 2\n", "postconf -e 'a = x, y'\n"
		    "postconf -e 'b = 2'\n" },
		/* A comment or an empty line does not end a setting. */
		{ "a = x\n# why\n\n  y\n", "postconf -e 'a = x y'\n" },
		{ "a = it's $b `id`\n",
		    "postconf -e 'a = it'\\''s $b `id`'\n" },
	};
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(commands_of(&a, "/etc/postfix",
		    "postfix/main.cf", cases[i].text), cases[i].commands);
	assert_string_equal(commands_of(&a, "/srv/postfix",
	    "postfix/main.cf", "a = 1\n"),
	    "postconf -c /srv/postfix -e 'a = 1'\n");
	arena_clear(&a);
}

static void
a_service_and_its_options_are_several(void **state)
{
	static const struct {
		const char *text, *commands;
	} cases[] = {
		{ "smtp inet  n - y  - - smtpd\n",
		    "postconf -M 'smtp/inet=smtp inet n - y - - smtpd'\n" },
		{ "a unix - n n - - pipe\n  flags=DRX user=vmail\n"
		    "  argv=/bin/x -o y\n",
		    "postconf -M 'a/unix=a unix - n n - - pipe flags=DRX "
		    "user=vmail argv=/bin/x -o y'\n" },
		{ "submission inet n - y - - smtpd\n"
		    "  -o syslog_name=postfix/submission\n"
		    "# on\n"
		    "  -o { x = a b }\n  -v\n",
		    "postconf -M 'submission/inet=submission inet n - y - - "
		    "smtpd -v'\n"
		    "postconf -P 'submission/inet/"
		    "syslog_name=postfix/submission'\n"
		    "postconf -P 'submission/inet/x = a b'\n" },
	};
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(commands_of(&a, "/etc/postfix",
		    "postfix/master.cf", cases[i].text), cases[i].commands);
	arena_clear(&a);
}

/* The file holds `old`; what is shown of the change to `new`. */
static const char *
diff_of(struct arena *a, const char *old, const char *new)
{
	char path[] = "/tmp/mailadm-render-XXXXXX";
	int fd = mkstemp(path);
	const char *diff = NULL;
	struct err e = { 0 };

	assert_true(fd >= 0);
	assert_int_equal(write(fd, old, strlen(old)), strlen(old));
	close(fd);
	if (!render_diff(a, &(struct render_pair){ path, "/etc/x",
	    "rendered", new, strlen(new) }, &diff, &e))
		fail_msg("%s", e.text);
	unlink(path);
	return diff;
}

static void
a_diff_shows_no_secret(void **state)
{
	static const char *const lines[] = {
		"password = S3CRET\n", "password=S3CRET\n",
		"\tpassword =\tS3CRET # why\n", "PASSWORD = 'S3CRET x'\n",
		"password = \"S3CRET x\"\n",
		"connect = host=h dbname=d user=u password=S3CRET x=1\n",
		"CREATE USER 'a'@'b' IDENTIFIED BY PASSWORD '*S3CRET';\n",
		"  password='S3CRET\n",
	};
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		const char *diff = diff_of(&a, lines[i], "other\n");

		assert_non_null(strstr(diff, "(hidden)"));
		assert_null(strstr(diff, "S3CRET"));
		diff = diff_of(&a, "other\n", lines[i]);
		assert_non_null(strstr(diff, "(hidden)"));
		assert_null(strstr(diff, "S3CRET"));
	}
	arena_clear(&a);
}

static void
a_diff_shows_what_is_no_secret(void **state)
{
	static const char query[] =
	    "password_query = SELECT u.crypt AS password FROM users u\n";
	struct arena a = { 0 };
	const char *diff = diff_of(&a, query, "b\n");

	(void)state;
	assert_non_null(strstr(diff, query));
	assert_non_null(strstr(diff, "--- /etc/x\n+++ /etc/x (rendered)\n"));
	assert_non_null(strstr(diff, "\n+b\n"));
	arena_clear(&a);
}

static void
a_release_is_a_number_that_compares(void **state)
{
	static const struct {
		const char *text;
		unsigned release;
	} cases[] = {
		{ "3.7.11", RELEASE(3, 7) }, { "3.10.3\n", RELEASE(3, 10) },
		{ "2.3.19.1 (9b53102964)", RELEASE(2, 3) },
		{ "2.4.1-4 (7d8c0e5759)", RELEASE(2, 4) },
		{ "3.10-20250101", RELEASE(3, 10) }, { "2.4", RELEASE(2, 4) },
		{ "", 0 }, { "3", 0 }, { "3.", 0 }, { ".7", 0 },
		{ "-3.7", 0 }, { "3.-7", 0 }, { " 3.7", 0 }, { "3.7x", 0 },
		{ "3.100", 0 }, { "99999999999999999999.1", 0 },
	};
	unsigned release;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		release = 0;
		assert_int_equal(release_parse(cases[i].text, &release),
		    cases[i].release != 0);
		assert_int_equal(release, cases[i].release);
	}
	assert_true(RELEASE(3, 10) > RELEASE(3, 9));
}

/* The value of a name of the templates. */
static const char *
value_of(struct arena *a, const struct settings *s, const char *name)
{
	static const struct accounts none = { { NULL } };
	const struct server server = { .settings = s, .accounts = &none };
	const struct template_value *v = server_values(a, &server, true);

	while (v->name != NULL && strcmp(v->name, name) != 0)
		v++;
	assert_non_null(v->name);
	if (v->list != NULL)
		return v->list->count > 0 ? v->list->word[0] : NULL;
	return v->text;
}

static void
the_hosts_are_what_each_program_wants(void **state)
{
	static const struct {
		const char *hosts, *postfix, *dovecot, *socket, *host, *port;
		bool remote;
	} cases[] = {
		{ "/run/db", "unix:/run/db unix:/run/db", "/run/db",
		    "/run/db", NULL, NULL, false },
		{ "db1 db2:3306", "inet:db1:3306 inet:db1:3306 "
		    "inet:db2:3306 inet:db2:3306", "db1", NULL, "db1,db2",
		    NULL, true },
		{ "127.0.0.1:3307", "inet:127.0.0.1:3307 "
		    "inet:127.0.0.1:3307", "127.0.0.1", NULL, "127.0.0.1",
		    "3307", false },
		{ "[2001:db8::1]", "inet:[2001:db8::1]:3306 "
		    "inet:[2001:db8::1]:3306", "2001:db8::1", NULL,
		    "2001:db8::1", NULL, true },
		{ "/run/db db2", "unix:/run/db unix:/run/db inet:db2:3306 "
		    "inet:db2:3306", "/run/db", "/run/db", NULL, NULL,
		    true },
	};
	struct arena a = { 0 };
	struct settings s;

	(void)state;
	settings_default(&s);
	s.hostname = "mx.example.org";
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct server_database d;

		s.database_hosts = cases[i].hosts;
		assert_string_equal(value_of(&a, &s, "POSTFIX_HOSTS"),
		    cases[i].postfix);
		assert_string_equal(value_of(&a, &s, "DATABASE_HOSTS"),
		    cases[i].dovecot);
		server_database(&a, &s, &d);
		assert_string_equal(d.socket ? d.socket : "-",
		    cases[i].socket ? cases[i].socket : "-");
		assert_string_equal(d.host ? d.host : "-",
		    cases[i].host ? cases[i].host : "-");
		assert_string_equal(d.port ? d.port : "-",
		    cases[i].port ? cases[i].port : "-");
		assert_int_equal(d.remote, cases[i].remote);
	}
	arena_clear(&a);
}

/* As the server itself computes PASSWORD('secret'). */
static void
a_password_is_stored_as_the_server_would(void **state)
{
	const struct accounts accounts = { .password = {
	    [ACCOUNT_POSTFIX] = "secret" } };
	struct arena a = { 0 };
	struct settings s;
	const struct server server = { .settings = &s,
	    .accounts = &accounts };
	const struct template_value *v;

	(void)state;
	settings_default(&s);
	s.hostname = "mx.example.org";
	v = server_values(&a, &server, true);
	while (strcmp(v->name, "POSTFIX_HASH") != 0)
		v++;
	assert_string_equal(v->text,
	    "*14E65567ABDB5135D0CFD9A70B3032C179A49EE7");
	arena_clear(&a);
}

/* Whatever a template says: its name is unknown there. */
static void
a_file_for_everybody_cannot_hold_a_secret(void **state)
{
	const struct accounts accounts = { .password = { "a", "b", "c",
	    "d" } };
	struct arena a = { 0 };
	struct settings s;
	const struct server server = { .settings = &s,
	    .accounts = &accounts };
	size_t names = 0;

	(void)state;
	settings_default(&s);
	s.hostname = "mx.example.org";
	for (const struct template_value *v = server_values(&a, &server,
	    false); v->name != NULL; v++, names++) {
		assert_null(strstr(v->name, "PASSWORD"));
		assert_null(strstr(v->name, "HASH"));
	}
	assert_true(names > 15);
	arena_clear(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_setting_of_main_cf_is_one_command),
		cmocka_unit_test(a_service_and_its_options_are_several),
		cmocka_unit_test(a_diff_shows_no_secret),
		cmocka_unit_test(a_diff_shows_what_is_no_secret),
		cmocka_unit_test(a_release_is_a_number_that_compares),
		cmocka_unit_test(the_hosts_are_what_each_program_wants),
		cmocka_unit_test(a_file_for_everybody_cannot_hold_a_secret),
		cmocka_unit_test(a_password_is_stored_as_the_server_would),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
