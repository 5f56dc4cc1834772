/* One entry of a file: names with values. */
#include "model/foreignfile/values.h"

#include <string.h>

void
values_reset(struct values *r)
{
	arena_reset(r->arena);
	r->fields.count = 0;
}

void
values_clear(struct values *r)
{
	VECTOR_CLEAR(&r->fields);
}

static struct named_values *
find(const struct values *r, const char *name)
{
	for (size_t i = 0; i < r->fields.count; i++) {
		if (strcmp(r->fields.item[i].name, name) == 0)
			return &r->fields.item[i];
	}
	return NULL;
}

struct named_values *
values_add(struct values *r, const char *name)
{
	struct named_values *f = find(r, name);

	if (f != NULL || r->fields.count == VALUES_MAX)
		return f;
	f = VECTOR_ADD(&r->fields);
	*f = (struct named_values){ .name = arena_strdup(r->arena, name) };
	return f;
}

const struct words *
values_words(struct values *r, const char *name)
{
	static const struct words none = { 0 };
	struct named_values *f = find(r, name);

	if (f == NULL)
		return &none;
	f->read = true;
	return &f->values;
}

const char *
values_text(struct values *r, const char *name)
{
	const struct words *values = values_words(r, name);

	return values->count == 0 || *values->word[0] == '\0' ? NULL :
	    values->word[0];
}

size_t
values_nested(struct values *r, const char *name)
{
	struct named_values *f = find(r, name);

	if (f == NULL)
		return 0;
	f->read = true;
	return f->nested;
}

void
values_ignore(struct values *r, const char *const *names)
{
	for (; *names != NULL; names++)
		values_words(r, *names);
}

bool
named_values_say(const struct named_values *f)
{
	for (size_t i = 0; i < f->values.count; i++) {
		if (*f->values.word[i] != '\0')
			return true;
	}
	return f->nested > 0;
}
