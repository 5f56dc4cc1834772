/*
 * Checking DKIM keys: does a good one sign the mail of each domain?
 *
 * A text names the day since when something is so, not how long it has been:
 * the same finding must read the same in every run.
 */
#include <string.h>

#include "base/time.h"
#include "model/check/private.h"

/* So long after its record was seen in DNS a pending key was forgotten. */
#define WAITS_TOO_LONG (7 * 86400)

#define DAY_LENGTH 10

struct reading {
	struct checking *c;
	const struct check_keys *host;
	int64_t now;
	/* The active key before this one, if it is of the same domain. */
	const char *domain, *selector, *algorithm;
};

static bool
is(const struct survey_key *key, const char *state)
{
	return strcmp(key->state, state) == 0;
}

static const char *
day(struct checking *c, int64_t time)
{
	char buf[TIME_TEXT];

	time_format(buf, time);
	return arena_strndup(&c->row, buf, DAY_LENGTH);
}

static void
twice_check(struct reading *r, const struct survey_key *key)
{
	struct checking *c = r->c;

	if (r->domain != NULL && strcmp(r->domain, key->domain) == 0 &&
	    strcmp(r->algorithm, key->algorithm) == 0)
		check_found(c, RULE_KEY_TWICE, key->domain, "%s has two "
		    "active DKIM keys of the algorithm %s: %s, %s",
		    key->domain, key->algorithm, r->selector, key->selector);
	r->domain = arena_strdup(c->m->arena, key->domain);
	r->algorithm = arena_strdup(c->m->arena, key->algorithm);
	r->selector = arena_strdup(c->m->arena, key->selector);
}

static void
active_check(struct reading *r, const struct survey_key *key)
{
	struct checking *c = r->c;
	const char *folded = check_fold(c, key->domain);
	uint32_t name = nameset_find(&c->names, folded, strlen(folded));
	int64_t most = r->host->max_age;

	if (name != NAME_NONE && check_known(c, name)->is_domain)
		check_domain_of(c, name)->signs = true;
	twice_check(r, key);
	if (most > 0 && key->since != FIELD_NULL && r->now - key->since >= most)
		check_found(c, RULE_KEY_OLD, key->domain, "the DKIM key %s of "
		    "%s has signed since %s", key->selector, key->domain,
		    day(c, key->since));
}

static void
pending_check(struct reading *r, const struct survey_key *key)
{
	int64_t most = r->host->wait > WAITS_TOO_LONG ? r->host->wait :
	    WAITS_TOO_LONG;

	if (key->seen != FIELD_NULL && r->now - key->seen >= most)
		check_found(r->c, RULE_KEY_WAITS, key->domain, "the DKIM key "
		    "%s of %s is pending, and its record was in DNS on %s",
		    key->selector, key->domain, day(r->c, key->seen));
}

/* Only root may read the secret; a host that signs nothing may have none. */
static void
secret_check(struct reading *r, const struct survey_key *key)
{
	const char *id = r->host->secret_id;

	if (id == NULL && r->host->secret_why != NULL)
		check_unchecked(r->c, RULE_KEY_OTHER_SECRET,
		    r->host->secret_why);
	else if (id != NULL && strcmp(id, key->secret_id) != 0)
		check_found(r->c, RULE_KEY_OTHER_SECRET, key->domain, "the "
		    "DKIM key %s of %s was made with the secret %s; that of "
		    "this host is %s", key->selector, key->domain,
		    key->secret_id, id);
}

static void
retired_check(struct reading *r, const struct survey_key *key)
{
	if (!r->c->survey.private_keys)
		check_unchecked(r->c, RULE_KEY_KEPT, "this account may not "
		    "read dkim_keys.private_key");
	else if (key->has_private)
		check_found(r->c, RULE_KEY_KEPT, key->domain, "the DKIM key "
		    "%s of %s is retired and has a private half",
		    key->selector, key->domain);
}

static bool
key_read(void *arg, const void *row, struct err *e)
{
	const struct survey_key *key = row;
	struct reading *r = arg;

	(void)e;
	if (is(key, "retired")) {
		retired_check(r, key);
	} else {
		secret_check(r, key);
		if (is(key, "active"))
			active_check(r, key);
		else if (is(key, "pending"))
			pending_check(r, key);
	}
	arena_reset(&r->c->row);
	return true;
}

/* Users of an alias domain's target send by their own name as a rule. */
static void
unsigned_find(struct checking *c)
{
	const struct known_domain *d = c->domains.item;

	for (size_t i = 0; i < c->domains.count; i++, d++) {
		const char *name = nameset_text(&c->names, d->name);

		if (d->active && d->sends && !d->signs &&
		    d->target == NAME_NONE)
			check_found(c, RULE_KEY_NONE, name, "users of %s may "
			    "send mail, and no DKIM key signs it", name);
	}
}

bool
check_keys(struct checking *c, struct err *e)
{
	struct reading r = { .c = c, .host = &c->options->keys };
	bool exist;

	if (!db_number(c->m->db, SQL_NOW, NO_PARAMS, &r.now, e) ||
	    !survey_keys_each(&c->survey, key_read, &r, &exist, e))
		return false;
	if (exist && r.host->signs)
		unsigned_find(c);
	return true;
}
