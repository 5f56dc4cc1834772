/* The records of the DKIM keys of a domain. */
#include <inttypes.h>
#include <string.h>

#include "db/rows.h"
#include "model/dkim/record.h"
#include "model/dnscheck/private.h"

#define DAY 86400

/* Shorter ones are no proof for anybody: RFC 8301, 3.2. */
#define BITS_LEAST 1024
#define BITS_GOOD 2048

static bool
is_in_state(const struct dkim_row *key, const char *state)
{
	return strcmp(key->state, state) == 0;
}

/* --- the record ------------------------------------------------------ */

static void
missing(struct dnscheck *c, const struct dkim_row *key)
{
	if (is_in_state(key, "pending"))
		dnscheck_found(c, DNS_DKIM_UNSEEN, key->domain, "the key %s "
		    "has no record yet", key->selector);
	else if (!is_in_state(key, "retired"))
		dnscheck_found(c, DNS_DKIM_MISSING, key->domain, "the key %s "
		    "has no record", key->selector);
}

static void
retired_judge(struct dnscheck *c, const struct words *values,
    const struct dkim_row *key)
{
	for (size_t i = 0; i < values->count; i++) {
		struct dkim_record r;

		if (dkim_record_parse(c->arena, values->word[i], &r) == NULL &&
		    *r.public_key != '\0') {
			dnscheck_found(c, DNS_DKIM_LEFT, key->domain, "the "
			    "retired key %s still has a record",
			    key->selector);
			return;
		}
	}
}

static void
record_judge(struct dnscheck *c, const struct words *values,
    const struct dkim_row *key)
{
	const char *why = dkim_record_judge(c->arena, values, key);
	enum dns_rule rule = DNS_DKIM_WRONG;

	if (why == NULL) {
		dnscheck_fine(c, DNS_DKIM_MISSING, key->domain, "the record "
		    "of the key %s holds it", key->selector);
		return;
	}
	if (strcmp(why, DKIM_WHY_OTHER) == 0)
		rule = DNS_DKIM_OTHER;
	else if (strcmp(why, DKIM_WHY_TESTING) == 0)
		rule = DNS_DKIM_TESTING;
	dnscheck_found(c, rule, key->domain, "the record of the key %s %s",
	    key->selector, why);
}

static void
published_judge(struct dnscheck *c, const struct dkim_row *key)
{
	const struct dns_answer *answer = dnscheck_look(c, DNS_DKIM_MISSING,
	    dkim_record_name(c->arena, key), DNS_TXT);

	if (answer == NULL)
		return;
	if (answer->values.count == 0)
		missing(c, key);
	else if (is_in_state(key, "retired"))
		retired_judge(c, &answer->values, key);
	else
		record_judge(c, &answer->values, key);
}

/* --- the key --------------------------------------------------------- */

static void
strength_judge(struct dnscheck *c, const struct dkim_row *key)
{
	if (strcmp(key->algorithm, "rsa") != 0 || key->bits == FIELD_NULL ||
	    key->bits >= BITS_GOOD)
		return;
	dnscheck_found(c, key->bits < BITS_LEAST ? DNS_DKIM_TINY :
	    DNS_DKIM_SHORT, key->domain, "the key %s has %" PRId64 " bits",
	    key->selector, key->bits);
}

static void
age_judge(struct dnscheck *c, const struct dkim_row *key)
{
	int64_t now = c->server->now, most = c->server->dkim_max_age;

	if (is_in_state(key, "active") && most > 0 &&
	    now - key->created > most)
		dnscheck_found(c, DNS_DKIM_OLD, key->domain, "the key %s is "
		    "%" PRId64 " days old", key->selector,
		    (now - key->created) / DAY);
	if (is_in_state(key, "pending") && key->seen != FIELD_NULL &&
	    now - key->seen > 7 * DAY)
		dnscheck_found(c, DNS_DKIM_WAITING, key->domain, "the key %s "
		    "has had its record for %" PRId64 " days", key->selector,
		    (now - key->seen) / DAY);
}

void
dnscheck_dkim(struct dnscheck *c)
{
	const struct dnscheck_domain *d = c->domain;

	for (size_t i = 0; i < d->keys; i++) {
		published_judge(c, &d->key[i]);
		age_judge(c, &d->key[i]);
		if (is_in_state(&d->key[i], "active"))
			strength_judge(c, &d->key[i]);
	}
	if (d->sends && !dnscheck_signs(c))
		dnscheck_found(c, DNS_DKIM_NONE, d->name, "no key signs");
	else if (d->sends)
		dnscheck_fine(c, DNS_DKIM_NONE, d->name, "a key signs");
}
