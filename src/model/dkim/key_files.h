/*
 * The files of DKIM keys, for the mail filter: part of dkim_sync().
 *
 * To open a key, to try it and to wait for the disk takes milliseconds, so
 * many keys are written by threads.
 */
#ifndef MODEL_DKIM_KEY_FILES_H
#define MODEL_DKIM_KEY_FILES_H

#include "base/vector.h"
#include "file/write.h"
#include "model/dkim/dkim.h"

struct stat;

struct dkim_key_file {
	const struct dkim_signer *row;
	const char *name;	/* below the directory of the keys */
	const char *path;
	bool written;		/* or would be */
	struct err why;		/* of a thread */
};

struct dkim_key_files {
	VECTOR(struct dkim_key_file) file;
	const struct dkim_secret *secret;
	const struct file_place *place;
	const char *changed;	/* made before the first file is written */
	bool seeds;		/* how rspamd wants Ed25519 */
	bool dry_run;
	struct db *db;		/* only to ask for interrupts */
};

/*
 * Writes those that hold something else, or are open to others.  All are on
 * the disk, also by their names, when it returns true.
 */
bool dkim_key_files_write(struct dkim_key_files *f, struct err *e);

void dkim_key_files_clear(struct dkim_key_files *f);

/* A regular file with that owner and mode, about which *st is. */
bool dkim_file_is_right(const char *path, const struct file_place *place,
    struct stat *st);

/* True when the file holds these bytes already. */
bool dkim_file_holds(const char *path, const struct text *bytes);

/* Makes the file `changed`, unless it exists. */
bool dkim_change_begin(const char *changed, struct err *e);

#endif
