/* Blanks and capital letters. */
#include "base/ascii.h"

#include <string.h>
#include <strings.h>

bool
is_one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

bool
word_is_one_of(const char *word, const char *const *words)
{
	while (*words != NULL && strcasecmp(word, *words) != 0)
		words++;
	return *words != NULL;
}

size_t
trimmed_length(const char *s, size_t len, const char *set)
{
	while (len > 0 && is_one_of(s[len - 1], set))
		len--;
	return len;
}

char *
trimmed(struct arena *a, const char *s, size_t len, const char *set)
{
	for (; len > 0 && is_one_of(*s, set); len--)
		s++;
	return arena_strndup(a, s, trimmed_length(s, len, set));
}

char *
trim(char *s, const char *set)
{
	s[trimmed_length(s, strlen(s), set)] = '\0';
	return s + strspn(s, set);
}

char
lower_char(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

void
lower_case(char *s)
{
	for (; *s != '\0'; s++)
		*s = lower_char(*s);
}

char *
lowered(struct arena *a, const char *s)
{
	char *copy = arena_strdup(a, s);

	lower_case(copy);
	return copy;
}
