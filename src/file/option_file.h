/*
 * Looks at MariaDB's option files before libmariadb reads them.
 *
 * libmariadb does not say what it took and from where, ignores a file that
 * does not exist, and takes a password from a file that everybody can read.
 * So mailadm reads the same files first, by the same rules (ma_default.c):
 * the groups [client], [client-server], [client-mariadb] and one of its own;
 * the last value wins; "-" and "_" are the same; "servername" is another
 * name of host, "db" of database and "passwd" of password.
 *
 * One rule is wider.  With !includedir, Connector/C up to 3.3 reads only a
 * file called my.cnf, later ones and the mariadb client read *.cnf, in an
 * order of their own; here it is *.cnf, sorted by name.  So the caller must
 * give the values to the connection: libmariadb could use another host than
 * the one that was found to be local.
 */
#ifndef FILE_OPTION_FILE_H
#define FILE_OPTION_FILE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/words.h"

/* What the files set; NULL: not set, or set to the empty value. */
struct option_facts {
	const char *host;	/* "localhost" when set to the empty value */
	const char *socket;
	const char *user;
	const char *database;
	const char *port;
	bool has_admin_group;
	bool tls_loosened;	/* one sets whether certificates are checked */
	struct words read;	/* the files, in this order */
	struct words missing;	/* files that do not exist or may not be read */
};

/*
 * Looks at `defaults_file`, or when that is NULL at the standard files.
 * The values are those of the client groups and of `group`.  Of the group
 * `admin_group` (or NULL) only its existence is reported; its password is
 * judged, too.
 *
 * ERR_DENIED where permission_check() refuses a file, whatever it sets, or
 * the directory that holds it; one that sets a password in one of these
 * groups is FILE_OPTIONS_PASSWORD.  ERR_NOT_FOUND when defaults_file does
 * not exist.
 * ERR_INVALID with FILE:LINE where libmariadb would silently stop reading.
 * ERR_DENIED with FILE:LINE for restricted-auth with a way to log in that may
 * show the password to the server: it would replace mailadm's own list.
 * No password is copied or stays in memory.
 */
bool option_files_look(struct arena *a, const char *defaults_file,
    const char *group, const char *admin_group, struct option_facts *facts,
    struct err *e);

/*
 * True when a connection cannot leave this machine: no host, localhost,
 * 127.0.0.0/8 or ::1, each perhaps with a port, or a comma-separated list
 * of nothing else; blanks around them do not count, as in db/host.c.  The
 * socket does not matter: libmariadb takes it only where the host is none
 * or localhost.  ip6-localhost does not count: it is an ordinary name that
 * is asked from DNS where /etc/hosts lacks it.
 */
bool option_host_is_local(const char *host, const char *socket);

#endif
