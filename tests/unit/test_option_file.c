/* MariaDB's option files: what libmariadb would take, and is it safe. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "file/option_file.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct test {
	struct arena arena;
	struct err err;
	struct option_facts facts;
	char *dir;
};

static int
setup(void **state)
{
	char name[] = "/tmp/mailadm-options-XXXXXX";
	struct test *t = calloc(1, sizeof(*t));

	assert_non_null(t);
	assert_non_null(mkdtemp(name));
	t->dir = strdup(name);
	setenv("HOME", name, 1);
	unsetenv("MARIADB_HOME");
	unsetenv("MYSQL_HOME");
	umask(022);
	*state = t;
	return 0;
}

static int
remove_entry(const char *path, const struct stat *st, int type,
    struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

static int
teardown(void **state)
{
	struct test *t = *state;

	assert_int_equal(nftw(t->dir, remove_entry, 8,
	    FTW_DEPTH | FTW_PHYS), 0);
	err_clear(&t->err);
	arena_clear(&t->arena);
	free(t->dir);
	free(t);
	return 0;
}

static const char *
in_dir(struct test *t, const char *name)
{
	return arena_printf(&t->arena, "%s/%s", t->dir, name);
}

static const char *
file(struct test *t, const char *name, mode_t mode, const char *content)
{
	const char *path = in_dir(t, name);
	FILE *f;

	unlink(path);		/* the one before may be read-only */
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(content, f);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, mode), 0);
	return path;
}

static bool
look(struct test *t, const char *path)
{
	err_clear(&t->err);
	return option_files_look(&t->arena, path, "mailadm",
	    "mailadm-admin", &t->facts, &t->err);
}

static void
expect_ok(struct test *t, const char *path)
{
	if (!look(t, path))
		fail_msg("%s", t->err.text);
}

static void
expect_text(const char *got, const char *wanted)
{
	if (wanted == NULL && got != NULL)
		fail_msg("got %s", got);
	if (wanted != NULL) {
		assert_non_null(got);
		assert_string_equal(got, wanted);
	}
}

static void
expect_refusal(struct test *t, const char *path, enum err_code code,
    const char *text, const char *hint)
{
	assert_false(look(t, path));
	assert_string_equal(t->err.text, text);
	assert_int_equal(t->err.code, code);
	expect_text(t->err.hint, hint);
}

/* Each was tried with libmariadb 3.3: what it took for the user's name. */
static void
values_are_those_that_libmariadb_takes(void **state)
{
	static const struct {
		const char *content, *user;
	} cases[] = {
		{ "", NULL },
		{ "[client]\nuser=a\n", "a" },
		{ "[client]\nuser=a", "a" },
		{ "[client-server]\nuser=a\n", "a" },
		{ "[client-mariadb]\nuser=a\n", "a" },
		{ "[mailadm]\nuser=a\n", "a" },
		{ "[mailadm]\r\n user = a b \r\n", "a b" },
		{ "[mailadm ]\nuser=a\n", "a" },
		{ "[mailadm] more\nuser=a\n", "a" },
		{ "[ mailadm]\nuser=a\n", NULL },
		{ "[mysql]\nuser=a\n[mysqld]\nuser=b\n", NULL },
		{ "[mailadm-admin]\nuser=a\n", NULL },
		{ "[mailadm]\nuser=a\n[client]\nuser=b\n", "b" },
		{ "[mailadm]\nuser=a\nuser=b\n", "b" },
		{ "[mailadm]\nuser=a\nuser=\n", NULL },
		{ "[mailadm]\nuser=a\nuser\n", "a" },
		{ "[mailadm]\nUSER=a\n", NULL },
		{ "[mailadm]\n#user=a\n;user=b\n\"user=c\n'user=d\n", NULL },
		{ "[mailadm]\nuser=a # me\n", "a # me" },
		{ "[mailadm]\nuser='a b'\n", "a b" },
		{ "[mailadm]\nuser=\"a\n", "a" },
		{ "[mailadm]\nuser=\"a'\n", "a" },
		{ "[mailadm]\nuser=\"a\"b\n", "a\"b" },
		{ "[mailadm]\nuser='\n", NULL },
		{ "[mailadm]\nuser=a\\\\b\\sc\\zd\\\n", "a\\b c\\zd\\" },
		{ "[mailadm]\nuser=\"a\\tb\\n\"\n", "a\tb\n" },
		{ "# x\n\n[mailadm]\nuser=a=b\n", "a=b" },
	};
	struct test *t = *state;

	for (size_t i = 0; i < COUNT(cases); i++) {
		expect_ok(t, file(t, "my.cnf", 0644, cases[i].content));
		expect_text(t->facts.user, cases[i].user);
	}
}

