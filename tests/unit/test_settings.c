/* mailadm's own settings: what a file may say, and which file wins. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "file/settings.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct test {
	struct arena arena;
	struct err err;
	char *dir;		/* emptied and removed at the end */
};

static int
setup(void **state)
{
	char name[] = "/tmp/mailadm-settings-XXXXXX";
	struct test *t = calloc(1, sizeof(*t));

	assert_non_null(t);
	assert_non_null(mkdtemp(name));
	t->dir = strdup(name);
	setenv("XDG_CONFIG_HOME", name, 1);
	setenv("HOME", name, 1);
	unsetenv("MAILADM_CONFIG");
	umask(022);
	*state = t;
	return 0;
}

static int
teardown(void **state)
{
	static const char *const names[] = {
		"/mailadm/mailadm.conf", "/mailadm", "/named", "/it's a file",
		"/.config/mailadm/mailadm.conf", "/.config/mailadm",
		"/.config", ""
	};
	struct test *t = *state;

	for (size_t i = 0; i < COUNT(names); i++)
		remove(arena_printf(&t->arena, "%s%s", t->dir, names[i]));
	err_clear(&t->err);
	arena_clear(&t->arena);
	free(t->dir);
	free(t);
	return 0;
}

/* A file in the test's folder; its whole name. */
static const char *
file(struct test *t, const char *name, const char *content)
{
	const char *path = arena_printf(&t->arena, "%s/%s", t->dir, name);
	FILE *f;

	for (char *p = strchr(path + strlen(t->dir) + 1, '/'); p != NULL;
	    p = strchr(p + 1, '/')) {
		*p = '\0';
		assert_true(mkdir(path, 0755) == 0 || errno == EEXIST);
		*p = '/';
	}
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(content, f);
	assert_int_equal(fclose(f), 0);
	return path;
}

static bool
parse(struct test *t, const char *bytes, size_t len, struct settings *s)
{
	settings_default(s);
	err_clear(&t->err);
	return settings_parse(&t->arena, "F", bytes, len, s, &t->err);
}

static void
the_defaults_are_the_documented_ones(void **state)
{
	struct settings s;

	(void)state;
	settings_default(&s);
	assert_int_equal(s.rounds, 50000);
	assert_int_equal(s.connect_timeout, 5);
	assert_int_equal(s.read_timeout, 60);
	assert_int_equal(s.write_timeout, 60);
	assert_int_equal(s.lock_timeout, 5);
	assert_int_equal(s.history_size, 1000);
	assert_int_equal(s.history_keep, 0);
	assert_int_equal(s.password_length, 20);
	assert_null(s.postmaster);
	assert_null(s.defaults_file);
	assert_null(s.hostname);
	assert_string_equal(s.database_hosts, "/run/mysqld/mysqld.sock");
	assert_string_equal(s.mail_directory, "/var/vmail");
	assert_int_equal(s.vmail_uid, 5000);
	assert_false(s.pop3);
}

static void
a_flag_is_yes_or_no(void **state)
{
	struct test *t = *state;
	struct settings s;

	assert_true(parse(t, "pop3 = yes", strlen("pop3 = yes"), &s));
	assert_true(s.pop3);
	assert_true(parse(t, "pop3 = no", strlen("pop3 = no"), &s));
	assert_false(s.pop3);
}

