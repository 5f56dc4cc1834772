/* Removing a domain: first everything in it, row by row. */
#include <string.h>

#include "base/sentence.h"
#include "model/address.h"
#include "model/mail/alias.h"
#include "model/mail/block.h"
#include "model/mail/domain.h"
#include "model/mail/grant.h"
#include "model/mail/list.h"

static bool
outside_aliases(struct mail *m, const char *name, struct words *outside,
    struct err *e)
{
	struct db_rows rows;
	const struct sql_pair *pair;

	if (!alias_rows_into(m, name, name, &rows, e))
		return false;
	pair = rows.row;
	for (size_t i = 0; i < rows.count; i++)
		words_add(m->arena, outside, arena_printf(m->arena,
		    "%s -> %s", pair[i].name, pair[i].other));
	return true;
}

static bool
contents(struct mail *m, const char *name, struct domain_contents *c,
    struct err *e)
{
	*c = (struct domain_contents){ 0 };
	return db_number(m->db, SQL_DOMAIN_USERS, PARAMS(TEXT(name)),
		&c->users, e) &&
	    db_number(m->db, SQL_DOMAIN_ALIASES, PARAMS(TEXT(name)),
		&c->aliases, e) &&
	    db_number(m->db, SQL_PATTERN_COUNT, PARAMS(TEXT(name)),
		&c->patterns, e) &&
	    block_count(m, &(struct list_filter){ .domain = name },
		&c->blocks, e) &&
	    db_number(m->db, SQL_RECIPIENT_COUNT_OF, PARAMS(TEXT(name)),
		&c->recipients, e) &&
	    db_number(m->db, SQL_DKIM_COUNT_OF, PARAMS(TEXT(name)),
		&c->keys, e) &&
	    domain_aliases_of(m, name, &c->alias_domains, e) &&
	    outside_aliases(m, name, &c->outside, e);
}

const char *
domain_contents_text(struct arena *a, const struct domain_contents *c)
{
	const char *part[] = {
		sentence_number(a, c->users, "user", "users"),
		sentence_number(a, c->aliases, "alias", "aliases"),
		sentence_number(a, c->patterns, "pattern", "patterns"),
		sentence_number(a, c->blocks, "block", "blocks"),
		sentence_number(a, c->recipients, "recipient", "recipients"),
		sentence_number(a, c->keys, "DKIM key", "DKIM keys"),
		sentence_number(a, (int64_t)c->outside.count,
		    "alias elsewhere", "aliases elsewhere"),
		sentence_number(a, (int64_t)c->alias_domains.count,
		    "alias domain", "alias domains"),
	};
	struct words parts = { 0 };

	for (size_t i = 0; i < sizeof(part) / sizeof(part[0]); i++) {
		if (part[i][0] != '0')
			words_add(a, &parts, part[i]);
	}
	return sentence_list(a, &parts);
}

bool
domain_look(struct mail *m, const char *name, struct domain_contents *c,
    bool *found, struct err *e)
{
	struct domain d;

	return domain_find(m, name, &d, found, e) &&
	    (!*found || contents(m, name, c, e));
}

static bool
refuse_contents(struct mail *m, const char *name,
    const struct domain_contents *c, const struct domain_removal *how,
    struct err *e)
{
	if (c->users + c->aliases + c->patterns + c->blocks +
	    c->recipients + c->keys > 0 && !how->recursive) {
		err_set(e, ERR_REFUSED, "%s still has %s", name,
		    domain_contents_text(m->arena, c));
		return err_hint(e, "--recursive removes them, too");
	}
	if (c->outside.count > 0 && !how->cascade) {
		err_set(e, ERR_REFUSED, "aliases elsewhere still lead to %s: "
		    "%s", name, sentence_list(m->arena, &c->outside));
		return err_hint(e, "--cascade removes them, too");
	}
	if (c->alias_domains.count > 0 && !how->cascade) {
		err_set(e, ERR_REFUSED, "%s still has alias domains: %s",
		    name, sentence_list(m->arena, &c->alias_domains));
		return err_hint(e, "--cascade removes them, too");
	}
	return true;
}

