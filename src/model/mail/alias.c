/* Aliases: writing rows, and what must hold after each. */
#include "model/mail/alias.h"

#include <string.h>

#include "base/sentence.h"
#include "base/words.h"
#include "model/address.h"
#include "model/mail/delivery.h"
#include "model/mail/domain.h"
#include "model/mail/grant.h"

static bool
no_such_alias(const char *mail, const char *to, struct err *e)
{
	if (to != NULL)
		return err_set(e, ERR_NOT_FOUND, "no such alias: %s -> %s",
		    mail, to);
	return err_set(e, ERR_NOT_FOUND, "no such alias: %s", mail);
}

/* --- what a row may be ----------------------------------------------- */

/* A destination of ours that nothing accepts is mail lost or bounced. */
static bool
destination_check(struct mail *m, const char *mail, const char *to,
    bool force, struct err *e)
{
	struct delivery d;

	/* delivery_check() looks whether that keeps a copy. */
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
	if (!db_query(m->db, m->arena, SQL_ALIAS_ROWS, PARAMS(TEXT(mail)),
	    &rows, e))
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

static bool
rows_locked(struct mail *m, const char *mail, struct db_rows *rows,
    struct err *e)
{
	return db_query(m->db, m->arena, SQL_ALIAS_LOCK, PARAMS(TEXT(mail)),
	    rows, e);
}

static const struct alias *
row_to(const struct db_rows *rows, const char *to)
{
	const struct alias *row = rows->row;

	for (size_t i = 0; i < rows->count; i++) {
		if (strcmp(row[i].destination, to) == 0)
			return &row[i];
	}
	return NULL;
}

/* An active row, with what all rows of its address share. */
static bool
row_add(struct mail *m, const struct alias *row, bool force, struct err *e)
{
	return destination_check(m, row->mail, row->destination, force, e) &&
	    db_exec(m->db, SQL_ALIAS_ADD, PARAMS(TEXT(row->mail),
		TEXT(row->destination), NUMBER(true),
		ALIAS_VALUES(COLUMN_PARAM, row)), e);
}

static bool
row_set(struct mail *m, const struct alias *row, struct err *e)
{
	return db_exec(m->db, SQL_ALIAS_SET, PARAMS(NUMBER(row->active),
	    ALIAS_VALUES(COLUMN_PARAM, row) TEXT(row->mail),
	    TEXT(row->destination)), e);
}

/* What all rows of the address are to share. */
static struct alias
values_put(const struct alias_write *w, const struct db_rows *rows)
{
	static const struct alias defaults = {
	    ALIAS_VALUES(COLUMN_DEFAULT,) .active = true };
	struct alias row = rows->count > 0 ?
	    *(const struct alias *)rows->row : defaults;

	row.mail = w->mail;
	ALIAS_VALUES(VALUE_PUT, &row, w)
	return row;
}

/* A row that stays: with these values, and this `active`. */
static bool
row_keep(struct mail *m, const struct alias *row, const struct alias *like,
    bool active, bool *changed, struct err *e)
{
	struct words differ = { 0 };
	struct alias new = *row;

	new.mail = like->mail;
	ALIAS_VALUES(VALUE_DIFFER, m->arena, &differ, row, like)
	*changed = differ.count > 0 || row->active != active;
	new.active = active;
	ALIAS_VALUES(COLUMN_ASSIGN, &new, like)
	return !*changed || row_set(m, &new, e);
}

/* The locks, the domain and its limit, and the rows that are there. */
static bool
write_begin(struct mail *m, const char *mail, struct db_rows *rows,
    struct err *e)
{
	struct domain d;

	return mail_lock_aliases(m, e) &&
	    domain_lock(m, address_domain(mail), &d, e) &&
	    rows_locked(m, mail, rows, e) &&
	    domain_check_alias_limit(m, d.domain, rows->count == 0, e);
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
		if (row_to(rows, row.destination) != NULL ||
		    words_have(&seen, row.destination))
			continue;
		words_add(m->arena, &seen, row.destination);
		if (!row_add(m, &row, w->force, e))
			return false;
		(*added)++;
	}
	return true;
}

