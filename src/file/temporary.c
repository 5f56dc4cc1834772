/*
 * Making temporary files, and removing those that a killed writer left.
 *
 * A file without a lock was left.  Its age would prove nothing: a writer may
 * be stopped for long.  A new file has no lock for a moment, and another
 * program may remove it then.  So a writer that does not get the lock, or
 * that finds its file removed, makes another one.
 */
#include "file/temporary.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* How often another program may remove the file in that moment. */
#define TRIES 100

#define MARK ".mailadm-"
#define RANDOM "XXXXXX"

/* The length of "DIR/" in front of the name. */
static size_t
directory_length(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? (size_t)(slash + 1 - path) : 0;
}

static bool
is_left(int fd, uid_t owner)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_nlink == 1 &&
	    (st.st_uid == geteuid() || st.st_uid == owner) &&
	    flock(fd, LOCK_EX | LOCK_NB) == 0;
}

static void
sweep_one(int directory, const char *name, uid_t owner)
{
	int fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW |
	    O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return;
	if (is_left(fd, owner) && unlinkat(directory, name, 0) != 0)
		errno = 0;	/* it stays, which does no harm */
	close(fd);
}

void
temporary_sweep(const char *path, uid_t owner)
{
	struct arena a = { 0 };
	size_t len = directory_length(path);
	const char *begin = arena_printf(&a, ".%s" MARK, path + len);
	size_t whole = strlen(begin) + strlen(RANDOM);
	DIR *dir = opendir(len > 0 ? arena_strndup(&a, path, len) : ".");
	struct dirent *entry;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		if (strlen(entry->d_name) == whole &&
		    strncmp(entry->d_name, begin, strlen(begin)) == 0)
			sweep_one(dirfd(dir), entry->d_name, owner);
	}
	if (dir != NULL)
		closedir(dir);
	arena_clear(&a);
}

/* Where the file system has no locks, nobody can remove it by mistake. */
static bool
is_locked(int fd)
{
	struct stat st;

	if (flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
		return false;
	return fstat(fd, &st) == 0 && st.st_nlink > 0;
}

bool
temporary_open(struct temporary *s, struct arena *a, const char *path)
{
	size_t len = directory_length(path);

	*s = (struct temporary){ .fd = -1, .lock = -1 };
	for (int i = 0; i < TRIES; i++) {
		char *name = arena_printf(a, "%.*s.%s" MARK RANDOM, (int)len,
		    path, path + len);

		/* It makes a new file: no link of that name is followed. */
		s->fd = mkostemp(name, O_CLOEXEC);
		if (s->fd < 0)
			return false;
		if (is_locked(s->fd)) {
			s->name = name;
			s->lock = fcntl(s->fd, F_DUPFD_CLOEXEC, 3);
			return true;
		}
		close(s->fd);
		unlink(name);
	}
	s->fd = -1;
	errno = EBUSY;
	return false;
}

const char *
temporary_of_many(struct arena *a, const char *path)
{
	size_t len = directory_length(path);

	return arena_printf(a, "%.*s.%s" MARK "behind", (int)len, path,
	    path + len);
}

void
temporary_close(struct temporary *s)
{
	if (s->lock >= 0)
		close(s->lock);
	s->lock = -1;
}
