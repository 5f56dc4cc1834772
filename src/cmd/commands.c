/* All commands, in the order of the manual. */
#include "cmd/language/cmd.h"

extern const struct cmd domain_cmds[], user_cmds[], grant_cmds[],
    alias_cmds[], general_cmds[], route_cmds[], check_cmds[], plan_cmds[],
    export_cmds[], import_cmds[], import_from_cmds[], history_cmds[],
    config_init_cmds[], config_cmds[], verify_cmds[], config_calibrate_cmds[],
    schema_cmds[], transaction_cmds[], shell_cmds[], hidden_cmds[];

const struct cmd *const cmd_groups[] = {
	domain_cmds, user_cmds, grant_cmds, alias_cmds, general_cmds,
	route_cmds, check_cmds, plan_cmds, export_cmds, import_cmds,
	import_from_cmds, history_cmds, config_init_cmds, config_cmds,
	verify_cmds, config_calibrate_cmds, schema_cmds, transaction_cmds,
	shell_cmds, hidden_cmds, NULL
};
