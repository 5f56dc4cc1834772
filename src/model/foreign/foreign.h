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

#include "model/mail/mail.h"
#include "model/manifest/manifest.h"

struct foreign_options {
	const char *system;
	const char *defaults_file;	/* of the foreign database */
	const char *database;		/* or NULL: as the file says */
	const char *prefix;		/* of its tables, or NULL */
	const char *directory;		/* of files instead */
	const char *scheme;		/* of hashes without one; or NULL */
	int64_t quota_unit;		/* FIELD_NULL: from the data */
};

/* An item that was lost or changed. */
struct foreign_loss {
	const char *kind;
	const char *name;
	const char *problem;
	const char *done;
	bool fixed;
};

extern const struct field foreign_loss_fields[];

/* The words that options->system may be; ended by NULL. */
extern const char *const foreign_system_words[];

/* The one that reads files. */
#define FOREIGN_FILES "postfix-files"

struct foreign_import {
	struct manifest *manifest;
	VECTOR(struct foreign_loss) losses;
	const char *found;		/* "PostfixAdmin 3" */
};

/*
 * Reads the source; `like` has the settings of a connection, without the
 * account.  The manifest is sorted and can be planned: what our database would
 * refuse is among the losses.
 */
bool foreign_import(struct mail *m, const struct db_settings *like,
    const struct foreign_options *options, struct foreign_import *from,
    struct err *e);

void foreign_import_clear(struct foreign_import *from);

#endif
