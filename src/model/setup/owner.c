/* The users of the system that are ours, made by groupadd(8) and useradd(8). */
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
#define CHECKER_HOME "/var/lib/mailadm/check"
#define NOLOGIN "/usr/sbin/nologin"

/* Who runs a part of mailadm; the account of the database has the name, too. */
static const struct runner {
	const char *name;
	const char *home;
} runners[] = {
	{ "mailadm_check", CHECKER_HOME },
	{ "mailadm_policy", "/" },
};

#define RUNNERS (sizeof(runners) / sizeof(runners[0]))

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

/* "mailadm_check and mailadm_policy", of those that do not exist; or NULL. */
static const char *
runners_missing(struct arena *a)
{
	const char *names = NULL;

	for (size_t i = 0; i < RUNNERS; i++) {
		if (getpwnam(runners[i].name) == NULL)
			names = names == NULL ? runners[i].name :
			    arena_printf(a, "%s and %s", names,
			    runners[i].name);
	}
	return names;
}

bool
owner_look(struct arena *a, const struct settings *s, const char **todo,
    struct err *e)
{
	const char *missing = runners_missing(a);
	struct stat st;

	*todo = NULL;
	if (!ids_check(s, e))
		return false;
	if (getpwnam(mail_owner) == NULL)
		*todo = arena_printf(a, "add the user vmail (id %" PRId64
		    "), who owns the mail in %s%s%s", s->vmail_uid,
		    s->mail_directory, missing != NULL ? ", and " : "",
		    missing != NULL ? missing : "");
	else if (missing != NULL)
		*todo = arena_printf(a, "add the user %s", missing);
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
runners_add(struct arena *a, struct err *e)
{
	for (size_t i = 0; i < RUNNERS; i++) {
		const char *const user[] = { "useradd", "--system",
		    "--home-dir", runners[i].home, "--no-create-home",
		    "--shell", NOLOGIN, runners[i].name, NULL };

		if (getpwnam(runners[i].name) == NULL && !run(a, user, e))
			return false;
	}
	return true;
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
	    runners_add(a, e) &&
	    directory_make(a, s->mail_directory, mail_owner, e) &&
	    directory_make(a, CHECKER_HOME, runners[0].name, e);
}
