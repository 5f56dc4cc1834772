/* Hashes character by character. */
#include "model/password/hash_format.h"

#include <stdint.h>
#include <string.h>

#include "model/password/password.h"

/* Above these a login takes minutes, or the server's memory. */
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

/* The last character of a digest holds only the bits that are left. */
#define LAST_2_BITS "./01"
#define LAST_4_BITS "./0123456789ABCD"

static bool
take(struct shape *r, const char *literal)
{
	size_t len = strlen(literal);

	if (strncmp(r->p, literal, len) != 0)
		return false;
	r->p += len;
	return true;
}

/* All characters of the alphabet that come, so many of them. */
static bool
run(struct shape *r, const char *alphabet, size_t min, size_t max)
{
	size_t len = strspn(r->p, alphabet);

	r->p += len;
	return len >= min && len <= max;
}

/* Exactly n characters, the last one of `last`. */
static bool
digest(struct shape *r, const char *alphabet, size_t n, const char *last)
{
	if (strspn(r->p, alphabet) < n || strchr(last, r->p[n - 1]) == NULL)
		return false;
	r->p += n;
	return true;
}

static bool
salt(struct shape *r, size_t max)
{
	r->unsalted = *r->p == '$';
	return run(r, SALT, 0, max) && take(r, "$");
}

static bool
too_costly(struct shape *r, const char *why)
{
	r->costly = why;
	return false;
}

/* Decimal, no sign, no leading zero; UINT64_MAX for what is too long. */
static bool
number(struct shape *r, uint64_t *n)
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
rounds(struct shape *r, uint64_t min)
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
base64(struct shape *r, bool padded, size_t min, size_t max)
{
	size_t len = strspn(r->p, BASE64), pad, bytes = len * 3 / 4;

	pad = strspn(r->p + len, "=");
	if (len % 4 == 1 || pad != (padded ? (4 - len % 4) % 4 : 0))
		return false;
	r->p += len + pad;
	return bytes >= min && bytes <= max;
}

bool
shape_sha256(struct shape *r)
{
	if (take(r, "rounds=") && (!rounds(r, 1000) || !take(r, "$")))
		return false;
	return salt(r, 16) && digest(r, CRYPT64, 43, LAST_4_BITS);
}

bool
shape_sha512(struct shape *r)
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
shape_bcrypt(struct shape *r)
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
scrypt_memory(struct shape *r, unsigned log_n, uint64_t blocks)
{
	if (log_n > 30 || (blocks << log_n) > MEMORY_MAX / 128)
		return too_costly(r, "more than 1 GiB of memory");
	return true;
}

/* The parameters that crypt_gensalt(3) writes: flags j, log2 N, r. */
bool
shape_yescrypt(struct shape *r)
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
scrypt_number(struct shape *r, uint64_t *n)
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
shape_scrypt(struct shape *r)
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
shape_sha1(struct shape *r)
{
	return rounds(r, 4) && take(r, "$") && run(r, CRYPT64, 1, 64) &&
	    take(r, "$") && digest(r, CRYPT64, 28, CRYPT64);
}

/* Solaris: $md5,rounds=N$salt$$digest, and one $ from other programs. */
bool
shape_sunmd5(struct shape *r)
{
	if (take(r, "rounds=") && (!rounds(r, 1) || !take(r, "$")))
		return false;
	if (!run(r, CRYPT64, 1, 64) || !take(r, "$"))
		return false;
	take(r, "$");
	return digest(r, CRYPT64, 22, LAST_2_BITS);
}

bool
shape_md5(struct shape *r)
{
	return salt(r, 8) && digest(r, CRYPT64, 22, LAST_2_BITS);
}

bool
shape_nt(struct shape *r)
{
	return take(r, "$") && run(r, HEX, 32, 32);
}

bool
shape_des(struct shape *r)
{
	return run(r, CRYPT64, 13, 13);
}

bool
shape_bsdi(struct shape *r)
{
	return run(r, CRYPT64, 19, 19);
}

/* What libsodium reads, which is what Dovecot asks. */
static bool
shape_argon2(struct shape *r)
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
shape_argon2i(struct shape *r)
{
	return take(r, "$argon2i$") && shape_argon2(r);
}

bool
shape_argon2id(struct shape *r)
{
	return take(r, "$argon2id$") && shape_argon2(r);
}

/* A digest and behind it the salt. */
bool
shape_salted(struct shape *r)
{
	return base64(r, true, r->digest + 1, SIZE_MAX);
}

bool
shape_salted_hex(struct shape *r)
{
	return strlen(r->p) % 2 == 0 &&
	    run(r, HEX, 2 * (r->digest + 1), SIZE_MAX);
}

bool
shape_pbkdf2(struct shape *r)
{
	return take(r, "$1$") && run(r, CRYPT64, 1, 64) && take(r, "$") &&
	    rounds(r, 1) && take(r, "$") && run(r, HEX, 40, 40);
}

bool
shape_scram(struct shape *r)
{
	return rounds(r, 4096) && take(r, ",") && base64(r, true, 1, 64) &&
	    take(r, ",") && base64(r, true, r->digest, r->digest) &&
	    take(r, ",") && base64(r, true, r->digest, r->digest);
}
