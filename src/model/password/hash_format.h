/*
 * The formats of hashes: alphabets, lengths and cost.
 *
 * A format reads a hash from behind its prefix and is true if its scheme could
 * have made the hash.  It is false for a truncated hash, one with a last
 * character that cannot occur, or with parameters that would keep a login busy
 * for minutes.  No hash is computed.
 */
#ifndef MODEL_PASSWORD_HASH_FORMAT_H
#define MODEL_PASSWORD_HASH_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

struct hash_text {
	const char *p;		/* what is left to read */
	size_t digest;		/* bytes, for salted digests and SCRAM */
	bool unsalted;		/* set: crypt(3) takes an empty salt */
	const char *costly;	/* the reason, if it would take too long */
};

typedef bool hash_format(struct hash_text *r);

/* Behind the prefixes that crypt(3) knows. */
hash_format format_sha256;
hash_format format_sha512;
hash_format format_bcrypt;
hash_format format_yescrypt;
hash_format format_scrypt;
hash_format format_sha1;
hash_format format_sunmd5;
hash_format format_md5;
hash_format format_nt;
hash_format format_des;
hash_format format_bsdi;

/* Behind Dovecot's {NAME}. */
hash_format format_argon2i;
hash_format format_argon2id;
hash_format format_salted;
hash_format format_salted_hex;
hash_format format_pbkdf2;
hash_format format_scram;

#endif
