/*
 * Reading what "rspamadm configdump" prints: a head for each section, then
 * lines "name = value;", blocks "name {" and lists "name [", one item a line.
 */
#include "model/conf/rspamd_config.h"

#include <string.h>

#include "base/ascii.h"

struct reader {
	struct arena *arena;
	struct rspamd_config *config;
	const char *section;
	const char *block;	/* the outermost */
	const char *list;	/* NULL: not inside of one */
	size_t depth;		/* of blocks and lists */
};

static void
entry_add(struct reader *r, const char *name, const char *value)
{
	/* A list counts as a level, too. */
	size_t level = r->depth - (r->list != NULL);
	struct rspamd_entry entry = { r->section, level == 1 ? r->block :
	    NULL, name, value };

	if (r->section != NULL && level <= 1)
		*VECTOR_ADD(&r->config->entries) = entry;
}

static char *
unquoted(char *value)
{
	size_t len = strlen(value);

	if (len < 2 || *value != '"' || value[len - 1] != '"')
		return value;
	value[len - 1] = '\0';
	return value + 1;
}

static void
open_take(struct reader *r, char *line, size_t len)
{
	bool list = line[len - 1] == '[';

	line[len - 1] = '\0';
	line = trim(line, BLANKS);
	if (list)
		r->list = line;
	else if (r->depth == 0)
		r->block = line;
	r->depth++;
}

static void
close_take(struct reader *r)
{
	r->list = NULL;
	if (r->depth > 0)
		r->depth--;
}

static void
value_take(struct reader *r, char *line)
{
	char *value = strstr(line, " = ");

	if (value == NULL)
		return;
	*value = '\0';
	entry_add(r, line, unquoted(trim(value + 3, " ;")));
}

/* "*** Section options ***" */
static void
section_take(struct reader *r, char *name)
{
	name[strcspn(name, " ")] = '\0';
	r->section = name;
	r->block = r->list = NULL;
	r->depth = 0;
}

static void
line_take(struct reader *r, char *line)
{
	static const char head[] = "*** Section ";
	size_t len;

	line = trim(line, BLANKS);
	len = strlen(line);
	if (strncmp(line, head, strlen(head)) == 0)
		section_take(r, line + strlen(head));
	else if (len > 0 && is_one_of(line[len - 1], "{["))
		open_take(r, line, len);
	else if (is_one_of(*line, "}]"))
		close_take(r);
	else if (r->list != NULL && len > 0)
		entry_add(r, r->list, unquoted(trim(line, ",")));
	else
		value_take(r, line);
}

void
rspamd_parse(struct arena *a, const char *text,
    struct rspamd_config *config)
{
	struct reader r = { .arena = a, .config = config };
	char *rest = arena_strdup(a, text), *line;

	*config = (struct rspamd_config){ 0 };
	while ((line = strsep(&rest, "\n")) != NULL)
		line_take(&r, line);
}

void
rspamd_clear(struct rspamd_config *config)
{
	VECTOR_CLEAR(&config->entries);
}
