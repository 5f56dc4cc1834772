/* DKIM keys by OpenSSL: made, encrypted, tried. */
#include "model/dkim/key.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <string.h>
#include <sys/prctl.h>

#include "base/field.h"
#include "model/dkim/private.h"

#define PROBE 32

const char *const dkim_algorithm_names[DKIM_ALGORITHMS + 1] = {
	"rsa", "ed25519", NULL
};

/* What OpenSSL says of it would quote bytes of keys: it is dropped. */
bool
dkim_openssl_failed(const char *what, struct err *e)
{
	ERR_clear_error();
	return err_set(e, ERR_IO, "OpenSSL cannot %s", what);
}

/* --- keys in memory -------------------------------------------------- */

void
dkim_key_guard(struct dkim_key *key)
{
	*key = (struct dkim_key){ .dumpable = prctl(PR_GET_DUMPABLE) };
	prctl(PR_SET_DUMPABLE, 0);
}

bool
dkim_key_describe(struct dkim_key *key)
{
	if (EVP_PKEY_is_a(key->pkey, "RSA"))
		key->algorithm = DKIM_RSA;
	else if (EVP_PKEY_is_a(key->pkey, "ED25519"))
		key->algorithm = DKIM_ED25519;
	else
		return false;
	key->bits = key->algorithm == DKIM_RSA ?
	    EVP_PKEY_get_bits(key->pkey) : FIELD_NULL;
	return true;
}

void
dkim_key_clear(struct dkim_key *key)
{
	bool guarded = key->pkey != NULL || key->dumpable != 0;

	EVP_PKEY_free(key->pkey);
	if (guarded)
		prctl(PR_SET_DUMPABLE, key->dumpable);
	*key = (struct dkim_key){ 0 };
}

bool
dkim_key_make(enum dkim_algorithm algorithm, int64_t bits,
    struct dkim_key *key, struct err *e)
{
	BUG_ON(algorithm == DKIM_RSA && (bits < DKIM_BITS_MIN ||
	    bits > DKIM_BITS_MAX));
	dkim_key_guard(key);
	key->pkey = algorithm == DKIM_RSA ?
	    EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)bits) :
	    EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	if (key->pkey != NULL && dkim_key_describe(key))
		return true;
	dkim_key_clear(key);
	return dkim_openssl_failed("make a key", e);
}

/* --- the public half ------------------------------------------------- */

/* In the arena; RFC 4648, without line breaks. */
static const char *
base64(struct arena *a, const unsigned char *bytes, size_t len)
{
	unsigned char *text = arena_alloc(a, (len + 2) / 3 * 4 + 1);

	EVP_EncodeBlock(text, bytes, (int)len);
	return (const char *)text;
}

const char *
dkim_key_public(struct arena *a, const struct dkim_key *key)
{
	unsigned char raw[DKIM_SEED_BYTES], *der = NULL;
	size_t len = sizeof(raw);
	const char *text;
	int size;

	if (key->algorithm == DKIM_ED25519) {
		BUG_ON(EVP_PKEY_get_raw_public_key(key->pkey, raw, &len) != 1);
		return base64(a, raw, len);
	}
	size = i2d_PUBKEY(key->pkey, &der);
	BUG_ON(size <= 0);
	text = base64(a, der, (size_t)size);
	OPENSSL_free(der);
	return text;
}

/* --- the private half ------------------------------------------------ */

static void
take(BIO *bio, struct text *text)
{
	char *bytes;
	long len = BIO_get_mem_data(bio, &bytes);

	text_add_bytes(text, bytes, len > 0 ? (size_t)len : 0);
}

/*
 * PBKDF2 makes it slow to try words that people choose.  The secret is 32
 * random bytes, which nobody can try, so one round is as safe as many; with
 * the 2048 of OpenSSL it would be half of the time that a key takes.  Keys
 * of any number can be read.
 */
#define ROUNDS 1

static X509_SIG *
encrypted(const struct dkim_key *key, const struct dkim_secret *secret)
{
	PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key->pkey);
	X509_ALGOR *how = PKCS5_pbe2_set_iv(EVP_aes_256_cbc(), ROUNDS, NULL, 0,
	    NULL, NID_hmacWithSHA256);
	X509_SIG *sealed = info == NULL || how == NULL ? NULL :
	    PKCS8_set0_pbe(secret->text, DKIM_SECRET_LENGTH, info, how);

	/* It owns `how` where it exists. */
	if (sealed == NULL)
		X509_ALGOR_free(how);
	PKCS8_PRIV_KEY_INFO_free(info);		/* which wipes it */
	return sealed;
}

