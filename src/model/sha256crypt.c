/* SHA256-CRYPT, as Drepper specified it and libxcrypt does it. */
#include "model/sha256crypt.h"

#include <openssl/core_dispatch.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/provider.h>
#include <stdint.h>
#include <string.h>

#define SHA256_BYTES 32

/* A round hashes the password twice, the salt and the digest, at most. */
#define MESSAGE_MAX \
	(2 * SHA256CRYPT_PASSWORD_MAX + SHA256CRYPT_SALT_MAX + SHA256_BYTES)

/*
 * A round takes one of eight forms, as its number is odd or not and can be
 * divided by 3 and by 7 or not.  Each is laid out once, whole, with a place
 * where OpenSSL writes the digest of the round before: nothing is copied,
 * and there is one update a round.
 */
enum form { ODD = 1, SALT = 2, PASSWORD = 4, FORMS = 8 };

struct message {
	unsigned char byte[MESSAGE_MAX];
	size_t len;
	unsigned char *digest;
};

/* What a password turns into on the way; all of it is wiped. */
struct work {
	struct message message[FORMS];
	unsigned char password[SHA256CRYPT_PASSWORD_MAX];
	unsigned char salt[SHA256CRYPT_SALT_MAX];
	unsigned char digest[SHA256_BYTES];
	unsigned char alternate[SHA256_BYTES];
};

/* The input. */
struct input {
	const char *password;
	size_t len;
	const char *salt;
	size_t salt_len;
};

/*
 * EVP looks at its context in each call and hands on to the functions of a
 * provider; with messages this short that is a third of the time, and more
 * than crypt(3) leaves us.  So they are called directly, by the interface
 * that provider-digest(7) describes.  SHA256_Update() and the like would be
 * as fast, but are deprecated.
 */
static const OSSL_DISPATCH *
functions_find(const OSSL_ALGORITHM *list, const char *name)
{
	size_t len = strlen(name);

	for (; list != NULL && list->algorithm_names != NULL; list++)
		if (strncmp(list->algorithm_names, name, len) == 0 &&
		    strchr(":", list->algorithm_names[len]) != NULL)
			return list->implementation;
	return NULL;
}

static void
functions_take(struct sha256crypt *s, const OSSL_DISPATCH *f)
{
	for (; f != NULL && f->function_id != 0; f++)
		switch (f->function_id) {
		case OSSL_FUNC_DIGEST_NEWCTX:
			s->newctx = OSSL_FUNC_digest_newctx(f);
			break;
		case OSSL_FUNC_DIGEST_INIT:
			s->init = OSSL_FUNC_digest_init(f);
			break;
		case OSSL_FUNC_DIGEST_UPDATE:
			s->update = OSSL_FUNC_digest_update(f);
			break;
		case OSSL_FUNC_DIGEST_FINAL:
			s->final = OSSL_FUNC_digest_final(f);
			break;
		case OSSL_FUNC_DIGEST_FREECTX:
			s->freectx = OSSL_FUNC_digest_freectx(f);
			break;
		}
}

/* The fetched digest keeps its provider, and so the functions, in memory. */
bool
sha256crypt_init(struct sha256crypt *s)
{
	const OSSL_PROVIDER *provider;
	const OSSL_ALGORITHM *list;
	int no_cache;

	*s = (struct sha256crypt){ .md = EVP_MD_fetch(NULL, "SHA256", NULL) };
	if (s->md == NULL)
		return false;
	provider = EVP_MD_get0_provider(s->md);
	list = OSSL_PROVIDER_query_operation(provider, OSSL_OP_DIGEST,
	    &no_cache);
	functions_take(s, functions_find(list, EVP_MD_get0_name(s->md)));
	OSSL_PROVIDER_unquery_operation(provider, OSSL_OP_DIGEST, list);
	if (s->newctx == NULL || s->init == NULL || s->update == NULL ||
	    s->final == NULL || s->freectx == NULL)
		return false;
	s->ctx = s->newctx(OSSL_PROVIDER_get0_provider_ctx(provider));
	return s->ctx != NULL;
}

void
sha256crypt_clear(struct sha256crypt *s)
{
	if (s->ctx != NULL)
		s->freectx(s->ctx);
	EVP_MD_free(s->md);
	*s = (struct sha256crypt){ 0 };
}

static bool
begin(struct sha256crypt *s)
{
	return s->init(s->ctx, NULL) == 1;
}

static bool
add(struct sha256crypt *s, const void *bytes, size_t len)
{
	return s->update(s->ctx, bytes, len) == 1;
}

static bool
end(struct sha256crypt *s, unsigned char *digest)
{
	size_t len;

	return s->final(s->ctx, digest, &len, SHA256_BYTES) == 1;
}

static bool
add_times(struct sha256crypt *s, const void *bytes, size_t len, size_t times)
{
	while (times-- > 0)
		if (!add(s, bytes, len))
			return false;
	return true;
}

