/* Any text as a template: rendered, or refused with its line. */
#include <stdlib.h>
#include <string.h>

#include "file/template.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len);

int
LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	static const char *two[] = { "one", "two", NULL };
	static const struct words list = { two, 2 };
	static const struct template_value values[] = {
		{ .name = "A", .text = "value" },
		{ .name = "NONE" },
		{ .name = "LIST", .list = &list },
		{ 0 }
	};
	struct text result = TEXT_INIT;
	struct arena a = { 0 };
	struct err e = { 0 };
	const char *text = arena_strndup(&a, (const char *)bytes, len);

	if (template_render("fuzz", text, values, &result, &e)) {
		BUG_ON(e.code != ERR_NONE);
		BUG_ON(strchr(text, '@') == NULL &&
		    strcmp(text, result.buf) != 0);
	} else {
		BUG_ON(e.code != ERR_INVALID);
		BUG_ON(strncmp(e.text, "fuzz:", 5) != 0 ||
		    strtoul(e.text + 5, NULL, 10) == 0);
	}
	text_clear(&result);
	err_clear(&e);
	arena_clear(&a);
	return 0;
}
