/*
 * Hashing many passwords, on all processors that the process may use.
 *
 * The hashes are those of password_hash(), made by bulk_sha256crypt.h.  The
 * first hash of each thread is verified by crypt(3): if one differs, nothing
 * is returned.  Signals go to the calling thread only.
 */
#ifndef MODEL_PASSWORD_BULK_H
#define MODEL_PASSWORD_BULK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

struct password_job {
	const char *password;
	const char *hash;	/* set on success only, in the arena */
};

struct password_hashing {
	long rounds;
	bool (*progress)(void *arg, size_t done);	/* or NULL */
	void *arg;
};

/*
 * All or nothing.  `progress`, where it is not NULL, is called by the
 * calling thread some fifty times a second with the number of hashes that
 * are made, and at the end; when it returns false, the threads end with
 * the hash that each is at, and the answer is ERR_INTERRUPTED.  A password
 * that is not valid is named by its number, from 1.
 */
bool password_hash_bulk(struct arena *a, struct password_job *job,
    size_t count, const struct password_hashing *how, struct err *e);

#endif
