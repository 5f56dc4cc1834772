/*
 * Opening DKIM keys that were encrypted, one or ten thousand.
 *
 * What OpenSSL 3.0 sets up to decode a key, by looking through all of its
 * algorithms, takes 0.4 ms, thirty times as long as the decoding.  An opener
 * keeps that.
 */
#include <openssl/core_names.h>
#include <openssl/decoder.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <string.h>

#include "model/dkim/key.h"
#include "model/dkim/private.h"

/* --- opening --------------------------------------------------------- */

void
dkim_opener_clear(struct dkim_opener *o)
{
	OSSL_DECODER_CTX_free(o->decoder);
	*o = (struct dkim_opener){ 0 };
}

/* The decoder puts each key into o->pkey. */
static bool
decoder_make(struct dkim_opener *o)
{
	if (o->decoder == NULL)
		o->decoder = OSSL_DECODER_CTX_new_for_pkey(&o->pkey, "DER",
		    "PrivateKeyInfo", NULL, EVP_PKEY_KEYPAIR, NULL, NULL);
	return o->decoder != NULL;
}

static EVP_PKEY *
decode(struct dkim_opener *o, const PKCS8_PRIV_KEY_INFO *info)
{
	unsigned char *der = NULL;
	int size = i2d_PKCS8_PRIV_KEY_INFO(info, &der);
	const unsigned char *at = der;
	size_t len = size > 0 ? (size_t)size : 0;
	EVP_PKEY *key;

	if (len > 0 && decoder_make(o))
		OSSL_DECODER_from_data(o->decoder, &at, &len);
	if (size > 0)
		OPENSSL_clear_free(der, (size_t)size);
	key = o->pkey;
	o->pkey = NULL;
	return key;
}

static EVP_PKEY *
decrypt(struct dkim_opener *o, const char *pem,
    const struct dkim_secret *secret)
{
	BIO *bio = BIO_new_mem_buf(pem, -1);
	X509_SIG *sealed = bio == NULL ? NULL : PEM_read_bio_PKCS8(bio, NULL,
	    NULL, NULL);
	PKCS8_PRIV_KEY_INFO *info = sealed == NULL ? NULL : PKCS8_decrypt(
	    sealed, secret->text, DKIM_SECRET_LENGTH);
	EVP_PKEY *key = info == NULL ? NULL : decode(o, info);

	PKCS8_PRIV_KEY_INFO_free(info);		/* which wipes it */
	X509_SIG_free(sealed);
	BIO_free(bio);
	return key;
}

bool
dkim_key_open_next(struct dkim_opener *o, const char *pem,
    const struct dkim_secret *secret, struct dkim_key *key, struct err *e)
{
	dkim_key_guard(key);
	key->pkey = decrypt(o, pem, secret);
	if (key->pkey != NULL && dkim_key_describe(key))
		return true;
	dkim_key_clear(key);
	ERR_clear_error();
	return err_set(e, ERR_DENIED, "%s does not open this key: it was "
	    "encrypted with another secret, or is damaged", secret->path);
}

bool
dkim_key_open(const char *pem, const struct dkim_secret *secret,
    struct dkim_key *key, struct err *e)
{
	struct dkim_opener o = { 0 };
	bool ok = dkim_key_open_next(&o, pem, secret, key, e);

	dkim_opener_clear(&o);
	return ok;
}

/* --- is it whole? ---------------------------------------------------- */

/* The numbers of an RSA key: RFC 8017, 3.2. */
enum { N, E, D, P, Q, DP, DQ, QI, NUMBERS };

static const char *const number_names[NUMBERS] = {
	[N] = OSSL_PKEY_PARAM_RSA_N,
	[E] = OSSL_PKEY_PARAM_RSA_E,
	[D] = OSSL_PKEY_PARAM_RSA_D,
	[P] = OSSL_PKEY_PARAM_RSA_FACTOR1,
	[Q] = OSSL_PKEY_PARAM_RSA_FACTOR2,
	[DP] = OSSL_PKEY_PARAM_RSA_EXPONENT1,
	[DQ] = OSSL_PKEY_PARAM_RSA_EXPONENT2,
	[QI] = OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
};

static bool
numbers_get(const struct dkim_key *key, BIGNUM *n[NUMBERS])
{
	for (int i = 0; i < NUMBERS; i++) {
		if (EVP_PKEY_get_bn_param(key->pkey, number_names[i],
		    &n[i]) != 1)
			return false;
	}
	return true;
}

/* Of one of the two primes: e dp = 1 and d = dp (mod p - 1). */
static bool
prime_agrees(BIGNUM *const n[NUMBERS], const BIGNUM *prime,
    const BIGNUM *exponent, BN_CTX *c)
{
	BIGNUM *less = BN_dup(prime), *x = BN_new();
	bool ok = less != NULL && x != NULL && BN_sub_word(less, 1) == 1 &&
	    BN_mod_mul(x, n[E], exponent, less, c) == 1 && BN_is_one(x) &&
	    BN_nnmod(x, n[D], less, c) == 1 && BN_cmp(x, exponent) == 0;

	BN_clear_free(less);
	BN_clear_free(x);
	return ok;
}

/* And n = p q, q qi = 1 (mod p). */
static bool
numbers_agree(BIGNUM *const n[NUMBERS], BN_CTX *c)
{
	BIGNUM *x = BN_new();
	bool ok = x != NULL && BN_mul(x, n[P], n[Q], c) == 1 &&
	    BN_cmp(x, n[N]) == 0 &&
	    BN_mod_mul(x, n[Q], n[QI], n[P], c) == 1 && BN_is_one(x) &&
	    prime_agrees(n, n[P], n[DP], c) && prime_agrees(n, n[Q], n[DQ], c);

	BN_clear_free(x);
	return ok;
}

static bool
rsa_is_whole(const struct dkim_key *key)
{
	BIGNUM *n[NUMBERS] = { 0 };
	BN_CTX *c = BN_CTX_new();
	bool ok = c != NULL && numbers_get(key, n) && numbers_agree(n, c);

	for (int i = 0; i < NUMBERS; i++)
		BN_clear_free(n[i]);
	BN_CTX_free(c);
	return ok;
}

/* The same bytes, whatever blanks are in the text. */
static bool
is_public(const struct dkim_key *key, const char *p)
{
	unsigned char ours[DKIM_PUBLIC_MAX], theirs[DKIM_PUBLIC_MAX];
	struct arena a = { 0 };
	const char *public = dkim_key_public(&a, key);
	long len = dkim_base64_decode(public, strlen(public), ours,
	    sizeof(ours));
	bool same = len > 0 && dkim_base64_decode(p, strlen(p), theirs,
	    sizeof(theirs)) == len && memcmp(ours, theirs, (size_t)len) == 0;

	arena_clear(&a);
	return same;
}

/*
 * The public half is computed from the seed of Ed25519, and is N and E of RSA.
 */
bool
dkim_key_is_whole(const struct dkim_key *key, const char *p, struct err *e)
{
	bool ok = is_public(key, p) && (key->algorithm == DKIM_ED25519 ||
	    rsa_is_whole(key));

	ERR_clear_error();
	return ok || err_set(e, ERR_INVALID, "the private key does not "
	    "belong to its public key");
}
