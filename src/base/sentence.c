/* Lists of names and numbers of things, as people write them. */
#include "base/sentence.h"

#include "base/text.h"

/* At most this many names are listed; the others are counted. */
#define SHOWN 20

const char *
sentence_list(struct arena *a, const struct words *names)
{
	struct text t = TEXT_INIT;
	const char *copy;
	size_t i;

	for (i = 0; i < names->count && i < SHOWN; i++)
		text_addf(&t, "%s%s", i > 0 ? ", " : "", names->word[i]);
	if (i < names->count)
		text_addf(&t, " and %zu more", names->count - i);
	copy = arena_strndup(a, t.buf, t.len);
	text_clear(&t);
	return copy;
}

const char *
sentence_number(struct arena *a, int64_t n, const char *one,
    const char *many)
{
	return arena_printf(a, "%lld %s", (long long)n, n == 1 ? one : many);
}
