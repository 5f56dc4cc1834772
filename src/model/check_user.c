/* Checking users: names, passwords, homes. */
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "model/address.h"
#include "model/check_private.h"
#include "model/password.h"
#include "model/scheme.h"

/* Nobody has a mailbox of an exbibyte. */
#define QUOTA_ABSURD (INT64_C(1) << 60)

/* The least cost of a bcrypt hash that is worth its name. */
#define BCRYPT_COST_MIN 10

/* --- passwords ------------------------------------------------------- */

static const struct {
	enum rule_id rule;
	const char *what;
} states[] = {
	[HASH_NONE] = { RULE_USER_NO_PASSWORD, "has no password" },
	[HASH_EMPTY] = { RULE_USER_NO_HASH, "has an empty password" },
	[HASH_PLACEHOLDER] = { RULE_USER_PLACEHOLDER,
	    "has a placeholder and no password hash" },
	[HASH_CLEARTEXT] = { RULE_USER_CLEARTEXT,
	    "has a password that is stored as it is, or looks so" },
	[HASH_UNKNOWN] = { RULE_USER_SCHEME_UNKNOWN,
	    "has a password hash of an unknown scheme" },
	[HASH_MISLABELLED] = { RULE_USER_MISLABELLED,
	    "has a password hash of another scheme than its label says" },
	[HASH_MALFORMED] = { RULE_USER_MALFORMED,
	    "has a malformed or truncated password hash" },
	[HASH_WEAK] = { RULE_USER_WEAK, "has a weak password hash" },
	[HASH_COSTLY] = { RULE_USER_ROUNDS_HIGH,
	    "has a password hash that takes so long that a login hangs" },
};

static void
rounds_check(struct checking *c, const char *email, const char *scheme,
    int64_t rounds)
{
	bool bcrypt = scheme != NULL && strcmp(scheme, "BLF-CRYPT") == 0;
	int64_t least = bcrypt ? BCRYPT_COST_MIN : c->options->rounds_min;

	if (rounds <= 0)
		return;
	if (rounds < least)
		check_found(c, RULE_USER_ROUNDS_LOW, email,
		    "the password hash of %s has %s %lld, %lld are wanted",
		    email, bcrypt ? "a cost of" : "rounds of",
		    (long long)rounds, (long long)least);
	else if (!bcrypt && rounds > PASSWORD_ROUNDS_MAX)
		check_found(c, RULE_USER_ROUNDS_HIGH, email, "user %s %s",
		    email, states[HASH_COSTLY].what);
}

/* Equal hashes have equal salts: one was copied. */
static void
hash_remember(struct checking *c, uint32_t user, const char *hash)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	struct known_hash *h;

	if (!c->wanted[RULE_USER_SAME_HASH])
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
	h = vector_add(&c->hashes, sizeof(*h));
	memcpy(h->digest, digest, sizeof(h->digest));
	h->user = user;
}

static void
hash_check(struct checking *c, uint32_t user, const struct survey_user *r)
{
	enum hash_state state;

	if (r->crypt == NULL) {
		check_found(c, RULE_USER_NO_HASH, r->email,
		    "user %s has NULL for a password", r->email);
		return;
	}
	state = hash_state(r->crypt);
	if (state != HASH_FINE)
		check_found(c, states[state].rule, r->email, "user %s %s",
		    r->email, states[state].what);
	if (state == HASH_FINE || state == HASH_WEAK)
		rounds_check(c, r->email, password_scheme(&c->row, r->crypt),
		    hash_rounds(r->crypt));
	if (state != HASH_NONE && state != HASH_EMPTY &&
	    state != HASH_PLACEHOLDER)
		hash_remember(c, user, r->crypt);
}

/* Schemes that are weak whatever the hash looks like. */
static bool
is_weak_scheme(const char *scheme)
{
	static const char *const weak[] = { "MD5-CRYPT", "DES-CRYPT", "MD5",
	    "SMD5", "SHA", "SHA1", "SHA256", "SHA512", "PLAIN-MD4",
	    "PLAIN-MD5", "LDAP-MD5", "CRAM-MD5", "HMAC-MD5", "DIGEST-MD5",
	    "RPA", "NTLM", "LANMAN" };

	for (size_t i = 0; i < sizeof(weak) / sizeof(weak[0]); i++) {
		if (strcmp(scheme, weak[i]) == 0)
			return true;
	}
	return false;
}

/* What the generated columns tell an account that sees no hash. */
static void
scheme_check(struct checking *c, const struct survey_user *r)
{
	if (r->scheme == NULL)
		return;
	if (strcmp(r->scheme, "none") == 0)
		check_found(c, RULE_USER_NO_PASSWORD, r->email,
		    "user %s %s", r->email, states[HASH_NONE].what);
	else if (strcmp(r->scheme, "unknown") == 0)
		check_found(c, RULE_USER_SCHEME_UNKNOWN, r->email,
		    "user %s %s", r->email, states[HASH_UNKNOWN].what);
	else if (is_weak_scheme(r->scheme))
		check_found(c, RULE_USER_WEAK, r->email, "user %s %s",
		    r->email, states[HASH_WEAK].what);
	rounds_check(c, r->email, r->scheme, r->rounds);
}

