/* The distance between words. */
#include "base/nearest.h"

#include <string.h>

/* With three edits most short words become any other short word. */
#define NEAR 2

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Optimal string alignment; a word of more than MAX is never near. */
size_t
word_distance(const char *a, const char *b, size_t limit)
{
	enum { MAX = 32 };
	size_t d[MAX + 1][MAX + 1], la = strlen(a), lb = strlen(b), i, j;

	if (la > MAX || lb > MAX)
		return limit + 1;
	for (i = 0; i <= la; i++)
		d[i][0] = i;
	for (j = 0; j <= lb; j++)
		d[0][j] = j;
	for (i = 1; i <= la; i++) {
		for (j = 1; j <= lb; j++) {
			size_t cost = a[i - 1] != b[j - 1];

			d[i][j] = least(least(d[i - 1][j], d[i][j - 1]) + 1,
			    d[i - 1][j - 1] + cost);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
		}
	}
	return least(d[la][lb], limit + 1);
}

bool
is_near(const char *candidate, const char *word)
{
	return word_distance(candidate, word, NEAR) <= NEAR;
}

struct words
nearest(struct arena *a, const struct words *names, const char *word)
{
	struct words found = { 0 };
	size_t limit = NEAR;

	for (size_t i = 0; i < names->count; i++) {
		size_t n = word_distance(names->word[i], word, limit);

		if (n < limit)
			found = (struct words){ 0 };
		if (n > limit)
			continue;
		limit = n;
		words_add(a, &found, names->word[i]);
	}
	return found;
}
