/* Checking the result of an undo: loops, lost destinations, limits. */
#include "model/history/undo_result.h"

#include "base/sentence.h"
#include "model/mail/alias.h"
#include "model/mail/alias_loop.h"
#include "model/mail/delivery.h"
#include "model/mail/grant.h"

/* For this many removed names a note says who gets their mail now. */
#define GONE_SHOWN 20

/* Aliases that came back, and those that lead into a domain that did. */
static bool
check_aliases(struct mail *m, int64_t since, struct err *e)
{
	struct words mails, domains;

	if (!db_texts(m->db, m->arena, SQL_UNDO_ALIASES,
		PARAMS(NUMBER(since), NUMBER(since)), &mails, e) ||
	    !db_texts(m->db, m->arena, SQL_UNDO_DOMAINS,
		PARAMS(NUMBER(since)), &domains, e))
		return false;
	for (size_t i = 0; i < mails.count; i++) {
		if (!alias_loop_refuse(m, mails.word[i], e))
			return false;
	}
	for (size_t i = 0; i < domains.count; i++) {
		if (!alias_check_into(m, domains.word[i], e))
			return false;
	}
	return true;
}

/* Those made before the change led nowhere before it, too. */
static bool
check_dangling(struct mail *m, const struct undo_dangling *row, bool force,
    struct words *obstacles, struct err *e)
{
	struct delivery d;

	if (!delivery_resolve(m, row->destination, &d, e))
		return false;
	if (d.how != RESOLVED_NOTHING)
		return alias_loop_refuse(m, row->mail, e);
	if (row->later && !force)
		words_add(m->arena, obstacles, arena_printf(m->arena,
		    "alias %s -> %s was made since", row->mail,
		    row->destination));
	else
		mail_note(m, "alias %s -> %s: the destination no longer "
		    "exists", row->mail, row->destination);
	return true;
}

static bool
check_all_dangling(struct mail *m, int64_t change, int64_t since, bool force,
    struct words *obstacles, struct err *e)
{
	const struct undo_dangling *row;
	struct db_rows rows;

	if (!db_query(m->db, m->arena, SQL_UNDO_DANGLING, PARAMS(
	    NUMBER(change), NUMBER(since)), &rows, e))
		return false;
	row = rows.row;
	for (size_t i = 0; i < rows.count; i++) {
		if (!check_dangling(m, &row[i], force, obstacles, e))
			return false;
	}
	return true;
}

static bool
note_gone(struct mail *m, int64_t since, struct err *e)
{
	struct words names;

	if (!db_texts(m->db, m->arena, SQL_UNDO_GONE, PARAMS(NUMBER(since),
	    NUMBER(GONE_SHOWN)), &names, e))
		return false;
	for (size_t i = 0; i < names.count; i++) {
		if (!alias_name_removed(m, names.word[i], e))
			return false;
		if (alias_keep_postmaster(m, names.word[i], false, e))
			continue;
		if (e->code != ERR_REFUSED)
			return false;
		mail_note(m, "%s", e->text);
		err_clear(e);
	}
	return true;
}

static bool
note_limits(struct mail *m, int64_t since, struct err *e)
{
	const struct sql_pair *pair;
	struct db_rows rows;

	if (!db_query(m->db, m->arena, SQL_UNDO_OVER_LIMIT, PARAMS(
	    NUMBER(since), NUMBER(since)), &rows, e))
		return false;
	pair = rows.row;
	for (size_t i = 0; i < rows.count; i++)
		mail_note(m, "%s has %s", pair[i].name, pair[i].other);
	return true;
}

static bool
note_keys(struct mail *m, int64_t since, struct err *e)
{
	struct words names;

	if (!db_texts(m->db, m->arena, SQL_UNDO_KEYS_RETIRED, PARAMS(
	    NUMBER(since)), &names, e))
		return false;
	if (names.count > 0)
		mail_note(m, "back without the private half, which is gone: "
		    "DKIM key %s", sentence_list(m->arena, &names));
	return true;
}

static bool
look_at_signing(struct mail *m, int64_t since, struct err *e)
{
	int64_t rows;

	if (!db_number(m->db, SQL_UNDO_SIGNING, PARAMS(NUMBER(since)), &rows,
	    e))
		return false;
	m->signing |= rows > 0;
	return true;
}

bool
undo_check(struct mail *m, int64_t change, int64_t since, bool force,
    struct words *obstacles, struct err *e)
{
	/* Domains, limits and names are not what they were. */
	db_cache_clear(m->db);
	return grant_undone(m, change, since, e) &&
	    check_aliases(m, since, e) &&
	    check_all_dangling(m, change, since, force, obstacles, e) &&
	    note_gone(m, since, e) && note_limits(m, since, e) &&
	    note_keys(m, since, e) && look_at_signing(m, since, e);
}