/* Where the mail goes has changed: what must hold, and what to say. */
static bool
write_end(struct mail *m, const char *mail, struct err *e)
{
	return delivery_check(m, mail, e) && note_shadowed_user(m, mail, e);
}

bool
alias_add(struct mail *m, const struct alias_write *w, size_t *added,
    enum outcome *outcome, struct err *e)
{
	struct db_rows rows;
	const struct alias *row;
	struct alias like;
	bool changed;

	if (!write_begin(m, w->mail, &rows, e) ||
	    !add_missing(m, w, &rows, added, e))
		return false;
	*outcome = *added > 0 ? OUTCOME_CHANGED : OUTCOME_UNCHANGED;
	like = values_put(w, &rows);
	row = rows.row;
	for (size_t i = 0; i < rows.count; i++) {
		if (!row_keep(m, &row[i], &like, row[i].active, &changed, e))
			return false;
		if (changed)
			*outcome = OUTCOME_CHANGED;
	}
	if (*added == 0)
		return true;
	if (rows.count == 0)
		note_new_catchall(m, w->mail);
	return write_end(m, w->mail, e);
}

/* One row becomes what a whole list wants it to be, or goes. */
static bool
row_settle(struct mail *m, const struct alias_write *w,
    const struct alias *row, const struct alias *like, bool *changed,
    struct err *e)
{
	if (w->to.count == 0)
		return row_keep(m, row, like, row->active, changed, e);
	if (words_have(&w->to, row->destination))
		return row_keep(m, row, like, true, changed, e);
	*changed = true;
	return db_exec(m->db, SQL_ALIAS_REMOVE, PARAMS(TEXT(w->mail),
	    TEXT(row->destination)), e);
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
	if (!write_begin(m, w->mail, &rows, e))
		return false;
	if (rows.count == 0 && w->to.count == 0)
		return no_such_alias(w->mail, NULL, e);
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
	return *outcome == OUTCOME_UNCHANGED || write_end(m, w->mail, e);
}

/* --- remove ---------------------------------------------------------- */

bool
alias_name_removed(struct mail *m, const char *address, struct err *e)
{
	struct delivery d;

	if (address_is_catchall(address))
		return true;
	if (!delivery_resolve(m, address, &d, e))
		return false;
	if (d.how == RESOLVED_NOTHING)
		return true;
	if (!delivery_check(m, address, e))
		return err_hint(e, "without %s, mail would loop",
		    address);
	if (d.how == RESOLVED_CATCHALL)
		mail_note(m, "mail for %s goes to the catch-all %s now",
		    address, d.key);
	return true;
}

bool
alias_keep_postmaster(struct mail *m, const char *address, bool force,
    struct err *e)
{
	struct delivery d;

	if (force || strncmp(address, "postmaster@", 11) != 0)
		return true;
	if (!delivery_resolve(m, address, &d, e))
		return false;
	if (d.how != RESOLVED_NOTHING && d.how != RESOLVED_CATCHALL)
		return true;
	err_set(e, ERR_REFUSED, "%s would have no postmaster address",
	    address_domain(address));
	return err_hint(e, "RFC 5321 requires one; --force removes it anyway");
}

bool
alias_sources(struct mail *m, const char *to, struct words *sources,
    struct err *e)
{
	return db_texts(m->db, m->arena, SQL_ALIAS_SOURCES,
	    PARAMS(TEXT(to)), sources, e);
}

/* Says which aliases lead to one of these names, if nothing accepts it. */
static bool
note_dangling(struct mail *m, const struct words *names, struct err *e)
{
	for (size_t i = 0; i < names->count; i++) {
		struct words sources;
		struct delivery d;

		if (!alias_sources(m, names->word[i], &sources, e) ||
		    !delivery_resolve(m, names->word[i], &d, e))
			return false;
		if (sources.count > 0 && d.how == RESOLVED_NOTHING)
			mail_note(m, "%s still lead to %s, which no longer "
			    "exists", sentence_list(m->arena, &sources),
			    names->word[i]);
	}
	return true;
}

