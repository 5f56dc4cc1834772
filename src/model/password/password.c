/* Mailbox passwords: what one may be, and making one up. */
#include "model/password/password.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <string.h>

/* Without 0 O o, 1 I l: a password may have to be read aloud. */
static const char generated_chars[] =
    "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

static bool
refuse(struct err *e, const char *reason)
{
	return err_set(e, ERR_INVALID, "invalid password: %s", reason);
}

bool
password_valid(const char *password, size_t len, struct err *e)
{
	if (len == 0)
		return refuse(e, "empty");
	if (len > PASSWORD_MAX)
		return err_set(e, ERR_INVALID, "invalid password: %zu bytes, "
		    "%d at most", len, PASSWORD_MAX);
	if (memchr(password, '\0', len) != NULL)
		return refuse(e, "it holds a NUL byte");
	if (memchr(password, '\n', len) != NULL ||
	    memchr(password, '\r', len) != NULL)
		return refuse(e, "it holds a line break");
	return true;
}

/* Never rand(), never a fixed salt: without random numbers it fails. */
bool
password_random(unsigned char *bytes, int len, struct err *e)
{
	if (RAND_priv_bytes(bytes, len) == 1)
		return true;
	return err_set(e, ERR_IO, "no random numbers from OpenSSL");
}

/*
 * Bytes at or above the largest multiple of the alphabet are skipped: their
 * remainder would make its first characters more likely.
 */
bool
password_generate(struct arena *a, size_t length, const char **password,
    struct err *e)
{
	const size_t chars = sizeof(generated_chars) - 1;
	const size_t limit = 256 - 256 % chars;
	unsigned char bytes[64];
	size_t n = 0, i;
	char *made;

	if (length < PASSWORD_GENERATED_MIN || length > PASSWORD_GENERATED_MAX)
		return err_set(e, ERR_INVALID, "invalid password length %zu: "
		    "%d to %d", length, PASSWORD_GENERATED_MIN,
		    PASSWORD_GENERATED_MAX);
	made = arena_alloc(a, length + 1);
	while (n < length) {
		if (!password_random(bytes, sizeof(bytes), e))
			return false;
		for (i = 0; i < sizeof(bytes) && n < length; i++)
			if (bytes[i] < limit)
				made[n++] = generated_chars[bytes[i] % chars];
	}
	OPENSSL_cleanse(bytes, sizeof(bytes));
	*password = made;
	return true;
}
