/* What the files of importing from other systems share: import_from*.c. */
#ifndef MODEL_FOREIGN_PRIVATE_H
#define MODEL_FOREIGN_PRIVATE_H

#include "base/nameset.h"
#include "db/foreign.h"
#include "model/foreign/foreign.h"

/* What was done about a loss. */
#define NOT_CARRIED "not carried over"
#define LEFT_OUT "left out"

struct importing {
	struct mail *m;
	struct arena *arena;
	const struct foreign_options *options;
	struct foreign_import *from;
	struct manifest *manifest;
	size_t row;			/* of all that was read */
	bool quota_in_units;		/* of PostfixAdmin's megabytes */
	/* Numbers are places in the manifest, as long as it is unsorted. */
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

/* The canonical form; NULL where there is none, which is a loss. */
const char *foreign_name(struct importing *i, enum manifest_kind kind,
    const char *text);

/* An object of this name that was read before, or NULL. */
struct desired *foreign_find(struct importing *i, enum manifest_kind kind,
    const char *name);
struct desired *foreign_add(struct importing *i, enum manifest_kind kind,
    const char *name);

/* Sets free text, as a person typed it; NULL sets nothing. */
void foreign_text(struct importing *i, enum manifest_kind kind,
    struct desired *w, const char *attribute, const char *text);

/* Each takes one row of the source: into the manifest, or the losses. */
bool foreign_domain(struct importing *i, const struct foreign_domain *row,
    struct err *e);
bool foreign_link(struct importing *i, const struct foreign_link *row,
    struct err *e);
bool foreign_user(struct importing *i, const struct foreign_user *row,
    struct err *e);
bool foreign_alias(struct importing *i, const struct foreign_alias *row,
    struct err *e);

/* False where names in the domain cannot be carried over; tells why. */
bool foreign_domain_known(struct importing *i, const char *kind,
    const char *name, bool *known, struct err *e);

/* The hash as it can be stored, or "!"; tells what became of it. */
const char *foreign_hash(struct importing *i, const char *email,
    const char *crypt);

/* Mends what was UTF-8 and was taken for latin1; NULL: nothing to mend. */
const char *foreign_unlatin(struct arena *a, const char *text);

/*
 * Once all is read: sorts, and takes out what mailadm would refuse by the
 * rest: alias domains of alias domains, destinations that nothing accepts,
 * loops, limits that are passed already.
 */
bool foreign_settle(struct importing *i, struct err *e);

/* Reads the files of options->folder. */
bool foreign_files(struct importing *i, struct err *e);

#endif
