/* Making hashes of passwords, and checking them: all that crypt(3) does. */
#include "model/password/hash.h"

#include <crypt.h>
#include <openssl/crypto.h>
#include <string.h>

#include "model/password/password.h"
#include "model/password/scheme.h"

#define DIGEST_LEN 43

static const char salt_chars[] =
    "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

_Static_assert(sizeof(salt_chars) - 1 == 64, "a byte's low six bits");
_Static_assert(CRYPT_MAX_PASSPHRASE_SIZE > PASSWORD_MAX, "crypt's limit");

bool
password_rounds_valid(long rounds, struct err *e)
{
	if (rounds >= PASSWORD_ROUNDS_MIN && rounds <= PASSWORD_ROUNDS_MAX)
		return true;
	return err_set(e, ERR_INVALID, "invalid rounds %ld: %d to %d", rounds,
	    PASSWORD_ROUNDS_MIN, PASSWORD_ROUNDS_MAX);
}

/* 96 bits; 64 characters take six of eight bits each, without bias. */
bool
password_salt(char salt[static PASSWORD_SALT + 1], struct err *e)
{
	unsigned char bytes[PASSWORD_SALT];
	size_t i;

	if (!password_random(bytes, PASSWORD_SALT, e))
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
