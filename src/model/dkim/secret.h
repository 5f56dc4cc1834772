/*
 * The secret of this mail host, which encrypts the DKIM keys in the database.
 *
 * It is a file of one line, 43 characters of base64, that only root can read:
 * `config init` makes it, and each further mail host of the same database
 * gets a copy.  The database holds its id beside every key, so that a key of
 * another secret is a clear error.  A dump of the database is useless
 * without the file, and the keys are lost with it.
 */
#ifndef MODEL_DKIM_SECRET_H
#define MODEL_DKIM_SECRET_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"

#define DKIM_SECRET_LENGTH 43
#define DKIM_SECRET_ID 17	/* with the final NUL */

struct dkim_secret {
	const char *path;
	const char *text;
	char id[DKIM_SECRET_ID];	/* how its SHA-256 begins, in hex */
};

/*
 * The text is in the arena, which must be one that is wiped.  ERR_DENIED,
 * with the name of the file, when it does not exist, can be read by others,
 * or holds something else.
 */
bool dkim_secret_read(struct arena *a, const char *path,
    struct dkim_secret *secret, struct err *e);

/* Makes the file unless it exists; *made: it did not. */
bool dkim_secret_make(const char *path, bool *made, struct err *e);

/* ERR_DENIED unless a key of this secret id can be read with the secret. */
bool dkim_secret_check(const struct dkim_secret *secret, const char *id,
    struct err *e);

#endif
