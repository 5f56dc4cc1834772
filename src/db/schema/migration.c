/* The migrations in sql/, as statements. */
#include "db/schema/migration.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/err.h"

#define DELIMITER "DELIMITER "

#define FOLDER "sql/"

/* The number before the dash; 0 for files that are no migration. */
static int64_t
file_version(const char *name)
{
	unsigned version;
	int end = 0;

	if (sscanf(name, FOLDER "%3u-%n", &version, &end) != 1 ||
	    end != (int)strlen(FOLDER) + 4)
		return 0;
	return version;
}

int64_t
migration_newest(void)
{
	int64_t newest = 0;

	for (const struct embedded *f = embedded_files; f->name != NULL; f++) {
		if (file_version(f->name) == 0)
			continue;
		BUG_ON(file_version(f->name) != newest + 1);
		newest++;
	}
	return newest;
}

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

/* Where a statement's delimiter stands: at the end of one of its lines. */
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

static void
statements_split(struct arena *a, const char *text, struct words *statements)
{
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
		words_add(a, statements, arena_strndup(a, text,
		    (size_t)(end - text)));
		text = end;
	}
}

static void
migration_read(struct arena *a, const struct embedded *file,
    struct migration *m)
{
	const char *name = strchr(file->name, '-') + 1;

	m->version = file_version(file->name);
	m->name = arena_strndup(a, name, strcspn(name, "."));
	statements_split(a, file->text, &m->statements);
}

const struct migration *
migrations_read(struct arena *a, size_t *count)
{
	struct migration *m;
	size_t i = 0;

	*count = (size_t)migration_newest();
	m = arena_array(a, *count, sizeof(*m));
	for (const struct embedded *f = embedded_files; f->name != NULL; f++)
		if (file_version(f->name) != 0)
			migration_read(a, f, &m[i++]);
	return m;
}

struct words
embedded_statements(struct arena *a, const char *name)
{
	struct words statements = { 0 };
	const struct embedded *f = embedded_files;

	while (f->name != NULL && strcmp(f->name, name) != 0)
		f++;
	BUG_ON(f->name == NULL);
	statements_split(a, f->text, &statements);
	return statements;
}

/* The word behind `begin`, without backticks. */
static const char *
name_after(struct arena *a, const char *statement, const char *begin)
{
	if (!begins(statement, begin))
		return NULL;
	statement += strlen(begin);
	statement += *statement == '`';
	return arena_strndup(a, statement, strcspn(statement, "` \n("));
}

const char *
migration_table(struct arena *a, const char *statement)
{
	return name_after(a, statement, "CREATE TABLE IF NOT EXISTS ");
}

const char *
migration_trigger(struct arena *a, const char *statement)
{
	return name_after(a, statement, "CREATE OR REPLACE TRIGGER ");
}
