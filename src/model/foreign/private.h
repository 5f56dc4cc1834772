/* What the files of importing from other systems share. */
#ifndef MODEL_FOREIGN_PRIVATE_H
#define MODEL_FOREIGN_PRIVATE_H

#include "base/nameset.h"
#include "db/foreign.h"
#include "model/foreign/foreign.h"

/* What was done about a loss. */
#define NOT_IMPORTED "not imported"
#define LEFT_OUT "left out"

struct importing {
	struct mail *m;
	struct arena *arena;
	const struct foreign_options *options;
	struct foreign_import *from;
	struct manifest *manifest;
	size_t row;			/* of all that was read */
	bool quota_in_units;		/* of PostfixAdmin's megabytes */
	/* The numbers are positions in the manifest while it is unsorted. */
	struct nameset names[MANIFEST_KINDS];
	struct nameset backups;		/* domains that are relayed only */
	struct nameset homes;
};

void foreign_lost(struct importing *i, const char *kind, const char *name,
    const char *done, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
void foreign_fixed(struct importing *i, const char *kind, const char *name,
    const char *done, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* Without blanks at its ends; in the arena. */
const char *foreign_trimmed(struct arena *a, const char *text);

/* The canonical form; NULL, and a loss, where it has none. */
const char *foreign_name(struct importing *i, enum manifest_kind kind,
    const char *text);

/* An object of this name that was read before, or NULL. */
struct desired *foreign_find(struct importing *i, enum manifest_kind kind,
    const char *name);
struct desired *foreign_add(struct importing *i, enum manifest_kind kind,
    const char *name);

/* Sets free text; NULL sets nothing. */
void foreign_text(struct importing *i, enum manifest_kind kind,
    struct desired *w, const char *attribute, const char *text);

/* Each puts one row of the source into the manifest, or the losses. */
bool foreign_domain(struct importing *i, const struct foreign_domain *row,
    struct err *e);
bool foreign_link(struct importing *i, const struct foreign_link *row,
    struct err *e);
bool foreign_user(struct importing *i, const struct foreign_user *row,
    struct err *e);
bool foreign_alias(struct importing *i, const struct foreign_alias *row,
    struct err *e);

/* False, with a loss, where names in the domain cannot be imported. */
bool foreign_domain_known(struct importing *i, const char *kind,
    const char *name, bool *known, struct err *e);

/* The hash as it can be stored, or "!", with a loss. */
const char *foreign_hash(struct importing *i, const char *email,
    const char *crypt);

/* Text that was UTF-8 and was stored as latin1; NULL: it was not. */
const char *foreign_unlatin(struct arena *a, const char *text);

/*
 * Call when everything is read: sorts, and removes what mailadm would refuse
 * because of other rows: alias domains of alias domains, destinations that do
 * not exist, loops, limits that are exceeded.
 */
bool foreign_settle(struct importing *i, struct err *e);

/* Reads the files in options->directory. */
bool foreign_files(struct importing *i, struct err *e);

#endif
