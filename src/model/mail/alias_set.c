/* Adding aliases and changing them, and what must hold after each. */
#include <string.h>

#include "base/sentence.h"
#include "model/address.h"
#include "model/mail/alias.h"
#include "model/mail/alias_loop.h"
#include "model/mail/delivery.h"
#include "model/mail/domain.h"

/* --- what a row may be ----------------------------------------------- */

/* A destination in our domains that does not exist makes mail bounce. */
static bool
destination_check(struct mail *m, const char *mail, const char *to,
    bool force, struct err *e)
{
	struct delivery d;

	/* alias_loop_refuse() decides whether that keeps a copy. */
	if (strcmp(mail, to) == 0)
		return true;
	if (!delivery_resolve(m, to, &d, e))
		return false;
	if (d.how == RESOLVED_NOTHING && !force) {
		err_set(e, ERR_REFUSED, "%s does not exist (no user, alias or "
		    "catch-all)", to);
		return err_hint(e, "add the user or alias first, or use "
		    "--force");
	}
	if (d.how == RESOLVED_NOTHING)
		mail_note(m, "%s does not exist yet (no user, alias or "
		    "catch-all)", to);
	else if (!d.active)
		mail_note(m, "%s %s: mail for it is refused", to, d.off);
	return true;
}

/* Aliases are asked before mailboxes, so one can take all mail of a user. */
static bool
note_shadowed_user(struct mail *m, const char *mail, struct err *e)
{
	struct words to = { 0 };
	struct db_rows rows;
	const struct alias *row;
	int64_t active;

	if (!db_number(m->db, SQL_USER_EXISTS, PARAMS(TEXT(mail)), &active,
	    e))
		return false;
	if (active == FIELD_NULL)
		return true;
	if (!alias_rows(m, m->arena, mail, &rows, e))
		return false;
	row = rows.row;
	for (size_t i = 0; i < rows.count; i++) {
		if (row[i].active && strcmp(row[i].destination, mail) == 0)
			return true;
		if (row[i].active)
			words_add(m->arena, &to, row[i].destination);
	}
	if (to.count > 0)
		mail_note(m, "mail for %s now goes only to %s; to keep a "
		    "copy: alias add %s %s", mail,
		    sentence_list(m->arena, &to), mail, mail);
	return true;
}

/* A catch-all takes what used to be refused as unknown. */
static void
note_new_catchall(struct mail *m, const char *mail)
{
	if (address_is_catchall(mail))
		mail_note(m, "every unknown address in %s is accepted from "
		    "now on", address_domain(mail));
}

/* --- add and set ----------------------------------------------------- */

/* What all rows of the address share, and what is a new row's own. */
static struct alias
values_put(const struct alias_write *w, const struct db_rows *rows)
{
	static const struct alias defaults = {
	    ALIAS_ALL_VALUES(COLUMN_DEFAULT,) .active = true };
	struct alias row = rows->count > 0 ?
	    *(const struct alias *)rows->row : defaults;

	row.mail = w->mail;
	ALIAS_VALUES(VALUE_PUT, &row, w)
	ALIAS_ROW_VALUES(COLUMN_ASSIGN, &row, &defaults)
	ALIAS_ROW_VALUES(VALUE_PUT, &row, w)
	return row;
}

/* The values of a row that stays: its own, unless others are given for it. */
static struct alias
values_kept(const struct alias_write *w, const struct alias *like,
    const struct alias *row)
{
	struct alias kept = *like;

	ALIAS_ROW_VALUES(COLUMN_ASSIGN, &kept, row)
	if (w->to.count == 0 || words_have(&w->to, row->destination)) {
		ALIAS_ROW_VALUES(VALUE_PUT, &kept, w)
	}
	return kept;
}

