/*
 * Any bytes as a manifest, in YAML or JSON lines: objects, or complaints with
 * a line.  A sound one is written by export in both, and reading that gives
 * the same text again.
 */
#include "file.h"

#include "base/text.h"
#include "model/manifest/manifest.h"
#include "model/manifest/text.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len);

/* Reads it into an empty manifest; false where something is wrong with it. */
static bool
manifest_is_sound(struct manifest *m, const void *bytes, size_t len)
{
	char path[FUZZ_PATH];
	struct err e = { 0 };
	int fd = fuzz_file(bytes, len, path);
	bool ok = manifest_read(m, path, &e);

	BUG_ON(ok != (e.code == ERR_NONE));
	close(fd);
	err_clear(&e);
	manifest_sort(m);
	manifest_sort_complaints(m);
	for (size_t i = 0; i < m->complaints.count; i++) {
		const struct complaint *c =
		    (const struct complaint *)m->complaints.item + i;

		BUG_ON(c->position.line == 0 || c->text == NULL);
	}
	return ok && m->complaints.count == 0;
}

/* What is not given is as it is in a database: export writes all of it. */
static void
defaults_set(struct manifest *m, enum manifest_kind kind, struct desired *w)
{
	static const char *const values[] = { "null", "none", "true", "!" };
	const struct attribute *a = manifest_attributes[kind];

	for (unsigned n = 0; a[n].name != NULL; n++) {
		bool set = w->given & UINT32_C(1) << n;

		if (a[n].type == ATTRIBUTE_FILE ||
		    a[n].type == ATTRIBUTE_GENERATE || attribute_is_list(&a[n]))
			continue;
		for (size_t i = 0; !set && i < 4; i++) {
			struct err e = { 0 };

			set = manifest_set(m, w, &a[n], values[i], true, &e);
			err_clear(&e);
		}
		BUG_ON(!set);
	}
}

/* What export would write; false where it could not write all of it. */
static bool
manifest_is_written(struct manifest *m, enum manifest_format format,
    struct text *t)
{
	for (int kind = 0; kind < MANIFEST_KINDS; kind++) {
		size_t n = manifest_count(m, (enum manifest_kind)kind);

		if (n > 0)
			manifest_text_begin(t, format,
			    (enum manifest_kind)kind, true);
		for (size_t i = 0; i < n; i++) {
			struct desired *w = manifest_at(m,
			    (enum manifest_kind)kind, i);

			if (w->absent)
				return false;
			defaults_set(m, (enum manifest_kind)kind, w);
			manifest_text_add(t, format, w, true);
		}
	}
	return true;
}

static void
written_is_read(struct manifest *m, enum manifest_format format)
{
	struct text first = TEXT_INIT, second = TEXT_INIT;
	struct arena a = { 0 };
	struct manifest again = { .arena = &a };

	if (manifest_is_written(m, format, &first)) {
		BUG_ON(!manifest_is_sound(&again, first.buf, first.len));
		manifest_is_written(&again, format, &second);
		BUG_ON(strcmp(first.buf, second.buf) != 0);
		manifest_clear(&again);
	}
	text_clear(&first);
	text_clear(&second);
	arena_clear(&a);
}

int
LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	struct arena a = { 0 };
	struct manifest m = { .arena = &a };
	struct text t = TEXT_INIT;

	if (manifest_is_sound(&m, bytes, len)) {
		manifest_is_written(&m, MANIFEST_CSV, &t);
		written_is_read(&m, MANIFEST_YAML);
		written_is_read(&m, MANIFEST_JSONL);
	}
	text_clear(&t);
	manifest_clear(&m);
	arena_clear(&a);
	return 0;
}
