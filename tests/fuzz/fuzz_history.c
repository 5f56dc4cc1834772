/*
 * Any two texts as the old and the new row of a change: a summary that tells
 * no hash.  A NUL is between the two; an empty one is none.
 */
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "model/history/row.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len);

/* A hash in a row of this fuzzer's corpus. */
#define HASH "$5$canary"

static const char *
none_if_empty(const char *text)
{
	return *text != '\0' ? text : NULL;
}

static void
row_is_read(struct arena *a, const char *kind, const char *old,
    const char *new)
{
	const struct history_raw raw = { .change = 1, .kind = kind,
	    .name = "anna@example.com", .actor = "root", .program = "mailadm",
	    .old_row = none_if_empty(old), .new_row = none_if_empty(new) };
	struct history row = history_row_read(a, &raw, true);

	BUG_ON(row.action == NULL || row.change != 1);
	BUG_ON(row.name != raw.name || row.kind != raw.kind);
	BUG_ON(row.summary != NULL && *row.summary == '\0');
	BUG_ON(row.summary != NULL &&
	    !utf8_valid(row.summary, strlen(row.summary)));
	BUG_ON(*history_row_json(a, &raw) != '{');
	BUG_ON(*history_change_json(a, &raw) != '"');
}

/* The hash stands where the row has it, and nowhere else. */
static void
hash_is_not_told(struct arena *a)
{
	const struct history_raw raw = { .kind = "user",
	    .name = "anna@example.com", .actor = "root", .program = "mailadm",
	    .old_row = "{\"email\":\"anna@example.com\",\"crypt\":\"!\"}",
	    .new_row = "{\"email\":\"anna@example.com\",\"crypt\":\"" HASH
		"\"}" };
	struct history row = history_row_read(a, &raw, true);

	BUG_ON(row.summary == NULL || strstr(row.summary, HASH) != NULL);
	BUG_ON(strstr(history_row_json(a, &raw), HASH) != NULL);
}

int
LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	static const char *const kinds[] = {
		"domain", "user", "alias", "grant", "history", "other"
	};
	struct arena a = { 0 };
	const char *old = arena_strndup(&a, (const char *)bytes, len);
	size_t first = strlen(old);
	const char *new = first < len ? old + first + 1 : "";

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		row_is_read(&a, kinds[i], old, new);
	hash_is_not_told(&a);
	arena_clear(&a);
	return 0;
}
