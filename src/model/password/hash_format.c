/* Hashes character by character. */
#include "model/password/hash_format.h"

#include <stdint.h>
#include <string.h>

#include "model/password/hash.h"

/* Above these limits a login takes minutes, or all memory of the server. */
#define BCRYPT_COST_MAX 16
#define MEMORY_MAX (UINT64_C(1) << 30)
#define ARGON_WORK_MAX (4 * (MEMORY_MAX >> 10))		/* KiB times passes */

#define DIGITS "0123456789"
#define HEX DIGITS "abcdefABCDEF"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define BASE64 LETTERS DIGITS "+/"
#define CRYPT64 "./" DIGITS LETTERS
#define BCRYPT64 "./" LETTERS DIGITS

/* What libxcrypt takes in a salt: printable ASCII but ! * : ; \ and $. */
#define SALT DIGITS LETTERS "\"#%&'()+,-./<=>?@[]^_`{|}~"

/* The last character of a digest holds only the remaining bits. */
#define LAST_2_BITS "./01"
#define LAST_4_BITS "./0123456789ABCD"

static bool
take(struct hash_text *r, const char *literal)
{
	size_t len = strlen(literal);

	if (strncmp(r->p, literal, len) != 0)
		return false;
	r->p += len;
	return true;
}

/* All characters of the alphabet that come, so many of them. */
static bool
run(struct hash_text *r, const char *alphabet, size_t min, size_t max)
{
	size_t len = strspn(r->p, alphabet);

	r->p += len;
	return len >= min && len <= max;
}

/* Exactly n characters, the last one of `last`. */
static bool
digest(struct hash_text *r, const char *alphabet, size_t n, const char *last)
{
	if (strspn(r->p, alphabet) < n || strchr(last, r->p[n - 1]) == NULL)
		return false;
	r->p += n;
	return true;
}

static bool
salt(struct hash_text *r, size_t max)
{
	r->unsalted = *r->p == '$';
	return run(r, SALT, 0, max) && take(r, "$");
}

static bool
too_costly(struct hash_text *r, const char *why)
{
	r->costly = why;
	return false;
}

/* Decimal, no sign, no leading zero; UINT64_MAX for what is too long. */
static bool
number(struct hash_text *r, uint64_t *n)
{
	size_t len = strspn(r->p, DIGITS), i;

	if (len == 0 || r->p[0] == '0')
		return false;
	*n = 0;
	for (i = 0; i < len; i++)
		*n = len > 18 ? UINT64_MAX :
		    *n * 10 + (uint64_t)(r->p[i] - '0');
	r->p += len;
	return true;
}

static bool
rounds(struct hash_text *r, uint64_t min)
{
	uint64_t n;

	if (!number(r, &n) || n < min)
		return false;
	if (n > PASSWORD_ROUNDS_MAX)
		return too_costly(r, "more than 5000000 rounds");
	return true;
}

/* The value of one character in crypt(3)'s base 64; 64 if it has none. */
static unsigned
crypt64(char c)
{
	const char *at = c != '\0' ? strchr(CRYPT64, c) : NULL;

	return at != NULL ? (unsigned)(at - CRYPT64) : 64;
}

/* RFC 4648 with or without padding, of min to max bytes. */
static bool
base64(struct hash_text *r, bool padded, size_t min, size_t max)
{
	size_t len = strspn(r->p, BASE64), pad, bytes = len * 3 / 4;

	pad = strspn(r->p + len, "=");
	if (len % 4 == 1 || pad != (padded ? (4 - len % 4) % 4 : 0))
		return false;
	r->p += len + pad;
	return bytes >= min && bytes <= max;
}

bool
format_sha256(struct hash_text *r)
{
	if (take(r, "rounds=") && (!rounds(r, 1000) || !take(r, "$")))
		return false;
	return salt(r, 16) && digest(r, CRYPT64, 43, LAST_4_BITS);
}

bool
format_sha512(struct hash_text *r)
{
	if (take(r, "rounds=") && (!rounds(r, 1000) || !take(r, "$")))
		return false;
	return salt(r, 16) && digest(r, CRYPT64, 86, LAST_2_BITS);
}

/*
 * Old programs left bits in the salt's last character that crypt(3) clears:
 * what it returns then never equals what is stored.
 */
bool
format_bcrypt(struct hash_text *r)
{
	uint64_t cost;

	if (strspn(r->p, DIGITS) != 2)
		return false;
	take(r, "0");
	if (!number(r, &cost) || cost < 4 || cost > 31)
		return false;
	if (cost > BCRYPT_COST_MAX)
		return too_costly(r, "a cost above 16");
	return take(r, "$") && digest(r, BCRYPT64, 22, ".Oeu") &&
	    digest(r, BCRYPT64, 31, ".CGKOSWaeimquy26");
}

/* 128 * 2^log_n * blocks bytes, what scrypt and yescrypt ask for. */
static bool
scrypt_memory(struct hash_text *r, unsigned log_n, uint64_t blocks)
{
	if (log_n > 30 || (blocks << log_n) > MEMORY_MAX / 128)
		return too_costly(r, "more than 1 GiB of memory");
	return true;
}

