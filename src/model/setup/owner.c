/* The users vmail and mailadm_check, made by groupadd(8) and useradd(8). */
#include "model/setup/owner.h"

#include <errno.h>
#include <grp.h>
#include <inttypes.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file/write.h"
#include "model/setup/service.h"

static const char mail_owner[] = "vmail";
static const char checker[] = "mailadm_check";
#define CHECKER_HOME "/var/lib/mailadm/check"
#define NOLOGIN "/usr/sbin/nologin"

static bool
id_taken(const char *what, int64_t id, const char *by, struct err *e)
{
	err_set(e, ERR_REFUSED, "the %s id %" PRId64 ", which is to own the "
	    "mail, belongs to %s", what, id, by);
	return err_hint(e, "choose another one with --vmail-uid");
}

/* The group has the same id as the user. */
static bool
ids_check(const struct settings *s, struct err *e)
{
	const struct passwd *p = getpwnam(mail_owner);
	const struct group *g;

	if (p != NULL && p->pw_uid != (uid_t)s->vmail_uid) {
		err_set(e, ERR_REFUSED, "the user vmail has the id %lu here, "
		    "not %" PRId64, (unsigned long)p->pw_uid, s->vmail_uid);
		return err_hint(e, "give that with --vmail-uid %lu",
		    (unsigned long)p->pw_uid);
	}
	p = getpwuid((uid_t)s->vmail_uid);
	if (p != NULL && strcmp(p->pw_name, mail_owner) != 0)
		return id_taken("user", s->vmail_uid, p->pw_name, e);
	g = getgrgid((gid_t)s->vmail_uid);
	if (g != NULL && strcmp(g->gr_name, mail_owner) != 0)
		return id_taken("group", s->vmail_uid, g->gr_name, e);
	return true;
}

bool
owner_look(struct arena *a, const struct settings *s, const char **todo,
    struct err *e)
{
	bool owner = getpwnam(mail_owner) == NULL;
	bool check = getpwnam(checker) == NULL;
	struct stat st;

	*todo = NULL;
	if (!ids_check(s, e))
		return false;
	if (owner)
		*todo = arena_printf(a, "add the user vmail (id %" PRId64
		    "), who owns the mail in %s%s", s->vmail_uid,
		    s->mail_directory, check ? ", and mailadm_check" : "");
	else if (check)
		*todo = "add the user mailadm_check";
	else if (stat(s->mail_directory, &st) != 0 && errno == ENOENT)
		*todo = arena_printf(a, "make %s", s->mail_directory);
	return true;
}

static bool
run(struct arena *a, const char *const *word, struct err *e)
{
	struct words argv = { 0 };

	for (; *word != NULL; word++)
		words_add(a, &argv, *word);
	return service_program(a, &argv, "passwd", e);
}

static bool
vmail_add(struct arena *a, const struct settings *s, struct err *e)
{
	const char *id = arena_printf(a, "%" PRId64, s->vmail_uid);
	const char *const group[] = { "groupadd", "--gid", id, mail_owner,
	    NULL };
	const char *const user[] = { "useradd", "--uid", id, "--gid",
	    mail_owner, "--home-dir", s->mail_directory, "--no-create-home",
	    "--shell", NOLOGIN, mail_owner, NULL };

	return (getgrnam(mail_owner) != NULL || run(a, group, e)) &&
	    run(a, user, e);
}

static bool
checker_add(struct arena *a, struct err *e)
{
	static const char *const user[] = { "useradd", "--system",
	    "--home-dir", CHECKER_HOME, "--no-create-home", "--shell",
	    NOLOGIN, checker, NULL };

	return run(a, user, e);
}

/* A directory that exists keeps its owner and mode: somebody chose them. */
static bool
directory_make(struct arena *a, const char *path, const char *owner,
    struct err *e)
{
	const struct passwd *p = getpwnam(owner);
	struct stat st;

	BUG_ON(p == NULL);
	if (stat(path, &st) == 0)
		return true;
	file_directories_make(arena_printf(a, "%s/x", path), 0, 0755);
	return (chmod(path, 0700) == 0 && chown(path, p->pw_uid, p->pw_gid) ==
	    0) || err_set(e, ERR_IO, "%s: %s", path, strerror(errno));
}

bool
owner_make(struct arena *a, const struct settings *s, struct err *e)
{
	return (getpwnam(mail_owner) != NULL || vmail_add(a, s, e)) &&
	    (getpwnam(checker) != NULL || checker_add(a, e)) &&
	    directory_make(a, s->mail_directory, mail_owner, e) &&
	    directory_make(a, CHECKER_HOME, checker, e);
}
