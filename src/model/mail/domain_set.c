/* Adding a domain and changing its values. */
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/sentence.h"
#include "base/text.h"
#include "model/mail/alias.h"
#include "model/mail/domain.h"
#include "model/next_hop.h"

/* Refuses `name` as an alias of `target`; triggers of the database do, too. */
static bool
alias_of_check(struct mail *m, const char *name, const char *target,
    struct err *e)
{
	struct domain t;
	struct words others;
	int64_t users, patterns;

	if (strcmp(name, target) == 0)
		return err_set(e, ERR_REFUSED,
		    "%s cannot be an alias of itself", name);
	if (!domain_lock(m, target, &t, e))
		return false;
	if (!db_number(m->db, SQL_PATTERN_COUNT, PARAMS(TEXT(name)),
	    &patterns, e))
		return false;
	if (patterns > 0) {
		err_set(e, ERR_REFUSED, "%s has patterns", name);
		return err_hint(e, "an alias domain has those of its target; "
		    "mailadm alias list --domain %s shows them last", name);
	}
	if (t.alias_of != NULL) {
		err_set(e, ERR_REFUSED, "%s is an alias of %s itself",
		    target, t.alias_of);
		return err_hint(e, "use --alias-of %s", t.alias_of);
	}
	if (t.relay_to != NULL)
		return err_set(e, ERR_REFUSED, "%s is passed on to %s and "
		    "cannot have alias domains", target, t.relay_to);
	if (!domain_aliases_of(m, name, &others, e) ||
	    !db_number(m->db, SQL_DOMAIN_USERS, PARAMS(TEXT(name)), &users,
		e))
		return false;
	if (others.count > 0)
		return err_set(e, ERR_REFUSED, "%s has alias domains itself: "
		    "%s", name, sentence_list(m->arena, &others));
	if (users > 0)
		return err_set(e, ERR_REFUSED, "%s has %s; an alias domain has "
		    "none", name,
		    sentence_number(m->arena, users, "user", "users"));
	return true;
}

/* --- where its mail goes ---------------------------------------------- */

/* Mail that comes back to this server goes round till it bounces. */
static bool
refuse_own_hop(struct mail *m, const char *name, const char *hop,
    struct err *e)
{
	const char *host;
	int64_t port;

	if (!next_hop_split(m->arena, hop, &host, &port) ||
	    port != NEXT_HOP_PORT ||
	    !next_hop_is_own(m->arena, host, m->hostname))
		return true;
	err_set(e, ERR_REFUSED, "%s is this server itself: mail for %s would "
	    "go round in a loop", host, name);
	return err_hint(e, "without --relay-to the mailboxes are here");
}

/* What a relay domain cannot have. */
static bool
refuse_contents_here(struct mail *m, const struct domain *d, struct err *e)
{
	struct words others;
	int64_t users;

	if (d->alias_of != NULL)
		return err_set(e, ERR_REFUSED, "%s is an alias of %s and is "
		    "not passed on itself", d->domain, d->alias_of);
	if (!domain_aliases_of(m, d->domain, &others, e) ||
	    !db_number(m->db, SQL_DOMAIN_USERS, PARAMS(TEXT(d->domain)),
		&users, e))
		return false;
	if (others.count > 0)
		return err_set(e, ERR_REFUSED, "%s has alias domains: %s; a "
		    "domain that is passed on has none", d->domain,
		    sentence_list(m->arena, &others));
	return users == 0 || err_set(e, ERR_REFUSED, "%s has %s; a domain "
	    "that is passed on has none", d->domain,
	    sentence_number(m->arena, users, "user", "users"));
}

/* All names or the rest of them: both cannot be. */
static bool
refuse_both_rests(struct mail *m, const struct domain *d, struct err *e)
{
	const char *rest = arena_printf(m->arena, "@%s", d->domain);
	int64_t active;

	if (d->accepts == NULL)
		return true;
	if (!db_number(m->db, SQL_ALIAS_EXISTS, PARAMS(TEXT(rest)), &active,
	    e))
		return false;
	if (active == FIELD_NULL)
		return true;
	err_set(e, ERR_REFUSED, "the catch-all %s takes all names that do "
	    "not exist, so none would be passed on", rest);
	return err_hint(e, "mailadm alias remove %s, or --accept known",
	    rest);
}

