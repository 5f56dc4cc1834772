/* Setting a machine up: root's line, files put back, programs that leave. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "file/program.h"
#include "file/read.h"
#include "model/doctor/opening.h"
#include "model/setup/certificate.h"
#include "model/setup/kept.h"
#include "model/setup/root_alias.h"

static void
roots_line_is_found_as_postfix_reads_it(void **state)
{
	static const struct {
		const char *text;
		bool exists;
	} cases[] = {
		{ "", false },
		{ "root: anna", true },
		{ "postmaster: root\nroot:anna\n", true },
		{ "ROOT : anna\n", true },
		{ "\"root\": anna\n", true },
		{ "# root: anna\n", false },
		{ "postmaster: root\n", false },
		{ "rooter: anna\n", false },
		{ " root: anna\n", false },
		{ "\"root: anna\n", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(root_alias_exists(cases[i].text),
		    cases[i].exists);
}

static void
roots_line_is_added_behind_whatever_stands_there(void **state)
{
	static const char *const before[] = { "", "a: b", "a: b\n" };
	static const char *const after[] = { "root: p@x\n",
	    "a: b\nroot: p@x\n", "a: b\nroot: p@x\n" };

	(void)state;
	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
		struct text t = TEXT_INIT;

		text_add(&t, before[i]);
		root_alias_add(&t, "p@x");
		assert_string_equal(t.buf, after[i]);
		assert_true(root_alias_exists(t.buf));
		text_clear(&t);
	}
}

static void
its_own_certificate_is_known_by_any_host(void **state)
{
	struct arena a = { 0 };

	(void)state;
	assert_true(certificate_is_own(certificate_own_path(&a, "mx.old")));
	assert_false(certificate_is_own("/etc/ssl/certs/mx.old.pem"));
	assert_false(certificate_is_own(""));
	arena_clear(&a);
}

static void
files_come_back_as_they_were_and_new_ones_go(void **state)
{
	char dir[] = "/tmp/mailadm-setup-XXXXXX", old[64], new[64];
	struct text content = TEXT_INIT;
	struct kept kept = { 0 };
	struct err e = { 0 };
	struct stat st;

	(void)state;
	assert_non_null(mkdtemp(dir));
	strcat(strcpy(old, dir), "/old");
	strcat(strcpy(new, dir), "/new");
	assert_true(file_replace(old, "before", 6, 0640, &e));
	assert_true(kept_add(&kept, old, &e) && kept_add(&kept, new, &e));
	assert_true(file_replace(old, "after!", 6, 0600, &e));
	assert_true(file_replace(new, "new", 3, 0600, &e));
	assert_true(kept_restore(&kept, &e));
	assert_true(file_read(old, &content, &st, &e));
	assert_string_equal(content.buf, "before");
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_int_equal(access(new, F_OK), -1);
	kept_clear(&kept);
	text_clear(&content);
	unlink(old);
	rmdir(dir);
}

/* It would wait as long as the server runs. */
static void
what_a_program_starts_is_not_waited_for(void **state)
{
	struct arena a = { 0 };
	struct words argv = { 0 };
	struct program_answer answer;
	struct err e = { 0 };

	(void)state;
	words_add(&a, &argv, "/bin/sh");
	words_add(&a, &argv, "-c");
	words_add(&a, &argv, "sleep 10000 & echo $!; echo why >&2; exit 3");
	assert_true(program_run_starter(&a, &argv, &answer, &e));
	assert_int_equal(answer.status, 3);
	assert_string_equal(answer.err, "why\n");
	assert_int_equal(kill((pid_t)strtol(answer.out, NULL, 10), SIGKILL),
	    0);
	arena_clear(&a);
}

static void
a_listener_has_the_inode_of_its_socket(void **state)
{
	struct listeners all = { 0 };

	(void)state;
	listeners_read("   0: 00000000:0019 00000000:0000 0A "
	    "00000000:00000000 00:00000000 00000000     0        0 4711 1 "
	    "0000000000000000 100 0 0 10 0\n   1: 00000000:01D1 "
	    "00000000:0000 0A 00000000:00000000\n", &all);
	assert_int_equal(all.count, 2);
	assert_int_equal(all.item[0].inode, 4711);
	assert_int_equal(all.item[1].inode, 0);
	VECTOR_CLEAR(&all);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(roots_line_is_found_as_postfix_reads_it),
		cmocka_unit_test(
		    roots_line_is_added_behind_whatever_stands_there),
		cmocka_unit_test(
		    files_come_back_as_they_were_and_new_ones_go),
		cmocka_unit_test(its_own_certificate_is_known_by_any_host),
		cmocka_unit_test(what_a_program_starts_is_not_waited_for),
		cmocka_unit_test(a_listener_has_the_inode_of_its_socket),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
