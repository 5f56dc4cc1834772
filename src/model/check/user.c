/* Checking users: names, passwords, homes. */
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "model/address.h"
#include "model/check/private.h"
#include "model/password/hash.h"
#include "model/password/scheme.h"

/* Nobody means a mailbox of an exbibyte. */
#define QUOTA_ABSURD (INT64_C(1) << 60)

/* The least cost of a bcrypt hash that is worth its name; and the most. */
#define BCRYPT_COST_MIN 10
#define BCRYPT_COST_MAX 16

/* --- passwords ------------------------------------------------------- */

static const struct {
	enum rule_id rule;
	const char *what;
} states[] = {
	[HASH_NONE] = { RULE_USER_NO_PASSWORD, "has no password" },
	[HASH_EMPTY] = { RULE_USER_NO_HASH, "has an empty password" },
	[HASH_PLACEHOLDER] = { RULE_USER_PLACEHOLDER,
	    "has a placeholder instead of a password hash" },
	[HASH_CLEARTEXT] = { RULE_USER_CLEARTEXT,
	    "has a password that is stored in clear, or looks like it" },
	[HASH_UNKNOWN] = { RULE_USER_SCHEME_UNKNOWN,
	    "has a password hash of an unknown scheme" },
	[HASH_MISLABELLED] = { RULE_USER_MISLABELLED,
	    "has a password hash whose label names another scheme" },
	[HASH_MALFORMED] = { RULE_USER_MALFORMED,
	    "has a malformed or truncated password hash" },
	[HASH_WEAK] = { RULE_USER_WEAK, "has a weak password hash" },
	[HASH_COSTLY] = { RULE_USER_ROUNDS_HIGH,
	    "has a password hash with so many rounds that logins hang" },
};

/* old: Dovecot 2.4 refuses it, which is worse than weak. */
static void
state_report(struct checking *c, const char *email, enum hash_state state,
    bool old)
{
	if (old && c->options->old_refused)
		check_found(c, RULE_USER_HASH_REFUSED, email, "user %s cannot "
		    "log in: Dovecot 2.4 refuses such a password hash "
		    "(unless allow_weak_schemes is yes)", email);
	else if (state != HASH_FINE)
		check_found(c, states[state].rule, email, "user %s %s%s",
		    email, states[state].what, old ?
		    ", which Dovecot 2.4 refuses by default" : "");
}

/* Of bcrypt it is an exponent; the others have 1000 rounds or more. */
static void
rounds_check(struct checking *c, const char *email, int64_t rounds)
{
	bool bcrypt = rounds <= 99;
	int64_t least = bcrypt ? BCRYPT_COST_MIN : c->options->rounds_min;
	int64_t most = bcrypt ? BCRYPT_COST_MAX : PASSWORD_ROUNDS_MAX;

	if (rounds > most)
		check_found(c, RULE_USER_ROUNDS_HIGH, email, "user %s %s",
		    email, states[HASH_COSTLY].what);
	else if (rounds > 0 && rounds < least)
		check_found(c, RULE_USER_ROUNDS_LOW, email,
		    "the password hash of %s has %s %lld, less than %lld",
		    email, bcrypt ? "a cost of" : "rounds of",
		    (long long)rounds, (long long)least);
}

/* Equal hashes have equal salts: one was copied. */
static void
hash_remember(struct checking *c, uint32_t user, const char *hash)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	struct known_hash *h;

	if (!c->chosen[RULE_USER_SAME_HASH])
		return;
	if (c->digest == NULL) {
		c->digest = EVP_MD_CTX_new();
		/* EVP_sha256() would be looked up at each use. */
		c->digest_kind = EVP_MD_fetch(NULL, "SHA2-256", NULL);
		if (c->digest == NULL || c->digest_kind == NULL)
			out_of_memory();
	}
	BUG_ON(!EVP_DigestInit_ex2(c->digest, c->digest_kind, NULL) ||
	    !EVP_DigestUpdate(c->digest, hash, strlen(hash)) ||
	    !EVP_DigestFinal_ex(c->digest, digest, NULL));
	h = VECTOR_ADD(&c->hashes);
	memcpy(h->digest, digest, sizeof(h->digest));
	h->user = user;
}

static void
hash_check(struct checking *c, uint32_t user, const struct survey_user *r)
{
	enum hash_state state;

	if (r->crypt == NULL) {
		check_found(c, RULE_USER_NO_HASH, r->email,
		    "the password of user %s is NULL", r->email);
		return;
	}
	state = hash_state(r->crypt);
	state_report(c, r->email, state, hash_is_old(r->crypt));
	if (state == HASH_FINE || state == HASH_WEAK)
		rounds_check(c, r->email, hash_rounds(r->crypt));
	if (state != HASH_NONE && state != HASH_EMPTY &&
	    state != HASH_PLACEHOLDER)
		hash_remember(c, user, r->crypt);
}

