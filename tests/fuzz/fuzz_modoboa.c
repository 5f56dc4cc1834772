/*
 * Any bytes as rows that Modoboa exports.
 */
#include "file.h"
#include "system.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len);

int
LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	char path[FUZZ_PATH];
	int fd = fuzz_file(bytes, len, path);

	fuzz_system("modoboa-csv", path);
	close(fd);
	return 0;
}
