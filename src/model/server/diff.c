/* What rendering would change, for a person, without secrets. */
#include "model/server/render.h"

#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "base/text.h"
#include "file/program.h"

#define HIDDEN "(hidden)"

/* Words that a secret follows; in SQL only if it is quoted. */
static const struct secret_word {
	const char *word;
	bool quoted;
} secret_words[] = {
	{ "password", false },
	{ "passwd", false },
	{ "pass", false },
	{ "secret", false },
	{ "identified by", true },
	{ "using", true },
	{ 0 }
};

/*
 * The beginning of the secret that follows the word, or NULL: password = x,
 * password=x, PASSWORD 'x', PASSWORD('x').
 */
static const char *
secret_behind(const struct secret_word *w, const char *p, const char *end)
{
	bool given = false;

	for (; p < end && is_one_of(*p, BLANKS "=("); p++)
		given = given || *p == '=';
	if (p >= end || ((!given || w->quoted) && *p != '\'' && *p != '"'))
		return NULL;
	return p;
}

static const char *
secret_begin(const char *at, const char *end)
{
	const char *begin = NULL;

	for (const struct secret_word *w = secret_words;
	    begin == NULL && w->word != NULL; w++) {
		size_t len = strlen(w->word);

		if (strncasecmp(at, w->word, len) == 0)
			begin = secret_behind(w, at + len, end);
	}
	return begin;
}

static const char *
secret_end(const char *begin, const char *end)
{
	const char *close = NULL;

	if (*begin == '\'' || *begin == '"')
		close = memchr(begin + 1, *begin,
		    (size_t)(end - begin - 1));
	if (close != NULL)
		return close + 1;
	while (begin < end && !is_one_of(*begin, BLANKS))
		begin++;
	return begin;
}

static void
line_add_hidden(struct text *t, const char *line, const char *end)
{
	const char *at = line, *begin;

	while (at < end) {
		begin = secret_begin(at, end);
		if (begin == NULL) {
			text_add_char(t, *at++);
			continue;
		}
		text_add_bytes(t, at, (size_t)(begin - at));
		text_add(t, HIDDEN);
		at = secret_end(begin, end);
	}
}

static const char *
hide_secrets(struct arena *a, const char *diff)
{
	struct text t = TEXT_INIT;
	const char *hidden;

	while (*diff != '\0') {
		const char *end = diff + strcspn(diff, "\n");

		line_add_hidden(&t, diff, end);
		if (*end == '\n')
			text_add_char(&t, *end++);
		diff = end;
	}
	hidden = arena_strndup(a, t.buf, t.len);
	text_clear(&t);
	return hidden;
}

bool
render_diff(struct arena *a, const struct render_pair *pair,
    const char **diff, struct err *e)
{
	struct words argv = { 0 };
	struct program_answer answer;
	struct text input = TEXT_INIT;
	const char *program;
	bool ok;

	if (!program_find(a, "diff", "diffutils", &program, e))
		return false;
	words_add(a, &argv, program);
	words_add(a, &argv, "-au");
	words_add(a, &argv, "--label");
	words_add(a, &argv, pair->label);
	words_add(a, &argv, "--label");
	words_add(a, &argv, arena_printf(a, "%s (%s)", pair->label,
	    pair->how));
	words_add(a, &argv, "--");
	words_add(a, &argv, pair->path);
	words_add(a, &argv, "-");
	text_add_bytes(&input, pair->text, pair->len);
	ok = program_run(a, &argv, &input, &answer, e);
	text_clear(&input);
	if (!ok)
		return false;
	if (answer.status != 0 && answer.status != 1)
		return err_set(e, ERR_IO, "cannot compare %s: %s", pair->path,
		    answer.err);
	*diff = hide_secrets(a, answer.out);
	return true;
}
