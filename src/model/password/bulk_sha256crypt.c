/* SHA256-CRYPT, as Drepper specified it and libxcrypt does it. */

/*
 * A round hashes one or two blocks.  With messages this short EVP takes a
 * third of the time for itself, and the functions behind it, called by
 * provider-digest(7), still a seventh.  These are the same functions without
 * a context to look at and a message to copy.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "model/password/bulk_sha256crypt.h"

#include <endian.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <stdint.h>
#include <string.h>

#define DIGEST_BYTES 32
#define WORDS (DIGEST_BYTES / sizeof(uint32_t))

/* A message is padded with a 1 bit, zeros, and its length in bits. */
#define LENGTH_BYTES 8
#define BLOCKS(len) \
	(((len) + 1 + LENGTH_BYTES + SHA256_CBLOCK - 1) / SHA256_CBLOCK)

/* A round hashes the password twice, the salt and the digest, at most. */
#define MESSAGE_MAX \
	(2 * SHA256CRYPT_PASSWORD_MAX + SHA256CRYPT_SALT_MAX + DIGEST_BYTES)

/*
 * A round takes one of eight forms, as its number is odd or not and can be
 * divided by 3 and by 7 or not.  Each is laid out once, with its padding and
 * a place for the digest of the round before: that alone changes.
 */
enum form { ODD = 1, SALT = 2, PASSWORD = 4, FORMS = 8 };

struct message {
	unsigned char byte[BLOCKS(MESSAGE_MAX) * SHA256_CBLOCK];
	size_t len;
	size_t blocks;
	unsigned char *digest;
};

/* The intermediate values of one hash; all of them are wiped. */
struct work {
	SHA256_CTX context;
	SHA_LONG initial[WORDS];
	struct message message[FORMS];
	struct message *now;
	unsigned char password[SHA256CRYPT_PASSWORD_MAX];
	unsigned char salt[SHA256CRYPT_SALT_MAX];
	unsigned char digest[DIGEST_BYTES];
	unsigned char alternate[DIGEST_BYTES];
};

static void
add_times(SHA256_CTX *c, const void *bytes, size_t len, size_t times)
{
	while (times-- > 0)
		SHA256_Update(c, bytes, len);
}

/* A digest as many times as it takes for len bytes. */
static void
add_digest(SHA256_CTX *c, const unsigned char *digest, size_t len)
{
	add_times(c, digest, DIGEST_BYTES, len / DIGEST_BYTES);
	SHA256_Update(c, digest, len % DIGEST_BYTES);
}

static void
stretch(unsigned char *to, size_t len, const unsigned char *digest)
{
	size_t i;

	for (i = 0; i < len; i++)
		to[i] = digest[i % DIGEST_BYTES];
}

/* Digests B and A of the specification: steps 1 to 12. */
static void
mix(struct work *w, const struct sha256crypt_job *in)
{
	SHA256_CTX *c = &w->context;
	size_t bits;

	SHA256_Init(c);
	SHA256_Update(c, in->password, in->password_len);
	SHA256_Update(c, in->salt, in->salt_len);
	SHA256_Update(c, in->password, in->password_len);
	SHA256_Final(w->alternate, c);
	SHA256_Init(c);
	SHA256_Update(c, in->password, in->password_len);
	SHA256_Update(c, in->salt, in->salt_len);
	add_digest(c, w->alternate, in->password_len);
	for (bits = in->password_len; bits > 0; bits >>= 1)
		if ((bits & 1) != 0)
			SHA256_Update(c, w->alternate, DIGEST_BYTES);
		else
			SHA256_Update(c, in->password, in->password_len);
	SHA256_Final(w->digest, c);
}

/* The sequences P and S: steps 13 to 20. */
static void
spread(struct work *w, const struct sha256crypt_job *in)
{
	SHA256_CTX *c = &w->context;

	SHA256_Init(c);
	add_times(c, in->password, in->password_len, in->password_len);
	SHA256_Final(w->alternate, c);
	stretch(w->password, in->password_len, w->alternate);
	SHA256_Init(c);
	add_times(c, in->salt, in->salt_len, 16 + (size_t)w->digest[0]);
	SHA256_Final(w->alternate, c);
	stretch(w->salt, in->salt_len, w->alternate);
}

static void
put(struct message *m, const void *bytes, size_t len)
{
	memcpy(m->byte + m->len, bytes, len);
	m->len += len;
}

