/* Secrets from files and streams. */
#include "file/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "file/read.h"

bool
secret_from_fd(int fd, const char *name, struct text *secret, struct err *e)
{
	char c = '\0';
	ssize_t n;

	while ((n = read(fd, &c, 1)) == 1 && c != '\n') {
		if (c == '\0')
			return err_set(e, ERR_INVALID,
			    "%s: the line holds a NUL byte", name);
		if (secret->len == SECRET_MAX)
			return err_set(e, ERR_INVALID,
			    "%s: the line is longer than %d bytes", name,
			    SECRET_MAX);
		text_add_char(secret, c);
	}
	if (n < 0)
		return err_errno(e, "cannot read %s", name);
	if (n == 0 && secret->len == 0)
		return err_set(e, ERR_INVALID, "%s: no line to read", name);
	return true;
}

/* What was opened is what is looked at: the name may change its meaning. */
static bool
owner_only(int fd, const char *path, struct err *e)
{
	struct arena a = { 0 };
	struct stat st;

	if (fstat(fd, &st) != 0)
		return err_errno(e, "cannot look at %s", path);
	if (S_ISDIR(st.st_mode))
		return err_set(e, ERR_IO, "%s is a directory", path);
	if (!S_ISREG(st.st_mode) || (st.st_mode & 077) == 0)
		return true;
	err_set(e, ERR_DENIED, "others can read or write %s (mode %04o)",
	    path, (unsigned)st.st_mode & 07777);
	err_hint(e, "chmod 600 %s", file_shell_name(&a, path));
	arena_clear(&a);
	return false;
}

bool
secret_from_file(const char *path, struct text *secret, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool ok;

	if (fd < 0)
		return err_errno(e, "cannot open %s", path);
	ok = owner_only(fd, path, e) && secret_from_fd(fd, path, secret, e);
	close(fd);
	return ok;
}
