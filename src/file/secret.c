/* Reading passwords from files and streams. */
#include "file/secret.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file/permission.h"

bool
secret_from_fd(int fd, const char *name, struct text *secret, struct err *e)
{
	char c = '\0';
	ssize_t n;

	/* Not io_read(): Ctrl-C must end the wait. */
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
		return err_set(e, ERR_INVALID, "%s is empty", name);
	return true;
}

/* The open file is judged, since the name may lead elsewhere by now. */
static bool
judge(int fd, const char *path, struct err *e)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return err_errno(e, "cannot look at %s", path);
	if (S_ISDIR(st.st_mode))
		return err_set(e, ERR_IO, "%s is a directory", path);
	return permission_check(FILE_PASSWORD, path, &st, e);
}

bool
secret_from_file(const char *path, struct text *secret, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool ok;

	if (fd < 0)
		return err_errno(e, "cannot open %s", path);
	ok = judge(fd, path, e) && secret_from_fd(fd, path, secret, e);
	close(fd);
	return ok;
}