/* A digest as many times as it takes for len bytes. */
static bool
add_digest(struct sha256crypt *s, const unsigned char *digest, size_t len)
{
	return add_times(s, digest, SHA256_BYTES, len / SHA256_BYTES) &&
	    add(s, digest, len % SHA256_BYTES);
}

static void
stretch(unsigned char *to, size_t len, const unsigned char *digest)
{
	size_t i;

	for (i = 0; i < len; i++)
		to[i] = digest[i % SHA256_BYTES];
}

/* Digests B and A of the specification: steps 1 to 12. */
static bool
mix(struct sha256crypt *s, const struct input *in, struct work *w)
{
	size_t bits;

	if (!begin(s) || !add(s, in->password, in->len) ||
	    !add(s, in->salt, in->salt_len) ||
	    !add(s, in->password, in->len) || !end(s, w->alternate))
		return false;
	if (!begin(s) || !add(s, in->password, in->len) ||
	    !add(s, in->salt, in->salt_len) ||
	    !add_digest(s, w->alternate, in->len))
		return false;
	for (bits = in->len; bits > 0; bits >>= 1)
		if (!((bits & 1) != 0 ? add(s, w->alternate, SHA256_BYTES) :
		    add(s, in->password, in->len)))
			return false;
	return end(s, w->digest);
}

/* The sequences P and S: steps 13 to 20. */
static bool
spread(struct sha256crypt *s, const struct input *in, struct work *w)
{
	if (!begin(s) || !add_times(s, in->password, in->len, in->len) ||
	    !end(s, w->alternate))
		return false;
	stretch(w->password, in->len, w->alternate);
	if (!begin(s) || !add_times(s, in->salt, in->salt_len,
	    16 + (size_t)w->digest[0]) || !end(s, w->alternate))
		return false;
	stretch(w->salt, in->salt_len, w->alternate);
	return true;
}

static void
put(struct message *m, const void *bytes, size_t len)
{
	memcpy(m->byte + m->len, bytes, len);
	m->len += len;
}

static void
put_digest(struct message *m)
{
	m->digest = m->byte + m->len;
	m->len += SHA256_BYTES;
}

/* Step 21 b to f, but for the digest. */
static void
lay_out(const struct input *in, struct work *w, unsigned form)
{
	struct message *m = &w->message[form];

	m->len = 0;
	if ((form & ODD) != 0)
		put(m, w->password, in->len);
	else
		put_digest(m);
	if ((form & SALT) != 0)
		put(m, w->salt, in->salt_len);
	if ((form & PASSWORD) != 0)
		put(m, w->password, in->len);
	if ((form & ODD) != 0)
		put_digest(m);
	else
		put(m, w->password, in->len);
}

static struct message *
message_of(struct work *w, long round)
{
	return &w->message[(round % 2 != 0 ? ODD : 0) |
	    (round % 3 != 0 ? SALT : 0) | (round % 7 != 0 ? PASSWORD : 0)];
}

/* Each round writes its digest into the message of the next. */
static bool
turn(struct sha256crypt *s, struct work *w, long rounds)
{
	struct message *m = message_of(w, 0), *next;
	long i;

	memcpy(m->digest, w->digest, SHA256_BYTES);
	for (i = 1; i <= rounds; i++, m = next) {
		next = message_of(w, i);
		if (!begin(s) || !add(s, m->byte, m->len) ||
		    !end(s, i < rounds ? next->digest : w->digest))
			return false;
	}
	return true;
}

/* Step 22: four characters for three bytes, the low bits first. */
static void
encode(char *to, const unsigned char digest[static SHA256_BYTES])
{
	static const char chars[] = "./0123456789"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	static const unsigned char order[] = {
		20, 10, 0, 11, 1, 21, 2, 22, 12, 23, 13, 3, 14, 4, 24, 5, 25,
		15, 26, 16, 6, 17, 7, 27, 8, 28, 18, 29, 19, 9, 30, 31,
	};
	size_t bit = 0, n = 0, i;
	unsigned held = 0;

	for (i = 0; i < SHA256_BYTES; i++) {
		held |= (unsigned)digest[order[i]] << bit;
		for (bit += 8; bit >= 6; bit -= 6, held >>= 6)
			to[n++] = chars[held & 63];
	}
	to[n] = chars[held & 63];
}

bool
sha256crypt(struct sha256crypt *s, const char *password, size_t len,
    const char *salt, size_t salt_len, long rounds,
    char digest[static SHA256CRYPT_DIGEST])
{
	const struct input in = { password, len, salt, salt_len };
	struct work w;
	unsigned form;
	bool ok = mix(s, &in, &w) && spread(s, &in, &w);

	for (form = 0; ok && form < FORMS; form++)
		lay_out(&in, &w, form);
	ok = ok && turn(s, &w, rounds);
	if (ok)
		encode(digest, w.digest);
	OPENSSL_cleanse(&w, sizeof(w));
	return ok;
}