bool
alias_note_emptied(struct mail *m, const struct words *mails, struct err *e)
{
	struct words gone = { 0 };

	for (size_t i = 0; i < mails->count; i++) {
		int64_t active;

		if (!db_number(m->db, SQL_ALIAS_EXISTS,
		    PARAMS(TEXT(mails->word[i])), &active, e))
			return false;
		if (active != FIELD_NULL)
			continue;
		words_add(m->arena, &gone, mails->word[i]);
		if (!grant_name_removed(m, mails->word[i], e) ||
		    !alias_name_removed(m, mails->word[i], e))
			return false;
	}
	if (gone.count > 0) {
		/* There is room in their domains now. */
		db_cache_clear(m->db);
		mail_note(m, "removed, as no destination is left: %s",
		    sentence_list(m->arena, &gone));
	}
	return note_dangling(m, &gone, e);
}

bool
alias_remove_sources(struct mail *m, const char *to, struct err *e)
{
	struct words sources;

	if (!alias_sources(m, to, &sources, e))
		return false;
	for (size_t i = 0; i < sources.count; i++) {
		if (!db_exec(m->db, SQL_ALIAS_REMOVE, PARAMS(
		    TEXT(sources.word[i]), TEXT(to)), e))
			return false;
	}
	return alias_note_emptied(m, &sources, e);
}

bool
alias_repoint(struct mail *m, const char *old, const char *new,
    struct err *e)
{
	struct words sources;

	if (!alias_sources(m, old, &sources, e) ||
	    !db_exec(m->db, SQL_ALIAS_REPOINT_MERGE, PARAMS(TEXT(new),
		TEXT(old)), e) ||
	    !db_exec(m->db, SQL_ALIAS_REPOINT, PARAMS(TEXT(new), TEXT(old)),
		e))
		return false;
	for (size_t i = 0; i < sources.count; i++) {
		if (!delivery_check(m, sources.word[i], e))
			return false;
	}
	return true;
}

/* Other aliases that lead to a name which nothing answers for now. */
static bool
remove_dangling(struct mail *m, const char *mail,
    const struct alias_removal *how, struct err *e)
{
	struct words sources;
	struct delivery d;

	if (how->force || address_is_catchall(mail))
		return true;
	if (!alias_sources(m, mail, &sources, e) || sources.count == 0)
		return sources.count == 0;
	if (!delivery_resolve(m, mail, &d, e))
		return false;
	if (d.how != RESOLVED_NOTHING)
		return true;
	if (how->cascade)
		return alias_remove_sources(m, mail, e);
	err_set(e, ERR_REFUSED, "aliases still lead to %s: %s", mail,
	    sentence_list(m->arena, &sources));
	return err_hint(e, "--cascade removes those rows, too");
}

static bool
remove_rows(struct mail *m, const char *mail, const struct words *to,
    const struct db_rows *rows, size_t *removed, struct err *e)
{
	const struct alias *row = rows->row;

	*removed = 0;
	for (size_t i = 0; i < rows->count; i++) {
		if (to->count > 0 && !words_have(to, row[i].destination))
			continue;
		(*removed)++;
		if (!db_exec(m->db, SQL_ALIAS_REMOVE, PARAMS(TEXT(mail),
		    TEXT(row[i].destination)), e))
			return false;
	}
	return true;
}

/* Each named destination must be there. */
static bool
rows_there(const char *mail, const struct words *to,
    const struct db_rows *rows, struct err *e)
{
	if (rows->count == 0)
		return no_such_alias(mail, NULL, e);
	for (size_t i = 0; i < to->count; i++) {
		if (row_to(rows, to->word[i]) == NULL)
			return no_such_alias(mail, to->word[i], e);
	}
	return true;
}

