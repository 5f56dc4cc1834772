/*
 * Who may own and write a file that steers mailadm.
 *
 * One rule: it belongs to root or to the user who runs mailadm, and nobody
 * else can write it; where it holds a password, nobody else can read it.
 * A file that anybody else controls could choose the server, the settings,
 * the code that a plugin brings, or what is written, with the rights of
 * root.  The rule does not ask what is in the file: that may change between
 * two looks.
 *
 * The open file is judged, so a symbolic link counts as its target.  Pipes
 * and devices are not judged: the user has chosen them.
 *
 * A table that names the files of DKIM keys is here, because it chooses what
 * a mail filter can read later.  Files that only hold data are not here: CSV
 * files, manifests without password_file, files of other mail systems, batch
 * files, and the configuration of the servers that "config verify" reads.
 * The user names them, as a script for a shell, and they name no other file.
 */
#ifndef FILE_PERMISSION_H
#define FILE_PERMISSION_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/err.h"

enum file_kind {
	FILE_OPTIONS,
	FILE_OPTIONS_PASSWORD,
	FILE_OPTIONS_INCLUDED,	/* a directory: !includedir */
	FILE_OPTIONS_HOLDER,	/* the directory of an option file */
	FILE_SETTINGS,
	FILE_ACCOUNTS,
	FILE_PASSWORD,
	FILE_MANIFEST,
	FILE_PLAN,
	FILE_STATE,
	FILE_HISTORY,
	FILE_CHECKSUMS,
	FILE_DKIM_SECRET,
	FILE_KEY_TABLE,
	FILE_HOOK,
	FILE_HOOK_HOLDER,	/* a directory */
	FILE_KINDS
};

struct permission {
	const char *what;	/* "an option file" */
	mode_t refused;		/* the bits that its mode must not have */
};

extern const struct permission permissions[FILE_KINDS];

/* ERR_DENIED, with a command that helps, when the rule is broken. */
bool permission_check(enum file_kind kind, const char *path,
    const struct stat *st, struct err *e);

#endif
