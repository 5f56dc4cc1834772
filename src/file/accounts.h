/*
 * The database accounts that "config init" makes, one for each program.
 *
 * Their passwords are in an option file of MariaDB; each group of the file
 * is an account.  mailadm connects with it; "config render" writes the
 * passwords of the others into the files of the servers.
 */
#ifndef FILE_ACCOUNTS_H
#define FILE_ACCOUNTS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

#define ACCOUNTS_FILE "/etc/mailadm/accounts.cnf"

enum account {
	ACCOUNT_MAILADM,
	ACCOUNT_CHECK,
	ACCOUNT_POSTFIX,
	ACCOUNT_DOVECOT,
	ACCOUNT_POLICY,
	ACCOUNT_RELAY,			/* reads the logins at ways out */
	ACCOUNT_WEBMAIL,		/* if the setting webmail asks for it */
	ACCOUNTS
};

/* The names of the accounts, and of their groups. */
extern const char *const account_names[ACCOUNTS];

struct accounts {
	const char *password[ACCOUNTS];	/* NULL: none */
};

/*
 * ERR_NOT_FOUND; ERR_DENIED by permission_check(); ERR_INVALID with
 * FILE:LINE for a password with other characters than letters, digits and
 * ._+/=-, which the files of the servers cannot quote.
 */
bool accounts_read(struct arena *a, const char *path,
    struct accounts *accounts, struct err *e);

/* True when the group sets the option. */
bool option_text_has(const struct text *file, const char *group,
    const char *name);

/*
 * Sets an option in a group of an option file's text; NULL removes it.  The
 * rest of the text does not change.
 */
void option_text_set(struct text *file, const char *group, const char *name,
    const char *value);

#endif
