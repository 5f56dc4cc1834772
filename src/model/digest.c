/* SHA-256 and SHA-1. */
#include "model/digest.h"

#include <openssl/evp.h>

#include "base/bug.h"

void
digest_sha1(const void *bytes, size_t len,
    unsigned char digest[static DIGEST_SHA1])
{
	if (EVP_Digest(bytes, len, digest, NULL, EVP_sha1(), NULL) != 1)
		out_of_memory();
}

void
digest_sha256(const void *bytes, size_t len,
    unsigned char digest[static DIGEST_SHA256])
{
	if (EVP_Digest(bytes, len, digest, NULL, EVP_sha256(), NULL) != 1)
		out_of_memory();
}

void
digest_hex(const void *bytes, size_t len, char hex[static DIGEST_HEX])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char digest[DIGEST_SHA256];

	digest_sha256(bytes, len, digest);
	for (size_t i = 0; i < sizeof(digest); i++) {
		hex[2 * i] = digits[digest[i] >> 4];
		hex[2 * i + 1] = digits[digest[i] & 15];
	}
	hex[DIGEST_HEX - 1] = '\0';
}