static void
note_backscatter(struct mail *m, const struct domain *d)
{
	if (d->accepts != NULL && strcmp(d->accepts, "all") == 0)
		mail_note(m, "mail for names that do not exist is taken, too: "
		    "what %s refuses bounces to senders who are mostly "
		    "forged (backscatter), for which servers are put on "
		    "blocklists; --accept verify asks it first",
		    d->relay_to);
}

/* The names have no meaning where the mailboxes are here. */
static bool
recipients_drop(struct mail *m, const struct domain *d, struct err *e)
{
	if (!db_exec(m->db, SQL_RECIPIENT_REMOVE_DOMAIN, PARAMS(
	    TEXT(d->domain)), e))
		return false;
	if (db_affected(m->db) > 0)
		mail_note(m, "also removed: %s", sentence_number(m->arena,
		    db_affected(m->db), "recipient", "recipients"));
	return true;
}

static bool
relay_check(struct mail *m, const struct domain *old,
    const struct domain *new, struct err *e)
{
	bool moved = !text_same(old->relay_to, new->relay_to);

	if (new->relay_to == NULL)
		return old->relay_to == NULL || recipients_drop(m, new, e);
	if (moved && !refuse_own_hop(m, new->domain, new->relay_to, e))
		return false;
	if (!refuse_contents_here(m, new, e) ||
	    !refuse_both_rests(m, new, e))
		return false;
	if (!text_same(old->accepts, new->accepts))
		note_backscatter(m, new);
	return true;
}

/* How mail for the domain, and that of its users, leaves. */
static bool
ways_check(struct mail *m, const struct domain *old, struct domain *new,
    struct err *e)
{
	if (new->relay_to == NULL && old->relay_to != NULL)
		new->accepts = NULL;
	if (new->relay_to == NULL && new->accepts != NULL) {
		err_set(e, ERR_REFUSED, "%s is not passed on to another "
		    "server: its users and aliases say which names it has",
		    new->domain);
		return err_hint(e, "--accept needs --relay-to HOST");
	}
	if (new->transport != NULL && new->alias_of != NULL)
		return err_set(e, ERR_REFUSED, "%s is an alias of %s, by "
		    "whose transport its mail goes", new->domain,
		    new->alias_of);
	if (!text_same(old->send_through, new->send_through) &&
	    !mail_way_require(m, new->send_through, e))
		return false;
	return relay_check(m, old, new, e);
}

/* --- add and set ----------------------------------------------------- */

/* Puts the given values into the row; "" removes one. */
static struct domain
values_put(const struct domain *old, const struct domain_values *v)
{
	struct domain new = *old;

	DOMAIN_VALUES(VALUE_PUT, &new, v)
	return new;
}

/* The names of the values in which two rows differ. */
static struct words
differences(struct arena *a, const struct domain *x, const struct domain *y)
{
	struct words w = { 0 };

	DOMAIN_VALUES(VALUE_DIFFER, a, &w, x, y)
	return w;
}

static bool
already_there(struct mail *m, const struct domain *old,
    const struct domain_values *v, bool if_not_exists,
    enum outcome *outcome, struct err *e)
{
	struct domain desired = values_put(old, v);
	struct words differ = differences(m->arena, old, &desired);

	if (!if_not_exists)
		return err_set(e, ERR_EXISTS, "domain %s already exists",
		    old->domain);
	if (differ.count > 0) {
		err_set(e, ERR_EXISTS, "domain %s exists with a different %s",
		    old->domain, sentence_list(m->arena, &differ));
		return err_hint(e, "change it with: mailadm domain set %s",
		    old->domain);
	}
	*outcome = OUTCOME_UNCHANGED;
	return true;
}

void
domain_note_hostname(struct mail *m, const char *name)
{
	char own[256] = "";

	if (gethostname(own, sizeof(own) - 1) != 0)
		own[0] = '\0';
	if (strcasecmp(name, own) != 0 && (m->hostname == NULL ||
	    strcasecmp(name, m->hostname) != 0))
		return;
	mail_note(m, "%s is the host name of this server: as long as it is "
	    "in mydestination of Postfix, its users get no mail", name);
}

