/* All commands, in the order of the manual. */
#include "cmd/language/cmd.h"

extern const struct cmd domain_cmds[], recipient_cmds[], relay_cmds[],
    user_cmds[], user_list_cmds[],
    user_state_cmds[], grant_cmds[], alias_cmds[], dkim_add_cmds[],
    dkim_list_cmds[], dkim_activate_cmds[], dkim_retire_cmds[],
    dkim_sync_cmds[], dns_check_cmds[], dns_cmds[], find_cmds[], status_cmds[],
    help_cmds[], route_cmds[], check_cmds[], doctor_cmds[], doctor_ports_cmds[],
    plan_cmds[], export_cmds[], import_cmds[], foreign_cmds[],
    import_from_cmds[], import_dkim_cmds[], history_cmds[],
    config_init_cmds[], config_cmds[], verify_cmds[],
    config_calibrate_cmds[], policy_cmds[], report_cmds[], setup_cmds[],
    schema_cmds[], transaction_cmds[], shell_cmds[], hidden_cmds[];

const struct cmd *const cmd_groups[] = {
	domain_cmds, recipient_cmds, relay_cmds, user_cmds, user_list_cmds,
	user_state_cmds, grant_cmds, alias_cmds, dkim_add_cmds,
	dkim_list_cmds, dkim_activate_cmds, dkim_retire_cmds, dkim_sync_cmds,
	dns_cmds, dns_check_cmds, find_cmds, status_cmds, help_cmds,
	route_cmds, check_cmds, doctor_cmds, doctor_ports_cmds, report_cmds,
	plan_cmds, export_cmds, import_cmds, foreign_cmds, import_from_cmds,
	import_dkim_cmds, history_cmds, setup_cmds, config_init_cmds,
	config_cmds, verify_cmds, config_calibrate_cmds, policy_cmds,
	schema_cmds, transaction_cmds, shell_cmds, hidden_cmds, NULL
};
