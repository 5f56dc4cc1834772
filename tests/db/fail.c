/*
 * Makes a call of libc fail, for LD_PRELOAD.
 *
 *   FAIL_CALL=read FAIL_AT=3 FAIL_MARK=FILE LD_PRELOAD=.../fail.so PROGRAM
 *
 * The third read() fails, and FILE is made then, so that who wants to see
 * each call fail knows when there are no more.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

static void
mark(void)
{
	const char *path = getenv("FAIL_MARK");
	FILE *file = path != NULL ? fopen(path, "w") : NULL;

	if (file != NULL)
		fclose(file);
}

static bool
fails(const char *call, int error)
{
	static int calls;
	const char *name = getenv("FAIL_CALL"), *at = getenv("FAIL_AT");

	if (name == NULL || at == NULL || strcmp(name, call) != 0 ||
	    ++calls != atoi(at))
		return false;
	mark();
	errno = error;
	return true;
}

/* ISO C knows no conversion of a pointer to data into one to a function. */
#define REAL(call)							\
	static __typeof__(&call) real;					\
	*(void **)&real = dlsym(RTLD_NEXT, #call)

EXPORT FILE *
fdopen(int fd, const char *mode)
{
	REAL(fdopen);
	return fails("fdopen", ENOMEM) ? NULL : real(fd, mode);
}

EXPORT off_t
lseek(int fd, off_t offset, int from)
{
	REAL(lseek);
	return fails("lseek", EIO) ? -1 : real(fd, offset, from);
}

EXPORT int
fstat(int fd, struct stat *st)
{
	REAL(fstat);
	return fails("fstat", EIO) ? -1 : real(fd, st);
}

EXPORT int
dup(int fd)
{
	REAL(dup);
	return fails("dup", EMFILE) ? -1 : real(fd);
}

EXPORT int
memfd_create(const char *name, unsigned flags)
{
	REAL(memfd_create);
	return fails("memfd_create", EMFILE) ? -1 : real(name, flags);
}

EXPORT ssize_t
read(int fd, void *bytes, size_t size)
{
	REAL(read);
	return fails("read", EIO) ? -1 : real(fd, bytes, size);
}

EXPORT ssize_t
write(int fd, const void *bytes, size_t size)
{
	REAL(write);
	return fails("write", ENOSPC) ? -1 : real(fd, bytes, size);
}

EXPORT int
open(const char *path, int flags, ...)
{
	REAL(open);
	va_list ap;
	mode_t mode;

	va_start(ap, flags);
	mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	return fails("open", EMFILE) ? -1 : real(path, flags, mode);
}
