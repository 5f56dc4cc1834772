/*
 * Bytes as a file, for readers that take the name of one.
 */
#ifndef TESTS_FUZZ_FILE_H
#define TESTS_FUZZ_FILE_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bug.h"

#define FUZZ_PATH 64

/* In memory, and its owner's alone; close() takes it away. */
static inline int
fuzz_file(const void *bytes, size_t len, char path[static FUZZ_PATH])
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	BUG_ON(fd < 0 || fchmod(fd, 0600) != 0);
	BUG_ON(write(fd, bytes, len) != (ssize_t)len);
	snprintf(path, FUZZ_PATH, "/proc/self/fd/%d", fd);
	return fd;
}

/* For those that follow no link: a directory of this process, on a disk. */
static char fuzz_directory[FUZZ_PATH];

/* It is empty again by then: every target removes what it has written. */
static inline void
fuzz_directory_remove(void)
{
	if (rmdir(fuzz_directory) != 0)
		fprintf(stderr, "%s is not empty\n", fuzz_directory);
}

/* "DIRECTORY/NAME" */
static inline void
fuzz_name(char path[static 2 * FUZZ_PATH], const char *name)
{
	if (*fuzz_directory == '\0') {
		snprintf(fuzz_directory, FUZZ_PATH, "%s/mailadm-fuzz-XXXXXX",
		    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
		BUG_ON(mkdtemp(fuzz_directory) == NULL);
		atexit(fuzz_directory_remove);
	}
	snprintf(path, 2 * FUZZ_PATH, "%s/%s", fuzz_directory, name);
}

static inline void
fuzz_write(const char *path, const void *bytes, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	BUG_ON(fd < 0 || write(fd, bytes, len) != (ssize_t)len);
	close(fd);
}

#endif
