/* The header of a message, and which of its fields are ours. */
#include <stdint.h>
#include <string.h>

#include "model/doctor/deliver.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct arena a = { 0 };
	const struct probe_way way = { "port 25", true, true, true };
	struct probe_header h;
	struct verdict v;

	probe_header_read(&a, arena_strndup(&a, (const char *)bytes, len),
	    &h);
	BUG_ON(h.results != NULL && strlen(h.results) > 300);
	v = probe_judge(&a, &way, &h, "x.org");
	BUG_ON(v.what == NULL);
	arena_clear(&a);
	return 0;
}
