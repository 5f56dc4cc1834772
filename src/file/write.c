/* Writing files: to a temporary file, synced, renamed. */
#include "file/write.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/io.h"
#include "base/text.h"
#include "file/read.h"
#include "file/temporary.h"

/* Nobody keeps more old copies than this on purpose. */
#define BACKUPS 100

/* Never ERR_NOT_FOUND: only a directory is missing. */
static bool
write_failed(const char *path, struct err *e)
{
	int saved = errno;

	return err_set(e, saved == EACCES || saved == EPERM ? ERR_DENIED :
	    ERR_IO, "cannot write %s: %s", path, strerror(saved));
}

/* Or "--state /dev/null" would replace the device by a file. */
static bool
kind_check(const char *path, struct err *e)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		return errno == ENOENT || write_failed(path, e);
	return S_ISREG(st.st_mode) || err_set(e, ERR_IO,
	    "cannot write %s: it is not a regular file", path);
}

/* The new name is on the disk when its directory is. */
static bool
directory_sync(const char *directory)
{
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok;

	if (fd < 0)
		return errno == EACCES;	/* it may be written, but not read */
	/* Some file systems cannot do it, and need not. */
	ok = fsync(fd) == 0 || errno == EINVAL;
	close(fd);
	return ok;
}

/*
 * Dates the file at least one whole second after the one that it replaces.
 * A server that keeps a file in memory, as Dovecot does with a passwd-file,
 * compares its size and the second of its date.
 */
static bool
date_after(int fd, const char *replaced)
{
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, { 0 } };
	struct stat old, st;

	if (replaced == NULL || lstat(replaced, &old) != 0)
		return true;
	if (fstat(fd, &st) != 0)
		return false;
	if (st.st_mtim.tv_sec > old.st_mtim.tv_sec)
		return true;
	times[1].tv_sec = old.st_mtim.tv_sec + 1;
	return futimens(fd, times) == 0;
}

/*
 * Sets owner and mode before it writes anything.  Replaced is the path of the
 * old file, or NULL.
 */
static bool
bytes_write(int fd, const void *bytes, size_t len,
    const struct file_place *place, const char *replaced)
{
	return fchown(fd, place->uid, place->gid) == 0 &&
	    fchmod(fd, place->mode) == 0 && io_write_all(fd, bytes, len) &&
	    date_after(fd, replaced);
}

/* On NFS it is close() that reports a full disk. */
static bool
file_close(int fd, bool ok)
{
	int saved = errno;

	if (close(fd) == 0 || !ok)
		errno = saved;
	else
		ok = false;
	return ok;
}

static bool
file_fill(int fd, const void *bytes, size_t len,
    const struct file_place *place, const char *replaced)
{
	return file_close(fd, bytes_write(fd, bytes, len, place, replaced) &&
	    fsync(fd) == 0);
}

static char *
directory_of(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return arena_strdup(a, ".");
	return arena_strndup(a, path,
	    slash == path ? 1 : (size_t)(slash - path));
}

bool
file_names_sync(const char *path, struct err *e)
{
	struct arena a = { 0 };
	bool ok = directory_sync(directory_of(&a, path)) ||
	    write_failed(path, e);

	arena_clear(&a);
	return ok;
}

bool
file_install(const char *path, const void *bytes, size_t len,
    const struct file_place *place, struct err *e)
{
	struct arena a = { 0 };
	struct temporary temporary = { .fd = -1, .lock = -1 };
	bool ok = kind_check(path, e);

	temporary_sweep(path, place->uid);
	if (ok && !temporary_open(&temporary, &a, path))
		ok = write_failed(path, e);
	if (ok && (!file_fill(temporary.fd, bytes, len, place, path) ||
	    rename(temporary.name, path) != 0)) {
		ok = write_failed(path, e);
		unlink(temporary.name);
	}
	temporary_close(&temporary);
	arena_clear(&a);
	return ok && file_names_sync(path, e);
}

/* --- many files ------------------------------------------------------- */

