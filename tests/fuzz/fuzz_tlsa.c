/* A certificate or a key: no crash, and a digest or nothing. */
#include <stdint.h>
#include <string.h>

#include "model/records/records.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	const char *tlsa = records_tlsa(&a, (const char *)data, size);

	BUG_ON(tlsa != NULL && (strncmp(tlsa, "3 1 1 ", 6) != 0 ||
	    strspn(tlsa + 6, "0123456789abcdef") != 64 ||
	    tlsa[6 + 64] != '\0'));
	arena_clear(&a);
	return 0;
}
