/* The steps of a DKIM key from state to state, and out. */
#include <string.h>

#include "model/dkim/dkim.h"
#include "model/dkim/private.h"
#include "model/mail/domain.h"

/* The row, locked as the domain is. */
static bool
lock(struct mail *m, const char *domain, const char *selector,
    struct dkim_row *row, struct err *e)
{
	struct domain d;
	bool found;

	return domain_lock(m, domain, &d, e) && db_row(m->db, m->arena,
	    SQL_DKIM_LOCK, PARAMS(TEXT(domain), TEXT(selector)), row, &found,
	    e) && (found || dkim_no_such_key(m, domain, selector, e));
}

static bool
state_set(struct mail *m, const struct dkim_row *row, const char *state,
    struct err *e)
{
	return db_exec(m->db, SQL_DKIM_SET_STATE, PARAMS(TEXT(state),
	    TEXT(row->domain), TEXT(row->selector)), e);
}

/* The key that signs now, if any, is retiring before another signs. */
static bool
active_end(struct mail *m, const struct dkim_row *row, struct err *e)
{
	const struct dkim_row *all;
	struct db_rows rows;

	if (!db_query(m->db, m->arena, SQL_DKIM_OF, PARAMS(TEXT(row->domain)),
	    &rows, e))
		return false;
	all = rows.row;
	for (size_t i = 0; i < rows.count; i++) {
		if (dkim_is(&all[i], "active") &&
		    strcmp(all[i].algorithm, row->algorithm) == 0)
			return state_set(m, &all[i], "retiring", e);
	}
	return true;
}

/* As it was when it was looked at, before the transaction. */
static bool
lock_same(struct mail *m, const struct dkim_row *row, struct err *e)
{
	struct dkim_row now;

	return lock(m, row->domain, row->selector, &now, e) &&
	    (strcmp(now.state, row->state) == 0 || err_set(e, ERR_REFUSED,
	    "the DKIM key %s of %s was changed by another session: it is %s",
	    row->selector, row->domain, now.state));
}

bool
dkim_lock_same(struct mail *m, const struct dkim_row *row, bool *same,
    struct err *e)
{
	struct dkim_row now;
	bool found = lock(m, row->domain, row->selector, &now, e);

	*same = found && strcmp(now.state, row->state) == 0;
	if (!found && e->code != ERR_NOT_FOUND)
		return false;
	err_clear(e);
	return true;
}

bool
dkim_activate(struct mail *m, const struct dkim_row *row, struct err *e)
{
	m->signing = true;
	return lock_same(m, row, e) && active_end(m, row, e) &&
	    state_set(m, row, "active", e);
}

bool
dkim_expire(struct mail *m, const struct dkim_row *row, struct err *e)
{
	return lock_same(m, row, e) && db_exec(m->db, SQL_DKIM_RETIRE,
	    PARAMS(TEXT(row->domain), TEXT(row->selector)), e);
}

bool
dkim_see(struct mail *m, const struct dkim_row *row, struct err *e)
{
	return db_exec(m->db, SQL_DKIM_SEEN, PARAMS(TEXT(row->domain),
	    TEXT(row->selector)), e);
}

/* Of any algorithm: mail would go out unsigned without the others. */
static bool
signs_alone(struct mail *m, const struct dkim_row *row, bool *alone,
    struct err *e)
{
	const struct dkim_row *all;
	struct db_rows rows;
	size_t active = 0;

	if (!db_query(m->db, m->arena, SQL_DKIM_OF, PARAMS(TEXT(row->domain)),
	    &rows, e))
		return false;
	all = rows.row;
	for (size_t i = 0; i < rows.count; i++)
		active += dkim_is(&all[i], "active");
	*alone = dkim_is(row, "active") && active == 1;
	return true;
}

/* Somebody wrote it past the checks of the table. */
static bool
keeps_private(struct mail *m, const struct dkim_row *row, bool *keeps,
    struct err *e)
{
	int64_t keys;

	if (!db_number(m->db, SQL_DKIM_KEPT, PARAMS(TEXT(row->domain),
	    TEXT(row->selector)), &keys, e))
		return false;
	*keeps = keys > 0;
	return true;
}

static bool
refuse_retire(struct mail *m, const struct dkim_row *row, bool force,
    struct err *e)
{
	bool alone;

	if (dkim_is(row, "pending")) {
		err_set(e, ERR_REFUSED, "the DKIM key %s of %s is pending: it "
		    "has signed nothing", row->selector, row->domain);
		return err_hint(e, "mailadm dkim remove %s %s", row->domain,
		    row->selector);
	}
	if (!signs_alone(m, row, &alone, e))
		return false;
	if (!alone || force)
		return true;
	err_set(e, ERR_REFUSED, "%s is the only active DKIM key of %s: its "
	    "mail would go out unsigned", row->selector, row->domain);
	return err_hint(e, "add and activate another one first, or use "
	    "--force");
}

bool
dkim_retire(struct mail *m, const char *domain, const char *selector,
    bool force, enum outcome *outcome, struct err *e)
{
	struct dkim_row row;
	bool keeps = true;

	*outcome = OUTCOME_UNCHANGED;
	if (!lock(m, domain, selector, &row, e))
		return false;
	if (!(dkim_is(&row, "retired") ? keeps_private(m, &row, &keeps, e) :
	    refuse_retire(m, &row, force, e)))
		return false;
	if (!keeps)
		return true;
	*outcome = OUTCOME_CHANGED;
	m->signing |= dkim_is(&row, "active");
	return db_exec(m->db, SQL_DKIM_RETIRE, PARAMS(TEXT(domain),
	    TEXT(selector)), e);
}

/* A pending key has signed nothing. */
static bool
refuse_needed(struct mail *m, const struct dkim_row *row, int64_t retire,
    struct err *e)
{
	int64_t now;

	if (dkim_is(row, "pending"))
		return true;
	if (!dkim_is(row, "retired")) {
		err_set(e, ERR_REFUSED, "the DKIM key %s of %s is %s",
		    row->selector, row->domain, row->state);
		return err_hint(e, "mailadm dkim retire %s %s, or --force",
		    row->domain, row->selector);
	}
	if (!db_number(m->db, SQL_NOW, NO_PARAMS, &now, e))
		return false;
	if (now - row->since >= retire)
		return true;
	err_set(e, ERR_REFUSED, "the DKIM key %s of %s was retired less than "
	    "%lld seconds ago: mail that it has signed may be under way",
	    row->selector, row->domain, (long long)retire);
	return err_hint(e, "wait (setting dkim_retire), or use --force");
}

bool
dkim_remove(struct mail *m, const struct dkim_removal *how,
    enum outcome *outcome, struct err *e)
{
	struct dkim_row row;

	*outcome = OUTCOME_ABSENT;
	if (!lock(m, how->domain, how->selector, &row, e)) {
		if (e->code != ERR_NOT_FOUND || !how->if_exists)
			return false;
		err_clear(e);
		return true;
	}
	*outcome = OUTCOME_CHANGED;
	m->signing |= dkim_is(&row, "active");
	return (how->force || refuse_needed(m, &row, how->retire, e)) &&
	    db_exec(m->db, SQL_DKIM_REMOVE, PARAMS(TEXT(how->domain),
	    TEXT(how->selector)), e);
}