static void
a_line_sets_a_value(void **state)
{
	static const struct {
		const char *text;
		int64_t rounds;
		const char *postmaster;
	} cases[] = {
		{ "", 50000, NULL },
		{ "\n\r\n \t\n# rounds = 7\n", 50000, NULL },
		{ "rounds=6000", 6000, NULL },
		{ "\t rounds \t= \t6000 \t\n", 6000, NULL },
		{ "rounds = 6000\r\n", 6000, NULL },
		{ "rounds = 6000 # enough\n", 6000, NULL },
		{ "rounds = 5000\n", 5000, NULL },
		{ "rounds = 5000000\n", 5000000, NULL },
		{ "postmaster = a@b.org\n", 50000, "a@b.org" },
		{ "postmaster = a#b=c@b.org #\n", 50000, "a#b=c@b.org" },
		{ "postmaster =\n", 50000, NULL },
		{ "postmaster = # none\n", 50000, NULL },
		{ "postmaster = ü@b.org\nrounds=7000", 7000, "ü@b.org" },
	};
	struct test *t = *state;
	struct settings s;

	for (size_t i = 0; i < COUNT(cases); i++) {
		if (!parse(t, cases[i].text, strlen(cases[i].text), &s))
			fail_msg("%s: %s", cases[i].text, t->err.text);
		assert_int_equal(s.rounds, cases[i].rounds);
		if (cases[i].postmaster == NULL)
			assert_null(s.postmaster);
		else
			assert_string_equal(s.postmaster,
			    cases[i].postmaster);
	}
}

#define BYTES(s) s, sizeof(s) - 1

static void
a_wrong_line_is_an_error_that_names_it(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *text, *hint;
	} cases[] = {
		{ BYTES("\n\nronds = 6000\n"), "F:3: unknown setting: ronds",
		    "did you mean rounds?" },
		{ BYTES("Rounds = 6000\n"), "F:1: unknown setting: Rounds",
		    "did you mean rounds?" },
		{ BYTES("#\r\npassword = hunter2\n"),
		    "F:2: unknown setting: password",
		    "connection settings belong in MariaDB's option files, "
		    "group [mailadm]" },
		{ BYTES("colour = red\n"),
		    "F:1: unknown setting (not shown, as it may be a password)",
		    "the settings are: rounds, rounds_min, password_length, "
		    "password_policy, password_min, "
		    "postmaster, connect_timeout, read_timeout, "
		    "write_timeout, lock_timeout, history_size, "
		    "history_keep, hooks, hook_timeout, check_ignore, "
		    "expiry_warning, "
		    "defaults_file, hostname, "
		    "certificate, certificate_key, database_hosts, "
		    "database_name, database_clients, mail_directory, "
		    "vmail_uid, pop3, webmail, allow_weak_schemes, "
		    "postfix_directory, dovecot_directory, srs, "
		    "srs_domain, filter, "
		    "filter_down, filter_outside, dmarc_reject, "
		    "dkim_algorithms, dkim_bits, dkim_wait, dkim_retire, "
		    "dkim_max_age, dkim_secret, resolver, addresses, spf_all, "
		    "dmarc, dmarc_reports, tls_reports, mta_sts, autoconfig, "
		    "probe" },
		{ BYTES("filter = milter\n"), "F:1: filter: expected "
		    "\"rspamd\", \"opendkim\" or \"none\", got \"milter\"",
		    NULL },
		{ BYTES("filter =\n"), "F:1: filter: expected \"rspamd\", "
		    "\"opendkim\" or \"none\", got \"\"", NULL },
		{ BYTES("dkim_algorithms = ed25519\n"),
		    "F:1: dkim_algorithms: expected \"rsa\" or "
		    "\"rsa ed25519\", got \"ed25519\"", NULL },
		{ BYTES("rounds = 6000\nrounds = 6000\n"),
		    "F:2: rounds is already set in line 1", NULL },
		{ BYTES("rounds = 4999\n"), "F:1: rounds: expected a number "
		    "from 5000 to 5000000, got \"4999\"", NULL },
		{ BYTES("rounds = 5000001\n"), "F:1: rounds: expected a number "
		    "from 5000 to 5000000, got \"5000001\"", NULL },
		{ BYTES("rounds = 99999999999999999999"), "F:1: rounds: "
		    "expected a number from 5000 to 5000000, got "
		    "\"99999999999999999999\"", NULL },
		{ BYTES("rounds =\n"), "F:1: rounds: expected a number "
		    "from 5000 to 5000000, got \"\"", NULL },
		{ BYTES("rounds = 6000.5\n"), "F:1: rounds: expected a number "
		    "from 5000 to 5000000, got \"6000.5\"", NULL },
		{ BYTES("rounds = \"6000\"\n"), "F:1: rounds: expected a "
		    "number from 5000 to 5000000, got \"\"6000\"\"", NULL },
		{ BYTES("password_length = 11"), "F:1: password_length: "
		    "expected a number from 12 to 128, got \"11\"", NULL },
		{ BYTES("password_length = 129"), "F:1: password_length: "
		    "expected a number from 12 to 128, got \"129\"", NULL },
		{ BYTES("lock_timeout = 0"), "F:1: lock_timeout: expected a "
		    "number from 1 to 3600, got \"0\"", NULL },
		{ BYTES("pop3 = true"), "F:1: pop3: expected yes or no, got "
		    "\"true\"", NULL },
		{ BYTES("pop3 ="), "F:1: pop3: expected yes or no, got \"\"",
		    NULL },
		{ BYTES("vmail_uid = 499"), "F:1: vmail_uid: expected a "
		    "number from 500 to 2147483647, got \"499\"", NULL },
		{ BYTES("history_size = -1"), "F:1: history_size: expected a "
		    "number from 0 to 1000000, got \"-1\"", NULL },
		{ BYTES("rounds 6000\n"), "F:1: not a setting",
		    "expected: name = value" },
		{ BYTES(" = 6000\n"), "F:1: not a setting",
		    "expected: name = value" },
		{ BYTES("rounds # = 6000\n"), "F:1: not a setting",
		    "expected: name = value" },
		{ BYTES("\npostmaster = a\0b\n"),
		    "F:2: the line holds a NUL byte", NULL },
		{ BYTES("# \377\n"), "F:1: the line is not valid UTF-8",
		    NULL },
	};
	struct test *t = *state;
	struct settings s, standard;

	settings_default(&standard);
	for (size_t i = 0; i < COUNT(cases); i++) {
		if (parse(t, cases[i].bytes, cases[i].len, &s))
			fail_msg("accepted: %s", cases[i].bytes);
		assert_int_equal(t->err.code, ERR_INVALID);
		assert_string_equal(t->err.text, cases[i].text);
		if (cases[i].hint == NULL)
			assert_null(t->err.hint);
		else
			assert_string_equal(t->err.hint, cases[i].hint);
		assert_memory_equal(&s, &standard, sizeof(s));
	}
}

