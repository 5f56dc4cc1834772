/*
 * Any bytes as each table that names DKIM keys, and as the name of a key
 * file: every line becomes a key with a place, or is left out with a reason.
 */
#include <stdint.h>
#include <string.h>

#include "model/keys/private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const keys_reader readers[] = {
	keys_key_table, keys_signing_table, keys_opendkim, keys_amavis,
	keys_rspamd
};

#define READERS (sizeof(readers) / sizeof(readers[0]))

static void
found_is_whole(const struct keys_found *f)
{
	BUG_ON(f->file == NULL || *f->file == '\0');
	if (f->why != NULL) {
		BUG_ON(*f->why == '\0');
		return;
	}
	BUG_ON(f->domain == NULL || *f->domain == '\0');
	BUG_ON(f->text == NULL && f->place.name == NULL);
	/* Nothing leads out of the directory. */
	BUG_ON(f->place.name != NULL && (*f->place.name == '/' ||
	    strcmp(f->place.name, "..") == 0 ||
	    strncmp(f->place.name, "../", 3) == 0 ||
	    strstr(f->place.name, "/../") != NULL));
}

static void
signers_are_whole(const struct keys_reading *r)
{
	for (size_t i = 0; i < r->signers.count; i++)
		BUG_ON(*r->signers.item[i].domain == '\0' ||
		    *r->signers.item[i].key == '\0');
}

/* Nothing is opened: no directory, and a table that others can write. */
static void
table_try(struct arena *a, const char *text, keys_reader reader)
{
	struct keys_reading r = { .arena = a, .tree = { .arena = a,
	    .named = true, .path = "keys", .real = "/nonexistent/keys",
	    .fd = -1, .root = -1 } };
	const struct keys_table t = { .file = "table", .directory = "",
	    .text = text };

	reader(&r, &t);
	for (size_t i = 0; i < r.found.count; i++)
		found_is_whole(&r.found.item[i]);
	signers_are_whole(&r);
	keys_reading_clear(&r);
}

static bool
is_known(void *arg, const char *domain)
{
	(void)arg;
	return strlen(domain) % 2 == 0;
}

static void
name_try(struct arena *a, const char *text)
{
	struct keys_layout l = { .known = is_known };

	/* A name has at most so many bytes. */
	text = arena_strndup(a, text, strnlen(text, 255));
	if (keys_layout(a, text, &l))
		BUG_ON(l.domain != NULL && strchr(l.domain, '.') == NULL);
	else
		BUG_ON(l.domain != NULL || l.selector != NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	struct err e = { 0 };
	keys_reader reader;
	const char *text = arena_strndup(&a, (const char *)data, size);

	for (size_t i = 0; i < READERS; i++)
		table_try(&a, text, readers[i]);
	if (!keys_reader_guess("table", text, &reader, &e))
		BUG_ON(e.code != ERR_INVALID || reader != NULL);
	name_try(&a, text);
	err_clear(&e);
	arena_clear(&a);
	return 0;
}
