/*
 * Users, aliases and domains from a CSV file, all of them or none; or from
 * JSON lines as export writes them, which are a manifest and a plan.
 *
 * The header names the columns, as export writes them; a user's may be
 * `password` instead of `hash`.  Rows are read, judged and written some
 * thousand at a time, so that memory does not grow with the file (but for
 * domains, of which there are few).  Aliases may lead to names that come
 * later: what dangles or loops is judged when all rows are written.
 */
#ifndef MODEL_IMPORT_IMPORT_H
#define MODEL_IMPORT_IMPORT_H

#include "base/nameset.h"
#include "base/seen.h"
#include "file/csv.h"
#include "model/mail/mail.h"
#include "model/manifest/manifest.h"

struct import_options {
	enum manifest_kind kind;
	const char *columns;	/* NAME=HEADER,...; or NULL */
	bool update;		/* change rows that exist */
	size_t max_errors;	/* stop reading after so many */
	long rounds;		/* of new hashes */
	int64_t password_min;	/* of the policy; 0: there is none */
	int64_t generate;	/* length of passwords to make; 0: none */
	/* Called now and then; false interrupts hashing.  Or NULL. */
	bool (*progress)(void *arg, const char *what, int64_t rows,
	    double part);
	void *progress_arg;
};

/* A password that was made for a new user. */
struct import_generated {
	const char *email;
	const char *password;
};

struct import_column {
	const char *name;
	enum { COLUMN_NAME, COLUMN_ATTRIBUTE, COLUMN_PASSWORD,
	    COLUMN_DESTINATION, COLUMN_ACTIVE, COLUMN_EXPIRES,
	    COLUMN_SKIPPED } role;
	const struct attribute *attribute;
	int64_t unit;		/* numbers are of so many bytes; 0: of 1 */
};

/* A cell of the header for which --columns says what it is. */
struct import_choice {
	const char *header;
	const char *word;	/* the same, as import_header_word() has it */
	struct import_column column;
	bool used;
};

struct import {
	const struct import_options *options;
	struct csv_file *file;
	bool lines;		/* of JSON, not CSV */
	struct import_column column[CSV_COLUMNS_MAX];
	size_t columns;
	struct import_choice choice[CSV_COLUMNS_MAX];
	size_t choices;
	struct arena memory;	/* of made hashes */
	VECTOR(const char *) hash;	/* of each row, or NULL */
	VECTOR(struct import_generated) generated;
	struct manifest report;	/* its complaints: what is wrong */
	bool invalid;		/* one of them is more than "exists" */
	bool stopped;		/* there were too many */
	bool not_hashed;	/* an error: passwords were not all made */
	struct nameset domains;	/* that get more */
	struct seen seen;	/* what the rows name, and their lines */
	int64_t rows, added, changed, unchanged;
	int64_t old_hashes;	/* of added and changed users */
};

/*
 * Reads the header (ERR_USAGE where options->columns is wrong) and, outside
 * of a transaction, since that takes time, hashes passwords; one that is a
 * user's already is not hashed again.  With options->generate new users that
 * have neither a hash nor a password get one, which is in x->generated then.
 */
bool import_begin(struct import *x, struct mail *m, struct csv_file *file,
    const struct import_options *options, struct err *e);

/*
 * Writes in the open transaction; may be called again after a rollback.
 * ERR_INVALID or ERR_EXISTS with complaints in x->report.
 */
bool import_write(struct import *x, struct mail *m, struct err *e);

void import_clear(struct import *x);

#endif
