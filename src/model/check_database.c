/* Checking the database: tables, keys, triggers, accounts. */
#include "model/check_private.h"

bool
check_database(struct checking *c, struct err *e)
{
	(void)e;
	if (!c->survey.ours)
		check_found(c, RULE_FOREIGN_SCHEMA, NULL,
		    "the tables are not mailadm's");
	return true;
}
