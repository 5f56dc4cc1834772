/*
 * The files below a directory, without following a symbolic link.
 *
 * Every part of a name is opened from the one before it.  So a file is where
 * its name says, also while somebody else can change the directories.  Names
 * that begin with a dot are skipped.
 */
#ifndef MODEL_KEYS_TREE_H
#define MODEL_KEYS_TREE_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "base/vector.h"

struct keys_entry {
	const char *name;	/* "example.org/mail.private" */
	bool is_link;
};

struct keys_tree {
	struct arena *arena;
	bool named;		/* by the user, and not as that of a table */
	const char *path;	/* as it was named; NULL: no directory */
	const char *real;	/* the same, absolute and without links */
	int fd;
	int root;		/* of "/" */
	VECTOR(struct keys_entry) entries;
};

/*
 * Which files a table may name, besides those below the directory that the
 * user has named: all; those of its owner, who can read them as well; none.
 */
struct keys_trust {
	enum { KEYS_NONE, KEYS_OF_OWNER, KEYS_ALL } may;
	uid_t owner;
};

/* Where a file is. */
struct keys_place {
	int fd;			/* of the directory that .name begins at */
	const char *name;	/* without "." and ".." */
	const char *shown;	/* for people */
	bool by_end;		/* found by the end of its name alone */
	bool of_owner;		/* only if it is of this owner */
	uid_t owner;
};

/* path NULL: only what is outside of a directory. */
bool keys_tree_open(struct keys_tree *t, struct arena *a, const char *path,
    struct err *e);
void keys_tree_close(struct keys_tree *t);

/* Lists files and links, sorted.  ERR_INVALID where they are too many. */
bool keys_tree_list(struct keys_tree *t, struct err *e);

/*
 * Where the file is that a table in `directory` calls `path`: in the tree if
 * it exists there, also under the end of its name, since a directory may have
 * been copied; else where it says.  ERR_DENIED where the table may not name
 * it; ERR_INVALID.
 */
bool keys_tree_place(const struct keys_tree *t, const char *directory,
    const char *path, const struct keys_trust *trust,
    struct keys_place *place, struct err *e);

/* A regular file that no link leads to. */
bool keys_tree_exists(const struct keys_place *place);

/*
 * Reads a regular file of at most `most` bytes; as file_read(), and
 * ERR_DENIED for one of another owner than it must be of.
 */
bool keys_tree_read(const struct keys_place *place, size_t most,
    struct text *content, struct stat *st, struct err *e);

#endif
