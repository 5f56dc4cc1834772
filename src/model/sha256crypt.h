/*
 * SHA256-CRYPT over OpenSSL's SHA-256, for many passwords.
 *
 * The same digests as crypt(3) with $5$ makes, in a fifth of the time,
 * because OpenSSL has the instructions that processors have for SHA-256.
 * One struct sha256crypt serves one thread.  Nothing of a password is left
 * in memory when a function returns.
 */
#ifndef MODEL_SHA256CRYPT_H
#define MODEL_SHA256CRYPT_H

#include <stdbool.h>
#include <stddef.h>

#define SHA256CRYPT_PASSWORD_MAX 511
#define SHA256CRYPT_SALT_MAX 16
#define SHA256CRYPT_DIGEST 43		/* characters */

struct ossl_param_st;

/* OpenSSL's SHA-256: a context, and the functions of its provider. */
struct sha256crypt {
	struct evp_md_st *md;
	void *ctx;
	void *(*newctx)(void *provider);
	void (*freectx)(void *ctx);
	int (*init)(void *ctx, const struct ossl_param_st *params);
	int (*update)(void *ctx, const unsigned char *bytes, size_t len);
	int (*final)(void *ctx, unsigned char *digest, size_t *len,
	    size_t size);
};

/* False without memory or SHA-256; sha256crypt_clear() is due in any case. */
bool sha256crypt_init(struct sha256crypt *s);
void sha256crypt_clear(struct sha256crypt *s);

/*
 * What stands behind the last $, not terminated.  Lengths within the limits
 * above, any bytes, at least one round.  False when OpenSSL refuses.
 */
bool sha256crypt(struct sha256crypt *s, const char *password, size_t len,
    const char *salt, size_t salt_len, long rounds,
    char digest[static SHA256CRYPT_DIGEST]);

#endif
