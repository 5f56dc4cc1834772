/* Checking what expires: users, rows of aliases, grants. */
#include "base/time.h"
#include "model/check/private.h"

#define DAY 86400

bool
check_expired(const struct checking *c, int64_t expires)
{
	return expires != FIELD_NULL && expires <= c->now;
}

/* The rule behind `soon` is that of what has expired. */
void
check_expires(struct checking *c, enum rule_id soon, const char *name,
    const char *what, int64_t expires)
{
	char when[TIME_TEXT];

	time_format(when, expires);
	if (expires <= c->now)
		check_found(c, (enum rule_id)(soon + 1), name,
		    "%s expired at %s", what, when);
	else if (expires <= c->now + c->options->expiry_days * DAY)
		check_found(c, soon, name, "%s expires at %s", what, when);
}

bool
check_expiry_begin(struct checking *c, struct err *e)
{
	return db_number(c->m->db, SQL_NOW, NO_PARAMS, &c->now, e);
}