static void
every_fact_and_its_other_names_are_found(void **state)
{
	struct test *t = *state;

	expect_ok(t, file(t, "my.cnf", 0644, "[mailadm]\nhost=h\n"
	    "socket=/s\nuser=u\ndatabase=d\nport=33\n"));
	expect_text(t->facts.host, "h");
	expect_text(t->facts.socket, "/s");
	expect_text(t->facts.user, "u");
	expect_text(t->facts.database, "d");
	expect_text(t->facts.port, "33");
	assert_false(t->facts.has_admin_group);
	expect_ok(t, file(t, "my.cnf", 0644, "[mailadm-admin]\nhost=h\n"
	    "[client]\nservername=n\ndb=d\n"));
	expect_text(t->facts.host, "n");
	expect_text(t->facts.database, "d");
	expect_text(t->facts.user, NULL);
	assert_true(t->facts.has_admin_group);
	expect_ok(t, file(t, "my.cnf", 0644,
	    "[client]\nhost=a\nservername=b\nhost=\n"));
	expect_text(t->facts.host, "localhost");
	assert_false(t->facts.has_admin_group);
}

static void
ways_to_log_in_that_show_the_password_are_refused(void **state)
{
	static const char *const lists[] = {
		"restricted-auth=dialog\n", "restricted_auth = ''\n",
		"restricted-auth", "restricted-auth=\n",
		"restricted-auth=mysql_native_password,sha256_password\n",
		"restricted-auth=mysql_native_password,\n",
		"restricted-auth=xmysql_native_password\n",
	};
	struct test *t = *state;

	for (size_t i = 0; i < COUNT(lists); i++) {
		const char *path = file(t, "my.cnf", 0644, arena_printf(
		    &t->arena, "[mailadm-admin]\n%s", lists[i]));

		expect_refusal(t, path, ERR_DENIED, arena_printf(&t->arena,
		    "%s:2: restricted-auth may let a server ask for the "
		    "password in clear", path), "remove that line; mailadm "
		    "itself allows mysql_native_password, client_ed25519 and "
		    "parsec");
	}
	expect_ok(t, file(t, "my.cnf", 0644, "[client]\nrestricted-auth = "
	    "client_ed25519, parsec\n[mysqldump]\nrestricted-auth=dialog\n"));
}

static void
a_line_at_which_libmariadb_crashes_is_refused(void **state)
{
	struct test *t = *state;
	const char *path = file(t, "my.cnf", 0644,
	    "[client]\ndisable_local_infile = 0\n");

	expect_refusal(t, path, ERR_INVALID, arena_printf(&t->arena,
	    "%s:2: disable-local-infile with a value cannot be read", path),
	    "remove that line; mailadm itself lets no server read a file");
	expect_ok(t, file(t, "my.cnf", 0644,
	    "[client]\ndisable-local-infile\n[mysqld]\n"
	    "disable-local-infile=1\n"));
}

static void
what_loosens_tls_is_found(void **state)
{
	struct test *t = *state;

	expect_ok(t, file(t, "my.cnf", 0644, "[client]\nssl-ca=/a\n"));
	assert_false(t->facts.tls_loosened);
	expect_ok(t, file(t, "my.cnf", 0644,
	    "[client]\nssl_verify_server_cert=0\n"));
	assert_true(t->facts.tls_loosened);
	expect_ok(t, file(t, "my.cnf", 0644, "[mailadm]\ntls-verify-peer"));
	assert_true(t->facts.tls_loosened);
}

