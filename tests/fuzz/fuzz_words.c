/* Any bytes as a line: words without NUL, or an error that says why. */
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "base/words.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len);

/* Quoted by '...', a word comes back as it was. */
static void
add_quoted(struct text *t, const char *word)
{
	text_add(t, "'");
	for (; *word != '\0'; word++) {
		if (*word == '\'')
			text_add(t, "'\\''");
		else
			text_add_char(t, *word);
	}
	text_add(t, "' ");
}

static void
words_survive_quoting(struct arena *a, const struct words *words)
{
	struct text t = TEXT_INIT;
	struct words again;
	struct err e = { 0 };

	for (size_t i = 0; i < words->count; i++)
		add_quoted(&t, words->word[i]);
	BUG_ON(!words_split(a, t.buf, t.len, &again, &e));
	BUG_ON(again.count != words->count);
	for (size_t i = 0; i < words->count; i++)
		BUG_ON(strcmp(words->word[i], again.word[i]) != 0);
	text_clear(&t);
}

int
LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	const char *line = (const char *)bytes, *begun;
	struct arena a = { 0 };
	struct words words;
	struct err e = { 0 };
	size_t start;

	if (words_split(&a, line, len, &words, &e)) {
		BUG_ON(e.code != ERR_NONE || !utf8_valid(line, len));
		words_survive_quoting(&a, &words);
	} else {
		BUG_ON(e.code != ERR_USAGE && e.code != ERR_INVALID);
	}
	words_split_open(&a, line, len, &words, &begun, &start);
	BUG_ON(start > len || begun == NULL);
	err_clear(&e);
	arena_clear(&a);
	return 0;
}