bool
file_many_write(const char *path, const void *bytes, size_t len,
    const struct file_place *place, struct err *e)
{
	struct arena a = { 0 };
	const char *name = temporary_of_many(&a, path);
	bool ok = kind_check(path, e);
	int fd = -1;

	if (ok) {
		unlink(name);
		fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW |
		    O_CLOEXEC, 0600);
		ok = (fd >= 0 && file_close(fd, bytes_write(fd, bytes, len,
		    place, path))) || write_failed(path, e);
	}
	arena_clear(&a);
	return ok;
}

bool
file_many_sync(const char *path, struct err *e)
{
	struct arena a = { 0 };
	int fd = open(directory_of(&a, path), O_RDONLY | O_DIRECTORY |
	    O_CLOEXEC);
	bool ok = (fd >= 0 && syncfs(fd) == 0) || write_failed(path, e);

	if (fd >= 0)
		close(fd);
	arena_clear(&a);
	return ok;
}

bool
file_many_take(const char *path, struct err *e)
{
	struct arena a = { 0 };
	bool ok = rename(temporary_of_many(&a, path), path) == 0 ||
	    write_failed(path, e);

	arena_clear(&a);
	return ok;
}

void
file_many_drop(const char *path)
{
	struct arena a = { 0 };

	unlink(temporary_of_many(&a, path));
	arena_clear(&a);
}

/* --- small files ------------------------------------------------------ */

bool
file_replace(const char *path, const void *bytes, size_t len, mode_t mode,
    struct err *e)
{
	const struct file_place place = { mode, (uid_t)-1, (gid_t)-1 };

	return file_install(path, bytes, len, &place, e);
}

/* True when the open file has exactly these bytes. */
static bool
holds(int fd, const char *bytes, size_t len)
{
	char buf[16 * 1024];

	for (;;) {
		ssize_t n = io_read(fd, buf, sizeof(buf));

		if (n <= 0)
			return n == 0 && len == 0;
		if ((size_t)n > len || memcmp(buf, bytes, (size_t)n) != 0)
			return false;
		bytes += n;
		len -= (size_t)n;
	}
}

bool
file_replace_changed(const char *path, const void *bytes, size_t len,
    mode_t mode, bool *changed, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;

	*changed = fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) ||
	    (st.st_mode & 07777) != mode || (size_t)st.st_size != len ||
	    !holds(fd, bytes, len);
	if (fd >= 0)
		close(fd);
	return !*changed || file_replace(path, bytes, len, mode, e);
}

/* chmod() sets the mode, since the umask may not allow it. */
void
file_directories_make(const char *path, size_t exists, mode_t mode)
{
	struct arena a = { 0 };
	char *name = arena_strdup(&a, path);

	for (char *p = name + exists + 1; (p = strchr(p, '/')) != NULL; p++) {
		*p = '\0';
		if (mkdir(name, 0700) == 0 && chmod(name, mode) != 0)
			errno = 0;
		*p = '/';
	}
	arena_clear(&a);
}

/* --- keeping the old one --------------------------------------------- */

static int
backup_create(struct arena *a, const char *path, const char **name)
{
	int fd = -1;

	for (unsigned i = 0; i < BACKUPS && fd < 0; i++) {
		*name = i == 0 ? arena_printf(a, "%s.bak", path) :
		    arena_printf(a, "%s.bak.%u", path, i);
		fd = open(*name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC |
		    O_NOFOLLOW, 0600);
		if (fd < 0 && errno != EEXIST)
			break;
	}
	return fd;
}

bool
file_backup(struct arena *a, const char *path, mode_t most,
    const char **name, struct err *e)
{
	struct text content = TEXT_INIT;
	struct stat st;
	bool ok;
	int fd;

	if (!kind_check(path, e) || !file_read(path, &content, &st, e))
		return false;
	fd = backup_create(a, path, name);
	ok = fd >= 0 && file_fill(fd, content.buf, content.len,
	    &(struct file_place){ st.st_mode & most & 0666, st.st_uid,
		st.st_gid }, NULL);
	if (!ok) {
		write_failed(*name, e);
		if (fd >= 0)
			unlink(*name);
	}
	text_clear(&content);
	return ok;
}