bool
alias_remove(struct mail *m, const char *mail, const struct words *to,
    const struct alias_removal *how, size_t *removed, struct err *e)
{
	struct db_rows rows;

	*removed = 0;
	if (!mail_lock_aliases(m, e) || !rows_locked(m, mail, &rows, e))
		return false;
	if (!how->if_exists && !rows_there(mail, to, &rows, e))
		return false;
	if (!remove_rows(m, mail, to, &rows, removed, e))
		return false;
	if (*removed < rows.count || rows.count == 0)
		return true;
	db_cache_clear(m->db);
	return alias_keep_postmaster(m, mail, how->force, e) &&
	    remove_dangling(m, mail, how, e) &&
	    grant_name_removed(m, mail, e) && alias_name_removed(m, mail, e);
}

bool
alias_check_into(struct mail *m, const char *domain, struct err *e)
{
	const struct sql_pair *pair;
	struct db_rows rows;

	if (!db_query(m->db, m->arena, SQL_ALIAS_OUTSIDE, PARAMS(
	    TEXT(like_domain(m->arena, domain)), TEXT("")), &rows, e))
		return false;
	pair = rows.row;
	for (size_t i = 0; i < rows.count; i++) {
		if (!delivery_check(m, pair[i].name, e))
			return false;
	}
	return true;
}

/* --- switch, show, list ---------------------------------------------- */

bool
alias_set_active(struct mail *m, const char *mail, const char *to,
    bool active, enum outcome *outcome, struct err *e)
{
	const struct alias *row;
	struct db_rows rows;
	bool found = false;

	*outcome = OUTCOME_UNCHANGED;
	if (!rows_locked(m, mail, &rows, e))
		return false;
	row = rows.row;
	for (size_t i = 0; i < rows.count; i++) {
		if (to != NULL && strcmp(row[i].destination, to) != 0)
			continue;
		found = true;
		if (row[i].active == active)
			continue;
		*outcome = OUTCOME_CHANGED;
		if (!db_exec(m->db, SQL_ALIAS_SET_ACTIVE, PARAMS(
		    NUMBER(active), TEXT(mail), TEXT(row[i].destination)),
		    e))
			return false;
	}
	return found || no_such_alias(mail, to, e);
}

bool
alias_show(struct mail *m, const char *mail, struct db_rows *rows,
    struct err *e)
{
	return db_query(m->db, m->arena, SQL_ALIAS_ROWS, PARAMS(TEXT(mail)),
	    rows, e) &&
	    (rows->count > 0 || no_such_alias(mail, NULL, e));
}

static size_t
filter_params(struct arena *a, const struct list_filter *f, struct param *p)
{
	size_t n = 0;

	p[n++] = (struct param)TEXT(like_pattern(a, f->pattern));
	p[n++] = (struct param)NUMBER(!f->inactive);
	p[n++] = (struct param)TEXT(f->domain);
	p[n++] = (struct param)TEXT(f->domain);
	p[n++] = (struct param)TEXT(f->to);
	p[n++] = (struct param)TEXT(f->to);
	return n;
}

static size_t
list_params(struct arena *a, const struct list_filter *f, const void *last,
    int64_t limit, bool page, struct param *p)
{
	const struct alias *row = last;
	size_t n = filter_params(a, f, p);

	if (page) {
		p[n++] = (struct param)TEXT(row ? row->mail : "");
		p[n++] = (struct param)TEXT(row ? row->mail : "");
		p[n++] = (struct param)TEXT(row ? row->destination : "");
	}
	p[n++] = (struct param)NUMBER(limit);
	return n;
}

bool
alias_list(struct mail *m, const struct list_filter *f, db_row_each each,
    void *arg, struct err *e)
{
	static const struct list list = { SQL_ALIAS_LIST,
	    SQL_ALIAS_LIST_SORTED, alias_fields, sizeof(struct alias),
	    list_params };

	return list_run(m, &list, f, each, arg, e);
}

bool
alias_count(struct mail *m, const struct list_filter *f, int64_t *count,
    struct err *e)
{
	struct param p[LIST_PARAMS];
	size_t n = filter_params(m->arena, f, p);

	return db_number(m->db, SQL_ALIAS_COUNT, (struct params){ p, n },
	    count, e);
}