bool
domain_add(struct mail *m, const char *name, const struct domain_values *v,
    bool if_not_exists, enum outcome *outcome, struct err *e)
{
	const struct domain none = { .domain = name, .active = true,
	    DOMAIN_VALUES(COLUMN_DEFAULT,) };
	struct domain old, d;
	bool found;

	if ((v->alias_of != NULL && !mail_lock_aliases(m, e)) ||
	    !domain_lock_name(m, name, &old, &found, e))
		return false;
	if (found)
		return already_there(m, &old, v, if_not_exists, outcome, e);
	d = values_put(&none, v);
	if ((d.alias_of != NULL &&
	    !alias_of_check(m, name, d.alias_of, e)) ||
	    !ways_check(m, &none, &d, e))
		return false;
	db_cache_clear(m->db);
	domain_note_hostname(m, name);
	*outcome = OUTCOME_CHANGED;
	return db_exec(m->db, SQL_DOMAIN_ADD, PARAMS(TEXT(name),
	    NUMBER(d.active), DOMAIN_VALUES(COLUMN_PARAM, &d)), e) &&
	    (d.alias_of == NULL || alias_check_into(m, name, e));
}

/* A limit may be lower than the current number: then it refuses more. */
static void
note_limit(struct mail *m, const char *name, const char *number)
{
	mail_note(m, "%s already has %s, more than the limit", name, number);
}

static bool
note_limits(struct mail *m, const struct domain *d,
    const struct domain_values *v, struct err *e)
{
	int64_t users = 0, aliases = 0;

	if (v->max_users != VALUE_UNSET && !db_number(m->db,
	    SQL_DOMAIN_USERS, PARAMS(TEXT(d->domain)), &users, e))
		return false;
	if (v->max_aliases != VALUE_UNSET && !db_number(m->db,
	    SQL_DOMAIN_ALIASES_LIMITED, PARAMS(TEXT(d->domain)), &aliases, e))
		return false;
	if (d->max_users != FIELD_NULL && users > d->max_users)
		note_limit(m, d->domain, sentence_number(m->arena, users,
		    "user", "users"));
	if (d->max_aliases != FIELD_NULL && aliases > d->max_aliases)
		note_limit(m, d->domain, sentence_number(m->arena, aliases,
		    "alias", "aliases"));
	return true;
}

bool
domain_set(struct mail *m, const char *name, const struct domain_values *v,
    enum outcome *outcome, struct err *e)
{
	struct words changed = { 0 };
	struct domain old, new;
	bool moved;

	if ((v->alias_of != NULL && !mail_lock_aliases(m, e)) ||
	    !domain_lock(m, name, &old, e))
		return false;
	new = values_put(&old, v);
	*outcome = OUTCOME_UNCHANGED;
	if (!ways_check(m, &old, &new, e))
		return false;
	DOMAIN_VALUES(CHANGED_ADD, m->arena, &changed, &old, &new)
	changed_say(m, &changed);
	if (changed.count == 0)
		return true;
	moved = !text_same(old.alias_of, new.alias_of);
	if (moved && new.alias_of != NULL &&
	    !alias_of_check(m, name, new.alias_of, e))
		return false;
	*outcome = OUTCOME_CHANGED;
	if (!note_limits(m, &new, v, e) ||
	    !db_exec(m->db, SQL_DOMAIN_SET, PARAMS(NUMBER(new.active),
		DOMAIN_VALUES(COLUMN_PARAM, &new) TEXT(name)), e))
		return false;
	db_cache_clear(m->db);
	return !moved || alias_check_into(m, name, e);
}

bool
domain_set_active(struct mail *m, const char *name, bool active,
    enum outcome *outcome, struct err *e)
{
	struct domain d;

	if (!domain_lock(m, name, &d, e))
		return false;
	*outcome = d.active == active ? OUTCOME_UNCHANGED : OUTCOME_CHANGED;
	if (d.active == active)
		return true;
	if (!db_exec(m->db, SQL_DOMAIN_SET_ACTIVE, PARAMS(NUMBER(active),
	    TEXT(name)), e) || !domain_signing(m, name, e))
		return false;
	db_cache_clear(m->db);
	return true;
}
