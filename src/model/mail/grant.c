/* Grants: adding them, revoking them, and removing those of a removed name. */
#include "model/mail/grant.h"

#include <string.h>

#include "base/sentence.h"
#include "model/address.h"
#include "model/mail/delivery.h"
#include "model/mail/domain.h"
#include "model/mail/list.h"

/* --- grant and revoke ------------------------------------------------ */

static bool
user_lock(struct mail *m, const char *email, struct err *e)
{
	struct user user;
	bool found;

	return db_row(m->db, m->arena, SQL_USER_LOCK, PARAMS(TEXT(email)),
		&user, &found, e) &&
	    (found || err_set(e, ERR_NOT_FOUND, "no such user: %s", email));
}

static bool
grant_lock(struct mail *m, const char *email, const char *address,
    struct grant *grant, bool *granted, struct err *e)
{
	return db_row(m->db, m->arena, SQL_GRANTS_LOCK, PARAMS(TEXT(email),
	    TEXT(address)), grant, granted, e);
}

/* Addresses in other domains cannot be checked. */
static bool
address_check(struct mail *m, const char *address, bool force, struct err *e)
{
	struct delivery d;

	if (force || address_is_catchall(address))
		return true;
	if (!delivery_resolve(m, address, &d, e))
		return false;
	if (d.how != RESOLVED_NOTHING)
		return true;
	err_set(e, ERR_NOT_FOUND, "no user or alias has the address %s",
	    address);
	return err_hint(e, "add the user or alias first, or use --force");
}

/* It exists: what is given may differ. */
static bool
grant_change(struct mail *m, const struct grant *old,
    const struct grant *new, enum outcome *outcome, struct err *e)
{
	struct words changed = { 0 };

	GRANT_VALUES(CHANGED_ADD, m->arena, &changed, old, new)
	changed_say(m, &changed);
	*outcome = changed.count > 0 ? OUTCOME_CHANGED : OUTCOME_UNCHANGED;
	return changed.count == 0 || db_exec(m->db, SQL_GRANTS_SET, PARAMS(
	    TEXT(new->email), GRANT_VALUES(COLUMN_PARAM, new)
	    TEXT(new->email), TEXT(new->address)), e);
}

bool
grant_add(struct mail *m, const struct grant_new *new, bool *there,
    enum outcome *outcome, struct err *e)
{
	const char *email = new->email, *address = new->address;
	struct grant old = { GRANT_VALUES(COLUMN_DEFAULT,) }, grant;

	if (!mail_lock_aliases(m, e) || !user_lock(m, email, e) ||
	    !grant_lock(m, email, address, &old, there, e))
		return false;
	grant = old;
	grant.email = email;
	grant.address = address;
	GRANT_VALUES(VALUE_PUT, &grant, new)
	if (!expiry_check(m, old.expires, grant.expires, e))
		return false;
	if (*there)
		return grant_change(m, &old, &grant, outcome, e);
	*outcome = OUTCOME_CHANGED;
	if (strcmp(email, address) == 0)
		mail_note(m, "%s may send as %s without a grant", email,
		    address);
	return address_check(m, address, new->force, e) &&
	    db_exec(m->db, SQL_GRANTS_ADD, PARAMS(TEXT(email),
		TEXT(address), GRANT_VALUES(COLUMN_PARAM, &grant)), e);
}

bool
grant_remove(struct mail *m, const char *email, const char *address,
    bool if_exists, enum outcome *outcome, struct err *e)
{
	struct grant grant;
	bool granted;

	*outcome = OUTCOME_ABSENT;
	if (!grant_lock(m, email, address, &grant, &granted, e))
		return false;
	if (!granted && if_exists)
		return true;
	if (!granted) {
		if (!user_lock(m, email, e))
			return false;
		err_set(e, ERR_NOT_FOUND, "%s has no grant to send as %s",
		    email, address);
		return err_hint(e, "mailadm user show %s lists them", email);
	}
	*outcome = OUTCOME_CHANGED;
	return db_exec(m->db, SQL_GRANTS_REMOVE, PARAMS(TEXT(email),
	    TEXT(address)), e);
}

