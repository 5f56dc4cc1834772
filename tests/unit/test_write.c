/* Writing files: what a killed program left is swept, and nothing else. */
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "file/read.h"
#include "file/temporary.h"
#include "file/write.h"

struct test {
	struct arena arena;
	struct err err;
	char dir[64];
};

static int
setup(void **state)
{
	struct test *t = calloc(1, sizeof(*t));

	assert_non_null(t);
	strcpy(t->dir, "/tmp/mailadm-write-XXXXXX");
	assert_non_null(mkdtemp(t->dir));
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
	free(t);
	return 0;
}

static const char *
in_dir(struct test *t, const char *name)
{
	return arena_printf(&t->arena, "%s/%s", t->dir, name);
}

static bool
exists(struct test *t, const char *name)
{
	return access(in_dir(t, name), F_OK) == 0;
}

/* An empty file; its descriptor. */
static int
file(struct test *t, const char *name)
{
	int fd = open(in_dir(t, name), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	return fd;
}

static void
replace(struct test *t, const char *name, const char *content)
{
	assert_true(file_replace(in_dir(t, name), content, strlen(content),
	    0644, &t->err));
}

static void
what_a_kill_left_is_removed_by_the_next_write(void **state)
{
	struct test *t = *state;

	close(file(t, ".a.conf.mailadm-0aZ9bY"));
	close(file(t, ".a.conf.mailadm-backup"));
	replace(t, "a.conf", "new\n");
	assert_false(exists(t, ".a.conf.mailadm-0aZ9bY"));
	assert_false(exists(t, ".a.conf.mailadm-backup"));
	assert_true(exists(t, "a.conf"));
}

static void
what_has_another_name_stays(void **state)
{
	static const char *const names[] = {
		".a.conf.backup", ".a.conf.0aZ9bY", ".b.conf.mailadm-0aZ9bY",
		"a.conf.mailadm-0aZ9bY", ".a.conf.mailadm-0aZ9b",
		".a.conf.mailadm-0aZ9bYc", ".a.conf.mailadm-", ".a.conf",
	};
	struct test *t = *state;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		close(file(t, names[i]));
	replace(t, "a.conf", "new\n");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!exists(t, names[i]))
			fail_msg("%s", names[i]);
	}
}

static void
that_of_a_running_writer_stays(void **state)
{
	struct test *t = *state;
	struct temporary first, second;
	const char *path = in_dir(t, "a.conf");

	assert_true(temporary_open(&first, &t->arena, path));
	assert_true(temporary_open(&second, &t->arena, path));
	assert_string_not_equal(first.name, second.name);
	replace(t, "a.conf", "new\n");
	/* Written and closed, but not renamed yet. */
	close(first.fd);
	close(second.fd);
	replace(t, "a.conf", "newer\n");
	assert_int_equal(access(first.name, F_OK), 0);
	assert_int_equal(access(second.name, F_OK), 0);
	temporary_close(&first);
	replace(t, "a.conf", "newest\n");
	assert_int_not_equal(access(first.name, F_OK), 0);
	assert_int_equal(access(second.name, F_OK), 0);
	temporary_close(&second);
}

static void
what_is_no_file_of_ours_stays(void **state)
{
	struct test *t = *state;

	assert_int_equal(mkdir(in_dir(t, ".a.conf.mailadm-folder"), 0700),
	    0);
	assert_int_equal(mkfifo(in_dir(t, ".a.conf.mailadm-apipe0"), 0600),
	    0);
	close(file(t, "mine"));
	assert_int_equal(symlink("mine", in_dir(t,
	    ".a.conf.mailadm-alink0")), 0);
	assert_int_equal(link(in_dir(t, "mine"), in_dir(t,
	    ".a.conf.mailadm-shared")), 0);
	close(file(t, ".a.conf.mailadm-theirs"));
	if (geteuid() == 0)
		assert_int_equal(chown(in_dir(t, ".a.conf.mailadm-theirs"),
		    65534, 65534), 0);
	replace(t, "a.conf", "new\n");
	assert_true(exists(t, ".a.conf.mailadm-folder"));
	assert_true(exists(t, ".a.conf.mailadm-apipe0"));
	assert_true(exists(t, ".a.conf.mailadm-alink0"));
	assert_true(exists(t, ".a.conf.mailadm-shared"));
	assert_int_equal(exists(t, ".a.conf.mailadm-theirs"),
	    geteuid() == 0);
}

static void
what_was_given_to_the_owner_is_removed(void **state)
{
	struct test *t = *state;
	const struct file_place place = { 0600, 65534, 65534 };

	if (geteuid() != 0)
		return;
	close(file(t, ".a.conf.mailadm-theirs"));
	assert_int_equal(chown(in_dir(t, ".a.conf.mailadm-theirs"), 65534,
	    65534), 0);
	assert_true(file_install(in_dir(t, "a.conf"), "x", 1, &place,
	    &t->err));
	assert_false(exists(t, ".a.conf.mailadm-theirs"));
}

static void
a_name_without_a_directory_is_in_this_one(void **state)
{
	struct test *t = *state;

	assert_int_equal(chdir(t->dir), 0);
	close(file(t, ".a.conf.mailadm-0aZ9bY"));
	assert_true(file_replace("a.conf", "x", 1, 0600, &t->err));
	assert_false(exists(t, ".a.conf.mailadm-0aZ9bY"));
	assert_true(exists(t, "a.conf"));
	assert_int_equal(chdir("/"), 0);
}

static void
what_is_replaced_at_once_is_seconds_older(void **state)
{
	struct test *t = *state;
	const char *path = in_dir(t, "a");
	struct stat old, st;

	assert_true(file_replace(path, "old", 3, 0600, &t->err));
	for (int i = 0; i < 3; i++) {
		assert_int_equal(stat(path, &old), 0);
		assert_true(file_replace(path, "new", 3, 0600, &t->err));
		assert_int_equal(stat(path, &st), 0);
		assert_true(st.st_mtim.tv_sec > old.st_mtim.tv_sec);
	}
}

static void
the_size_of_a_directory_is_that_of_its_files(void **state)
{
	struct test *t = *state;
	int64_t bytes = -1;

	assert_true(file_tree_size(t->dir, &bytes));
	assert_int_equal(bytes, 0);
	assert_int_equal(mkdir(in_dir(t, "cur"), 0700), 0);
	assert_true(file_replace(in_dir(t, "a"), "four", 4, 0600, &t->err));
	assert_true(file_replace(in_dir(t, "cur/b"), "sixsix", 6, 0600,
	    &t->err));
	assert_int_equal(symlink("/etc/services", in_dir(t, "link")), 0);
	assert_true(file_tree_size(t->dir, &bytes));
	assert_int_equal(bytes, 10);
	assert_false(file_tree_size(in_dir(t, "none"), &bytes));
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	static const struct CMUnitTest tests[] = {
		T(what_a_kill_left_is_removed_by_the_next_write),
		T(what_has_another_name_stays),
		T(that_of_a_running_writer_stays),
		T(what_is_no_file_of_ours_stays),
		T(what_was_given_to_the_owner_is_removed),
		T(a_name_without_a_directory_is_in_this_one),
		T(what_is_replaced_at_once_is_seconds_older),
		T(the_size_of_a_directory_is_that_of_its_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