/* libmariadb's buffer: what is longer goes on as the next line. */
static void
a_long_line_is_cut_where_libmariadb_cuts_it(void **state)
{
	struct test *t = *state;
	char content[5000];

	for (int n = 4091; n <= 4093; n++) {
		char xs[4094] = "";

		memset(xs, 'x', (size_t)n);
		snprintf(content, sizeof(content), "[client]\n#%suser=a\n",
		    xs);
		expect_ok(t, file(t, "my.cnf", 0644, content));
		expect_text(t->facts.user, n == 4092 ? "a" : NULL);
	}
}

static void
lines_that_end_its_reading_are_errors(void **state)
{
	static const struct {
		const char *content, *text;
	} cases[] = {
		{ "# x\nuser=a\n[client]\n",
		    "2: an option before the first [group]" },
		{ "\xef\xbb\xbf[client]\nuser=a\n",
		    "1: an option before the first [group]" },
		{ "[client]\n\n[mailadm\nuser=a\n",
		    "3: a group without \"]\"" },
	};
	struct test *t = *state;

	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *path = file(t, "my.cnf", 0644,
		    cases[i].content);

		expect_refusal(t, path, ERR_INVALID, arena_printf(&t->arena,
		    "%s:%s", path, cases[i].text), NULL);
	}
}

static void
a_password_in_a_used_group_is_for_its_owner_only(void **state)
{
	static const struct {
		const char *content;
		mode_t mode;
		bool refused;
	} cases[] = {
		{ "[client]\npassword=hunter2\n", 0600, false },
		{ "[client]\npassword=hunter2\n", 0400, false },
		{ "[client]\npassword=hunter2\n", 0644, true },
		{ "[client]\npassword=hunter2\n", 0640, true },
		{ "[client]\npassword=hunter2\n", 0604, true },
		{ "[mailadm]\n passwd = 'hunter2'\n", 0644, true },
		{ "[mailadm-admin]\npassword=hunter2\n", 0644, true },
		{ "[mailadm]\nssl_passphrase=hunter2\n", 0644, true },
		{ "[mysqldump]\npassword=hunter2\n", 0644, false },
		{ "[client]\n#password=hunter2\n", 0644, false },
		{ "[client]\npassword\npassword=\npassword=''\n", 0644,
		    false },
	};
	struct test *t = *state;

	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *path = file(t, "my.cnf", cases[i].mode,
		    cases[i].content);

		if (!cases[i].refused) {
			expect_ok(t, path);
			continue;
		}
		expect_refusal(t, path, ERR_DENIED, arena_printf(&t->arena,
		    "others can read or write %s, an option file with a "
		    "password (mode %04o)", path, (unsigned)cases[i].mode),
		    arena_printf(&t->arena, "chmod 600 %s", path));
		assert_null(strstr(t->err.text, "hunter2"));
	}
}

/* Needs root to give a file away; everybody else owns what they make. */
static void
a_file_of_another_user_is_refused_whatever_it_sets(void **state)
{
	static const char *const contents[] = {
		"[client]\npassword=hunter2\n", "[client]\nuser=a\n",
		"[mysqld]\nuser=a\n", "",
	};
	struct test *t = *state;

	for (size_t i = 0; i < COUNT(contents); i++) {
		const char *path = file(t, "my.cnf", 0600, contents[i]);

		expect_ok(t, path);
		if (geteuid() != 0)
			continue;
		assert_int_equal(chown(path, 65534, 65534), 0);
		expect_refusal(t, path, ERR_DENIED, arena_printf(&t->arena,
		    "another user owns %s, an option file (uid 65534)", path),
		    arena_printf(&t->arena, "chown root %s", path));
	}
}

static void
a_file_that_others_can_write_is_refused_whatever_it_sets(void **state)
{
	static const mode_t modes[] = { 0666, 0664, 0646, 0620, 0602 };
	static const char *const contents[] = {
		"[client]\npassword=hunter2\n", "[client]\nuser=a\n",
		"[mysqld]\nuser=a\n", "!include /dev/null\n", "",
	};
	struct test *t = *state;

	for (size_t i = 0; i < COUNT(contents) * COUNT(modes); i++) {
		mode_t mode = modes[i % COUNT(modes)];
		const char *path = file(t, "my.cnf", mode,
		    contents[i / COUNT(modes)]);

		expect_refusal(t, path, ERR_DENIED, arena_printf(&t->arena,
		    "others can write %s, an option file (mode %04o)", path,
		    (unsigned)mode), arena_printf(&t->arena, "chmod go-w %s",
		    path));
	}
}

