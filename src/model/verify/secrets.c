/* Verifying files: those that too many can read or change. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "file/read.h"
#include "model/verify/private.h"

static const char *
quoted(struct verifying *v, const char *path)
{
	return file_shell_name(v->arena, path);
}

/* "user:{SSHA512}…" and "user:$6$…" of a passwd-file. */
static bool
line_has_hash(const char *line)
{
	const char *at = line + strcspn(line, ": \t={$");
	size_t scheme;

	/* The name in front is one word. */
	if (*at != ':' || at == line || at[1] == '\0')
		return false;
	if (at[1] == '$')
		return isalnum((unsigned char)at[2]) && strchr(at + 2, '$') !=
		    NULL;
	scheme = strspn(at + 2, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");
	return at[1] == '{' && scheme > 0 && at[2 + scheme] == '}';
}

/* "password = x", "connect = … password=x": with something behind it. */
static bool
line_sets(const char *line, const char *name)
{
	const char *at = line;

	while ((at = strstr(at, name)) != NULL) {
		bool word = at == line ||
		    (!isalnum((unsigned char)at[-1]) && at[-1] != '_');

		at += strlen(name);
		at += strspn(at, " \t");
		if (word && *at == '=') {
			at++;
			at += strspn(at, " \t");
			if (*at != '\0' && *at != '\r')
				return true;
		}
	}
	return false;
}

/* bind_pw is of LDAP maps of Postfix, dnpass of Dovecot's. */
static bool
line_has_secret(const char *line)
{
	const char *at = line + strspn(line, " \t");

	if (*at == '#' || *at == ';')
		return false;
	return strstr(at, "PRIVATE KEY-----") || line_has_hash(at) ||
	    strstr(at, "IDENTIFIED BY") || line_sets(at, "password") ||
	    line_sets(at, "bind_pw") || line_sets(at, "dnpass");
}

static bool
has_secret(const struct text *content)
{
	const char *at = content->buf;
	struct text line = TEXT_INIT;
	bool found = false;

	while (!found && *at != '\0') {
		size_t end = strcspn(at, "\n");

		text_cut(&line, 0);
		text_add_bytes(&line, at, end);
		found = line_has_secret(line.buf);
		at += end + (at[end] == '\n');
	}
	text_clear(&line);
	return found;
}

/*
 * Whoever reads it by the rights of others needs those of its group then.
 * mailadm itself takes no password from a file that a group can read.
 */
static const char *
secret_advice(struct verifying *v, const char *path, const struct stat *st)
{
	const char *postfix = arena_printf(v->arena, "%s/",
	    v->options->postfix_dir);
	const char *dovecot = arena_printf(v->arena, "%s/",
	    v->options->dovecot_dir);
	const char *name = strncmp(path, postfix, strlen(postfix)) == 0 ?
	    "postfix" : strncmp(path, dovecot, strlen(dovecot)) == 0 ?
	    "dovecot" : NULL;
	const struct group *g = name != NULL ? getgrnam(name) : NULL;

	if (strncmp(path, "/etc/mailadm/", strlen("/etc/mailadm/")) == 0)
		return arena_printf(v->arena, "chmod go= %s", quoted(v, path));
	if (v->server == VERIFY_SERVER_OURS || g == NULL || st->st_gid != 0 ||
	    !(st->st_mode & S_IRGRP))
		return arena_printf(v->arena, "chmod o= %s", quoted(v, path));
	return arena_printf(v->arena, "chgrp %s %s; chmod o= %s", name,
	    quoted(v, path), quoted(v, path));
}

/* A file that everybody can read, this account can read. */
static void
secret_verify(struct verifying *v, const char *path, const struct stat *st)
{
	struct text content = TEXT_INIT;
	struct err e = { 0 };
	struct stat now;

	if (!(st->st_mode & S_IROTH))
		return;
	if (file_read(path, &content, &now, &e) && has_secret(&content))
		verify_found(v, VERIFY_SECRET_READABLE, path,
		    secret_advice(v, path, st), "%s holds a secret and "
		    "everybody on this machine can read it (mode %04o)", path,
		    (unsigned)st->st_mode & 07777);
	err_clear(&e);
	text_clear(&content);
}

/* A file that a command of master.cf reads may be that of its account. */
static bool
is_of_its_reader(struct verifying *v, const char *path, uid_t owner)
{
	for (size_t i = 0; i < v->postfix.services; i++) {
		const struct postfix_service *s = &v->postfix.service[i];
		const char *user = verify_service_user(v, s);
		const struct passwd *p = user != NULL &&
		    strstr(s->arguments, path) != NULL ? getpwnam(user) : NULL;

		if (p != NULL && p->pw_uid == owner)
			return true;
	}
	return false;
}

/* Files that were rendered elsewhere belong to the user who rendered them. */
static void
writers_verify(struct verifying *v, const char *path, const struct stat *st)
{
	if (st->st_mode & S_IWOTH)
		verify_found(v, VERIFY_FILE_WRITABLE, path, arena_printf(
		    v->arena, "chmod o-w %s", quoted(v, path)),
		    "everybody on this machine can write %s (mode %04o)",
		    path, (unsigned)st->st_mode & 07777);
	else if (st->st_uid != 0 && st->st_uid != geteuid() &&
	    !is_of_its_reader(v, path, st->st_uid))
		verify_found(v, VERIFY_FILE_WRITABLE, path, arena_printf(
		    v->arena, "chown root %s", quoted(v, path)),
		    "%s belongs to uid %lu, not to root", path,
		    (unsigned long)st->st_uid);
}

void
verify_secret_file(struct verifying *v, const char *path, bool of_root)
{
	struct stat st;

	if (stat(path, &st) != 0 || !S_ISREG(st.st_mode))
		return;
	secret_verify(v, path, &st);
	if (of_root)
		writers_verify(v, path, &st);
}

static void
directory_verify(struct verifying *v, const char *directory, bool of_root)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;

	if (dir == NULL) {
		if (errno == EACCES)
			verify_unchecked(v, VERIFY_SECRET_READABLE,
			    arena_printf(v->arena, "cannot read the "
				"directory %s", directory));
		return;
	}
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] != '.')
			verify_secret_file(v, arena_printf(v->arena, "%s/%s",
			    directory, entry->d_name), of_root);
	}
	closedir(dir);
}

void
verify_secrets(struct verifying *v)
{
	const struct verify_options *o = v->options;

	directory_verify(v, o->postfix_dir, true);
	directory_verify(v, arena_printf(v->arena, "%s/mailadm",
	    o->postfix_dir), true);
	directory_verify(v, o->dovecot_dir, true);
	directory_verify(v, arena_printf(v->arena, "%s/conf.d",
	    o->dovecot_dir), true);
	directory_verify(v, o->mailadm_dir, false);
}
