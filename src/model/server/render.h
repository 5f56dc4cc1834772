/*
 * Rendering: the files of a mail server, from templates and settings.
 *
 * Files are written below a directory, "/" to install them.  A file that
 * somebody else made, or edited since it was rendered (checksums.h), is not
 * overwritten: then nothing is written at all, unless forced, and the old
 * file is kept.  It is kept, too, where a file of a package (package.h) is
 * replaced unasked, since nobody has edited that.  A file that is as it should
 * be is not touched.  At no time can more people read a file than at the end,
 * and none is half written.
 */
#ifndef MODEL_SERVER_RENDER_H
#define MODEL_SERVER_RENDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/field.h"
#include "base/words.h"
#include "model/server/settings.h"
#include "model/server/files.h"

struct render_options {
	enum server_set set;	/* SERVER_SETS: all of them */
	const char *out;	/* the directory */
	bool force;
	bool dry_run;
	bool postconf;		/* commands instead of main.cf, master.cf */
	/* Of "setup", which asks before it begins: */
	bool planned;		/* owners may be missing yet; with dry_run */
	bool marked;		/* what an earlier mailadm left is replaced */
	bool relayhost;		/* that of main.cf is dealt with */
};

struct render_row {
	const char *path;	/* as it is on the server */
	const char *action;	/* written, replaced, unchanged, ... */
	const char *diff;	/* unified, secrets hidden; or NULL */
};

extern const struct field render_fields[];

struct render_result {
	const struct render_row *row;
	size_t count;
	size_t refused;		/* if any, nothing was written */
	size_t changed;
	struct words backups;	/* where replaced files are now */
	struct words obsolete;	/* written once, now to be removed */
	struct words commands;	/* of --postconf */
	bool owners_kept;	/* owners were not set: not running as root */
};

/*
 * The rows are complete even after a failure.  ERR_INVALID for a template
 * or a missing password; ERR_NOT_FOUND for an owner that the system does
 * not have; ERR_REFUSED where a file is a link; ERR_DENIED, ERR_IO.
 */
bool render(struct arena *a, const struct server *server,
    const struct render_options *options, struct render_result *result,
    struct err *e);

/* A file on disk, and the text that would take its place. */
struct render_pair {
	const char *path;
	const char *label;	/* the path for people */
	const char *how;	/* the text was made: "rendered" */
	const char *text;
	size_t len;
};

/* A unified diff of the two, with secrets hidden. */
bool render_diff(struct arena *a, const struct render_pair *pair,
    const char **diff, struct err *e);

/*
 * The commands that bring the settings of a main.cf or a master.cf into those
 * in `directory`; a line each, for a shell.  name: of the template.
 */
void render_postconf(struct arena *a, const char *directory, const char *name,
    const char *text, struct words *commands);

#endif
