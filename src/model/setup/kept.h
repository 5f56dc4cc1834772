/*
 * Files as they were before they are written, so that a configuration that
 * the servers refuse can be taken back.
 */
#ifndef MODEL_SETUP_KEPT_H
#define MODEL_SETUP_KEPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/text.h"
#include "base/vector.h"
#include "file/write.h"

struct kept_file {
	const char *path;
	bool existed;
	struct text bytes;	/* may be secret: kept_clear() wipes them */
	struct file_place place;
};

VECTOR_NAMED(kept, struct kept_file);

/* The caller keeps the path.  ERR_DENIED, ERR_IO; no such file is no error. */
bool kept_add(struct kept *k, const char *path, struct err *e);

/* Each file as it was; one that did not exist is removed.  ERR_IO. */
bool kept_restore(const struct kept *k, struct err *e);

void kept_clear(struct kept *k);

#endif
