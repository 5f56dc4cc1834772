/* Packages by dpkg-query(1), listeners by proc(5). */
#include "model/setup/machine.h"

#include <dirent.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "file/program.h"
#include "file/read.h"
#include "model/doctor/opening.h"
#include "model/server/hosts.h"

#define SECONDS 30	/* that a locked list of packages may take */

/* --- packages --------------------------------------------------------- */

/* What the configuration that is rendered uses. */
static const struct {
	const char *package;
	const char *filter;	/* only with this one; NULL: always */
	bool database;		/* only where that is on this machine */
	bool pop3;		/* only with POP3 */
	bool srs;		/* only with SRS */
} needed[] = {
	{ "mariadb-server", NULL, true, false },
	{ "postfix", NULL, false, false },
	{ "postfix-mysql", NULL, false, false },
	{ "libsasl2-modules", NULL, false, false },
	{ "dovecot-core", NULL, false, false },
	{ "dovecot-imapd", NULL, false, false },
	{ "dovecot-lmtpd", NULL, false, false },
	{ "dovecot-mysql", NULL, false, false },
	{ "dovecot-pop3d", NULL, false, true },
	{ "postsrsd", NULL, false, false, .srs = true },
	{ "rspamd", "rspamd", false, false },
	{ "dovecot-sieve", "rspamd", false, false },
	{ "opendkim", "opendkim", false, false },
	{ "opendmarc", "opendkim", false, false },
	{ "postfix-policyd-spf-python", "opendkim", false, false },
};

#define NEEDED (sizeof(needed) / sizeof(needed[0]))

static bool
is_needed(size_t i, const struct settings *s, bool remote)
{
	return (needed[i].filter == NULL || (s->filter != NULL &&
	    strcmp(needed[i].filter, s->filter) == 0)) &&
	    !(needed[i].database && remote) && (!needed[i].pop3 || s->pop3) &&
	    (!needed[i].srs || s->srs);
}

/* "ii  postfix": the lines of those that are installed. */
static bool
installed_list(struct arena *a, const char *program, const char **list,
    struct err *e)
{
	struct words argv = { 0 };
	struct program_answer answer;

	words_add(a, &argv, program);
	words_add(a, &argv, "-W");
	words_add(a, &argv, "-f");
	words_add(a, &argv, "${db:Status-Status} ${Package}\n");
	for (size_t i = 0; i < NEEDED; i++)
		words_add(a, &argv, needed[i].package);
	/* Its status is 1 where one of them is unknown. */
	if (!program_run_for(a, &argv, SECONDS, &answer, e))
		return false;
	*list = answer.out;
	return true;
}

static bool
is_installed(struct arena *a, const char *list, const char *package)
{
	const char *line = arena_printf(a, "installed %s\n", package);
	const char *p = strstr(list, line);

	return p != NULL && (p == list || p[-1] == '\n');
}

bool
machine_packages(struct arena *a, const struct settings *s,
    struct words *missing, struct err *e)
{
	struct server_database database;
	const char *program, *list;

	if (!program_find(a, "dpkg-query", "dpkg", &program, e)) {
		err_clear(e);
		return true;
	}
	if (!installed_list(a, program, &list, e))
		return false;
	server_database(a, s, &database);
	for (size_t i = 0; i < NEEDED; i++) {
		if (is_needed(i, s, database.remote) &&
		    !is_installed(a, list, needed[i].package))
			words_add(a, missing, needed[i].package);
	}
	return true;
}

/* --- ports ------------------------------------------------------------ */

static const unsigned ports[] = { 25, 143, 465, 587, 993 };

/* The program behind a process: "/usr/sbin/exim4", or NULL. */
static const char *
program_of(struct arena *a, const char *pid)
{
	char path[PATH_MAX];
	ssize_t n = readlink(arena_printf(a, "/proc/%s/exe", pid), path,
	    sizeof(path));

	return n > 0 ? arena_strndup(a, path, (size_t)n) : NULL;
}

static bool
holds(struct arena *a, const char *pid, const char *socket)
{
	const char *folder = arena_printf(a, "/proc/%s/fd", pid);
	DIR *dir = opendir(folder);
	const struct dirent *entry;
	char target[64];
	bool found = false;

	while (dir != NULL && !found && (entry = readdir(dir)) != NULL) {
		ssize_t n = readlinkat(dirfd(dir), entry->d_name, target,
		    sizeof(target) - 1);

		target[n > 0 ? n : 0] = '\0';
		found = strcmp(target, socket) == 0;
	}
	if (dir != NULL)
		closedir(dir);
	return found;
}

static bool
is_ours(const char *program)
{
	return strstr(program, "/postfix/") != NULL ||
	    strstr(program, "/dovecot") != NULL;
}

/*
 * Who holds the socket; NULL where nobody is known, or one of ours does: it
 * may be passed on to a child.
 */
static const char *
rival_find(struct arena *a, unsigned long inode)
{
	const char *socket = arena_printf(a, "socket:[%lu]", inode);
	const char *found = NULL;
	DIR *dir = opendir("/proc");
	const struct dirent *entry;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		const char *program;

		if (strspn(entry->d_name, DIGITS) != strlen(entry->d_name) ||
		    !holds(a, entry->d_name, socket) ||
		    (program = program_of(a, entry->d_name)) == NULL)
			continue;
		found = is_ours(program) ? NULL : program;
		break;
	}
	if (dir != NULL)
		closedir(dir);
	return found;
}

static bool
is_mail_port(unsigned port)
{
	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
		if (ports[i] == port)
			return true;
	}
	return false;
}

void
machine_rivals(struct arena *a, struct words *rivals)
{
	struct listeners all = { 0 };

	listeners_find(&all);
	for (size_t i = 0; i < all.count; i++) {
		const char *program;

		if (!is_mail_port(all.item[i].port) ||
		    all.item[i].inode == 0 ||
		    (program = rival_find(a, all.item[i].inode)) == NULL)
			continue;
		words_add(a, rivals, arena_printf(a, "%s listens on port %u",
		    program, all.item[i].port));
	}
	VECTOR_CLEAR(&all);
}
