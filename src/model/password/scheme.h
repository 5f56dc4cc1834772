/*
 * Password schemes: what a stored hash is, by reading it.  None is made or
 * checked here; that does hash.h.
 *
 * One table holds the forms that crypt(3) knows, one the {NAME}s that
 * Dovecot knows; password_hash_valid() and password_scheme() read them.
 */
#ifndef MODEL_PASSWORD_SCHEME_H
#define MODEL_PASSWORD_SCHEME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

/* Room for what a label's .HEX, .B64 or .BASE64 decodes to. */
#define SCHEME_TEXT 257

/*
 * ERR_INVALID with the reason unless the text may be stored as a hash: a $...$
 * form of crypt(3) of an accepted scheme, or a {SCHEME} that is salted and
 * that Dovecot verifies.  Cleartext, reversible, unsalted, malformed,
 * truncated or extremely costly hashes are refused.  The hash itself is never
 * in the error.
 */
bool password_hash_valid(const char *hash, struct err *e);

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

/*
 * The part of a stored hash that crypt(3) can be asked about, inside the
 * string or `decoded`.  NULL where it does not know the scheme, where the
 * hash is malformed, and where the answer would take minutes or gigabytes.
 */
const char *scheme_crypt_part(const char *hash,
    char decoded[static SCHEME_TEXT]);

/* What a stored text is, whichever program stored it. */
enum hash_state {
	HASH_FINE,
	HASH_NONE,		/* "!": no password, on purpose */
	HASH_EMPTY,
	HASH_PLACEHOLDER,	/* *0 and similar: nobody can log in */
	HASH_CLEARTEXT,		/* is, or looks like, the password itself */
	HASH_UNKNOWN,		/* Dovecot has no such scheme */
	HASH_MISLABELLED,	/* {SHA256}$5$...: of another scheme */
	HASH_MALFORMED,		/* or truncated */
	HASH_WEAK,		/* DES, MD5, unsalted, reversible */
	HASH_COSTLY		/* a login would take minutes */
};

enum hash_state hash_state(const char *hash);

/* The same of the name that password_scheme() returns, where that is enough. */
enum hash_state scheme_state(const char *scheme);

/*
 * True where Dovecot 2.4 refuses it, unless auth_allow_weak_schemes is on:
 * MD5 in all its forms but CRAM-MD5 and DIGEST-MD5, MD4 and DES.
 */
bool hash_is_old(const char *hash);

/* The same of the name that password_scheme() returns, where that is enough. */
bool scheme_is_old(const char *scheme);

/* Rounds of SHA256-CRYPT and SHA512-CRYPT, the cost of BLF-CRYPT; or -1. */
int64_t hash_rounds(const char *hash);

#endif
