/*
 * Another mail system as a manifest, and a list of what is lost or changed.
 *
 * Every row of the source ends in one of two places: in the manifest, or in
 * the list of losses with the reason.  What is fixed on the way (a label that
 * does not fit the hash, a text in the wrong character set) is listed as well.
 * Capital letters and blanks around names are removed without a message, and
 * so is an alias that only leads to the user of its own name: mailadm does not
 * need it.  A password is imported if Dovecot can verify it and mailadm can
 * store it; other users get "!", with which nobody can log in.
 */
#ifndef MODEL_FOREIGN_FOREIGN_H
#define MODEL_FOREIGN_FOREIGN_H

#include "base/nameset.h"
#include "model/mail/mail.h"
#include "model/manifest/manifest.h"
#include "model/plan/plan.h"

struct importing;

/* Reads a source that is no database: see model/foreignfile. */
typedef bool (*foreign_read)(struct importing *i, struct err *e);

struct foreign_options {
	const char *system;
	const char *defaults_file;	/* of the foreign database */
	const char *database;		/* or NULL: as the file says */
	const char *prefix;		/* of its tables, or NULL */
	foreign_read read;		/* a file instead; or NULL */
	const char *path;		/* that it reads */
	const char *scheme;		/* of hashes without one; or NULL */
	int64_t quota_unit;		/* FIELD_NULL: from the data */
	/* For "tables"; each may be NULL. */
	const char *map;		/* a file */
	const char *domains;		/* TABLE.COLUMN[,ATTRIBUTE=...] */
	const char *users;
	const char *aliases;
	struct words where;		/* [TABLE.]COLUMN=VALUE */
	bool look;			/* for foreign_look() */
};

/* An item that was lost or changed. */
struct foreign_loss {
	const char *kind;
	const char *name;
	const char *problem;
	const char *done;
	bool fixed;
	const char *sort;	/* the same for losses of one sort */
};

extern const struct field foreign_loss_fields[];

/* The words that options->system may be; ended by NULL. */
extern const char *const foreign_system_words[];

/* The one of many files, and the one that any tables may have. */
#define FOREIGN_FILES "postfix-files"
#define FOREIGN_TABLES "tables"

VECTOR_NAMED(foreign_rows, uint32_t);

/* What of the source is read, and how; the texts live in the arena. */
struct foreign_part {
	const char *table;
	const char *use;	/* "users", "alias domains" */
	const char *columns;	/* "email = username, password" */
	int64_t rows;
};

enum foreign_whose { FOREIGN_KNOWN, FOREIGN_OURS, FOREIGN_UNKNOWN };

struct foreign_import {
	struct manifest *manifest;
	VECTOR(struct foreign_loss) losses;
	enum foreign_whose whose;
	const char *found;		/* "PostfixAdmin 3" */
	VECTOR(struct foreign_part) parts;
	size_t read;			/* rows of the source */
	size_t refused;			/* rows with a value that is no such */
	size_t lost;			/* rows with no place here */
	size_t unchosen;		/* rows that --where leaves out */
	size_t weak;			/* hashes that Dovecot 2.4 refuses */
	/* Every object that was read, and of how many rows. */
	struct nameset names[MANIFEST_KINDS];
	struct foreign_rows rows[MANIFEST_KINDS];
	struct nameset needless;	/* aliases that only say what is so */
};

/* The rows of the source: `read` is the sum of the others, or it is a bug. */
struct foreign_counts {
	size_t read;
	size_t written;
	size_t unchanged;
	size_t refused;
	size_t lost;
};

/* By the plan of what will be written. */
struct foreign_counts foreign_count_rows(const struct foreign_import *from,
    const struct plan *plan);

/*
 * Reads the source; `like` has the settings of a connection, without the
 * account.  The manifest is sorted and can be planned: what our database would
 * refuse is among the losses.
 */
bool foreign_import(struct mail *m, const struct db_settings *like,
    const struct foreign_options *options, struct foreign_import *from,
    struct err *e);

/*
 * Reads the source as foreign_import() does, and asks no database of ours:
 * m->db is NULL, which counts as an empty one.  Where no map fits, or
 * the source is ours, `parts` are all its tables, with every column, and
 * `found` is the closest family with what it lacks, or NULL.
 */
bool foreign_look(struct mail *m, const struct db_settings *like,
    struct foreign_options *options, struct foreign_import *from,
    struct err *e);

/*
 * True where the database of m->db holds the tables of another family, not
 * such that schema upgrade adopts them: the error, instead of one that may be
 * there, says so and points to foreign show.
 */
bool foreign_explain(struct mail *m, struct err *e);

void foreign_import_clear(struct foreign_import *from);

#endif
