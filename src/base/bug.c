/* Ending the program: after a bug, and without memory. */
#include "base/bug.h"

#include <stdio.h>
#include <stdlib.h>

/*
 * The status of ERR_IO, as a number: err.c needs memory, so this file may
 * not use it.  tests/unit/test_text.c compares the two.
 */
#define STATUS_NO_MEMORY 10

void
bug(const char *file, int line, const char *what)
{
	fprintf(stderr, "mailadm: bug: %s:%d: %s\n", file, line, what);
	abort();
}

void
out_of_memory(void)
{
	fputs("mailadm: out of memory\n", stderr);
	exit(STATUS_NO_MEMORY);
}
