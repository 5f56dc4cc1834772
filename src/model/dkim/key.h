/*
 * DKIM keys: made, read, encrypted, tried.
 *
 * RSA (RFC 6376) and Ed25519 (RFC 8463), by OpenSSL.  While a key is in
 * memory the process leaves no core dump, and its memory cannot be read by
 * others of the same user; dkim_key_clear() ends that, and wipes the key.  So
 * hold one key at a time, and clear it.
 */
#ifndef MODEL_DKIM_KEY_H
#define MODEL_DKIM_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "model/dkim/secret.h"

/* What is made; less is read down to the second, which old servers have. */
#define DKIM_BITS_MIN 2048
#define DKIM_BITS_READ 1024
#define DKIM_BITS_MAX 4096

/* A key file is small. */
#define DKIM_FILE_MAX (64 * 1024)

enum dkim_algorithm {
	DKIM_RSA,
	DKIM_ED25519,
	DKIM_ALGORITHMS
};

/* "rsa", "ed25519", and NULL. */
extern const char *const dkim_algorithm_names[DKIM_ALGORITHMS + 1];

struct evp_pkey_st;

struct dkim_key {
	struct evp_pkey_st *pkey;	/* NULL: no key */
	enum dkim_algorithm algorithm;
	int64_t bits;			/* of RSA; FIELD_NULL */
	int dumpable;			/* what it was before */
};

/* `bits` counts for RSA only. */
bool dkim_key_make(enum dkim_algorithm algorithm, int64_t bits,
    struct dkim_key *key, struct err *e);

/*
 * A private key as other programs write it: PEM of PKCS#1 or PKCS#8
 * (opendkim-genkey, openssl), or base64 of a seed, of a seed and its public
 * key, or of DER (rspamadm).  Nothing else may be in the file.  ERR_INVALID
 * says why not; `name` is for errors.
 */
bool dkim_key_read(const char *name, const char *bytes, size_t len,
    struct dkim_key *key, struct err *e);

/*
 * From a file, whoever owns it: that is the filter's account as a rule.
 * *exposed: everybody can read it.
 */
bool dkim_key_read_file(const char *path, struct dkim_key *key,
    bool *exposed, struct err *e);

/* Wipes it; a key that is zeroed may be cleared, too. */
void dkim_key_clear(struct dkim_key *key);

/* The value of p= of its record, in the arena. */
const char *dkim_key_public(struct arena *a, const struct dkim_key *key);

/*
 * Encrypted as PKCS#8 in PEM (PBKDF2 with HMAC-SHA-256, AES-256 in CBC mode),
 * which `openssl pkey` reads with the secret; in the arena.
 */
bool dkim_key_seal(struct arena *a, const struct dkim_key *key,
    const struct dkim_secret *secret, const char **pem, struct err *e);

/* What dkim_key_seal() wrote; ERR_DENIED with any other secret. */
bool dkim_key_open(const char *pem, const struct dkim_secret *secret,
    struct dkim_key *key, struct err *e);

/*
 * The same for many keys; an opener begins zeroed, stays where it is, and is
 * for one thread at a time.
 */
struct dkim_opener {
	struct ossl_decoder_ctx_st *decoder;
	struct evp_pkey_st *pkey;
};

bool dkim_key_open_next(struct dkim_opener *o, const char *pem,
    const struct dkim_secret *secret, struct dkim_key *key, struct err *e);
void dkim_opener_clear(struct dkim_opener *o);

/* In clear: PKCS#8 in PEM, or base64 of the seed and its public key. */
enum dkim_form { DKIM_PEM, DKIM_SEED };
bool dkim_key_write(const struct dkim_key *key, enum dkim_form form,
    struct text *clear, struct err *e);

/*
 * Signs 32 bytes and verifies them with the public key of `p`, a value of
 * p=; ERR_INVALID when they do not belong together.
 */
bool dkim_key_works(const struct dkim_key *key, const char *p,
    struct err *e);

/*
 * The same of a key that worked when it was encrypted, by arithmetic: its
 * numbers belong together, and to the public key.  A tenth of the time.
 */
bool dkim_key_is_whole(const struct dkim_key *key, const char *p,
    struct err *e);

#endif
