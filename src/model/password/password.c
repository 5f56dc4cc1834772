/* Mailbox passwords: making and checking hashes. */
#include "model/password/password.h"

#include <crypt.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <string.h>

#include "model/password/scheme.h"

#define DIGEST_LEN 43

static const char salt_chars[] =
    "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/* Without 0 O o, 1 I l: a password may have to be read aloud. */
static const char generated_chars[] =
    "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

_Static_assert(sizeof(salt_chars) - 1 == 64, "a byte's low six bits");
_Static_assert(CRYPT_MAX_PASSPHRASE_SIZE > PASSWORD_MAX, "crypt's limit");

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

bool
password_rounds_valid(long rounds, struct err *e)
{
	if (rounds >= PASSWORD_ROUNDS_MIN && rounds <= PASSWORD_ROUNDS_MAX)
		return true;
	return err_set(e, ERR_INVALID, "invalid rounds %ld: %d to %d", rounds,
	    PASSWORD_ROUNDS_MIN, PASSWORD_ROUNDS_MAX);
}

/* Never rand(), never a fixed salt: without random numbers it fails. */
static bool
random_bytes(unsigned char *bytes, int len, struct err *e)
{
	if (RAND_priv_bytes(bytes, len) == 1)
		return true;
	return err_set(e, ERR_IO, "no random numbers from OpenSSL");
}

/* 96 bits; 64 characters take six of eight bits each, without bias. */
bool
password_salt(char salt[static PASSWORD_SALT + 1], struct err *e)
{
	unsigned char bytes[PASSWORD_SALT];
	size_t i;

	if (!random_bytes(bytes, PASSWORD_SALT, e))
		return false;
	for (i = 0; i < PASSWORD_SALT; i++)
		salt[i] = salt_chars[bytes[i] & 63];
	salt[PASSWORD_SALT] = '\0';
	return true;
}

/*
 * crypt(3) answers a setting that it does not take with *0 or *1, never
 * with NULL as its manual's older half says; both are NULL here.  The
 * answer stands in `data`, which the caller wipes.
 */
static const char *
crypt_with(struct crypt_data *data, const char *password, const char *setting)
{
	const char *answer;

	data->initialized = 0;
	data->output[0] = '\0';
	answer = crypt_r(password, setting, data);
	return answer == NULL || answer[0] == '*' ? NULL : answer;
}

static bool
matches(struct crypt_data *data, const char *password, const char *hash)
{
	const char *answer = crypt_with(data, password, hash);
	size_t len = strlen(hash);

	return answer != NULL && strlen(answer) == len &&
	    CRYPTO_memcmp(answer, hash, len) == 0;
}

/* $5$rounds=N$salt, "$" and 43 characters. */
static bool
extends(const char *hash, const char *setting)
{
	size_t len = strlen(setting);

	return strncmp(hash, setting, len) == 0 && hash[len] == '$' &&
	    strspn(hash + len + 1, salt_chars) == DIGEST_LEN &&
	    hash[len + 1 + DIGEST_LEN] == '\0';
}

/* A hash that does not verify would lock the user out: never returned. */
static bool
hash_make(struct arena *a, const char *password, const char *setting,
    const char **hash)
{
	struct crypt_data data;
	const char *answer = crypt_with(&data, password, setting);
	bool ok = false;

	if (answer != NULL && extends(answer, setting)) {
		*hash = arena_strdup(a, answer);
		ok = matches(&data, password, *hash);
	}
	OPENSSL_cleanse(&data, sizeof(data));
	return ok;
}

bool
password_hash(struct arena *a, const char *password, long rounds,
    const char **hash, struct err *e)
{
	const char *setting, *made;
	char salt[PASSWORD_SALT + 1];

	if (!password_valid(password, strlen(password), e))
		return false;
	if (!password_rounds_valid(rounds, e))
		return false;
	if (!password_salt(salt, e))
		return false;
	setting = arena_printf(a, "$5$rounds=%ld$%s", rounds, salt);
	if (!hash_make(a, password, setting, &made))
		return err_set(e, ERR_IO, "crypt(3) made a hash that does not "
		    "verify");
	*hash = made;
	return true;
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
		if (!random_bytes(bytes, sizeof(bytes), e))
			return false;
		for (i = 0; i < sizeof(bytes) && n < length; i++)
			if (bytes[i] < limit)
				made[n++] = generated_chars[bytes[i] % chars];
	}
	OPENSSL_cleanse(bytes, sizeof(bytes));
	*password = made;
	return true;
}

enum password_answer
password_verify(const char *hash, const char *password)
{
	char decoded[SCHEME_TEXT];
	const char *part = scheme_crypt_part(hash, decoded);
	enum password_answer answer = PASSWORD_DIFFERS;
	struct crypt_data data;

	if (strcmp(hash, PASSWORD_NONE) == 0)
		return PASSWORD_DIFFERS;
	if (part == NULL)
		return PASSWORD_UNVERIFIABLE;
	if (strlen(password) > PASSWORD_MAX)
		return PASSWORD_DIFFERS;
	if (matches(&data, password, part))
		answer = PASSWORD_MATCHES;
	else if (data.output[0] == '*')
		answer = PASSWORD_UNVERIFIABLE;
	OPENSSL_cleanse(&data, sizeof(data));
	return answer;
}
