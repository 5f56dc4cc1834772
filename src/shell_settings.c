/* The settings of the shell that last. */
#include "shell_settings.h"

#include <string.h>

#include "base/text.h"
#include "file/home.h"
#include "file/permission.h"
#include "file/read.h"

/* "set SETTING VALUE" */
#define WORDS 3

static bool
is_set(const struct words *words, struct err *e)
{
	return (words->count == WORDS && strcmp(words->word[0], "set") == 0) ||
	    err_set(e, ERR_USAGE, "expected: set SETTING VALUE");
}

static bool
line_run(struct session *s, const char *line, struct err *e)
{
	struct arena a = { 0 };
	struct words words;
	bool ok;

	ok = words_split(&a, line, strlen(line), &words, e) &&
	    (words.count == 0 || (is_set(&words, e) &&
		session_run(s, &words, e)));
	arena_clear(&a);
	return ok;
}

static void
lines_run(struct session *s, const char *path, char *lines)
{
	const char *line;

	s->out.file = path;
	for (s->out.line = 1; (line = strsep(&lines, "\n")) != NULL;
	    s->out.line++) {
		struct err e = { 0 };

		if (!line_run(s, line, &e))
			out_error(&s->out, &e);
		err_clear(&e);
	}
	s->out.file = NULL;
}

void
shell_settings_load(struct session *s)
{
	const char *path = home_config(&s->memory, "shellrc");
	struct text content = TEXT_INIT;
	struct err e = { 0 };
	struct stat st;

	if (path == NULL)
		return;
	if (file_read(path, &content, &st, &e) &&
	    permission_check(FILE_SETTINGS, path, &st, &e))
		lines_run(s, path, content.buf);
	else if (e.code != ERR_NOT_FOUND)
		out_error(&s->out, &e);
	err_clear(&e);
	text_clear(&content);
}
