/*
 * Dovecot's configuration as doveconf prints it: every setting with its
 * default, in nested blocks.
 *
 * The reader takes what Dovecot 2.3 and 2.4 print, and what people write.
 * Some values are secrets: they stay in the arena of the caller, who prints
 * only values of settings that were asked for by name.
 */
#ifndef FILE_DOVECOT_H
#define FILE_DOVECOT_H

#include "base/err.h"
#include "base/words.h"
#include "file/cf.h"

#define DOVECOT_DIR "/etc/dovecot"

/* "service auth { … }": type and name, "" where it has none. */
struct dovecot_block {
	const char *type;
	const char *name;
	size_t line;		/* where it begins; 0: the file */
	struct cf settings;
	struct dovecot_block *up;
	struct dovecot_block *child;	/* the first */
	struct dovecot_block *last;	/* child */
	struct dovecot_block *next;	/* of the same parent */
};

struct dovecot_config {
	const char *version;		/* "2.3.19.1" */
	int minor;			/* of 2: 3 or 4 */
	struct dovecot_block *root;
	struct words said;		/* what it warns of */
};

/*
 * Runs doveconf.  ERR_NOT_FOUND without the program, ERR_DENIED where this
 * account may not read the file, ERR_INVALID with the complaint of Dovecot.
 */
bool dovecot_config_read(struct arena *a, const char *file,
    struct dovecot_config *config, struct err *e);

/*
 * ERR_INVALID with the line of a block that has no beginning or no end; what
 * stands before it is in the root.
 */
bool dovecot_parse(struct arena *a, const char *text,
    struct dovecot_block **root, struct err *e);

/* The block of that type and name below this one; NULL for any name. */
const struct dovecot_block *dovecot_block(const struct dovecot_block *block,
    const char *type, const char *name);

/* NULL: not set. */
const char *dovecot_value(const struct dovecot_block *block,
    const char *name);

#endif