static void
put_padding(struct message *m)
{
	uint64_t bits = htobe64((uint64_t)m->len * 8);
	size_t end;

	m->blocks = BLOCKS(m->len);
	end = m->blocks * SHA256_CBLOCK - LENGTH_BYTES;
	m->byte[m->len] = 0x80;
	memset(m->byte + m->len + 1, 0, end - m->len - 1);
	memcpy(m->byte + end, &bits, LENGTH_BYTES);
}

static void
put_digest(struct message *m)
{
	m->digest = m->byte + m->len;
	m->len += DIGEST_BYTES;
}

/* Step 21 b to f, without the digest. */
static void
lay_out(struct work *w, const struct sha256crypt_job *in, unsigned form)
{
	struct message *m = &w->message[form];

	m->len = 0;
	if ((form & ODD) != 0)
		put(m, w->password, in->password_len);
	else
		put_digest(m);
	if ((form & SALT) != 0)
		put(m, w->salt, in->salt_len);
	if ((form & PASSWORD) != 0)
		put(m, w->password, in->password_len);
	if ((form & ODD) != 0)
		put_digest(m);
	else
		put(m, w->password, in->password_len);
	put_padding(m);
}

static struct message *
message_of(struct work *w, long round)
{
	return &w->message[(round % 2 != 0 ? ODD : 0) |
	    (round % 3 != 0 ? SALT : 0) | (round % 7 != 0 ? PASSWORD : 0)];
}

static void
take_digest(struct work *w)
{
	uint32_t word[WORDS];
	size_t i;

	for (i = 0; i < WORDS; i++)
		word[i] = htobe32(w->context.h[i]);
	memcpy(w->digest, word, DIGEST_BYTES);
}

static void
begin(struct work *w, long round)
{
	w->now = message_of(w, round);
	memcpy(w->now->digest, w->digest, DIGEST_BYTES);
	memcpy(w->context.h, w->initial, sizeof(w->initial));
}

/*
 * Step 21, one block of each hash in turn, so that the next one can begin
 * meanwhile.
 */
static void
turn(struct work *work, size_t count, long round)
{
	size_t most = 0, block, i;

	for (i = 0; i < count; i++) {
		begin(&work[i], round);
		if (most < work[i].now->blocks)
			most = work[i].now->blocks;
	}
	for (block = 0; block < most; block++)
		for (i = 0; i < count; i++)
			if (block < work[i].now->blocks)
				SHA256_Transform(&work[i].context,
				    work[i].now->byte + block * SHA256_CBLOCK);
	for (i = 0; i < count; i++)
		take_digest(&work[i]);
}

/* Step 22: four characters for three bytes, the low bits first. */
static void
encode(char *to, const unsigned char digest[static DIGEST_BYTES])
{
	static const char chars[] = "./0123456789"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	static const unsigned char order[] = {
		20, 10, 0, 11, 1, 21, 2, 22, 12, 23, 13, 3, 14, 4, 24, 5, 25,
		15, 26, 16, 6, 17, 7, 27, 8, 28, 18, 29, 19, 9, 30, 31,
	};
	size_t bit = 0, n = 0, i;
	unsigned held = 0;

	for (i = 0; i < DIGEST_BYTES; i++) {
		held |= (unsigned)digest[order[i]] << bit;
		for (bit += 8; bit >= 6; bit -= 6, held >>= 6)
			to[n++] = chars[held & 63];
	}
	to[n] = chars[held & 63];
}

static void
prepare(struct work *w, const struct sha256crypt_job *in)
{
	unsigned form;

	mix(w, in);
	spread(w, in);
	for (form = 0; form < FORMS; form++)
		lay_out(w, in, form);
	SHA256_Init(&w->context);
	memcpy(w->initial, w->context.h, sizeof(w->initial));
}

void
sha256crypt(const struct sha256crypt_job *job, size_t count, long rounds)
{
	struct work work[SHA256CRYPT_TOGETHER];
	long round;
	size_t i;

	for (i = 0; i < count; i++)
		prepare(&work[i], &job[i]);
	for (round = 0; round < rounds; round++)
		turn(work, count, round);
	for (i = 0; i < count; i++) {
		encode(job[i].digest, work[i].digest);
		OPENSSL_cleanse(&work[i], sizeof(work[i]));
	}
}
