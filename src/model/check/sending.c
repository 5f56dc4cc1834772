/* Checking what users have sent: who was refused at a limit? */
#include "model/check/private.h"

static bool
refusal_read(void *arg, const void *row, struct err *e)
{
	const struct survey_refusal *refusal = row;
	struct checking *c = arg;

	(void)e;
	/* NULL: a table without its key.  The time would be new each night. */
	if (refusal->email != NULL)
		check_found(c, RULE_USER_SEND_LIMIT, refusal->email, "user %s "
		    "has reached the sending limit within the last day",
		    refusal->email);
	return true;
}

bool
check_sending(struct checking *c, struct err *e)
{
	bool denied;

	if (!survey_refusals_each(&c->survey, refusal_read, c, &denied, e))
		return false;
	if (denied)
		check_unchecked(c, RULE_USER_SEND_LIMIT, "this account may "
		    "not read send_usage");
	return true;
}
