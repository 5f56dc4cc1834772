/* All commands, in the order of the manual. */
#include <string.h>

#include "cmd/language/cmd.h"

const struct cmd *const cmd_groups[] = {
	domain_cmds, user_cmds, grant_cmds, alias_cmds, general_cmds,
	route_cmds, check_cmds, plan_cmds, export_cmds, import_cmds,
	import_from_cmds, history_cmds, config_init_cmds, config_cmds,
	verify_cmds, config_calibrate_cmds, schema_cmds, transaction_cmds,
	shell_cmds, hidden_cmds, NULL
};

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