/* libmariadb opens the file again: it must be the same one then. */
static void
who_can_rename_in_its_directory_is_nobody_else(void **state)
{
	struct test *t = *state;
	const char *conf = in_dir(t, "conf.d"), *link = in_dir(t, "link");
	const char *path, *refused = arena_printf(&t->arena,
	    "others can write %s, the directory of an option file "
	    "(mode 0777)", conf);
	const char *hint = arena_printf(&t->arena, "chmod go-w %s", conf);

	assert_int_equal(mkdir(conf, 0755), 0);
	path = file(t, "conf.d/a.cnf", 0644, "[client]\nuser=a\n");
	assert_int_equal(symlink(path, link), 0);
	expect_ok(t, path);
	expect_ok(t, link);
	assert_int_equal(chmod(conf, 0777), 0);
	expect_refusal(t, path, ERR_DENIED, refused, hint);
	expect_refusal(t, link, ERR_DENIED, refused, hint);
	/* Nobody removes or renames there what others own. */
	assert_int_equal(chmod(conf, 01777), 0);
	expect_ok(t, path);
	expect_ok(t, link);
}

/* Sticky or not, and empty or not: a file may be added at any time. */
static void
who_can_add_to_an_included_directory_is_nobody_else(void **state)
{
	static const mode_t modes[] = { 0777, 01777, 0775 };
	struct test *t = *state;
	const char *conf = in_dir(t, "conf.d");
	const char *path = file(t, "my.cnf", 0644, arena_printf(&t->arena,
	    "!includedir %s\n", conf));

	assert_int_equal(mkdir(conf, 0755), 0);
	expect_ok(t, path);
	for (size_t i = 0; i < COUNT(modes); i++) {
		assert_int_equal(chmod(conf, modes[i]), 0);
		expect_refusal(t, path, ERR_DENIED, arena_printf(&t->arena,
		    "others can write %s, a directory of option files "
		    "(mode %04o)", conf, (unsigned)modes[i]), arena_printf(
		    &t->arena, "chmod go-w %s", conf));
	}
}

static void
a_link_counts_as_what_it_leads_to(void **state)
{
	struct test *t = *state;
	const char *link = in_dir(t, "link");
	const char *path = file(t, "my.cnf", 0644, "[client]\nuser=a\n");

	assert_int_equal(symlink(path, link), 0);
	if (geteuid() == 0)
		assert_int_equal(lchown(link, 65534, 65534), 0);
	expect_ok(t, link);
	assert_int_equal(chmod(path, 0666), 0);
	expect_refusal(t, link, ERR_DENIED, arena_printf(&t->arena,
	    "others can write %s, an option file (mode 0666)", link),
	    arena_printf(&t->arena, "chmod go-w %s", link));
}

static void
a_named_file_must_be_there_and_be_a_file(void **state)
{
	struct test *t = *state;
	const char *fifo = in_dir(t, "my.cnf");

	expect_refusal(t, "/nonexistent/my.cnf", ERR_NOT_FOUND, "cannot open "
	    "/nonexistent/my.cnf: No such file or directory", NULL);
	expect_refusal(t, t->dir, ERR_IO,
	    arena_printf(&t->arena, "%s is a directory", t->dir), NULL);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	expect_refusal(t, fifo, ERR_IO,
	    arena_printf(&t->arena, "%s is not a regular file", fifo), NULL);
	expect_ok(t, "/dev/null");
}

