/*
 * The accounts of the database that "config init" makes: one for each
 * program, with their passwords in one option file of MariaDB.
 *
 * A group of the file is an account.  mailadm itself connects by it; what
 * the others need is rendered from here.
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
	ACCOUNTS
};

/* The group of each is its name, too. */
extern const char *const account_names[ACCOUNTS];

struct accounts {
	const char *password[ACCOUNTS];	/* NULL: none */
};

/*
 * ERR_NOT_FOUND; ERR_DENIED where others can read or write it, or another
 * owner can; ERR_INVALID with FILE:LINE for a password that the files of
 * the servers cannot hold: it is of letters, digits and ._+/=-.
 */
bool accounts_read(struct arena *a, const char *path,
    struct accounts *accounts, struct err *e);

/* True where the group sets the option. */
bool option_text_has(const struct text *file, const char *group,
    const char *name);

/*
 * Sets, or with a NULL value takes away, an option in a group of an option
 * file's text.  The rest of the text stays as it is.
 */
void option_text_set(struct text *file, const char *group, const char *name,
    const char *value);

#endif
