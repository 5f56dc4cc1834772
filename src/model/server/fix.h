/*
 * Changes of Postfix's settings that are advised as a command of postconf,
 * made here: as a diff first, with a copy of the old file.
 */
#ifndef MODEL_SERVER_FIX_H
#define MODEL_SERVER_FIX_H

#include <sys/stat.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/words.h"
#include "file/cf.h"

struct fix_file {
	const char *path;
	const char *text;	/* that it gets */
	const char *diff;	/* NULL: nothing changes */
	struct stat st;		/* as it was */
};

struct settings_fix {
	struct cf settings;	/* as in local.cf: see local.h */
	struct fix_file file[2];	/* main.cf and master.cf */
	struct words backups;
};

/*
 * True, and kept, where the advice is one postconf command for one setting:
 * a command with a choice, or with more behind it, is for a person.
 */
bool settings_fix_take(struct arena *a, struct settings_fix *fix,
    const char *advice);

/*
 * Fills in the files.  ERR_REFUSED where one is no plain file, or not root's
 * alone, or mailadm renders it; ERR_INVALID where master.cf has no such
 * service.
 */
bool settings_fix_plan(struct arena *a, const char *directory,
    struct settings_fix *fix, struct err *e);

/* Each file that changes is kept as FILE.bak. */
bool settings_fix_write(struct arena *a, struct settings_fix *fix,
    struct err *e);

#endif
