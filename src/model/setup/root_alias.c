/* The line of root in aliases(5). */
#include "model/setup/root_alias.h"

#include <string.h>
#include <strings.h>

/* Names may stand in quotes, and have no case. */
static bool
is_root(const char *line)
{
	static const char root[] = "root";
	bool quoted = *line == '"';

	line += quoted;
	if (strncasecmp(line, root, strlen(root)) != 0)
		return false;
	line += strlen(root);
	if (quoted && *line++ != '"')
		return false;
	return line[strspn(line, " \t")] == ':';
}

bool
root_alias_exists(const char *aliases)
{
	const char *end;

	for (const char *p = aliases; *p != '\0'; p = end + (*end != '\0')) {
		end = p + strcspn(p, "\n");
		if (is_root(p))
			return true;
	}
	return false;
}

void
root_alias_add(struct text *aliases, const char *to)
{
	if (aliases->len > 0 && aliases->buf[aliases->len - 1] != '\n')
		text_add_char(aliases, '\n');
	text_addf(aliases, "root: %s\n", to);
}
