/* A file of names that a list of Postfix points to. */
#include <stdint.h>
#include <string.h>

#include "base/bug.h"
#include "model/route/live.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct arena a = { 0 };
	const char *text = arena_strndup(&a, (const char *)bytes, len);
	struct words names = { 0 };

	route_names_parse(&a, text, &names);
	for (size_t i = 0; i < names.count; i++)
		BUG_ON(names.word[i][strcspn(names.word[i], " \t\r\n")] !=
		    '\0' || *names.word[i] == '#' ||
		    strstr(text, names.word[i]) == NULL);
	arena_clear(&a);
	return 0;
}
