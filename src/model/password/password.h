/*
 * Mailbox passwords: making, checking and classifying hashes.
 *
 * Hashes made here are SHA256-CRYPT as libxcrypt defines it,
 * $5$rounds=N$<16 characters of salt>$<43 characters>, stored bare, with
 * salt from OpenSSL's CSPRNG, and verified before they are returned.
 * Passwords are bytes: 1 to 511, no NUL, CR or LF, never trimmed or
 * normalised, and never part of an error's text.
 */
#ifndef MODEL_PASSWORD_PASSWORD_H
#define MODEL_PASSWORD_PASSWORD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

#define PASSWORD_MAX 511		/* libxcrypt answers *0 above */
#define PASSWORD_ROUNDS 50000
#define PASSWORD_ROUNDS_MIN 5000
#define PASSWORD_ROUNDS_MAX 5000000

#define PASSWORD_SALT 16		/* characters of it */

#define PASSWORD_GENERATED 20		/* characters of a generated one */
#define PASSWORD_GENERATED_MIN 12
#define PASSWORD_GENERATED_MAX 128

/*
 * With this hash nobody can log in: no password matches, not even an empty
 * one.
 */
#define PASSWORD_NONE "!"

/* ERR_INVALID unless the bytes may be a password. */
bool password_valid(const char *password, size_t len, struct err *e);

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

/*
 * A password of `length` characters that can be read aloud and typed: no
 * characters that look alike (0O 1lI), every one equally likely.
 */
bool password_generate(struct arena *a, size_t length, const char **password,
    struct err *e);

/*
 * ERR_INVALID with the reason unless the text may be stored as a hash: a $...$
 * form of crypt(3) of an accepted scheme, or a {SCHEME} that is salted and
 * that Dovecot verifies.  Cleartext, reversible, unsalted, malformed,
 * truncated or extremely costly hashes are refused.  The hash itself is never
 * in the error.
 */
bool password_hash_valid(const char *hash, struct err *e);

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

/*
 * The scheme's name, as Dovecot spells it where Dovecot has one; never
 * NULL.  The generated column users.scheme has the same mapping:
 *
 *	!				none
 *	$5$				SHA256-CRYPT
 *	$6$				SHA512-CRYPT
 *	$2a$ $2b$ $2x$ $2y$		BLF-CRYPT
 *	$1$				MD5-CRYPT
 *	$y$				YESCRYPT
 *	$gy$				GOST-YESCRYPT
 *	$7$				SCRYPT
 *	$argon2id$			ARGON2ID
 *	$argon2i$			ARGON2I
 *	{NAME}... {NAME.ENCODING}...	NAME, in capitals, 64 at most
 *	anything else			unknown
 */
const char *password_scheme(struct arena *a, const char *hash);

#endif
