/* What the files of DKIM keys share. */
#ifndef MODEL_DKIM_PRIVATE_H
#define MODEL_DKIM_PRIVATE_H

#include <string.h>

#include "model/dkim/dkim.h"

/* Of Ed25519, and as many of its public key. */
#define DKIM_SEED_BYTES 32

/* The public key of RSA with the most bits that are read, as DER. */
#define DKIM_PUBLIC_MAX 1024

/* Before a key comes into memory: empties `key`, ends core dumps. */
void dkim_key_guard(struct dkim_key *key);

/* Sets what is known of key->pkey; false: its type is none for DKIM. */
bool dkim_key_describe(struct dkim_key *key);

/* ERR_IO */
bool dkim_openssl_failed(const char *what, struct err *e);

/*
 * How many bytes the base64 stands for; -1: it is no base64, or they are
 * more than `size`.  Blanks in it are skipped, as in a record.
 */
long dkim_base64_decode(const char *text, size_t len, unsigned char *bytes,
    size_t size);

/* ERR_NOT_FOUND, of the domain or of the key. */
bool dkim_no_such_key(struct mail *m, const char *domain,
    const char *selector, struct err *e);

/*
 * Locks the row.  *same: its state is still what `row` says; not so for one
 * that is gone.
 */
bool dkim_lock_same(struct mail *m, const struct dkim_row *row, bool *same,
    struct err *e);

static inline bool
dkim_is(const struct dkim_row *row, const char *state)
{
	return strcmp(row->state, state) == 0;
}

#endif
