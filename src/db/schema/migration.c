/* The migrations in sql/, as statements. */
#include "db/schema/migration.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "db/sql_file.h"

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

static void
migration_read(struct arena *a, const struct embedded *file,
    struct migration *m)
{
	const char *name = strchr(file->name, '-') + 1;

	m->version = file_version(file->name);
	m->name = arena_strndup(a, name, strcspn(name, "."));
	m->statements = sql_statements_split(a, file->text);
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

/* The word behind `begin`, without backticks. */
static const char *
name_after(struct arena *a, const char *statement, const char *begin)
{
	if (strncmp(statement, begin, strlen(begin)) != 0)
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