/* From the generated columns, for an account that may read no hash. */
static void
scheme_check(struct checking *c, const struct survey_user *r)
{
	enum hash_state state;

	if (r->scheme == NULL)
		return;
	state = scheme_state(r->scheme);
	state_report(c, r->email, state, scheme_is_old(r->scheme));
	rounds_check(c, r->email, r->rounds);
}

/* --- rows ------------------------------------------------------------ */

/* An address that an alias may have, but a user may not. */
static bool
is_alias_address(struct checking *c, const char *folded)
{
	struct err ignored = { 0 };
	bool ok = *folded != '@' && check_address(c, ADDRESS_ALIAS, folded,
	    &ignored);

	err_clear(&ignored);
	return ok;
}

/* False where nothing else can be checked of such a name. */
static bool
name_check(struct checking *c, const char *raw, const char *folded)
{
	struct err e = { 0 };
	bool valid = check_address(c, ADDRESS_USER, folded, &e);
	bool logs_in = valid || !is_alias_address(c, folded);

	if (!logs_in)
		check_found(c, RULE_USER_LOGIN_CHARS, raw,
		    "user %s cannot log in: %s", raw, e.text);
	else if (!valid && !check_domain_is_invalid(c, folded))
		check_found(c, RULE_USER_INVALID, raw, "%s", e.text);
	if ((valid || !logs_in) && strcmp(raw, folded) != 0)
		check_found(c, RULE_USER_NOT_CANONICAL, raw,
		    "user \"%s\" must be written as %s", raw, folded);
	err_clear(&e);
	return valid || !logs_in;
}

/* In foreign tables 0 usually means that there is no limit. */
static void
quota_check(struct checking *c, const struct survey_user *r)
{
	int64_t least = c->survey.ours;

	if (r->quota == FIELD_NULL || r->quota == QUOTA_NONE ||
	    (r->quota >= least && r->quota <= QUOTA_ABSURD))
		return;
	check_found(c, RULE_USER_QUOTA, r->email,
	    "user %s has a quota of %lld bytes", r->email,
	    (long long)r->quota);
}

/* Foreign tables may hold absolute paths, and any number of slashes. */
static bool
leads_outside(const char *home, bool ours)
{
	if (ours && (*home == '/' || *home == '~'))
		return true;
	for (;; home += strcspn(home, "/") + 1) {
		size_t len = strcspn(home, "/");

		if ((len == 2 && strncmp(home, "..", 2) == 0) ||
		    (ours && (len == 0 || (len == 1 && *home == '.'))))
			return true;
		if (home[len] == '\0')
			return false;
	}
}

static void
home_check(struct checking *c, const struct survey_user *r)
{
	uint32_t homes = c->homes.count, home;
	struct shared_home *shared;

	if (r->home == NULL || *r->home == '\0')
		return;
	if (leads_outside(r->home, c->survey.ours))
		check_found(c, RULE_USER_HOME_OUTSIDE, r->email,
		    "user %s has the home \"%s\"", r->email, r->home);
	/* A unique key keeps our own homes apart, unless it is missing. */
	if (c->survey.homes_unique || !c->chosen[RULE_USER_HOME_SHARED])
		return;
	home = nameset_add(&c->homes, r->home, strlen(r->home));
	if (home == homes)
		return;
	shared = VECTOR_ADD(&c->shared_homes);
	shared->home = home;
	shared->email = arena_strdup(c->m->arena, r->email);
}

/* Disabling says the same, and lists show it. */
static void
rights_check(struct checking *c, const struct survey_user *r)
{
	if (r->active && !r->may_login && !r->may_send && !r->may_receive)
		check_found(c, RULE_USER_IDLE, r->email, "user %s is enabled "
		    "and may neither log in nor send nor receive mail",
		    r->email);
}

/* A disabled user has come to an end already. */
static void
end_check(struct checking *c, const struct survey_user *r)
{
	if (r->active && r->expires != FIELD_NULL)
		check_expires(c, RULE_USER_EXPIRES, r->email, arena_printf(
		    &c->row, "user %s", r->email), r->expires);
}