static void
included_files_count_where_they_stand(void **state)
{
	struct test *t = *state;
	const char *conf = in_dir(t, "conf.d");
	const char *path;

	assert_int_equal(mkdir(conf, 0755), 0);
	file(t, "conf.d/b.cnf", 0644, "[client]\nuser=b\n");
	file(t, "conf.d/a.cnf", 0644, "[client]\nuser=a\nport=1\n");
	file(t, "conf.d/c.conf", 0644, "[client]\nuser=c\n");
	file(t, "one", 0644, "[mailadm-admin]\n[client]\ndatabase=one\n");
	path = file(t, "my.cnf", 0644, arena_printf(&t->arena,
	    "!includedir %s/\n!include %s/one\r\n!include %s/none\n"
	    "!includedir %s/none\n!include\n!what %s/conf.d/c.conf\n"
	    "[client]\nport=2\n", conf, t->dir, t->dir, t->dir, t->dir));
	expect_ok(t, path);
	expect_text(t->facts.user, "b");
	expect_text(t->facts.port, "2");
	expect_text(t->facts.database, "one");
	assert_true(t->facts.has_admin_group);
	file(t, "conf.d/b.cnf", 0644, "[client]\npassword=hunter2\n");
	expect_refusal(t, path, ERR_DENIED, arena_printf(&t->arena,
	    "others can read or write %s//b.cnf, an option file with a "
	    "password (mode 0644)", conf), arena_printf(&t->arena,
	    "chmod 600 %s//b.cnf", conf));
	file(t, "conf.d/b.cnf", 0644, "[client]\n\n[x\n");
	expect_refusal(t, path, ERR_INVALID, arena_printf(&t->arena,
	    "%s//b.cnf:3: a group without \"]\"", conf), NULL);
}

static void
an_include_begins_its_groups_anew(void **state)
{
	struct test *t = *state;
	const char *inner = file(t, "inner", 0644, "[mysqld]\n");

	expect_ok(t, file(t, "my.cnf", 0644, arena_printf(&t->arena,
	    "[client]\n!include %s\nuser=a\n", inner)));
	expect_text(t->facts.user, "a");
	file(t, "inner", 0644, "user=b\n");
	assert_false(look(t, in_dir(t, "my.cnf")));
	assert_int_equal(t->err.code, ERR_INVALID);
}

static void
circles_end(void **state)
{
	struct test *t = *state;
	const char *a = in_dir(t, "a.cnf"), *b = in_dir(t, "b.cnf");

	file(t, "a.cnf", 0644, arena_printf(&t->arena,
	    "!include %s\n!include %s\n!includedir %s\n[client]\nuser=a\n",
	    a, b, t->dir));
	file(t, "b.cnf", 0644, arena_printf(&t->arena,
	    "!include %s\n!include %s\n[client]\nuser=b\n", a, b));
	expect_ok(t, a);
	expect_text(t->facts.user, "a");
}

static void
a_chain_or_a_crowd_of_files_has_a_limit(void **state)
{
	struct test *t = *state;
	const char *next = file(t, "last", 0644, "[client]\nuser=a\n");
	struct text crowd = TEXT_INIT;

	for (int i = 0; i < 16; i++)
		next = file(t, arena_printf(&t->arena, "chain%d", i), 0644,
		    arena_printf(&t->arena, "!include %s\n", next));
	expect_ok(t, next);
	next = file(t, "chain", 0644,
	    arena_printf(&t->arena, "!include %s\n", next));
	expect_refusal(t, next, ERR_INVALID, arena_printf(&t->arena,
	    "%s/last: option files include each other 16 deep", t->dir),
	    NULL);
	for (int i = 0; i < 512; i++)
		text_addf(&crowd, "!include %s/last\n", t->dir);
	next = file(t, "crowd", 0644, crowd.buf);
	text_clear(&crowd);
	expect_refusal(t, next, ERR_INVALID, arena_printf(&t->arena,
	    "%s/last: more than 512 option files", t->dir), NULL);
}

