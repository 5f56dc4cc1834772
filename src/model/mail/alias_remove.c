/* Removing aliases and names, or what leads to them leads elsewhere. */
#include <string.h>

#include "base/sentence.h"
#include "model/address.h"
#include "model/mail/alias.h"
#include "model/mail/alias_loop.h"
#include "model/mail/delivery.h"
#include "model/mail/grant.h"

bool
alias_name_removed(struct mail *m, const char *address, struct err *e)
{
	struct delivery d;

	if (address_is_catchall(address) || address_is_pattern(address))
		return true;
	if (!delivery_resolve(m, address, &d, e))
		return false;
	if (d.how == RESOLVED_NOTHING)
		return true;
	if (!alias_loop_refuse(m, address, e))
		return err_hint(e, "without %s, mail would loop",
		    address);
	if (d.how == RESOLVED_CATCHALL)
		mail_note(m, "mail for %s goes to the catch-all %s now",
		    address, d.key);
	if (d.how == RESOLVED_PATTERN)
		mail_note(m, "mail for %s is taken by a pattern now: %s",
		    address, sentence_list(m->arena, &d.to));
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
	if (d.how != RESOLVED_NOTHING && d.how != RESOLVED_PATTERN &&
	    d.how != RESOLVED_CATCHALL)
		return true;
	err_set(e, ERR_REFUSED, "%s would have no postmaster address",
	    address_domain(address));
	return err_hint(e, "RFC 5321 requires one; --force removes it anyway");
}

/* Notes the aliases that lead to one of these names, if nothing accepts it. */
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
		struct db_rows rows;

		if (!alias_rows(m, m->arena, mails->word[i], &rows, e))
			return false;
		if (rows.count > 0)
			continue;
		words_add(m->arena, &gone, mails->word[i]);
		if (!grant_name_removed(m, mails->word[i], e) ||
		    !alias_name_removed(m, mails->word[i], e))
			return false;
	}
	if (gone.count > 0) {
		/* Their domains have room for other aliases now. */
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
		if (!alias_row_remove(m, sources.word[i], to, e))
			return false;
	}
	return alias_note_emptied(m, &sources, e);
}

/* Other aliases that lead to a name which no longer exists. */
static bool
remove_dangling(struct mail *m, const char *mail,
    const struct alias_removal *how, struct err *e)
{
	struct words sources;
	struct delivery d;

	if (how->force || address_is_catchall(mail) ||
	    address_is_pattern(mail))
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
	struct words left = { 0 };

	*removed = 0;
	for (size_t i = 0; i < rows->count; i++) {
		if (to->count > 0 && !words_have(to, row[i].destination)) {
			words_add(m->arena, &left, alias_row_shown(m,
			    &row[i]));
			continue;
		}
		(*removed)++;
		if (!alias_row_remove(m, mail, row[i].destination, e))
			return false;
	}
	changed_say_now(m, &left);
	return true;
}

/* Each named destination must exist. */
static bool
rows_there(const char *mail, const struct words *to,
    const struct db_rows *rows, struct err *e)
{
	if (rows->count == 0)
		return alias_not_found(mail, NULL, e);
	for (size_t i = 0; i < to->count; i++) {
		if (alias_row_to(rows, to->word[i]) == NULL)
			return alias_not_found(mail, to->word[i], e);
	}
	return true;
}

bool
alias_remove(struct mail *m, const char *mail, const struct words *to,
    const struct alias_removal *how, size_t *removed, struct err *e)
{
	struct db_rows rows;

	*removed = 0;
	if (!mail_lock_aliases(m, e) || !alias_rows_locked(m, m->arena, mail,
	    &rows, e))
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

/* --- leading elsewhere ------------------------------------------------ */

bool
alias_repoint(struct mail *m, const char *old, const char *new,
    struct err *e)
{
	struct words sources;

	if (!alias_sources(m, old, &sources, e) ||
	    !db_exec(m->db, SQL_ALIAS_REPOINT_MERGE, PARAMS(TEXT(new),
		TEXT(old)), e) ||
	    !db_exec(m->db, SQL_ALIAS_REPOINT, PARAMS(TEXT(new), TEXT(old)),
		e) ||
	    !db_exec(m->db, SQL_PATTERN_REPOINT_MERGE, PARAMS(TEXT(new),
		TEXT(old)), e) ||
	    !db_exec(m->db, SQL_PATTERN_REPOINT, PARAMS(TEXT(new),
		TEXT(old)), e))
		return false;
	for (size_t i = 0; i < sources.count; i++) {
		if (!alias_loop_refuse(m, sources.word[i], e))
			return false;
	}
	return true;
}

bool
alias_check_into(struct mail *m, const char *domain, struct err *e)
{
	const struct sql_pair *pair;
	struct db_rows rows;

	if (!alias_rows_into(m, domain, "", &rows, e))
		return false;
	pair = rows.row;
	for (size_t i = 0; i < rows.count; i++) {
		if (!alias_loop_refuse(m, pair[i].name, e))
			return false;
	}
	return true;
}
