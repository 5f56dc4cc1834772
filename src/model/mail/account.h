/*
 * How a database is reached: what MariaDB's option files say, and options
 * over that.
 *
 * What the files say is handed to the connection, so that what was judged
 * to be local is what is connected to.
 */
#ifndef MODEL_MAIL_ACCOUNT_H
#define MODEL_MAIL_ACCOUNT_H

#include "db/db.h"

struct account_source {
	const char *defaults_file;	/* instead of the standard ones */
	const char *group;
	const char *admin_group;	/* also looked for; or NULL */
	struct db_account over;		/* what is set here wins */
};

/* has_admin_group: NULL, or whether that group exists. */
bool account_look(struct arena *a, const struct account_source *from,
    struct db_account *account, bool *has_admin_group, struct err *e);

#endif
