/*
 * Makes a call of libc fail, for LD_PRELOAD.
 *
 *   FAIL_CALL=read FAIL_AT=3 FAIL_MARK=FILE LD_PRELOAD=.../fail.so PROGRAM
 *
 * The third read() fails, and FILE is made then, so that who wants to see
 * each call fail knows when there are no more.
 *
 * FAIL_CALL=memory is each malloc(), calloc() and realloc() of the program
 * itself.  What libraries do without memory is theirs: some crash.
 */
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
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

/*
 * dlsym() itself wants memory, so here libc's own names are called.  The
 * sanitizers have functions of their own, which may not be replaced.
 */
#ifndef OTHER_MALLOC
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

static bool
is_of_program(const void *caller)
{
	const Elf64_Phdr *header =
	    (const Elf64_Phdr *)getauxval(AT_PHDR); /* NOLINT */
	size_t count = getauxval(AT_PHNUM);
	const char *base = NULL;

	for (size_t i = 0; i < count; i++) {
		if (header[i].p_type == PT_PHDR)
			base = (const char *)header - header[i].p_vaddr;
	}
	for (size_t i = 0; i < count; i++) {
		const char *start = base + header[i].p_vaddr;

		if (header[i].p_type == PT_LOAD && (const char *)caller >=
		    start && (const char *)caller < start + header[i].p_memsz)
			return true;
	}
	return false;
}

#define NO_MEMORY()							\
	(is_of_program(__builtin_return_address(0)) && fails("memory", ENOMEM))

EXPORT void *
malloc(size_t size)
{
	return NO_MEMORY() ? NULL : __libc_malloc(size);
}

EXPORT void *
calloc(size_t count, size_t size)
{
	return NO_MEMORY() ? NULL : __libc_calloc(count, size);
}

EXPORT void *
realloc(void *old, size_t size)
{
	return NO_MEMORY() ? NULL : __libc_realloc(old, size);
}

#endif
