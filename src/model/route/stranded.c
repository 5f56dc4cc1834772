/*
 * What else is refused when somebody gets no mail any more.
 *
 * Before the change the names are collected whose mail arrives there: of a
 * user by route_to(), of a domain its aliases in other domains and theirs,
 * as far as somebody takes their mail.  After it each is asked again, as
 * smtpd will: only those that nobody takes now are in the note, since
 * others have another destination, or a catch-all that takes over.
 */
#include "model/route/stranded.h"

#include <string.h>

#include "base/sentence.h"
#include "model/address.h"
#include "model/mail/alias.h"
#include "model/mail/list.h"
#include "model/mail/postfix_maps.h"
#include "model/route/destinations.h"
#include "model/route/probe.h"
#include "model/route/reach.h"

/* A domain that has more is one whose notes nobody would read. */
#define NAMES_MAX 1000

static bool
is_taken(struct mail *m, const char *name, bool *taken, struct err *e)
{
	struct destinations d;

	*taken = true;
	if (address_is_catchall(name) && !route_stranger(m,
	    address_domain(name), &name, e))
		return false;
	/* Patterns have it all: there is nothing to lose. */
	if (name == NULL)
		return true;
	if (!route_destinations(m, name, &d, e))
		return false;
	*taken = d.take;
	return true;
}

/* Those that are refused now, in one note. */
static bool
refused_note(struct mail *m, const struct words *names, const char *to,
    struct err *e)
{
	struct words refused = { 0 };

	for (size_t i = 0; i < names->count; i++) {
		const char *name = names->word[i];
		bool taken;

		if (!is_taken(m, name, &taken, e))
			return false;
		if (address_is_catchall(name))
			name = arena_printf(m->arena, "catch-all %s", name);
		if (!taken)
			words_add(m->arena, &refused, name);
	}
	if (refused.count > 0)
		mail_note(m, "%s led only to %s: %s mail is refused now",
		    sentence_list(m->arena, &refused), to,
		    refused.count > 1 ? "their" : "its");
	return true;
}

/* --- of a user ------------------------------------------------------- */

/* The user's own address is no news, with or without a tag. */
static bool
user_names(struct mail *m, const char *email, struct words *names,
    struct err *e)
{
	struct route_sources found;
	bool exists;

	*names = (struct words){ 0 };
	if (!user_exists(m, email, &exists, e))
		return false;
	if (!exists)
		return true;
	if (!route_to(m, email, &found, e))
		return false;
	for (size_t i = 0; i < found.count; i++) {
		const struct route_source *s = &found.source[i];

		if (s->kind != ROUTE_SOURCE_USER &&
		    s->kind != ROUTE_SOURCE_TAG)
			words_add(m->arena, names, s->address);
	}
	return true;
}

/* An alias of the same address sends the mail on; how: "disable". */
static bool
onward_note(struct mail *m, const char *email, const char *how,
    struct err *e)
{
	const struct sql_route_alias *row;
	struct words to = { 0 };
	struct maps_facts f;
	size_t n;

	if (!maps_facts_read(m, email, &f, e))
		return false;
	n = maps_alias_rows(&f, email, &row);
	for (size_t i = 0; maps_is_ours(&f) && i < n; i++) {
		if (row[i].active && strcmp(row[i].destination, email) != 0)
			words_add(m->arena, &to, row[i].destination);
	}
	if (to.count > 0)
		mail_note(m, "mail for %s still goes to %s: alias %s %s "
		    "stops that", email, sentence_list(m->arena, &to), how,
		    email);
	return true;
}

static bool
user_notes(struct mail *m, const struct words *names, const char *email,
    const char *how, struct err *e)
{
	return refused_note(m, names, email, e) &&
	    onward_note(m, email, how, e);
}

bool
stranded_user_set_active(struct mail *m, const char *email, bool active,
    enum outcome *outcome, struct err *e)
{
	struct words names = { 0 };

	return (active || user_names(m, email, &names, e)) &&
	    user_set_active(m, email, active, outcome, e) &&
	    (active || *outcome != OUTCOME_CHANGED ||
	    user_notes(m, &names, email, "disable", e));
}

bool
stranded_user_set(struct mail *m, const char *email,
    const struct user_values *values, enum outcome *outcome, struct err *e)
{
	bool off = values->may_receive == 0;
	struct words names = { 0 };

	return (!off || user_names(m, email, &names, e)) &&
	    user_set(m, email, values, outcome, e) &&
	    (!off || *outcome != OUTCOME_CHANGED ||
	    user_notes(m, &names, email, "disable", e));
}

bool
stranded_user_remove(struct mail *m, const char *email,
    const struct user_removal *how, enum outcome *outcome, struct err *e)
{
	struct words names;

	return user_names(m, email, &names, e) &&
	    user_remove(m, email, how, outcome, e) &&
	    (*outcome != OUTCOME_CHANGED ||
	    user_notes(m, &names, email, "remove", e));
}

/* --- of a domain ----------------------------------------------------- */

static bool
name_add(struct mail *m, struct words *names, const char *name,
    struct err *e)
{
	bool taken;

	for (size_t i = 0; i < names->count; i++) {
		if (strcmp(names->word[i], name) == 0)
			return true;
	}
	if (!is_taken(m, name, &taken, e))
		return false;
	if (taken && names->count < NAMES_MAX)
		words_add(m->arena, names, name);
	return true;
}

/* Aliases elsewhere that lead into the domain, and what leads to those. */
static bool
domain_names(struct mail *m, const char *domain, struct words *names,
    struct err *e)
{
	struct db_rows rows;
	struct words more;

	if (!alias_rows_into(m, domain, domain, &rows, e))
		return false;
	for (size_t i = 0; i < rows.count; i++) {
		const struct sql_pair *pair = (const struct sql_pair *)
		    rows.row + i;

		if (!name_add(m, names, pair->name, e))
			return false;
	}
	for (size_t i = 0; i < names->count; i++) {
		if (!alias_sources(m, names->word[i], &more, e))
			return false;
		for (size_t j = 0; j < more.count; j++) {
			if (strcmp(address_domain(more.word[j]), domain) != 0 &&
			    !name_add(m, names, more.word[j], e))
				return false;
		}
	}
	return true;
}

/* A domain's own names are no news, those of its alias domains are. */
static bool
alias_domains_note(struct mail *m, const char *domain, struct err *e)
{
	struct words domains;

	if (!domain_aliases_of(m, domain, &domains, e))
		return false;
	if (domains.count > 0)
		mail_note(m, "mail for %s is refused, too: %s of %s",
		    sentence_list(m->arena, &domains), domains.count > 1 ?
		    "alias domains" : "an alias domain", domain);
	return true;
}

bool
stranded_domain_set_active(struct mail *m, const char *name, bool active,
    enum outcome *outcome, struct err *e)
{
	struct words names = { 0 };

	return (active || domain_names(m, name, &names, e)) &&
	    domain_set_active(m, name, active, outcome, e) &&
	    (active || *outcome != OUTCOME_CHANGED ||
	    (refused_note(m, &names, name, e) &&
	    alias_domains_note(m, name, e)));
}