/* The parameters that crypt_gensalt(3) writes: flags j, log2 N, r. */
bool
format_yescrypt(struct hash_text *r)
{
	unsigned log_n, blocks;

	if (!take(r, "j"))
		return false;
	log_n = crypt64(r->p[0]) + 1;
	blocks = log_n <= 48 ? crypt64(r->p[1]) + 1 : 64;
	if (blocks > 48)
		return false;
	r->p += 2;
	return scrypt_memory(r, log_n, blocks) && take(r, "$") &&
	    run(r, CRYPT64, 1, 86) && take(r, "$") &&
	    digest(r, CRYPT64, 43, LAST_4_BITS);
}

/* Five characters of six bits, the least significant first. */
static bool
scrypt_number(struct hash_text *r, uint64_t *n)
{
	unsigned i, bits;

	*n = 0;
	for (i = 0; i < 5; i++) {
		bits = crypt64(*r->p);
		if (bits == 64)
			return false;
		*n |= (uint64_t)bits << (6 * i);
		r->p++;
	}
	return *n > 0;
}

bool
format_scrypt(struct hash_text *r)
{
	unsigned log_n = crypt64(*r->p);
	uint64_t blocks, lanes;

	if (log_n == 64 || log_n == 0)
		return false;
	r->p++;
	if (!scrypt_number(r, &blocks) || !scrypt_number(r, &lanes))
		return false;
	if (lanes > 64 || blocks > MEMORY_MAX / 128)
		return too_costly(r, "more than 1 GiB of memory");
	return scrypt_memory(r, log_n, blocks * lanes) &&
	    run(r, CRYPT64, 1, 86) && take(r, "$") &&
	    digest(r, CRYPT64, 43, LAST_4_BITS);
}

bool
format_sha1(struct hash_text *r)
{
	return rounds(r, 4) && take(r, "$") && run(r, CRYPT64, 1, 64) &&
	    take(r, "$") && digest(r, CRYPT64, 28, CRYPT64);
}

/* Solaris: $md5,rounds=N$salt$$digest, and one $ from other programs. */
bool
format_sunmd5(struct hash_text *r)
{
	if (take(r, "rounds=") && (!rounds(r, 1) || !take(r, "$")))
		return false;
	if (!run(r, CRYPT64, 1, 64) || !take(r, "$"))
		return false;
	take(r, "$");
	return digest(r, CRYPT64, 22, LAST_2_BITS);
}

bool
format_md5(struct hash_text *r)
{
	return salt(r, 8) && digest(r, CRYPT64, 22, LAST_2_BITS);
}

bool
format_nt(struct hash_text *r)
{
	return take(r, "$") && run(r, HEX, 32, 32);
}

bool
format_des(struct hash_text *r)
{
	return run(r, CRYPT64, 13, 13);
}

bool
format_bsdi(struct hash_text *r)
{
	return run(r, CRYPT64, 19, 19);
}

/* As libsodium reads it, which Dovecot uses. */
static bool
format_argon2(struct hash_text *r)
{
	uint64_t memory, passes, lanes;

	if (!take(r, "v=19$m=") || !number(r, &memory) || !take(r, ",t=") ||
	    !number(r, &passes) || !take(r, ",p=") || !number(r, &lanes) ||
	    !take(r, "$") || memory < 8)
		return false;
	if (memory > MEMORY_MAX >> 10)
		return too_costly(r, "more than 1 GiB of memory");
	if (passes > ARGON_WORK_MAX / memory || lanes > 255)
		return too_costly(r, "too many passes");
	return base64(r, false, 8, 64) && take(r, "$") &&
	    (strlen(r->p) == 43 ? base64(r, false, 32, 32) :
	    base64(r, false, 16, 16));
}

bool
format_argon2i(struct hash_text *r)
{
	return take(r, "$argon2i$") && format_argon2(r);
}

bool
format_argon2id(struct hash_text *r)
{
	return take(r, "$argon2id$") && format_argon2(r);
}

/* A digest, followed by the salt. */
bool
format_salted(struct hash_text *r)
{
	return base64(r, true, r->digest + 1, SIZE_MAX);
}

bool
format_salted_hex(struct hash_text *r)
{
	return strlen(r->p) % 2 == 0 &&
	    run(r, HEX, 2 * (r->digest + 1), SIZE_MAX);
}

bool
format_pbkdf2(struct hash_text *r)
{
	return take(r, "$1$") && run(r, CRYPT64, 1, 64) && take(r, "$") &&
	    rounds(r, 1) && take(r, "$") && run(r, HEX, 40, 40);
}

bool
format_scram(struct hash_text *r)
{
	return rounds(r, 4096) && take(r, ",") && base64(r, true, 1, 64) &&
	    take(r, ",") && base64(r, true, r->digest, r->digest) &&
	    take(r, ",") && base64(r, true, r->digest, r->digest);
}
