/* Renaming a domain: first everything in it, row by row. */
#include <string.h>

#include "model/address.h"
#include "model/mail/alias.h"
#include "model/mail/alias_loop.h"
#include "model/mail/block.h"
#include "model/mail/domain.h"
#include "model/mail/grant.h"
#include "model/mail/list.h"

/* Their records are at the old name; the new one has none yet. */
static bool
keys_move(struct mail *m, const char *old, const char *new, struct err *e)
{
	if (!domain_signing(m, old, e) ||
	    !db_exec(m->db, SQL_DKIM_MOVE_DOMAIN, PARAMS(TEXT(new),
	    TEXT(old)), e))
		return false;
	if (db_affected(m->db) > 0)
		mail_note(m, "the DKIM keys of %s do not sign until their "
		    "records are published: mailadm dkim list --domain %s",
		    new, new);
	return true;
}

/*
 * The old name lives on and signs as before: d= of its mail, and the records
 * of its keys, have that name.
 */
static bool
keys_stay(struct mail *m, const char *old, const char *new, struct err *e)
{
	const struct dkim_row *key;
	struct db_rows rows;
	size_t retired = 0;

	if (!db_query(m->db, m->arena, SQL_DKIM_OF, PARAMS(TEXT(old)), &rows,
	    e))
		return false;
	key = rows.row;
	for (size_t i = 0; i < rows.count; i++)
		retired += strcmp(key[i].state, "retired") == 0;
	if (rows.count > retired)
		mail_note(m, "the DKIM keys stay with %s, whose DNS has their "
		    "records; %s needs its own: mailadm dkim add %s", old,
		    new, new);
	return true;
}

static bool
archives_move(struct mail *m, const char *into_old, const char *new,
    struct err *e)
{
	return db_exec(m->db, SQL_ARCHIVE_DOMAINS_MOVE, PARAMS(TEXT(into_old),
		TEXT(new), TEXT(into_old), TEXT(new), TEXT(into_old),
		TEXT(into_old)), e) &&
	    db_exec(m->db, SQL_ARCHIVE_USERS_MOVE, PARAMS(TEXT(into_old),
		TEXT(new), TEXT(into_old), TEXT(new), TEXT(into_old),
		TEXT(into_old)), e);
}

/* Users, grants, aliases on both sides and alias domains. */
static bool
move_children(struct mail *m, const char *old, const char *new,
    struct err *e)
{
	const char *into_old = like_domain(m->arena, old);

	return db_exec(m->db, SQL_DOMAIN_REPOINT, PARAMS(TEXT(new),
		TEXT(old)), e) &&
	    db_exec(m->db, SQL_USER_MOVE_DOMAIN, PARAMS(TEXT(new),
		TEXT(old)), e) &&
	    db_exec(m->db, SQL_RECIPIENT_MOVE_DOMAIN, PARAMS(TEXT(new),
		TEXT(old)), e) &&
	    grant_domain_renamed(m, old, new, e) &&
	    db_exec(m->db, SQL_ALIAS_MOVE_MERGE, PARAMS(TEXT(new),
		TEXT(into_old)), e) &&
	    db_exec(m->db, SQL_ALIAS_MOVE_DESTINATIONS, PARAMS(TEXT(new),
		TEXT(into_old)), e) &&
	    db_exec(m->db, SQL_ALIAS_MOVE_DOMAIN, PARAMS(TEXT(new),
		TEXT(old)), e) &&
	    db_exec(m->db, SQL_PATTERN_MOVE_MERGE, PARAMS(TEXT(new),
		TEXT(into_old)), e) &&
	    db_exec(m->db, SQL_PATTERN_MOVE_DESTINATIONS, PARAMS(TEXT(new),
		TEXT(into_old)), e) &&
	    db_exec(m->db, SQL_PATTERN_MOVE_DOMAIN, PARAMS(TEXT(new),
		TEXT(old)), e) &&
	    archives_move(m, into_old, new, e) &&
	    block_domain_renamed(m, old, new, e);
}

/*
 * Aliases that led to the new name while it was somebody else's may lead
 * in a circle now.
 */
static bool
check_arrivals(struct mail *m, const char *old, const char *new,
    const struct db_rows *arrivals, struct err *e)
{
	const struct sql_pair *pair = arrivals->row;

	for (size_t i = 0; i < arrivals->count; i++) {
		const char *mail = pair[i].name;

		if (strcmp(address_domain(mail), old) == 0)
			mail = address_join(m->arena,
			    address_local(m->arena, mail), new);
		if (!alias_loop_refuse(m, mail, e))
			return false;
	}
	return true;
}

/*
 * No foreign key cascades (history would miss it), so a rename is a new
 * row, everything moved to it, and the old row removed.
 */
static bool
old_remove(struct mail *m, const char *old, const char *new, struct err *e)
{
	return keys_move(m, old, new, e) &&
	    db_exec(m->db, SQL_DOMAIN_REMOVE, PARAMS(TEXT(old)), e);
}

/* Or it becomes an alias domain, which only has its keys still. */
static bool
old_keep(struct mail *m, const struct domain *d, const char *new,
    struct err *e)
{
	struct domain alias = { DOMAIN_VALUES(COLUMN_DEFAULT,) };

	alias.alias_of = d->alias_of != NULL ? d->alias_of : new;
	return db_exec(m->db, SQL_DOMAIN_SET, PARAMS(NUMBER(d->active),
	    DOMAIN_VALUES(COLUMN_PARAM, &alias) TEXT(d->domain)), e) &&
	    keys_stay(m, d->domain, new, e);
}

bool
domain_rename(struct mail *m, const char *old, const char *new,
    bool keep_alias, struct err *e)
{
	struct domain d, other;
	struct db_rows arrivals;
	bool found;

	if (!mail_lock_aliases(m, e) || !domain_lock(m, old, &d, e) ||
	    !domain_find(m, new, &other, &found, e))
		return false;
	if (found)
		return err_set(e, ERR_EXISTS, "domain %s already exists",
		    new);
	if (keep_alias && d.relay_to != NULL)
		return err_set(e, ERR_REFUSED, "%s is passed on to %s and "
		    "cannot have alias domains", old, d.relay_to);
	if (!alias_rows_into(m, new, new, &arrivals, e) ||
	    !db_exec(m->db, SQL_DOMAIN_COPY, PARAMS(TEXT(new), TEXT(old)),
		e) ||
	    !move_children(m, old, new, e) ||
	    !(keep_alias ? old_keep(m, &d, new, e) :
		old_remove(m, old, new, e)))
		return false;
	db_cache_clear(m->db);
	domain_note_hostname(m, new);
	return check_arrivals(m, old, new, &arrivals, e);
}
