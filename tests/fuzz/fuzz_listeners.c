/* The kernel's table of sockets. */
#include <stdint.h>
#include <string.h>

#include "model/doctor/opening.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct arena a = { 0 };
	struct listeners all = { 0 };

	listeners_read(arena_strndup(&a, (const char *)bytes, len), &all);
	for (size_t i = 0; i < all.count; i++)
		BUG_ON(all.item[i].port == 0 || all.item[i].port > 65535);
	VECTOR_CLEAR(&all);
	arena_clear(&a);
	return 0;
}
