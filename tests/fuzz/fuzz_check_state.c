/*
 * Any bytes as the state of "check --new": read, damaged or of another
 * database.  What was read is written and read again.
 */
#include "file.h"

#include "file/check_state.h"

#define DATABASE "mail"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len);

static bool
is_same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void
written_is_read(const struct check_state *s, const char *path)
{
	struct arena a = { 0 };
	struct err e = { 0 };
	struct check_state again;

	BUG_ON(!check_state_write(s, DATABASE, s->seen, s->count, &e));
	BUG_ON(!check_state_open(&again, &a, path, DATABASE, 0, &e));
	BUG_ON(again.damage != NULL || again.count != s->count);
	for (size_t i = 0; i < s->count; i++) {
		BUG_ON(!is_same(s->seen[i].rule, again.seen[i].rule));
		BUG_ON(!is_same(s->seen[i].name, again.seen[i].name));
		BUG_ON(!is_same(s->seen[i].text, again.seen[i].text));
	}
	check_state_close(&again);
	arena_clear(&a);
}

int
LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	char path[2 * FUZZ_PATH];
	struct arena a = { 0 };
	struct err e = { 0 };
	struct check_state s;

	fuzz_name(path, "state");
	fuzz_write(path, bytes, len);
	if (check_state_open(&s, &a, path, DATABASE, 0, &e)) {
		BUG_ON(e.code != ERR_NONE);
		BUG_ON(s.damage != NULL && s.count != 0);
		if (s.damage == NULL)
			written_is_read(&s, path);
	} else {
		BUG_ON(e.code != ERR_REFUSED);
	}
	check_state_close(&s);
	unlink(path);
	err_clear(&e);
	arena_clear(&a);
	return 0;
}
