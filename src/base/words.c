/* Word splitting for batch lines and the shell. */
#include "base/words.h"

#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/text.h"
#include "base/utf8.h"

struct splitter {
	const char *line;
	size_t len;
	size_t pos;
	struct text word;
	char quote;		/* the quote that is open, or 0 */
	bool escape;		/* a backslash ended the line */
};

void
words_add(struct arena *a, struct words *words, const char *word)
{
	size_t n = words->count;

	/* It grows when the count is a power of two: no need to keep a size. */
	if ((n & (n - 1)) == 0) {
		size_t size = n ? 2 * n : 1;
		const char **more = arena_array(a, size + 1, sizeof(*more));

		if (n > 0)
			memcpy(more, words->word, n * sizeof(*more));
		words->word = more;
	}
	words->word[words->count++] = word;
	words->word[words->count] = NULL;
}

bool
words_have(const struct words *words, const char *word)
{
	for (size_t i = 0; i < words->count; i++) {
		if (strcmp(words->word[i], word) == 0)
			return true;
	}
	return false;
}

/* A backslash; inside "..." it only escapes " and itself. */
static void
take_escape(struct splitter *s)
{
	char c;

	if (s->pos + 1 == s->len) {
		s->escape = true;
		s->pos++;
		return;
	}
	c = s->line[s->pos + 1];
	if (s->quote == '"' && c != '"' && c != '\\')
		text_add_char(&s->word, '\\');
	text_add_char(&s->word, c);
	s->pos += 2;
}

/* Reads one word, which begins at s->pos, into s->word. */
static void
take_word(struct splitter *s)
{
	while (s->pos < s->len) {
		char c = s->line[s->pos];

		if (s->quote == 0 && is_one_of(c, BLANKS))
			return;
		if (c == '\\' && s->quote != '\'') {
			take_escape(s);
			continue;
		}
		s->pos++;
		if (s->quote != 0 && c == s->quote)
			s->quote = 0;
		else if (s->quote == 0 && (c == '\'' || c == '"'))
			s->quote = c;
		else
			text_add_char(&s->word, c);
	}
}

static void
skip_blanks(struct splitter *s)
{
	while (s->pos < s->len && is_one_of(s->line[s->pos], BLANKS))
		s->pos++;
	if (s->pos < s->len && s->line[s->pos] == '#')
		s->pos = s->len;
}

static bool
line_valid(const char *line, size_t len, struct err *e)
{
	if (memchr(line, '\0', len) != NULL)
		return err_set(e, ERR_INVALID, "the line holds a NUL byte");
	if (!utf8_valid(line, len))
		return err_set(e, ERR_INVALID, "the line is not valid UTF-8");
	return true;
}

bool
words_split(struct arena *a, const char *line, size_t len,
    struct words *words, struct err *e)
{
	struct splitter s = { .line = line, .len = len, .word = TEXT_INIT };

	*words = (struct words){ 0 };
	if (!line_valid(line, len, e))
		return false;
	for (skip_blanks(&s); s.pos < len; skip_blanks(&s)) {
		take_word(&s);
		words_add(a, words, arena_strndup(a, s.word.buf, s.word.len));
		text_cut(&s.word, 0);
	}
	text_clear(&s.word);
	if (s.quote != 0)
		return err_set(e, ERR_USAGE, "no closing %c", s.quote);
	if (s.escape)
		return err_set(e, ERR_USAGE, "nothing after the last \\");
	return true;
}

void
words_split_open(struct arena *a, const char *line, size_t len,
    struct words *words, const char **begun, size_t *start)
{
	struct splitter s = { .line = line, .len = len, .word = TEXT_INIT };
	size_t from = len;

	*words = (struct words){ 0 };
	*begun = "";
	for (skip_blanks(&s); s.pos < len; skip_blanks(&s)) {
		const char *word;

		from = s.pos;
		take_word(&s);
		word = arena_strndup(a, s.word.buf, s.word.len);
		text_cut(&s.word, 0);
		if (s.pos < len) {
			words_add(a, words, word);
			from = len;
		} else {
			*begun = word;
		}
	}
	text_clear(&s.word);
	*start = from;
}

static int
word_compare(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

void
words_sort(struct words *words)
{
	if (words->count > 1)
		qsort(words->word, words->count, sizeof(*words->word),
		    word_compare);
}

const char *
words_joined(struct arena *a, const struct words *words, const char *between)
{
	struct text t = TEXT_INIT;
	const char *all;

	for (size_t i = 0; i < words->count; i++)
		text_addf(&t, "%s%s", i > 0 ? between : "", words->word[i]);
	all = arena_strndup(a, t.buf, t.len);
	text_clear(&t);
	return all;
}