static void
a_line_over_64_kib_is_refused(void **state)
{
	static char line[64 * 1024 + 3];
	struct test *t = *state;
	struct settings s;

	memset(line, '#', sizeof(line));
	line[0] = '\n';
	line[sizeof(line) - 2] = '\n';
	assert_true(parse(t, line + 1, sizeof(line) - 1, &s));
	line[sizeof(line) - 2] = '#';
	assert_false(parse(t, line, sizeof(line), &s));
	assert_string_equal(t->err.text,
	    "F:2: the line is longer than 64 KiB");
}

static void
the_table_and_its_help_are_whole(void **state)
{
	const struct setting *row;

	(void)state;
	for (row = settings_table; row->name != NULL; row++) {
		assert_non_null(row->standard);
		assert_true(strlen(row->help) > 20);
		assert_true(row->offset < sizeof(struct settings));
		if (row->kind == SETTING_NUMBER)
			assert_true(row->min >= 0 && row->min < row->max);
	}
}

/* The value of a setting as it stands in a file, or NULL. */
static const char *
value_in(struct test *t, const char *content, const char *name)
{
	size_t len = strlen(name);
	const char *p = content, *value;

	for (; p != NULL; p = strchr(p, '\n'), p = p ? p + 1 : NULL) {
		if (strncmp(p, name, len) != 0 || p[len] != ' ')
			continue;
		value = p + len + strspn(p + len, " =");
		return arena_strndup(&t->arena, value,
		    strcspn(value, "\n"));
	}
	return NULL;
}

