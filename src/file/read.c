/* Reading small files completely. */
#include "file/read.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdint.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/io.h"

bool
file_open_failed(const char *path, struct err *e)
{
	int saved = errno;
	enum err_code code = ERR_IO;

	if (saved == ENOENT || saved == ENOTDIR)
		code = ERR_NOT_FOUND;
	else if (saved == EACCES || saved == EPERM)
		code = ERR_DENIED;
	return err_set(e, code, "cannot open %s: %s", path, strerror(saved));
}

/* "--config /dev/null" means: no file. */
static bool
is_null_device(const struct stat *st)
{
	return S_ISCHR(st->st_mode) && st->st_rdev == makedev(1, 3);
}

static bool
kind_check(int fd, const char *path, struct stat *st, struct err *e)
{
	if (fstat(fd, st) != 0)
		return err_errno(e, "cannot access %s", path);
	if (S_ISDIR(st->st_mode))
		return err_set(e, ERR_IO, "%s is a directory", path);
	if (!S_ISREG(st->st_mode) && !is_null_device(st))
		return err_set(e, ERR_IO, "%s is not a regular file", path);
	return true;
}

static bool
read_all(int fd, const char *path, size_t most, struct text *content,
    struct err *e)
{
	if (!io_read_all(fd, content, most))
		return err_errno(e, "cannot read %s", path);
	return content->len <= most || err_set(e, ERR_INVALID,
	    "%s is larger than %zu bytes", path, most);
}

bool
file_read_most(const char *path, size_t most, struct text *content,
    struct stat *st, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	bool ok;

	if (fd < 0)
		return file_open_failed(path, e);
	ok = kind_check(fd, path, st, e) && read_all(fd, path, most,
	    content, e);
	close(fd);
	return ok;
}

bool
file_read(const char *path, struct text *content, struct stat *st,
    struct err *e)
{
	return file_read_most(path, FILE_READ_MAX, content, st, e);
}

static bool
is_plain(const char *s)
{
	return *s != '\0' && s[strspn(s, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+,:@%=")] == '\0';
}

const char *
file_shell_name(struct arena *a, const char *path)
{
	const char *dot = *path == '-' ? "./" : "";
	struct text t = TEXT_INIT;
	const char *name;

	if (is_plain(path))
		return arena_printf(a, "%s%s", dot, path);
	text_addf(&t, "'%s", dot);
	for (; *path != '\0'; path++) {
		if (*path == '\'')
			text_add(&t, "'\\''");
		else
			text_add_char(&t, *path);
	}
	text_add_char(&t, '\'');
	name = arena_strndup(a, t.buf, t.len);
	text_clear(&t);
	return name;
}

/* --- directories ------------------------------------------------------- */

/* Adds an entry; false ends the walk. */
static bool
entry_add(const FTSENT *entry, int64_t *bytes, int64_t *files)
{
	switch (entry->fts_info) {
	case FTS_DNR:
	case FTS_ERR:
	case FTS_NS:
		return false;
	case FTS_F:
		*bytes += (int64_t)entry->fts_statp->st_size;
		return ++*files <= FILE_TREE_MAX;
	default:
		return true;
	}
}

bool
file_tree_size(const char *path, int64_t *bytes)
{
	char *const paths[] = { (char *)(uintptr_t)path, NULL };
	FTS *walk = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV,
	    NULL);
	const FTSENT *entry;
	int64_t files = 0;
	bool ok = walk != NULL;

	*bytes = 0;
	while (ok && (entry = fts_read(walk)) != NULL)
		ok = entry_add(entry, bytes, &files);
	if (walk != NULL)
		fts_close(walk);
	return ok;
}
