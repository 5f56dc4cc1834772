/* What the files of importing share. */
#ifndef MODEL_IMPORT_PRIVATE_H
#define MODEL_IMPORT_PRIVATE_H

#include "model/import/import.h"
#include "model/plan/bulk.h"

/* A row of the file, in the memory of its chunk. */
struct import_row {
	union {				/* what the cells say */
		struct desired is;
		struct desired_user user;
		struct desired_domain domain;
		struct desired_alias address;
	};
	struct alias alias;
	const char *password;
	size_t line;
	size_t number;			/* from 0 */
	const struct desired_user *old;	/* as it stands, or NULL */
	const struct alias *old_alias;
};

/* Some thousand rows without an error of their own. */
struct import_chunk {
	struct arena arena;
	struct import_row *row;
	size_t count;
};

/* Adds the error to the complaints of the file. */
void import_complain(struct import *x, size_t line, size_t column,
    struct err *e);

/* True when there are too many errors to go on. */
bool import_stopped(struct import *x);

/* Judges a row by itself; false when it is faulty. */
bool import_row_parse(struct import *x, struct arena *a,
    struct import_row *row);

/* The next rows; none at the end. */
bool import_chunk_read(struct import *x, struct import_chunk *c,
    struct err *e);

bool import_header(struct import *x, struct err *e);

/* True when the file has a column of this role, such as COLUMN_NAME. */
bool import_has_column(const struct import *x, int role);

/* How much of the file was read, from 0 to 1. */
double import_part_done(const struct csv_file *f);

/* --- column.c --------------------------------------------------------- */

/* "domain", "email", "mail": the column that every file has. */
const char *import_name_column(enum manifest_kind kind);

/* The column of this name, or of a word that stands for it. */
bool import_column_known(struct import *x, const char *word,
    struct import_column *column);

/* All columns of the kind, with commas. */
const char *import_columns_text(struct import *x);

/* "E-Mail Address [Required]" becomes "emailaddress". */
char *import_header_word(struct arena *a, const char *cell);

/* --- choose.c --------------------------------------------------------- */

/* Reads options->columns: ERR_USAGE. */
bool import_choose(struct import *x, struct err *e);

/* What is chosen for the cell of the header, or NULL; for a column. */
struct import_choice *import_choice_of(struct import *x, const char *cell);
bool import_is_chosen(const struct import *x, const struct import_column *c);

/* Every cell that was chosen is in the header. */
bool import_choices_used(const struct import *x, struct err *e);

/* --- hash.c ----------------------------------------------------------- */

/* Hashes the passwords of all rows; none where a row has an error. */
bool import_passwords(struct import *x, struct mail *m, struct err *e);

/* Shows the progress. */
bool import_progress(struct import *x, const char *what, int64_t rows,
    double part);

/* --- writing, by kind ------------------------------------------------- */

/* Finds the users of the chunk that exist. */
bool import_users_find(struct mail *m, struct import_chunk *c,
    struct err *e);

/*
 * Marks rows as faulty whose name another row of the file has; `key` is the
 * full name of a row, and its text for people, in the memory of the chunk.
 */
typedef const char *(*import_key)(struct arena *a,
    const struct import_row *row);
void import_refuse_twice(struct import *x, struct import_chunk *c,
    import_key key);

bool import_users_chunk(struct import *x, struct mail *m,
    struct import_chunk *c, struct err *e);
bool import_aliases_chunk(struct import *x, struct mail *m,
    struct import_chunk *c, struct err *e);

/* Checks all written aliases: destinations, loops, expansion. */
bool import_aliases_end(struct import *x, struct mail *m, struct err *e);

bool import_domains(struct import *x, struct mail *m, struct err *e);

/* Writes what the manifest says, and takes its complaints. */
bool import_by_plan(struct import *x, struct mail *m,
    struct manifest *manifest, struct err *e);

/* The file begins with a JSON object; all of it, as an import. */
bool import_is_lines(const struct csv_file *f);
bool import_lines(struct import *x, struct mail *m, struct err *e);

/* Refuses a row without a domain, and counts it for the limits. */
bool import_domain_ok(struct import *x, struct mail *m,
    const struct import_row *row, bool *ok, struct err *e);

/* Without --update a row that exists and differs is an error. */
bool import_may_change(struct import *x, const struct import_row *row,
    const char *what);

#endif