bool
grant_list(struct mail *m, const char *email, struct words *addresses,
    struct err *e)
{
	return db_texts(m->db, m->arena, SQL_GRANTS_OF, PARAMS(TEXT(email)),
	    addresses, e);
}

/* --- users ----------------------------------------------------------- */

/* Notes the grants that other users lose. */
static void
note_lost(struct mail *m, const char *email, const struct db_rows *rows)
{
	const struct sql_pair *grant = rows->row;
	struct words others = { 0 };

	for (size_t i = 0; i < rows->count; i++) {
		if (strcmp(grant[i].name, email) != 0)
			words_add(m->arena, &others, grant[i].name);
	}
	if (others.count > 0)
		mail_note(m, "no longer granted to send as %s: %s", email,
		    sentence_list(m->arena, &others));
}

bool
grant_user_removed(struct mail *m, const char *email, struct err *e)
{
	struct db_rows rows;

	if (!db_exec(m->db, SQL_USAGE_REMOVE, PARAMS(TEXT(email)), e) ||
	    !db_query(m->db, m->arena, SQL_GRANTS_ABOUT, PARAMS(TEXT(email),
		TEXT(email)), &rows, e))
		return false;
	note_lost(m, email, &rows);
	return rows.count == 0 || db_exec(m->db, SQL_GRANTS_REMOVE_ABOUT,
	    PARAMS(TEXT(email), TEXT(email)), e);
}

/* Removes what a former user of the new name may have left. */
static bool
usage_rename(struct mail *m, const char *old, const char *new,
    struct err *e)
{
	return db_exec(m->db, SQL_USAGE_REMOVE, PARAMS(TEXT(new)), e) &&
	    db_exec(m->db, SQL_LOGINS_RENAME, PARAMS(TEXT(new), TEXT(old)),
		e) &&
	    db_exec(m->db, SQL_QUOTA_USAGE_RENAME, PARAMS(TEXT(new),
		TEXT(old)), e) &&
	    db_exec(m->db, SQL_SEND_USAGE_RENAME, PARAMS(TEXT(new),
		TEXT(old)), e);
}

bool
grant_user_renamed(struct mail *m, const char *old, const char *new,
    struct err *e)
{
	return usage_rename(m, old, new, e) &&
	    db_exec(m->db, SQL_GRANTS_RENAME, PARAMS(TEXT(new), TEXT(old)),
		e) &&
	    db_exec(m->db, SQL_GRANTS_REPOINT_MERGE, PARAMS(TEXT(new),
		TEXT(old)), e) &&
	    db_exec(m->db, SQL_GRANTS_REPOINT, PARAMS(TEXT(new),
		TEXT(old)), e);
}

/* --- domains --------------------------------------------------------- */

bool
grant_domain_removed(struct mail *m, const char *domain, struct err *e)
{
	const char *into = like_domain(m->arena, domain);

	if (!db_exec(m->db, SQL_USAGE_REMOVE_DOMAIN, PARAMS(TEXT(domain)),
		e) ||
	    !db_exec(m->db, SQL_GRANTS_REMOVE_DOMAIN, PARAMS(TEXT(into),
		TEXT(into)), e))
		return false;
	if (db_affected(m->db) > 0)
		mail_note(m, "also removed: %s", sentence_number(m->arena,
		    db_affected(m->db), "grant", "grants"));
	return true;
}

bool
grant_domain_renamed(struct mail *m, const char *old, const char *new,
    struct err *e)
{
	const char *into_old = like_domain(m->arena, old);

