/* What "postqueue -j" prints: senders and servers elsewhere write in it. */
#include <stdint.h>
#include <string.h>

#include "model/doctor/queue.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct arena a = { 0 };
	char *json = arena_strndup(&a, (const char *)bytes, len);
	struct verdict v;
	struct queue_place place;
	struct queue q;

	queue_read(&a, json, &q);
	BUG_ON(q.waiting + q.held > q.count);
	v = queue_judge(&a, &q, 1800000000);
	BUG_ON(v.what == NULL);
	queue_find(&a, json, &(struct queue_sent){ "4aBcDe1fGhz1", "" },
	    &place);
	BUG_ON(!place.found && place.reason != NULL);
	arena_clear(&a);
	return 0;
}