/* /etc/my.cnf and /etc/mysql/my.cnf are the machine's and come first. */
static void
the_standard_files_are_read_in_order(void **state)
{
	struct test *t = *state;
	const char *server = in_dir(t, "server");

	assert_int_equal(mkdir(server, 0755), 0);
	file(t, "server/my.cnf", 0644, "[mailadm]\nuser=s\nport=1\n");
	file(t, ".my.cnf", 0644, "[mailadm]\nuser=h\n");
	expect_ok(t, NULL);
	expect_text(t->facts.user, "h");
	setenv("MYSQL_HOME", server, 1);
	expect_ok(t, NULL);
	expect_text(t->facts.user, "h");
	expect_text(t->facts.port, "1");
	setenv("MARIADB_HOME", "/nonexistent", 1);
	file(t, "server/my.cnf", 0644, "[mailadm]\npassword=x\n");
	expect_ok(t, NULL);
	setenv("MARIADB_HOME", server, 1);
	assert_false(look(t, NULL));
	assert_int_equal(t->err.code, ERR_DENIED);
}

/* libmariadb passes over it; root may read everything, so not as root. */
static void
a_standard_file_that_may_not_be_read_is_passed_over(void **state)
{
	struct test *t = *state;
	const char *path = file(t, ".my.cnf", 0, "[mailadm]\nuser=h\n");
	uid_t me = geteuid();

	assert_int_equal(chmod(t->dir, 0755), 0);
	if (me == 0)
		assert_int_equal(seteuid(65534), 0);
	expect_ok(t, NULL);
	expect_refusal(t, path, ERR_DENIED, arena_printf(&t->arena,
	    "cannot open %s: Permission denied", path), NULL);
	assert_int_equal(seteuid(me), 0);
}

/* "hunter2hunter2", written so that this program does not hold it. */
static const char hidden[] = "\x3d\x20\x3b\x21\x30\x27\x67"
    "\x3d\x20\x3b\x21\x30\x27\x67";
#define HIDDEN_LEN (sizeof(hidden) - 1)

static bool
chunk_has_secret(const char *p, size_t len)
{
	for (size_t i = 0; i + HIDDEN_LEN <= len; i++) {
		size_t n = 0;

		while (n < HIDDEN_LEN && (p[i + n] ^ 0x55) == hidden[n])
			n++;
		if (n == HIDDEN_LEN)
			return true;
	}
	return false;
}

/* What a core dump would hold: all that is written to, not too large. */
static bool
memory_has_secret(void)
{
	static char chunk[1 << 16];
	FILE *maps = fopen("/proc/self/maps", "r");
	int memory = open("/proc/self/mem", O_RDONLY);
	unsigned long from, to;
	char mode[5], line[512];
	bool found = false;

	assert_non_null(maps);
	assert_true(memory >= 0);
	while (fgets(line, sizeof(line), maps) != NULL) {
		if (sscanf(line, "%lx-%lx %4s", &from, &to, mode) != 3 ||
		    mode[1] != 'w' || to - from > 64ul << 20)
			continue;
		for (; from < to; from += sizeof(chunk) - HIDDEN_LEN) {
			ssize_t n = pread(memory, chunk, sizeof(chunk),
			    (off_t)from);

			found |= n > 0 && chunk_has_secret(chunk, (size_t)n);
		}
	}
	fclose(maps);
	close(memory);
	return found;
}