/* --- rows ------------------------------------------------------------ */

/* An address that an alias may have and a user may not. */
static bool
is_alias_address(struct checking *c, const char *folded)
{
	struct err ignored = { 0 };
	bool ok = *folded != '@' && check_address(c, ADDRESS_ALIAS, folded,
	    &ignored);

	err_clear(&ignored);
	return ok;
}

static bool
name_check(struct checking *c, const char *raw, const char *folded)
{
	struct err e = { 0 };
	bool ok = check_address(c, ADDRESS_USER, folded, &e);

	if (ok && strcmp(raw, folded) != 0)
		check_found(c, RULE_USER_NOT_CANONICAL, raw,
		    "user \"%s\" must be written as %s", raw, folded);
	else if (!ok && is_alias_address(c, folded))
		check_found(c, RULE_USER_LOGIN_CHARS, raw,
		    "user %s cannot log in: %s", raw, e.text);
	else if (!ok)
		check_found(c, RULE_USER_INVALID, raw, "%s", e.text);
	ok = ok || is_alias_address(c, folded);
	err_clear(&e);
	return ok;
}

static void
quota_check(struct checking *c, const struct survey_user *r)
{
	if (r->quota == FIELD_NULL || r->quota == QUOTA_NONE ||
	    (r->quota > 0 && r->quota <= QUOTA_ABSURD))
		return;
	check_found(c, RULE_USER_QUOTA, r->email,
	    "user %s has a quota of %lld bytes", r->email,
	    (long long)r->quota);
}

static bool
leads_outside(const char *home)
{
	if (*home == '/' || *home == '~')
		return true;
	for (;; home += strcspn(home, "/") + 1) {
		size_t len = strcspn(home, "/");

		if (len == 0 || (len <= 2 && strspn(home, ".") >= len))
			return true;
		if (home[len] == '\0')
			return false;
	}
}

static void
home_check(struct checking *c, const struct survey_user *r)
{
	uint32_t homes = c->homes.count;

	if (r->home == NULL || *r->home == '\0')
		return;
	if (c->survey.ours && leads_outside(r->home))
		check_found(c, RULE_USER_HOME_OUTSIDE, r->email,
		    "user %s has the home \"%s\"", r->email, r->home);
	/* A unique key keeps our own homes apart, unless it is missing. */
	if (c->homes_unique || !c->wanted[RULE_USER_HOME_SHARED])
		return;
	if (nameset_add(&c->homes, r->home, strlen(r->home)) != homes)
		check_found(c, RULE_USER_HOME_SHARED, r->email,
		    "user %s has the home of another user: %s", r->email,
		    r->home);
}

static void
user_remember(struct checking *c, uint32_t user, const struct survey_user *r,
    const char *folded)
{
	struct known_domain *d = check_domain_of(c, user);
	struct known_name *known = check_known(c, user);

	if (known->user)
		check_found(c, RULE_USER_TWICE, r->email,
		    "user %s is there twice, as \"%s\" and in another "
		    "spelling", folded, r->email);
	known->user = true;
	known->user_active |= r->active;
	if (d == NULL) {
		check_found(c, RULE_USER_NO_DOMAIN, r->email,
		    "user %s is in a domain that is not there", r->email);
		return;
	}
	d->users++;
	d->users_active += r->active;
}

static bool
user_read(void *arg, const void *row, struct err *e)
{
	const struct survey_user *r = row;
	struct checking *c = arg;
	const char *folded;
	uint32_t user;

	(void)e;
	c->report->users++;
	if (r->email == NULL) {
		check_found(c, RULE_USER_INVALID, "",
		    "a user's address is NULL");
		return true;
	}
	folded = check_fold(c, r->email);
	if (name_check(c, r->email, folded)) {
		user = check_name(c, folded);
		user_remember(c, user, r, folded);
		if (c->survey.hashes)
			hash_check(c, user, r);
		else
			scheme_check(c, r);
		quota_check(c, r);
		home_check(c, r);
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

void
check_users(struct checking *c)
{
	struct known_hash *h = c->hashes.item;
	size_t n = c->hashes.count;

	if (n < 2)
		return;
	qsort(h, n, sizeof(*h), hash_compare);
	for (size_t i = 1; i < n; i++) {
		if (memcmp(h[i].digest, h[i - 1].digest,
		    sizeof(h->digest)) != 0)
			continue;
		check_found(c, RULE_USER_SAME_HASH,
		    nameset_text(&c->names, h[i].user),
		    "user %s has the password hash of %s",
		    nameset_text(&c->names, h[i].user),
		    nameset_text(&c->names, h[i - 1].user));
	}
	vector_clear(&c->hashes);
}
