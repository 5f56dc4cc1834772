/* Who may own and write a file: one table, one function. */
#include "file/permission.h"

#include <unistd.h>

#include "file/read.h"

#define WRITERS 022		/* group and others write */
#define ANYBODY 077		/* group and others read, write or run */

const struct permission permissions[FILE_KINDS] = {
	/* plugin-dir and default-auth name code that libmariadb runs. */
	[FILE_OPTIONS] = { "an option file", WRITERS },
	[FILE_OPTIONS_PASSWORD] = { "an option file with a password",
	    ANYBODY },
	/* libmariadb reads them again, after us. */
	[FILE_OPTIONS_INCLUDED] = { "a directory of option files", WRITERS },
	[FILE_OPTIONS_HOLDER] = { "the directory of an option file", WRITERS },
	[FILE_SETTINGS] = { "a file of settings", WRITERS },
	[FILE_ACCOUNTS] = { "a file of passwords", ANYBODY },
	[FILE_PASSWORD] = { "a password file", ANYBODY },
	/* It chooses which file becomes a password. */
	[FILE_MANIFEST] = { "a manifest with password_file", WRITERS },
	[FILE_PLAN] = { "a saved plan", WRITERS },
	/* It decides what is never reported. */
	[FILE_STATE] = { "a state file", WRITERS },
	[FILE_HISTORY] = { "a history of commands", ANYBODY },
	/* It decides what is overwritten without asking. */
	[FILE_CHECKSUMS] = { "a file of checksums", WRITERS },
	[FILE_DKIM_SECRET] = { "the secret of the DKIM keys", ANYBODY },
	/* It chooses which files become keys that a filter can read. */
	[FILE_KEY_TABLE] = { "a table of DKIM keys", WRITERS },
	/* They run with our rights. */
	[FILE_HOOK] = { "a hook", WRITERS },
	[FILE_HOOK_HOLDER] = { "a directory of hooks", WRITERS },
};

static bool
wrong_owner(const struct permission *p, const char *path, uid_t owner,
    struct err *e)
{
	struct arena a = { 0 };
	const char *name = file_shell_name(&a, path);
	uid_t me = geteuid();

	err_set(e, ERR_DENIED, "another user owns %s, %s (uid %lu)", path,
	    p->what, (unsigned long)owner);
	if (me == 0)
		err_hint(e, "chown root %s", name);
	else
		err_hint(e, "chown %lu %s", (unsigned long)me, name);
	arena_clear(&a);
	return false;
}

static bool
wrong_mode(const struct permission *p, const char *path, mode_t mode,
    struct err *e)
{
	struct arena a = { 0 };
	bool readers = p->refused == ANYBODY;

	err_set(e, ERR_DENIED, "others can %s %s, %s (mode %04o)",
	    readers ? "read or write" : "write", path, p->what,
	    (unsigned)mode & 07777);
	err_hint(e, "chmod %s %s", readers ? "600" : "go-w",
	    file_shell_name(&a, path));
	arena_clear(&a);
	return false;
}

/*
 * In a sticky directory nobody can rename or remove files of others, but
 * everybody can add one.  That does no harm where one file is read by name.
 */
static bool
is_sticky(enum file_kind kind, const struct stat *st)
{
	return kind == FILE_OPTIONS_HOLDER && (st->st_mode & S_ISVTX);
}

bool
permission_check(enum file_kind kind, const char *path,
    const struct stat *st, struct err *e)
{
	const struct permission *p = &permissions[kind];

	if (!S_ISREG(st->st_mode) && !S_ISDIR(st->st_mode))
		return true;
	if (st->st_uid != 0 && st->st_uid != geteuid())
		return wrong_owner(p, path, st->st_uid, e);
	return (st->st_mode & p->refused) == 0 || is_sticky(kind, st) ||
	    wrong_mode(p, path, st->st_mode, e);
}
