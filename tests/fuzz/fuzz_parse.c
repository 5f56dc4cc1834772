/*
 * Any line as a command: its arguments, or a usage error; and what may
 * follow it: completion and help find words for any beginning.
 */
#include <string.h>

#include "base/text.h"
#include "base/words.h"
#include "cmd/help/next.h"
#include "cmd/language/complete.h"
#include "cmd/language/parse.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len);

static void
words_are_parsed(struct arena *a, const struct words *words,
    enum parse_mode mode)
{
	struct run_options options;
	struct parsed parsed = { 0 };
	struct err e = { 0 };

	run_options_init(&options);
	if (parse_words(a, words, &options, mode, &parsed, &e)) {
		BUG_ON(e.code != ERR_NONE);
		BUG_ON(parsed.cmd != NULL && parsed.cmd->args_size > 0 &&
		    parsed.args == NULL);
	} else {
		BUG_ON(e.code != ERR_USAGE && e.code != ERR_INVALID);
		BUG_ON(e.text == NULL || *e.text == '\0');
	}
	err_clear(&e);
}

static void
line_is_completed(struct arena *a, const char *line, size_t len)
{
	const struct completion how = { .shell = len % 2 == 0 };
	struct candidates found;
	struct text help = TEXT_INIT;
	struct words before;
	const char *begun;
	size_t start;

	words_split_open(a, line, len, &before, &begun, &start);
	found = complete(&how, a, &before, begun);
	for (size_t i = 0; i < found.words.count; i++)
		BUG_ON(found.words.word[i] == NULL);
	BUG_ON(next_hint(a, &before, begun) == NULL);
	next_help(&help, a, &before);
	text_clear(&help);
}

int
LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	const char *line = (const char *)bytes;
	struct arena a = { 0 };
	struct err e = { 0 };
	struct words words;

	if (words_split(&a, line, len, &words, &e)) {
		words_are_parsed(&a, &words, PARSE_COMMAND_LINE);
		words_are_parsed(&a, &words, PARSE_LINE);
		words_are_parsed(&a, &words, PARSE_SHELL);
		line_is_completed(&a, line, len);
	}
	err_clear(&e);
	arena_clear(&a);
	return 0;
}