	return db_exec(m->db, SQL_USAGE_REMOVE_DOMAIN, PARAMS(TEXT(new)),
		e) &&
	    db_exec(m->db, SQL_LOGINS_MOVE_DOMAIN, PARAMS(TEXT(old),
		TEXT(new)), e) &&
	    db_exec(m->db, SQL_QUOTA_USAGE_MOVE_DOMAIN, PARAMS(TEXT(old),
		TEXT(new)), e) &&
	    db_exec(m->db, SQL_SEND_USAGE_MOVE_DOMAIN, PARAMS(TEXT(old),
		TEXT(new)), e) &&
	    db_exec(m->db, SQL_GRANTS_MOVE_USERS, PARAMS(TEXT(new),
		TEXT(into_old)), e) &&
	    db_exec(m->db, SQL_GRANTS_MOVE_MERGE, PARAMS(TEXT(new),
		TEXT(into_old)), e) &&
	    db_exec(m->db, SQL_GRANTS_MOVE, PARAMS(TEXT(new),
		TEXT(into_old)), e);
}

/* --- other names ----------------------------------------------------- */

/* True when a user, alias or domain of that name exists, enabled or not. */
static bool
address_in_use(struct mail *m, const char *address, bool *borne, struct err *e)
{
	static const enum sql_id exists[] = { SQL_USER_EXISTS,
	    SQL_ALIAS_EXISTS };
	struct domain domain;
	int64_t active;

	*borne = false;
	if (address_is_catchall(address))
		return domain_find(m, address_domain(address), &domain,
		    borne, e);
	for (size_t i = 0; i < 2 && !*borne; i++) {
		if (!db_number(m->db, exists[i], PARAMS(TEXT(address)),
		    &active, e))
			return false;
		*borne = active != FIELD_NULL;
	}
	return true;
}

bool
grant_name_removed(struct mail *m, const char *address, struct err *e)
{
	struct db_rows rows;
	bool borne;

	/* @DOMAIN is a grant of the domain, and no catch-all. */
	if (address_is_catchall(address))
		return true;
	if (!db_query(m->db, m->arena, SQL_GRANTS_ABOUT, PARAMS(TEXT(NULL),
	    TEXT(address)), &rows, e))
		return false;
	if (rows.count == 0)
		return true;
	if (!address_in_use(m, address, &borne, e))
		return false;
	if (borne)
		return true;
	note_lost(m, address, &rows);
	return db_exec(m->db, SQL_GRANTS_REMOVE_ABOUT, PARAMS(TEXT(NULL),
	    TEXT(address)), e);
}

/* --- undo ------------------------------------------------------------ */

static bool
undo_lost(struct mail *m, int64_t change, int64_t since, struct err *e)
{
	const struct sql_pair *grant;
	struct db_rows rows;
	bool borne;

	if (!db_query(m->db, m->arena, SQL_UNDO_GRANTS_LOST, PARAMS(
	    NUMBER(since), NUMBER(change)), &rows, e))
		return false;
	grant = rows.row;
	for (size_t i = 0; i < rows.count; i++) {
		const char *address = grant[i].other;

		if (!address_in_use(m, address, &borne, e))
			return false;
		if (borne)
			continue;
		mail_note(m, "no longer granted to send as %s: %s", address,
		    grant[i].name);
		if (!db_exec(m->db, SQL_GRANTS_REMOVE, PARAMS(
		    TEXT(grant[i].name), TEXT(address)), e))
			return false;
	}
	return true;
}

bool
grant_undone(struct mail *m, int64_t change, int64_t since, struct err *e)
{
	static const enum sql_id usage[] = { SQL_UNDO_USAGE_REMOVED,
	    SQL_UNDO_USAGE_FREE, SQL_UNDO_LOGINS_RENAMED,
	    SQL_UNDO_QUOTA_USAGE_RENAMED, SQL_UNDO_SEND_USAGE_RENAMED };

	for (size_t i = 0; i < sizeof(usage) / sizeof(usage[0]); i++) {
		if (!db_exec(m->db, usage[i], PARAMS(NUMBER(since)), e))
			return false;
	}
	return undo_lost(m, change, since, e);
}
