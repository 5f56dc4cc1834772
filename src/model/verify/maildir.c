/* Verifying the account that owns the mail, and the mail directory. */
#include <errno.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>

#include "base/size.h"
#include "model/verify/private.h"

static const char *
user_advice(struct verifying *v, const char *name)
{
	const struct verify_options *o = v->options;

	return arena_printf(v->arena, "groupadd --gid %lld %s; useradd "
	    "--uid %lld --gid %s --home %s --shell /usr/sbin/nologin %s",
	    (long long)o->vmail_uid, name, (long long)o->vmail_uid, name,
	    o->mail_directory, name);
}

/* A name or a number. */
static bool
uid_find(const char *name, int64_t *uid)
{
	const struct passwd *p;

	if (number_parse(name, uid))
		return true;
	p = getpwnam(name);
	if (p == NULL)
		return false;
	*uid = (int64_t)p->pw_uid;
	return true;
}

/* Dovecot refuses to open mail of an account beyond these; 0: no limit. */
static bool
is_refused(const struct verifying *v, int64_t uid)
{
	int64_t first = 0, last = 0;

	return (number_parse(verify_dovecot(v, "first_valid_uid"), &first) &&
	    uid < first) || (number_parse(verify_dovecot(v,
	    "last_valid_uid"), &last) && last != 0 && uid > last);
}

static bool
user_verify(struct verifying *v, const char *name, int64_t *uid)
{
	int64_t expected = v->options->vmail_uid;

	if (!uid_find(name, uid)) {
		verify_found(v, VERIFY_MAIL_USER, name, user_advice(v, name),
		    "the user %s, who should own all mail, does not exist",
		    name);
		return false;
	}
	if (*uid == expected && !is_refused(v, *uid))
		return true;
	verify_found(v, VERIFY_MAIL_USER, name, *uid != expected ?
	    arena_printf(v->arena, "write \"vmail_uid = %lld\" in "
		"mailadm.conf; mailadm config render dovecot --out /",
		(long long)*uid) : VERIFY_RENDER("dovecot"),
	    *uid != expected ? "the user %s has the uid %lld, not that of the "
	    "setting vmail_uid" : "the user %s has the uid %lld, which "
	    "is not between Dovecot's first_valid_uid and last_valid_uid",
	    name, (long long)*uid);
	return true;
}

static void
directory_verify(struct verifying *v, const char *name, int64_t uid)
{
	const char *path = v->options->mail_directory;
	struct stat st;

	if (stat(path, &st) != 0) {
		if (errno == EACCES)
			verify_unchecked(v, VERIFY_MAIL_DIRECTORY,
			    arena_printf(v->arena, "cannot access %s",
				path));
		else
			verify_found(v, VERIFY_MAIL_DIRECTORY, path,
			    arena_printf(v->arena, "install -d -o %s -g %s "
				"-m 0700 %s", name, name, path),
			    "the mail directory %s does not exist", path);
		return;
	}
	if (!S_ISDIR(st.st_mode) || (int64_t)st.st_uid != uid ||
	    (st.st_mode & 0700) != 0700)
		verify_found(v, VERIFY_MAIL_DIRECTORY, path, arena_printf(
		    v->arena, "chown %s:%s %s; chmod 0700 %s", name, name,
			path, path), "%s cannot write the mail directory %s",
		    name, path);
	else if (st.st_mode & 0007)
		verify_found(v, VERIFY_MAIL_READABLE, path, arena_printf(
		    v->arena, "chmod 0700 %s", path), "the mail directory "
		    "%s is open to everybody on this machine (mode %04o)",
		    path, (unsigned)st.st_mode & 07777);
}

/* Elsewhere userdb says whose and where the mail is: no default counts. */
static void
elsewhere_verify(struct verifying *v)
{
	const char *name = verify_dovecot(v, "mail_uid");
	int64_t uid;

	if (*name != '\0' && !uid_find(name, &uid))
		verify_found(v, VERIFY_MAIL_USER, name, NULL, "mail_uid is "
		    "%s, and there is no such account", name);
}

void
verify_mail(struct verifying *v)
{
	const char *name = verify_dovecot(v, "mail_uid");
	int64_t uid = 0;

	if (v->server != VERIFY_SERVER_OURS) {
		elsewhere_verify(v);
		return;
	}
	if (*name == '\0')
		name = "vmail";
	if (user_verify(v, name, &uid))
		directory_verify(v, name, uid);
	else
		verify_unchecked(v, VERIFY_MAIL_DIRECTORY,
		    "the account that owns the mail does not exist");
}
