/*
 * The hosts of the database that the settings name.
 *
 * database_hosts is a list of sockets, hosts and hosts with a port; each of
 * the servers, and libmariadb, writes such a list in its own way.
 */
#ifndef MODEL_SERVER_HOSTS_H
#define MODEL_SERVER_HOSTS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/words.h"
#include "file/settings.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

/* Not empty, and made of these characters only. */
bool server_is_of(const char *text, const char *characters);

/*
 * An absolute path without characters that a shell, a map file or Dovecot
 * would change.
 */
bool server_is_path(const char *path);

/* The words of a setting that is a list; NULL: none. */
struct words server_list(struct arena *a, const char *text);

/* ERR_INVALID unless the value is a list of hosts for all servers. */
bool server_hosts_check(const char *value, struct err *e);

/* How libmariadb connects to the first of the hosts, or all in turn. */
struct server_database {
	const char *socket;		/* or host */
	const char *host;		/* comma-separated */
	const char *port;		/* NULL: the usual one */
	bool remote;			/* TLS is needed */
};

void server_database(struct arena *a, const struct settings *s,
    struct server_database *d);

/*
 * The hosts in the form of Postfix.  It tries each entry once, so each is
 * listed twice: the first connection may be dead.  With retry_interval
 * (`retry`) the same entry would be tried again before the last one, so there
 * each is listed once.
 */
const char *server_postfix_hosts(struct arena *a, const struct settings *s,
    bool retry);

/* The hosts in the form of Dovecot. */
const struct words *server_dovecot_hosts(struct arena *a,
    const struct settings *s);

#endif
