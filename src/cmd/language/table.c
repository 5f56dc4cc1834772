/* Finding commands in the table. */
#include <string.h>

#include "cmd/language/cmd.h"

size_t
cmd_count(void)
{
	size_t n = 0;

	for (size_t g = 0; cmd_groups[g] != NULL; g++) {
		for (const struct cmd *c = cmd_groups[g]; c->name; c++)
			n++;
	}
	return n;
}

const struct cmd *
cmd_at(size_t i)
{
	for (size_t g = 0; cmd_groups[g] != NULL; g++) {
		for (const struct cmd *c = cmd_groups[g]; c->name; c++) {
			if (i-- == 0)
				return c;
		}
	}
	return NULL;
}

const struct cmd *
cmd_find(const char *name)
{
	for (size_t g = 0; cmd_groups[g] != NULL; g++) {
		for (const struct cmd *c = cmd_groups[g]; c->name; c++) {
			if (strcmp(c->name, name) == 0)
				return c;
		}
	}
	return NULL;
}

bool
is_noun(const char *word)
{
	const struct cmd *c;
	size_t len = strlen(word);

	for (size_t i = 0; (c = cmd_at(i)) != NULL; i++) {
		if (strncmp(c->name, word, len) == 0 && c->name[len] == ' ')
			return true;
	}
	return false;
}
