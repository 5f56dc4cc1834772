/*
 * Splitting the files of sql/, which are built into the program, into
 * statements.
 */
#include "db/sql_file.h"

#include <string.h>

#include "base/bug.h"
#include "base/embed.h"

#define DELIMITER "DELIMITER "

static bool
begins(const char *text, const char *word)
{
	return strncmp(text, word, strlen(word)) == 0;
}

/* The text behind the line. */
static const char *
line_skip(const char *line)
{
	line += strcspn(line, "\n");
	return line + (*line == '\n');
}

/* The delimiter of a statement: at the end of one of its lines. */
static const char *
statement_end(const char *statement, const char *delimiter)
{
	size_t len = strlen(delimiter);
	const char *end = statement;

	for (;;) {
		end += strcspn(end, "\n");
		if ((size_t)(end - statement) >= len &&
		    begins(end - len, delimiter))
			return end - len;
		BUG_ON(*end == '\0');
		end++;
	}
}

struct words
sql_statements_split(struct arena *a, const char *text)
{
	struct words statements = { 0 };
	const char *end, *delimiter = ";";

	for (; *text != '\0'; text = line_skip(text)) {
		/* "@for NAME@": grants.sql is a template. */
		if (*text == '\n' || *text == '@' || begins(text, "--"))
			continue;
		if (begins(text, DELIMITER)) {
			text += strlen(DELIMITER);
			delimiter = arena_strndup(a, text,
			    strcspn(text, "\n"));
			continue;
		}
		end = statement_end(text, delimiter);
		words_add(a, &statements, arena_strndup(a, text,
		    (size_t)(end - text)));
		text = end;
	}
	return statements;
}

struct words
sql_file_statements(struct arena *a, const char *name)
{
	const struct embedded *f = embedded_files;

	while (f->name != NULL && strcmp(f->name, name) != 0)
		f++;
	BUG_ON(f->name == NULL);
	return sql_statements_split(a, f->text);
}