/* The file is written by a child, whose memory is another. */
static void
secret_file(const char *path)
{
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		FILE *f = fopen(path, "w");

		if (f == NULL)
			_exit(1);
		fputs("[client]\nuser=u\npassword='", f);
		for (size_t i = 0; i < HIDDEN_LEN; i++)
			fputc(hidden[i] ^ 0x55, f);
		fputs("'\nhost=h\n", f);
		_exit(fclose(f) != 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void
the_password_is_not_left_in_memory(void **state)
{
	struct test *t = *state;
	const char *path = file(t, "my.cnf", 0600, "");
	char *copy;

	secret_file(path);
	expect_ok(t, path);
	expect_text(t->facts.user, "u");
	assert_false(memory_has_secret());
	assert_int_equal(chmod(path, 0644), 0);
	assert_false(look(t, path));
	assert_int_equal(t->err.code, ERR_DENIED);
	assert_false(memory_has_secret());
	/* The search itself can find something. */
	copy = arena_alloc(&t->arena, HIDDEN_LEN + 1);
	for (size_t i = 0; i < HIDDEN_LEN; i++)
		copy[i] = (char)(hidden[i] ^ 0x55);
	assert_true(memory_has_secret());
}

static void
the_example_can_be_used_as_it_is(void **state)
{
	struct test *t = *state;

	expect_ok(t, "src/examples/mailadm.cnf.example");
	expect_text(t->facts.user, "mailadm");
	expect_text(t->facts.database, "mail");
	expect_text(t->facts.host, NULL);
	expect_text(t->facts.socket, "/run/mysqld/mysqld.sock");
	assert_true(t->facts.has_admin_group);
}

static void
only_loopback_is_local(void **state)
{
	static const struct {
		const char *host;
		bool local;
	} cases[] = {
		{ NULL, true }, { "", true },
		{ "localhost", true }, { "LocalHost", true },
		{ "localhost:3307", true },
		{ "127.0.0.1", true }, { "127.255.255.254", true },
		{ "127.0.0.1:3307", true },
		{ "::1", true }, { "0:0:0:0:0:0:0:1", true },
		{ "[::1]", true }, { "[::1]:3307", true },
		{ "localhost,127.0.0.1:3307,[::1]:3308", true },
		{ "localhost,", true }, { ",,localhost", true },
		{ "db.example.com", false }, { "10.0.0.1", false },
		{ "128.0.0.1", false }, { "0.0.0.0", false },
		{ "::", false }, { "::2", false }, { "[::2]:3307", false },
		{ "fe80::1", false }, { "::ffff:10.0.0.1", false },
		{ "localhost.example.com", false },
		{ "127.0.0.1.example.com", false }, { "127.1", false },
		{ "localhost4", false }, { "local", false },
		{ "ip6-localhost", false },
		{ " localhost", true }, { "127.0.0.1:33 , ::1 ", true },
		{ "local host", false },
		{ "localhost:", false }, { "localhost:x", false },
		{ "localhost:3307:1", false }, { "localhost:333333", false },
		{ "[::1", false }, { "[::1]x", false }, { "[::1]:", false },
		{ "[::1]:x", false }, { "[", false }, { "[]", false },
		{ ":", false }, { ":3307", false }, { ",", false },
		{ "localhost,db.example.com", false },
		{ "db.example.com,localhost", false },
		{ "localhost,,10.0.0.1:3306", false },
		{ "localhost;db.example.com", false },
		{ "host=localhost", false }, { "plugin://localhost", false },
		{ "/run/mysqld/mysqld.sock", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		if (option_host_is_local(cases[i].host, NULL) !=
		    cases[i].local)
			fail_msg("%s", cases[i].host);
		assert_int_equal(option_host_is_local(cases[i].host, "/s"),
		    cases[i].local);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(values_are_those_that_libmariadb_takes),
		TEST(every_fact_and_its_other_names_are_found),
		TEST(ways_to_log_in_that_show_the_password_are_refused),
		TEST(a_line_at_which_libmariadb_crashes_is_refused),
		TEST(what_loosens_tls_is_found),
		TEST(a_long_line_is_cut_where_libmariadb_cuts_it),
		TEST(lines_that_end_its_reading_are_errors),
		TEST(a_password_in_a_used_group_is_for_its_owner_only),
		TEST(a_file_of_another_user_is_refused_whatever_it_sets),
		TEST(a_file_that_others_can_write_is_refused_whatever_it_sets),
		TEST(who_can_rename_in_its_directory_is_nobody_else),
		TEST(who_can_add_to_an_included_directory_is_nobody_else),
		TEST(a_link_counts_as_what_it_leads_to),
		TEST(a_named_file_must_be_there_and_be_a_file),
		TEST(included_files_count_where_they_stand),
		TEST(an_include_begins_its_groups_anew),
		TEST(circles_end),
		TEST(a_chain_or_a_crowd_of_files_has_a_limit),
		TEST(the_standard_files_are_read_in_order),
		TEST(a_standard_file_that_may_not_be_read_is_passed_over),
		TEST(the_password_is_not_left_in_memory),
		TEST(the_example_can_be_used_as_it_is),
		cmocka_unit_test(only_loopback_is_local),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