static void
the_example_has_every_setting_at_its_default(void **state)
{
	struct test *t = *state;
	char content[8192];
	const struct setting *row;
	struct settings s, standard;
	FILE *f = fopen("src/examples/mailadm.conf.example", "r");
	size_t len;

	assert_non_null(f);
	len = fread(content, 1, sizeof(content) - 1, f);
	fclose(f);
	assert_in_range(len, 1, sizeof(content) - 2);
	content[len] = '\0';
	if (!parse(t, content, len, &s))
		fail_msg("%s", t->err.text);
	settings_default(&standard);
	assert_memory_equal(&s, &standard, sizeof(s));
	for (row = settings_table; row->name != NULL; row++) {
		const char *value = value_in(t, content, row->name);

		if (value == NULL)
			fail_msg("%s is not in the example", row->name);
		assert_string_equal(value, row->standard);
	}
}

static void
later_files_win(void **state)
{
	struct test *t = *state;
	const char *named;
	struct settings s;

	assert_true(settings_load(&t->arena, NULL, &s, &t->err));
	file(t, "mailadm/mailadm.conf",
	    "password_length = 30\nhistory_size = 30\n");
	named = file(t, "named", "history_size = 40\n");
	assert_true(settings_load(&t->arena, NULL, &s, &t->err));
	assert_int_equal(s.password_length, 30);
	assert_int_equal(s.history_size, 30);
	setenv("MAILADM_CONFIG", named, 1);
	assert_true(settings_load(&t->arena, NULL, &s, &t->err));
	assert_int_equal(s.password_length, 30);
	assert_int_equal(s.history_size, 40);
	setenv("MAILADM_CONFIG", "", 1);
	assert_true(settings_load(&t->arena, NULL, &s, &t->err));
	assert_int_equal(s.history_size, 30);
}

static void
config_is_read_instead_of_them_all(void **state)
{
	struct test *t = *state;
	const char *named = file(t, "named", "rounds = 6000\n");
	struct settings s;

	file(t, "mailadm/mailadm.conf", "history_size = 30\nbad\n");
	setenv("MAILADM_CONFIG", "/nonexistent", 1);
	assert_true(settings_load(&t->arena, named, &s, &t->err));
	assert_int_equal(s.rounds, 6000);
	assert_int_equal(s.history_size, 1000);
	assert_true(settings_load(&t->arena, "/dev/null", &s, &t->err));
	assert_int_equal(s.rounds, 50000);
}

static void
the_home_folder_is_looked_into_without_xdg(void **state)
{
	struct test *t = *state;
	struct settings s;

	file(t, ".config/mailadm/mailadm.conf", "history_size = 50\n");
	unsetenv("XDG_CONFIG_HOME");
	assert_true(settings_load(&t->arena, NULL, &s, &t->err));
	assert_int_equal(s.history_size, 50);
	setenv("XDG_CONFIG_HOME", "relative", 1);
	assert_true(settings_load(&t->arena, NULL, &s, &t->err));
	assert_int_equal(s.history_size, 50);
}

static void
expect_refusal(struct test *t, const char *path, enum err_code code,
    const char *text, const char *hint)
{
	struct settings s;

	err_clear(&t->err);
	assert_false(settings_load(&t->arena, path, &s, &t->err));
	assert_int_equal(t->err.code, code);
	assert_string_equal(t->err.text, text);
	if (hint == NULL)
		assert_null(t->err.hint);
	else
		assert_string_equal(t->err.hint, hint);
}

