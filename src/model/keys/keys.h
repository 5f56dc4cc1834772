/*
 * DKIM keys that other programs keep: in directories, by tables, in
 * databases.
 *
 * Every key that is found becomes an item: sealed, ready for dkim_add(), or
 * left out with the reason.  Who names a file is what counts.  The user names
 * a directory: what lies below it is read, whoever owns it, and no symbolic
 * link is followed.  What a table (KeyTable of OpenDKIM, amavisd.conf,
 * dkim_signing.conf of rspamd) names is a key later that a mail filter can
 * read.  So it may name any file only if nobody but root and the user can
 * write it; one that only its owner can write names files of that owner, and
 * any other those in the directory.  A foreign database names files in the
 * directory only.
 *
 * Private keys are read one after the other, and none is kept in clear.
 */
#ifndef MODEL_KEYS_KEYS_H
#define MODEL_KEYS_KEYS_H

#include "base/field.h"
#include "base/vector.h"
#include "model/dkim/dkim.h"

/* The most keys of one import, and files and directories that are looked at. */
#define KEYS_MAX 20000
#define KEYS_ENTRIES_MAX 100000

struct keys_options {
	const char *path;		/* a directory or a table; or NULL */
	const char *defaults_file;	/* of the foreign database; or NULL */
	const char *database;		/* or NULL: as the file says */
	const char *prefix;		/* of its tables, or NULL */
	const char *selector;		/* where nothing names one, or NULL */
	/* Called for each key; or NULL. */
	void (*progress)(void *arg, int64_t keys);
	void *progress_arg;
};

/* A row of the result. */
struct keys_item {
	const char *domain;		/* canonical where `key` is set */
	const char *selector;
	const char *algorithm;
	int64_t bits;
	const char *state;		/* after the import; NULL: left out */
	const char *file;		/* or the table that holds it */
	const char *what;
	const char *why;		/* or a remark; NULL */

	const struct dkim_new *key;	/* NULL: left out */
	bool published;			/* DNS has its record */
};

extern const struct field keys_fields[];

/* The values of `what`. */
extern const char keys_added[], keys_activated[], keys_unchanged[],
    keys_left_out[];

struct keys {
	VECTOR(struct keys_item) items;	/* by domain and selector */
	const char *found;		/* what was read, for people */
};

/*
 * Reads the directory, the table or the database of the options; `like` has the
 * settings of a connection, without the account.  Texts are in the arena of
 * `m`.  ERR_NOT_FOUND where nothing is found at all; else as file_read().
 */
bool keys_find(struct mail *m, const struct dkim_secret *secret,
    const struct db_settings *like, const struct keys_options *options,
    struct keys *keys, struct err *e);

/* Of several published keys of a domain and algorithm none may be chosen. */
void keys_choose(struct arena *a, struct keys *keys);

/*
 * Adds the item in the open transaction, and activates it if `activate` is
 * set and it is published; *row is the item with its state and what was done.
 * One that a key of the database excludes is left out.
 */
bool keys_write(struct mail *m, const struct keys_item *item, bool activate,
    struct keys_item *row, struct err *e);

void keys_clear(struct keys *keys);

#endif
