/*
 * What settings of Postfix and Dovecot mean, as the servers take them.
 *
 * Nothing here reads a file or asks a server: texts go in, answers come out.
 */
#ifndef MODEL_CONF_CONF_H
#define MODEL_CONF_CONF_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/words.h"

/* --- networks.c ------------------------------------------------------ */

/*
 * A network that holds so many public addresses that strangers are among
 * them: "0.0.0.0/0", "172.0.0.0/8", "[2000::]/3".
 */
bool conf_network_is_wide(const char *network);

/*
 * "192.168.1.5/24" for the network 192.168.1.0/24, which Postfix refuses.
 */
bool conf_network_has_host(const char *network);

/* --- restrictions.c --------------------------------------------------- */

/*
 * What smtpd refuses in a list of restrictions: a name that it does not know,
 * or one that lacks what belongs behind it.  NULL: nothing.
 */
const char *conf_restriction_wrong(struct arena *a,
    const struct words *list, const struct words *classes);

/*
 * The text of a table of access(5), where some line lets pass what its key
 * is: OK, a number, permit.  The keys are patterns, or words.
 */
bool conf_access_permits(const char *text, bool patterns);

/* --- protocols.c ----------------------------------------------------- */

enum conf_tls {
	CONF_TLS_STRONG,	/* 1.2 or 1.3 alone */
	CONF_TLS_OLD,		/* older ones as well */
	CONF_TLS_NONE,		/* no version that others still speak */
	CONF_TLS_REFUSED	/* a word that Postfix does not know */
};

/* "!SSLv3, >=TLSv1.2", the way smtpd_tls_protocols is read. */
enum conf_tls conf_tls(const struct words *protocols);

/* --- values.c --------------------------------------------------------- */

/*
 * Why Postfix does not start with this value; the default is of the kind
 * that it reads.  NULL: nothing is known against it.
 */
const char *conf_refused(struct arena *a, const char *name,
    const char *value, const char *standard);

/* --- fields.c --------------------------------------------------------- */

/* A column that a query answers: "CONCAT(…) AS home". */
struct conf_column {
	const char *text;	/* without its name */
	const char *name;	/* "home"; "" where it has none */
	bool given;		/* by AS, so that somebody meant it */
};

/* The columns of the first SELECT; ends with text NULL. */
const struct conf_column *conf_columns(struct arena *a, const char *query);

/* The field of Dovecot that was likely meant by this name; NULL: none. */
const char *conf_field_meant(const char *name);

/* Asks for a person without the domain: %n, and neither %d nor %u. */
bool conf_lacks_domain(const char *text);

/* The same of a map of Postfix: %u, and neither %d nor %s. */
bool conf_lacks_key_domain(const char *query);

/* Asks for the domain alone, as a query that answers each name does. */
bool conf_lacks_person(const char *query);

#endif
