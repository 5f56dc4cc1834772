/*
 * The steps of setup, in their order.  The rows come before the servers read
 * their new configuration: so no mail bounces from one that knows no domain
 * yet.
 */
#include "cmd/setup/setup.h"

const struct setup_step setup_steps[] = {
	{ "settings", look_settings, act_settings },
	{ "certificate", look_certificate, act_certificate },
	{ "owner", look_owner, act_owner },
	{ "database", look_database, act_database },
	{ "schema", look_schema, act_schema },
	{ "grants", look_grants, act_grants },
	{ "relayhost", look_relayhost, act_relayhost },
	{ "configuration", look_configuration, act_configuration },
	{ "aliases", look_aliases, act_aliases },
	{ "people", look_people, act_people },
	{ "services", look_services, act_services },
	{ "proof", look_proof, act_proof },
	{ 0 }
};
