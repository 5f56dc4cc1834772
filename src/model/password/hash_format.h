/*
 * What hashes look like: alphabets, lengths and what they would cost.
 *
 * A shape reads a hash from behind its prefix and is true if it could have
 * been made by its scheme: a truncated one, one with a character that no
 * such hash ends with, or with parameters that would keep a login busy for
 * minutes is not.  None of them computes anything.
 */
#ifndef MODEL_PASSWORD_HASH_FORMAT_H
#define MODEL_PASSWORD_HASH_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

struct shape {
	const char *p;		/* what is left to read */
	size_t digest;		/* bytes, for salted digests and SCRAM */
	bool unsalted;		/* set: crypt(3) takes an empty salt */
	const char *costly;	/* set: why it would take too long */
};

typedef bool shape_fn(struct shape *r);

/* Behind the prefixes that crypt(3) knows. */
shape_fn shape_sha256;
shape_fn shape_sha512;
shape_fn shape_bcrypt;
shape_fn shape_yescrypt;
shape_fn shape_scrypt;
shape_fn shape_sha1;
shape_fn shape_sunmd5;
shape_fn shape_md5;
shape_fn shape_nt;
shape_fn shape_des;
shape_fn shape_bsdi;

/* Behind Dovecot's {NAME}. */
shape_fn shape_argon2i;
shape_fn shape_argon2id;
shape_fn shape_salted;
shape_fn shape_salted_hex;
shape_fn shape_pbkdf2;
shape_fn shape_scram;

#endif
