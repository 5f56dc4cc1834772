/*
 * Hashes of mailbox passwords: making and checking them.
 *
 * Hashes made here are SHA256-CRYPT as libxcrypt defines it,
 * $5$rounds=N$<16 characters of salt>$<43 characters>, stored bare, with
 * salt from OpenSSL's CSPRNG, and verified before they are returned.
 * scheme.h recognises those of others.
 */
#ifndef MODEL_PASSWORD_HASH_H
#define MODEL_PASSWORD_HASH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

#define PASSWORD_ROUNDS 50000
#define PASSWORD_ROUNDS_MIN 5000
#define PASSWORD_ROUNDS_MAX 5000000

#define PASSWORD_SALT 16		/* characters of it */

/*
 * With this hash nobody can log in: no password matches, not even an empty
 * one.
 */
#define PASSWORD_NONE "!"

/* ERR_INVALID unless within PASSWORD_ROUNDS_MIN and _MAX. */
bool password_rounds_valid(long rounds, struct err *e);

/* Characters of a hash, and a NUL, from OpenSSL's CSPRNG. */
bool password_salt(char salt[static PASSWORD_SALT + 1], struct err *e);

/*
 * rounds within PASSWORD_ROUNDS_MIN and _MAX.  The hash is in the arena, as
 * is every copy of the password that had to be made.
 */
bool password_hash(struct arena *a, const char *password, long rounds,
    const char **hash, struct err *e);

enum password_answer {
	PASSWORD_MATCHES,
	PASSWORD_DIFFERS,
	PASSWORD_UNVERIFIABLE	/* a scheme that crypt(3) does not know */
};

/*
 * Every scheme that crypt(3) knows, bare or behind {CRYPT}, {SHA256-CRYPT},
 * {SHA512-CRYPT}, {BLF-CRYPT}, {MD5-CRYPT}; constant-time comparison.
 */
enum password_answer password_verify(const char *hash, const char *password);

#endif