bool
dkim_key_seal(struct arena *a, const struct dkim_key *key,
    const struct dkim_secret *secret, const char **pem, struct err *e)
{
	struct text text = TEXT_INIT;
	X509_SIG *sealed = encrypted(key, secret);
	BIO *bio = BIO_new(BIO_s_mem());
	bool ok = sealed != NULL && bio != NULL &&
	    PEM_write_bio_PKCS8(bio, sealed) == 1;

	if (ok)
		take(bio, &text);
	BIO_free(bio);
	X509_SIG_free(sealed);
	*pem = arena_strdup(a, text.buf);
	text_clear(&text);
	return ok || dkim_openssl_failed("write a key", e);
}

static bool
pem_write(const struct dkim_key *key, struct text *clear, struct err *e)
{
	BIO *bio = BIO_new(BIO_s_mem());
	bool ok = bio != NULL && PEM_write_bio_PKCS8PrivateKey(bio, key->pkey,
	    NULL, NULL, 0, NULL, NULL) == 1;

	if (ok)
		take(bio, clear);
	BIO_free(bio);		/* which wipes it */
	return ok || dkim_openssl_failed("write a key", e);
}

static bool
seed_write(const struct dkim_key *key, struct text *clear, struct err *e)
{
	unsigned char both[2 * DKIM_SEED_BYTES], line[4 * DKIM_SEED_BYTES];
	size_t seed = DKIM_SEED_BYTES, public = DKIM_SEED_BYTES;
	bool ok = EVP_PKEY_get_raw_private_key(key->pkey, both, &seed) == 1 &&
	    EVP_PKEY_get_raw_public_key(key->pkey, both + DKIM_SEED_BYTES,
		&public) == 1;

	if (ok) {
		EVP_EncodeBlock(line, both, sizeof(both));
		text_add(clear, (const char *)line);
		text_add_char(clear, '\n');
	}
	explicit_bzero(both, sizeof(both));
	explicit_bzero(line, sizeof(line));
	return ok || dkim_openssl_failed("write a key", e);
}

bool
dkim_key_write(const struct dkim_key *key, enum dkim_form form,
    struct text *clear, struct err *e)
{
	BUG_ON(form == DKIM_SEED && key->algorithm != DKIM_ED25519);
	return form == DKIM_SEED ? seed_write(key, clear, e) :
	    pem_write(key, clear, e);
}

/* --- a trial --------------------------------------------------------- */

static EVP_PKEY *
public_key(const struct dkim_key *key, const char *p)
{
	unsigned char der[DKIM_PUBLIC_MAX];
	const unsigned char *at = der;
	long len = dkim_base64_decode(p, strlen(p), der, sizeof(der));

	if (len < 0)
		return NULL;
	if (key->algorithm == DKIM_ED25519)
		return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, der,
		    (size_t)len);
	return d2i_PUBKEY(NULL, &at, len);
}

static bool
sign_and_verify(const struct dkim_key *key, EVP_PKEY *public)
{
	const EVP_MD *md = key->algorithm == DKIM_RSA ? EVP_sha256() : NULL;
	unsigned char probe[PROBE], signature[DKIM_BITS_MAX / 8];
	size_t len = sizeof(signature);
	EVP_MD_CTX *one = EVP_MD_CTX_new(), *two = EVP_MD_CTX_new();
	bool ok = one != NULL && two != NULL &&
	    RAND_bytes(probe, sizeof(probe)) == 1 &&
	    EVP_DigestSignInit(one, NULL, md, NULL, key->pkey) == 1 &&
	    EVP_DigestSign(one, signature, &len, probe, sizeof(probe)) == 1 &&
	    EVP_DigestVerifyInit(two, NULL, md, NULL, public) == 1 &&
	    EVP_DigestVerify(two, signature, len, probe, sizeof(probe)) == 1;

	EVP_MD_CTX_free(one);
	EVP_MD_CTX_free(two);
	return ok;
}

bool
dkim_key_works(const struct dkim_key *key, const char *p, struct err *e)
{
	EVP_PKEY *public = public_key(key, p);
	bool ok = public != NULL && sign_and_verify(key, public);

	EVP_PKEY_free(public);
	ERR_clear_error();
	return ok || err_set(e, ERR_INVALID, "the private key does not "
	    "belong to its public key");
}
