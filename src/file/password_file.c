/* Reading passwords from files and streams. */
#include "file/password_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/quote.h"
#include "file/permission.h"

bool
password_line_read(int fd, const char *name, struct text *secret, struct err *e)
{
	char c = '\0';
	ssize_t n;

	/* Not io_read(): Ctrl-C must end the wait. */
	while ((n = read(fd, &c, 1)) == 1 && c != '\n') {
		if (c == '\0')
			return err_set(e, ERR_INVALID,
			    "%s: the line holds a NUL byte", name);
		if (secret->len == PASSWORD_LINE_MAX)
			return err_set(e, ERR_INVALID,
			    "%s: the line is longer than %d bytes", name,
			    PASSWORD_LINE_MAX);
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
		return err_errno(e, "cannot access %s", path);
	if (S_ISDIR(st.st_mode))
		return err_set(e, ERR_IO, "%s is a directory", path);
	return permission_check(FILE_PASSWORD, path, &st, e);
}

/* Not "/": with that a password may begin. */
static bool
has_directory(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct arena a = { 0 };
	struct stat st;
	bool has;

	if (slash == NULL || slash == path)
		return false;
	has = stat(arena_strndup(&a, path, (size_t)(slash - path)), &st) ==
	    0 && S_ISDIR(st.st_mode);
	arena_clear(&a);
	return has;
}

bool
password_file_is_path(const char *text)
{
	struct stat st;

	return lstat(text, &st) == 0 || has_directory(text);
}

static bool
refuse(const char *path, const char *given, struct err *e)
{
	int saved = errno;
	struct stat st;

	if (lstat(path, &st) != 0 && !password_file_is_path(given))
		path = "the file (" QUOTE_HIDDEN ")";
	errno = saved;
	return err_errno(e, "cannot open %s", path);
}

bool
password_file_read(const char *path, const char *given, struct text *secret,
    struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool ok;

	if (fd < 0)
		return refuse(path, given, e);
	ok = judge(fd, path, e) && password_line_read(fd, path, secret, e);
	close(fd);
	return ok;
}
