/*
 * Batches: one command a line, one transaction for all.
 *
 * # begins a comment, a backslash at the end continues a line, quotes are
 * the shell's; UTF-8, LF or CRLF.  A line has at most 64 KiB.  Every line
 * is parsed, and every file that one names is read, before the transaction
 * begins; the first error rolls everything back.
 */
#ifndef BATCH_H
#define BATCH_H

#include "cmd/run/session.h"

#define BATCH_LINE_MAX ((size_t)64 * 1024)

/* path "-" is standard input.  Errors are printed; returns the status. */
int batch_run(struct session *s, const char *path);

/*
 * The same from inside the shell: as one transaction, or as part of the
 * open one.  The error names file and line.
 */
bool batch_source(struct session *s, const char *path, struct err *e);

#endif
