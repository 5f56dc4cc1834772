/*
 * Taking over from files that other mail systems write.
 *
 * Each reader gives its rows to model/foreign, which decides what becomes of
 * them, as of the rows of a database.  A file is data of others: what it
 * holds is never trusted, and each row that is no such thing is listed.  A
 * file that cannot be read to its end changes nothing.
 */
#ifndef MODEL_FOREIGNFILE_FOREIGNFILE_H
#define MODEL_FOREIGNFILE_FOREIGNFILE_H

#include "model/foreign/foreign.h"

struct foreignfile_reader {
	const char *system;	/* as "import from" takes it */
	bool directory;		/* it reads one; a file otherwise */
	const char *what;	/* "the output of ..." */
	foreign_read read;
};

/* NULL where the system is a database. */
const struct foreignfile_reader *foreignfile_reader(const char *system);

#endif
