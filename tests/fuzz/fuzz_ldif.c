/*
 * Any bytes as a directory with mail users, in LDIF.
 */
#include "file.h"
#include "system.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len);

int
LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	char path[FUZZ_PATH];
	int fd = fuzz_file(bytes, len, path);

	fuzz_system("ldif", path);
	close(fd);
	return 0;
}