/* A row that stays gets these values, and this `active`. */
static bool
row_keep(struct mail *m, const struct alias *row, const struct alias *like,
    bool active, bool *changed, struct err *e)
{
	struct words differ = { 0 };
	struct alias new = *row;

	new.mail = like->mail;
	ALIAS_ALL_VALUES(VALUE_DIFFER, m->arena, &differ, row, like)
	*changed = differ.count > 0 || row->active != active;
	new.active = active;
	ALIAS_ALL_VALUES(COLUMN_ASSIGN, &new, like)
	return !*changed || (expiry_check(m, row->expires, new.expires, e) &&
	    alias_row_update(m, &new, e));
}

/* Else nobody would know why a destination that is listed gets no mail. */
static void
note_expired(struct mail *m, const struct alias_write *w,
    const struct alias *row)
{
	if (w->expires == VALUE_UNSET && words_have(&w->to,
	    row->destination) && expiry_has_passed(row->expires))
		mail_note(m, "%s has expired as a destination of %s; "
		    "--expires none brings it back", row->destination,
		    row->mail);
}

/* Maps that are asked by name know who may write to an alias. */
static bool
values_fit(const struct alias_write *w, struct err *e)
{
	bool pattern = !w->literal && address_is_pattern(w->mail);

	if (w->writers != NULL && *w->writers != '\0' && (pattern ||
	    address_is_catchall(w->mail)))
		return err_set(e, ERR_INVALID, "%s is no alias of one "
		    "address, for which alone one can say who may write to it",
		    w->mail);
	if (pattern && w->expires != VALUE_UNSET && w->expires != FIELD_NULL)
		return err_set(e, ERR_INVALID, "%s is a pattern, and those do "
		    "not expire", w->mail);
	return !pattern || w->may_send == VALUE_UNSET || w->may_send == 1 ||
	    err_set(e, ERR_INVALID, "%s is a pattern: who gets its mail "
		"may send as the names that it matches", w->mail);
}

/* Of a relay domain that takes all names there is no rest. */
static bool
refuse_all_taken(const char *mail, const struct domain *d, struct err *e)
{
	if (!address_is_catchall(mail) || d->accepts == NULL)
		return true;
	err_set(e, ERR_REFUSED, "%s takes all names for %s: with a catch-all "
	    "none would be passed on", d->domain, d->relay_to);
	return err_hint(e, "mailadm domain set %s --accept known", d->domain);
}

/* The locks, the domain and its limit, and the rows that exist. */
static bool
write_begin(struct mail *m, const struct alias_write *w,
    struct db_rows *rows, struct err *e)
{
	struct domain d;

	if (!mail_lock_aliases(m, e) ||
	    !domain_lock(m, address_domain(w->mail), &d, e) ||
	    !alias_rows_locked(m, m->arena, w->mail, rows, e))
		return false;
	return values_fit(w, e) && (rows->count > 0 || ((w->literal ||
	    alias_refuse_wild(w->mail, e)) &&
	    refuse_all_taken(w->mail, &d, e) &&
	    domain_check_alias_limit(m, d.domain,
		domain_alias_counts(w->mail), e)));
}

static bool
add_missing(struct mail *m, const struct alias_write *w,
    const struct db_rows *rows, size_t *added, struct err *e)
{
	struct alias row = values_put(w, rows);
	struct words seen = { 0 };

	*added = 0;
	for (size_t i = 0; i < w->to.count; i++) {
		row.destination = w->to.word[i];
		if (alias_row_to(rows, row.destination) != NULL ||
		    words_have(&seen, row.destination))
			continue;
		words_add(m->arena, &seen, row.destination);
		row.active = true;
		if (!expiry_check(m, FIELD_NULL, row.expires, e) ||
		    !destination_check(m, row.mail, row.destination, w->force,
		    e) || !alias_row_insert(m, &row, w->literal, e))
			return false;
		(*added)++;
	}
	return true;
}

/* After a change of destinations: checks the rules, and adds the notes. */
static bool
write_end(struct mail *m, const char *mail, struct err *e)
{
	return alias_loop_refuse(m, mail, e) &&
	    (address_is_pattern(mail) || note_shadowed_user(m, mail, e));
}

