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
 * What was opened is judged, so a symbolic link counts as what it leads
 * to.  Pipes and devices are not judged: whoever opened them decided.
 *
 * Files that only hold data are not here: CSV files, manifests without
 * password_file, files of other mail systems, batch files, and the
 * configuration of the servers that "config verify" reads.  The user names
 * them, and nothing in them reaches beyond its own rows.
 */
#ifndef FILE_PERMISSION_H
#define FILE_PERMISSION_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/err.h"

enum file_kind {
	FILE_OPTIONS,
	FILE_OPTIONS_PASSWORD,
	FILE_OPTIONS_INCLUDED,	/* a directory, by !includedir */
	FILE_OPTIONS_HOLDER,	/* the directory of an option file */
	FILE_SETTINGS,
	FILE_ACCOUNTS,
	FILE_PASSWORD,
	FILE_MANIFEST,
	FILE_PLAN,
	FILE_STATE,
	FILE_HISTORY,
	FILE_CHECKSUMS,
	FILE_KINDS
};

struct permission {
	const char *what;	/* in a sentence */
	mode_t refused;		/* the bits that it must not have */
};

extern const struct permission permissions[FILE_KINDS];

/* ERR_DENIED with the command that changes it, unless the rule is kept. */
bool permission_check(enum file_kind kind, const char *path,
    const struct stat *st, struct err *e);

#endif
