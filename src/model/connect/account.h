/*
 * How a database is reached: MariaDB's option files, then the options of
 * mailadm.
 *
 * The values of the files are given to the connection explicitly, so that the
 * host that was judged to be local is the host that is connected to.
 */
#ifndef MODEL_CONNECT_ACCOUNT_H
#define MODEL_CONNECT_ACCOUNT_H

#include "db/db.h"

struct account_source {
	const char *defaults_file;	/* instead of the standard ones */
	const char *group;
	const char *admin_group;	/* also looked for; or NULL */
	struct db_account over;		/* overrides the files */
};

struct account_found {
	struct db_account account;
	bool has_admin_group;
	struct words read;	/* option files, and those that are missing */
	struct words missing;
};

bool account_look(struct arena *a, const struct account_source *from,
    struct account_found *found, struct err *e);

/*
 * Of a database of another system: the groups [client] and [mailadm-source]
 * of `defaults_file`, since that of mailadm's own account is not read.
 * `database` NULL: as the file says; ERR_USAGE when it names none.
 */
bool account_of_source(struct arena *a, const char *defaults_file,
    const char *database, struct db_account *account, struct err *e);

/* "socket /run/mysqld/mysqld.sock" or "db.example.org:3306". */
const char *account_target(struct arena *a, const struct db_account *account);

#endif
