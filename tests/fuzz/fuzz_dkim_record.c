/* Reading a DKIM record: no crash, and only the key itself is accepted. */
#include <stdint.h>
#include <string.h>

#include "model/dkim/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PUBLIC "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct dkim_row key = { .domain = "example.org",
	    .selector = "s", .algorithm = "ed25519", .state = "active",
	    .public_key = PUBLIC };
	struct arena a = { 0 };
	const char *text = arena_strndup(&a, (const char *)data, size);
	struct words values = { 0 };
	struct dkim_record record;
	const char *why = dkim_record_parse(&a, text, &record);

	BUG_ON(why == NULL && record.public_key == NULL);
	words_add(&a, &values, text);
	if (dkim_record_judge(&a, &values, &key) == NULL) {
		BUG_ON(why != NULL);
		BUG_ON(strcmp(record.public_key, PUBLIC) != 0);
		BUG_ON(strcmp(record.algorithm, "ed25519") != 0);
	}
	/* What we write is what we accept. */
	values = (struct words){ 0 };
	words_add(&a, &values, dkim_record_text(&a, &key));
	BUG_ON(dkim_record_judge(&a, &values, &key) != NULL);
	arena_clear(&a);
	return 0;
}