/* How the rows that stay have changed. */
static void
say_values(struct mail *m, const struct alias_write *w,
    const struct db_rows *rows)
{
	const struct alias like = values_put(w, rows), *row = rows->row;
	struct words list = { 0 };

	for (size_t i = 0; i < rows->count; i++) {
		const struct alias kept = values_kept(w, &like, &row[i]);
		struct words one = { 0 };

		ALIAS_ALL_VALUES(CHANGED_ADD, m->arena, &one, &row[i], &kept)
		for (size_t j = 0; j < one.count; j++) {
			if (!words_have(&list, one.word[j]))
				words_add(m->arena, &list, one.word[j]);
		}
	}
	changed_say(m, &list);
}

/* What has changed: the destinations, or the values alone. */
static void
say_changed(struct mail *m, const struct alias_write *w,
    const struct db_rows *rows, bool moved, bool exactly)
{
	const struct alias *row = rows->row;
	struct words list = { 0 };

	for (size_t i = 0; moved && !exactly && i < rows->count; i++)
		words_add(m->arena, &list, alias_row_shown(m, &row[i]));
	for (size_t i = 0; moved && i < w->to.count; i++) {
		const char *to = w->to.word[i];

		if ((exactly || alias_row_to(rows, to) == NULL) &&
		    !words_have(&list, to))
			words_add(m->arena, &list, to);
	}
	if (moved)
		changed_say_now(m, &list);
	else
		say_values(m, w, rows);
}

bool
alias_add(struct mail *m, const struct alias_write *w, size_t *added,
    enum outcome *outcome, struct err *e)
{
	struct db_rows rows;
	const struct alias *row;
	struct alias like;
	bool changed;

	if (!write_begin(m, w, &rows, e) ||
	    !add_missing(m, w, &rows, added, e))
		return false;
	*outcome = *added > 0 ? OUTCOME_CHANGED : OUTCOME_UNCHANGED;
	like = values_put(w, &rows);
	row = rows.row;
	for (size_t i = 0; i < rows.count; i++) {
		const struct alias kept = values_kept(w, &like, &row[i]);

		note_expired(m, w, &row[i]);
		if (!row_keep(m, &row[i], &kept, row[i].active, &changed, e))
			return false;
		if (changed)
			*outcome = OUTCOME_CHANGED;
	}
	say_changed(m, w, &rows, *added > 0, false);
	if (*added == 0)
		return true;
	if (rows.count == 0)
		note_new_catchall(m, w->mail);
	return write_end(m, w->mail, e);
}

/* Makes one row what the list of `alias set` says, or removes it. */
static bool
row_settle(struct mail *m, const struct alias_write *w,
    const struct alias *row, const struct alias *like, bool *changed,
    struct err *e)
{
	const struct alias kept = values_kept(w, like, row);

	note_expired(m, w, row);
	if (w->to.count == 0)
		return row_keep(m, row, &kept, row->active, changed, e);
	if (words_have(&w->to, row->destination))
		return row_keep(m, row, &kept, true, changed, e);
	*changed = true;
	return alias_row_remove(m, w->mail, row->destination, e);
}

bool
alias_set(struct mail *m, const struct alias_write *w,
    enum outcome *outcome, struct err *e)
{
	struct db_rows rows;
	const struct alias *row;
	struct alias like;
	size_t added;
	bool changed;

	*outcome = OUTCOME_UNCHANGED;
	if (!write_begin(m, w, &rows, e))
		return false;
	if (rows.count == 0 && w->to.count == 0)
		return alias_not_found(w->mail, NULL, e);
	like = values_put(w, &rows);
	row = rows.row;
	for (size_t i = 0; i < rows.count; i++) {
		if (!row_settle(m, w, &row[i], &like, &changed, e))
			return false;
		if (changed)
			*outcome = OUTCOME_CHANGED;
	}
	if (!add_missing(m, w, &rows, &added, e))
		return false;
	if (added > 0)
		*outcome = OUTCOME_CHANGED;
	say_changed(m, w, &rows, w->to.count > 0, true);
	return *outcome == OUTCOME_UNCHANGED || write_end(m, w->mail, e);
}