static void
user_remember(struct checking *c, uint32_t user, const struct survey_user *r,
    const char *folded)
{
	struct known_domain *d = check_domain_of(c, user);
	struct known_name *known = check_known(c, user);
	bool active = r->active && !check_expired(c, r->expires);

	if (known->user)
		check_twice(c, RULE_USER_TWICE, known, r->email, folded);
	known->user = true;
	known->user_active |= active;
	known->user_receives |= active && r->may_receive;
	known->user_sends |= active && r->may_send;
	known->expired |= r->active && !active;
	known->canonical |= strcmp(r->email, folded) == 0;
	if (active) {
		check_archive(c, r->email, r->bcc_in, true);
		check_archive(c, r->email, r->bcc_out, false);
	}
	if (d != NULL) {
		d->users++;
		d->users_active += active;
		d->sends |= active && r->may_send;
	} else if (c->survey.there[SURVEY_DOMAINS]) {
		check_found(c, RULE_USER_NO_DOMAIN, r->email,
		    "user %s is in a domain that does not exist", r->email);
	}
}

static bool
user_read(void *arg, const void *row, struct err *e)
{
	const struct survey_user *r = row;
	struct checking *c = arg;
	const char *folded;
	uint32_t user;

	(void)e;
	c->result->users++;
	if (r->email == NULL) {
		check_found(c, RULE_USER_INVALID, "",
		    "the address of a user is NULL");
		return true;
	}
	folded = check_fold(c, r->email);
	if (name_check(c, r->email, folded)) {
		user = check_name(c, folded);
		user_remember(c, user, r, folded);
		if (!c->survey.hashes)
			scheme_check(c, r);
		else if (survey_has_hashes(&c->survey))
			hash_check(c, user, r);
		quota_check(c, r);
		home_check(c, r);
		rights_check(c, r);
		end_check(c, r);
		check_written(c, SURVEY_USERS, user, r->modified);
	}
	arena_reset(&c->row);
	return true;
}

bool
check_users_read(struct checking *c, struct err *e)
{
	return survey_each(&c->survey, SURVEY_USERS, user_read, c, e);
}

/* --- between rows ---------------------------------------------------- */

static int
hash_compare(const void *a, const void *b)
{
	const struct known_hash *x = a, *y = b;
	int by = memcmp(x->digest, y->digest, sizeof(x->digest));

	if (by != 0)
		return by;
	return x->user < y->user ? -1 : x->user > y->user;
}

/* Two rows of the same user do not count. */
static void
hashes_check(struct checking *c)
{
	struct known_hash *h = c->hashes.item;
	size_t n = c->hashes.count, first = 0;

	if (n > 1)
		qsort(h, n, sizeof(*h), hash_compare);
	for (size_t i = 1; i < n; i++) {
		if (memcmp(h[i].digest, h[first].digest,
		    sizeof(h->digest)) != 0)
			first = i;
		else if (h[i].user != h[i - 1].user)
			check_found(c, RULE_USER_SAME_HASH,
			    nameset_text(&c->names, h[i].user),
			    "user %s has the same password hash as %s",
			    nameset_text(&c->names, h[i].user),
			    nameset_text(&c->names, h[first].user));
	}
	VECTOR_CLEAR(&c->hashes);
}

/* Where all have the same home, it is the directory of all homes. */
static void
homes_check(struct checking *c)
{
	const struct shared_home *s = c->shared_homes.item;

	if (c->homes.count == 1 && !c->survey.ours)
		return;
	for (size_t i = 0; i < c->shared_homes.count; i++, s++)
		check_found(c, RULE_USER_HOME_SHARED, s->email,
		    "user %s has the same home as another user: %s", s->email,
		    nameset_text(&c->homes, s->home));
}

/* Aliases are asked first: without a copy the mailbox gets nothing. */
static void
taken_check(struct checking *c)
{
	const struct known_alias *a = c->aliases.item;
	const struct known_alias *end = a + c->aliases.count;
	struct known_name *known;

	for (const struct known_alias *i = a; i < end; i++) {
		if (i->active && i->mail == i->destination)
			check_known(c, i->mail)->keeps_copy = true;
	}
	for (const struct known_alias *i = a; i < end; i++) {
		known = check_known(c, i->mail);
		if (!i->active || !known->user_receives || known->keeps_copy ||
		    known->taken)
			continue;
		known->taken = true;
		check_found(c, RULE_USER_TAKEN, nameset_text(&c->names,
		    i->mail), "mail to user %s goes to %s, and no copy is "
		    "kept", nameset_text(&c->names, i->mail),
		    nameset_text(&c->names, i->destination));
	}
}

void
check_users(struct checking *c)
{
	hashes_check(c);
	homes_check(c);
	taken_check(c);
}
