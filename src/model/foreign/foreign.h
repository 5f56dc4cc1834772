/*
 * What another mail system holds, as a manifest, and what was lost of it.
 *
 * Every row that is there ends in one of two places: in the manifest, or in
 * the list of losses with the reason.  What is fixed on the way (a label
 * that a hash does not bear, a text in the wrong character set) is listed as
 * well.  Capitals and blanks at the ends of names are folded without a word,
 * and an alias that only leads to the user of its own name goes: those names
 * answer by themselves here.
 *
 * A password is carried over where Dovecot verifies it and mailadm stores
 * it; all other users come with "!", which lets nobody in.
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
	const char *folder;		/* of files instead */
	const char *scheme;		/* of hashes that name none; or NULL */
	int64_t quota_unit;		/* FIELD_NULL: to be found out */
};

/* What could not be carried over as it was. */
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
 * Reads the source; `like` are the settings of a connection, but for the
 * account.  The manifest is sorted and can be planned: what the database of
 * ours refuses by itself is among the losses.
 */
bool foreign_import(struct mail *m, const struct db_settings *like,
    const struct foreign_options *options, struct foreign_import *from,
    struct err *e);

void foreign_import_clear(struct foreign_import *from);

#endif
