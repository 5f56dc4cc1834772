/*
 * Checksums of the files that were rendered, so that a file that somebody
 * edited since is noticed.
 *
 * They are lines as sha256sum writes them, in a file below the directory in
 * which the others are.
 */
#ifndef MODEL_SERVER_CHECKSUMS_H
#define MODEL_SERVER_CHECKSUMS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

#define CHECKSUMS_PATH "/var/lib/mailadm/rendered"

struct checksum {
	const char *path;	/* as it is on the server */
	const char *hash;	/* see digest_hex() */
	struct checksum *next;
};

struct checksums {
	struct arena *arena;
	struct checksum *first;
	bool changed;		/* since they were read */
};

/* A file that does not exist is no error: there are none. */
bool checksums_read(struct checksums *c, struct arena *a, const char *file,
    struct err *e);

/* NULL: that path has none. */
const char *checksums_find(const struct checksums *c, const char *path);

/* The caller keeps both texts. */
void checksums_set(struct checksums *c, const char *path, const char *hash);

/* Writes nothing where nothing changed. */
bool checksums_write(const struct checksums *c, const char *file,
    struct err *e);

#endif