bool
domain_keys_remove(struct mail *m, const char *name, struct err *e)
{
	if (!domain_signing(m, name, e) ||
	    !db_exec(m->db, SQL_DKIM_REMOVE_DOMAIN, PARAMS(TEXT(name)), e))
		return false;
	if (db_affected(m->db) > 0)
		mail_note(m, "also removed: %s", sentence_number(m->arena,
		    db_affected(m->db), "DKIM key", "DKIM keys"));
	return true;
}

/*
 * A domain with everything in it, and what points into it: the mails of
 * these rows go to `emptied`, but for those in the domain `with`.
 */
static bool
remove_whole(struct mail *m, const char *name, const char *with,
    struct words *emptied, struct err *e)
{
	struct words gone = { 0 };
	const struct sql_pair *pair;
	struct db_rows rows;

	if (!alias_rows_into(m, name, name, &rows, e))
		return false;
	pair = rows.row;
	for (size_t i = 0; i < rows.count; i++) {
		if (strcmp(address_domain(pair[i].name), with) == 0)
			continue;
		/* In order: rows of one alias follow each other. */
		if (i == 0 || strcmp(pair[i - 1].name, pair[i].name) != 0)
			words_add(m->arena, emptied, pair[i].name);
		words_add(m->arena, &gone, arena_printf(m->arena,
		    "%s -> %s", pair[i].name, pair[i].other));
	}
	if (gone.count > 0)
		mail_note(m, "also removed: %s",
		    sentence_list(m->arena, &gone));
	return db_exec(m->db, SQL_ALIAS_REMOVE_INTO, PARAMS(
		TEXT(like_domain(m->arena, name))), e) &&
	    db_exec(m->db, SQL_PATTERN_REMOVE_INTO, PARAMS(
		TEXT(like_domain(m->arena, name))), e) &&
	    db_exec(m->db, SQL_PATTERN_REMOVE_DOMAIN, PARAMS(TEXT(name)),
		e) &&
	    block_domain_removed(m, name, e) &&
	    db_exec(m->db, SQL_ALIAS_REMOVE_DOMAIN, PARAMS(TEXT(name)), e) &&
	    db_exec(m->db, SQL_RECIPIENT_REMOVE_DOMAIN, PARAMS(TEXT(name)),
		e) &&
	    grant_domain_removed(m, name, e) &&
	    domain_keys_remove(m, name, e) &&
	    db_exec(m->db, SQL_USER_REMOVE_DOMAIN, PARAMS(TEXT(name)), e) &&
	    db_exec(m->db, SQL_DOMAIN_REMOVE, PARAMS(TEXT(name)), e);
}

bool
domain_remove(struct mail *m, const char *name,
    const struct domain_removal *how, enum outcome *outcome, struct err *e)
{
	struct words emptied = { 0 };
	struct domain_contents c;
	struct domain d;

	*outcome = OUTCOME_ABSENT;
	if (!mail_lock_aliases(m, e))
		return false;
	if (!domain_lock(m, name, &d, e)) {
		if (e->code != ERR_NOT_FOUND || !how->if_exists)
			return false;
		err_clear(e);
		return true;
	}
	*outcome = OUTCOME_CHANGED;
	if (!contents(m, name, &c, e) ||
	    !refuse_contents(m, name, &c, how, e))
		return false;
	for (size_t i = 0; i < c.alias_domains.count; i++) {
		mail_note(m, "alias domain %s also removed",
		    c.alias_domains.word[i]);
		if (!remove_whole(m, c.alias_domains.word[i], name, &emptied,
		    e))
			return false;
	}
	if (!remove_whole(m, name, name, &emptied, e))
		return false;
	db_cache_clear(m->db);
	return alias_note_emptied(m, &emptied, e);
}