static void
a_named_file_must_be_there_and_be_a_file(void **state)
{
	struct test *t = *state;
	const char *pipe = arena_printf(&t->arena, "%s/named", t->dir);

	expect_refusal(t, "/nonexistent/x", ERR_NOT_FOUND,
	    "cannot open /nonexistent/x: No such file or directory", NULL);
	expect_refusal(t, "/dev/null/x", ERR_NOT_FOUND,
	    "cannot open /dev/null/x: Not a directory", NULL);
	expect_refusal(t, t->dir, ERR_IO,
	    arena_printf(&t->arena, "%s is a directory", t->dir), NULL);
	expect_refusal(t, "/dev/zero", ERR_IO,
	    "/dev/zero is not a regular file", NULL);
	assert_int_equal(mkfifo(pipe, 0600), 0);
	expect_refusal(t, pipe, ERR_IO,
	    arena_printf(&t->arena, "%s is not a regular file", pipe), NULL);
	setenv("MAILADM_CONFIG", "/nonexistent/x", 1);
	expect_refusal(t, NULL, ERR_NOT_FOUND,
	    "cannot open /nonexistent/x: No such file or directory", NULL);
}

static void
a_file_that_others_may_write_is_refused(void **state)
{
	struct test *t = *state;
	const char *path = file(t, "named", "rounds = 6000\n");
	const char *odd = file(t, "it's a file", "rounds = 6000\n");
	struct settings s;

	chmod(path, 0664);
	expect_refusal(t, path, ERR_DENIED, arena_printf(&t->arena,
	    "others can write %s, a file of settings (mode 0664)", path),
	    arena_printf(&t->arena, "chmod go-w %s", path));
	chmod(path, 0646);
	expect_refusal(t, path, ERR_DENIED, arena_printf(&t->arena,
	    "others can write %s, a file of settings (mode 0646)", path),
	    arena_printf(&t->arena, "chmod go-w %s", path));
	chmod(odd, 0666);
	expect_refusal(t, odd, ERR_DENIED, arena_printf(&t->arena,
	    "others can write %s, a file of settings (mode 0666)", odd),
	    arena_printf(&t->arena, "chmod go-w '%s/it'\\''s a file'",
	    t->dir));
	chmod(path, 0644);
	assert_true(settings_load(&t->arena, path, &s, &t->err));
	if (geteuid() != 0)
		return;
	assert_int_equal(chown(path, 65534, 65534), 0);
	expect_refusal(t, path, ERR_DENIED, arena_printf(&t->arena,
	    "another user owns %s, a file of settings (uid 65534)", path),
	    arena_printf(&t->arena, "chown root %s", path));
}

/* Root reads everything, so the test becomes somebody else for a while. */
static void
a_file_that_may_not_be_read_is_denied(void **state)
{
	struct test *t = *state;
	const char *path = file(t, "named", "rounds = 6000\n");
	uid_t me = geteuid();

	chmod(path, 0);
	chmod(t->dir, 0755);
	if (me == 0)
		assert_int_equal(seteuid(65534), 0);
	expect_refusal(t, path, ERR_DENIED, arena_printf(&t->arena,
	    "cannot open %s: Permission denied", path), NULL);
	assert_int_equal(seteuid(me), 0);
}

static void
a_huge_file_is_refused(void **state)
{
	struct test *t = *state;
	const char *path = file(t, "named", "");

	assert_int_equal(truncate(path, 1 << 30), 0);
	expect_refusal(t, path, ERR_INVALID, arena_printf(&t->arena,
	    "%s is larger than 1048576 bytes", path), NULL);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(the_defaults_are_the_documented_ones),
		TEST(a_line_sets_a_value),
		TEST(a_flag_is_yes_or_no),
		TEST(a_wrong_line_is_an_error_that_names_it),
		TEST(a_line_over_64_kib_is_refused),
		TEST(the_table_and_its_help_are_whole),
		TEST(the_example_has_every_setting_at_its_default),
		TEST(later_files_win),
		TEST(config_is_read_instead_of_them_all),
		TEST(the_home_folder_is_looked_into_without_xdg),
		TEST(a_named_file_must_be_there_and_be_a_file),
		TEST(a_file_that_others_may_write_is_refused),
		TEST(a_file_that_may_not_be_read_is_denied),
		TEST(a_huge_file_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
