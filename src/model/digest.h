/*
 * SHA-256 and SHA-1, by OpenSSL (FIPS 180-4).
 *
 * OpenSSL fails here only where it gets no memory: then the program ends as
 * out_of_memory() says.
 */
#ifndef MODEL_DIGEST_H
#define MODEL_DIGEST_H

#include <stddef.h>

#define DIGEST_SHA1 20
#define DIGEST_SHA256 32
#define DIGEST_HEX (2 * DIGEST_SHA256 + 1)	/* with the final NUL */

/* `digest` may be `bytes`. */
void digest_sha1(const void *bytes, size_t len,
    unsigned char digest[static DIGEST_SHA1]);
void digest_sha256(const void *bytes, size_t len,
    unsigned char digest[static DIGEST_SHA256]);

/* SHA-256 as 64 lower-case hexadecimal digits. */
void digest_hex(const void *bytes, size_t len, char hex[static DIGEST_HEX]);

#endif
