/*
 * A plan in a file: what was shown is what is applied, or nothing.
 *
 * Lines of JSON: a first one with the database's own id and the pruned
 * domains, one for each step with a digest of the row as it was, a last one
 * with their number.  Digests show whether a row has changed since; no row
 * and no password stands in the file, but hashes that are to be written do,
 * so its mode is 0600.
 */
#ifndef MODEL_PLAN_FILE_H
#define MODEL_PLAN_FILE_H

#include "model/plan/plan.h"

/* True when the file begins like a saved plan. */
bool plan_file_is(const char *path);

/* Writes it aside and renames it.  Passwords of files are hashed already. */
bool plan_save(struct mail *m, const struct plan *plan, const char *path,
    struct err *e);

/*
 * Reads it: steps whose `old` is known by its digest only, and the manifest
 * that says the same.  ERR_INVALID where it is no whole plan, ERR_REFUSED
 * where it was made for another database, ERR_DENIED where others may write
 * it.
 */
bool plan_load(struct mail *m, const char *path, struct manifest *manifest,
    struct plan *plan, struct err *e);

#endif
