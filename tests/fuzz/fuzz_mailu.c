/*
 * Any bytes as what Mailu exports, in YAML or JSON.
 */
#include "file.h"
#include "system.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len);

int
LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	char path[FUZZ_PATH];
	int fd = fuzz_file(bytes, len, path);

	fuzz_system("mailu", path);
	close(fd);
	return 0;
}
