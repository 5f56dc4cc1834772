/* Any bytes as a file of settings: in range or refused with a line. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "file/settings.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len);

static void
numbers_are_in_range(const struct settings *s)
{
	for (const struct setting *row = settings_table; row->name; row++) {
		int64_t n;

		if (row->kind != SETTING_NUMBER)
			continue;
		memcpy(&n, (const char *)s + row->offset, sizeof(n));
		BUG_ON(n < row->min || n > row->max);
	}
}

/* What is written into a file that can be read is what is read. */
static void
written_is_read(struct arena *a, const unsigned char *bytes, size_t len)
{
	struct text file = TEXT_INIT;
	struct err e = { 0 };
	struct settings s;

	text_add_bytes(&file, bytes, len);
	setting_write(&file, setting_find("hostname"), "mx.example.org");
	settings_default(&s);
	BUG_ON(!settings_parse(a, "fuzz", file.buf, file.len, &s, &e));
	BUG_ON(s.hostname == NULL ||
	    strcmp(s.hostname, "mx.example.org") != 0);
	text_clear(&file);
}

int
LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	struct arena a = { 0 };
	struct err e = { 0 };
	struct settings s, before;

	settings_default(&s);
	before = s;
	if (settings_parse(&a, "fuzz", (const char *)bytes, len, &s, &e)) {
		BUG_ON(e.code != ERR_NONE);
		written_is_read(&a, bytes, len);
	} else {
		BUG_ON(e.code != ERR_INVALID);
		BUG_ON(strncmp(e.text, "fuzz:", 5) != 0 ||
		    strtoul(e.text + 5, NULL, 10) == 0);
		BUG_ON(memcmp(&s, &before, sizeof(s)) != 0);
	}
	numbers_are_in_range(&s);
	BUG_ON(s.postmaster != NULL && *s.postmaster == '\0');
	err_clear(&e);
	arena_clear(&a);
	return 0;
}
