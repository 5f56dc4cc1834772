/*
 * The rows of the tables: C structs and what describes them.
 *
 * One field table a row binds the columns of a statement, prints every
 * output format and names the columns of --columns.
 */
#ifndef DB_ROWS_H
#define DB_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/field.h"
#include "db/columns.h"

struct domain {
	const char *domain;
	bool active;
	DOMAIN_VALUES(COLUMN_MEMBER,)
	int64_t users;		/* how many it has */
	int64_t aliases;	/* addresses, not rows */
	int64_t created;
	int64_t modified;
};

struct user {
	const char *email;
	bool active;
	USER_VALUES(COLUMN_MEMBER,)
	const char *scheme;
	int64_t rounds;
	const char *home;	/* relative to the mail directory */
	int64_t created;
	int64_t modified;
};

/* With what others wrote; send_as is in "user show" alone. */
struct user_shown {
	struct user user;	/* the first member: see user_shown_fields */
	const char *send_as;	/* the grants, with commas */
	const char *send_as_expires;	/* "ADDRESS TIME", likewise */
	int64_t used;		/* bytes of mail, as Dovecot recorded */
	int64_t last_login;	/* likewise */
	int64_t sent;		/* to so many in the last hour */
};

/* A user as a manifest describes it, the hash included. */
struct user_state {
	const char *email;
	const char *crypt;
	bool active;
	USER_VALUES(COLUMN_MEMBER,)
	const char *home;
	const char *send_as;	/* one of the grants; NULL: none */
	int64_t send_as_expires;
};

/* One row is one destination. */
struct alias {
	const char *mail;
	const char *destination;
	bool active;
	ALIAS_ALL_VALUES(COLUMN_MEMBER,)
	int64_t created;
	int64_t modified;
};

/* Who may send as which address. */
struct grant {
	const char *email;
	const char *address;
	GRANT_VALUES(COLUMN_MEMBER,)
};

/* A name that is refused. */
struct blocked {
	const char *address;
	const char *note;
	int64_t created;
	int64_t modified;
};

/* Without the private half. */
struct dkim_row {
	const char *domain;
	const char *selector;
	DKIM_VALUES(COLUMN_MEMBER,)
	int64_t since;		/* when it got this state */
	int64_t seen;		/* when DNS had its record first */
	int64_t created;
	DKIM_DATA(COLUMN_MEMBER,)
};

/* A name of a relay domain. */
struct recipient {
	const char *address;
	RECIPIENT_VALUES(COLUMN_MEMBER,)
	int64_t created;
	int64_t modified;
};

/* A way out: a server that takes mail of users, domains or everybody. */
struct relay {
	const char *name;
	RELAY_VALUES(COLUMN_MEMBER,)
	int64_t pad;		/* zeros before its port; see sql/008 */
	bool has_password;
	int64_t domains;	/* how many take it */
	int64_t users;
	int64_t created;
	int64_t modified;
};

/* Where a name occurs: find. */
struct occurrence {
	const char *kind;
	const char *name;
	const char *detail;
};

/* A row that a change touched. */
struct history {
	int64_t change;
	int64_t at;
	const char *actor;
	const char *kind;
	const char *name;
	const char *action;	/* added, changed, removed, renamed, pruned */
	const char *summary;	/* "quota 1G -> 2G", for people */
	const char *program;	/* NULL: written by hand */
	int64_t undoes;		/* the change that this one undoes */
};

/* status: one row */
struct server_status {
	const char *server;
	const char *database;
	const char *account;
	const char *connection;
	int64_t schema;
	const char *database_id;
	int64_t domains;
	int64_t users;
	int64_t aliases;
};

extern const struct field domain_fields[];	/* with the two counts */
extern const struct field domain_own_fields[];	/* without them */
extern const struct field user_fields[];
extern const struct field user_list_fields[];	/* those shown unasked */
extern const struct field user_used_fields[];	/* and what Dovecot wrote */
extern const struct field user_shown_fields[];
extern const struct field user_state_fields[];
extern const struct field alias_fields[];
extern const struct field block_fields[];
extern const struct field grant_fields[];
extern const struct field dkim_fields[];
extern const struct field recipient_fields[];
extern const struct field relay_fields[];
extern const struct field occurrence_fields[];
extern const struct field history_fields[];
extern const struct field server_status_fields[];

#endif
