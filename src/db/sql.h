/*
 * Every statement of the program, by name.
 *
 * The texts stand in sql.c in the same order.  self-check prepares each
 * against a real schema and compares its columns with the field table.
 */
#ifndef DB_SQL_H
#define DB_SQL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/field.h"

enum sql_id {
	SQL_SCHEMA_VERSION,
	SQL_CHANGE_ADD,
	SQL_CHANGE_USE,
	SQL_CHANGE_FIND,
	SQL_LOCK_TAKE,
	SQL_STATUS,
	SQL_SERVER_CLOCK,
	SQL_SERVER_READ_ONLY,
	SQL_SERVER_DATADIR,
	SQL_PROBE_DOMAIN,
	SQL_PROBE_KEYS,

	SQL_DATABASE_ID,
	SQL_STATE_DOMAINS,
	SQL_STATE_USERS,
	SQL_STATE_USER,
	SQL_STATE_USER_LOCK,
	SQL_STATE_ALIASES,
	SQL_STATE_PATTERNS,
	SQL_STATE_BLOCKS,
	SQL_STATE_RELAYS,
	SQL_STATE_USER_ADD,
	SQL_STATE_USER_SET,

	SQL_BULK_USERS_FIND,
	SQL_BULK_USERS_HOMES,
	SQL_BULK_USERS_ADD,
	SQL_BULK_ADDED,
	SQL_BULK_ALIASES_ADD,
	SQL_BULK_USERS_HOMELESS,
	SQL_BULK_USERS_SET,
	SQL_BULK_RECIPIENTS_ADD,
	SQL_BULK_BLOCKS_ADD,
	SQL_BULK_SAVEPOINT,
	SQL_BULK_ROLLBACK,
	SQL_BULK_ALIASES_FIND,
	SQL_BULK_ALIASES_DOUBTED,

	SQL_DOMAIN_LOCK,
	SQL_DOMAIN_GET,
	SQL_DOMAIN_SHOW,
	SQL_DOMAIN_NAMES,
	SQL_DOMAIN_LIST,
	SQL_DOMAIN_LIST_SORTED,
	SQL_DOMAIN_COUNT,
	SQL_DOMAIN_ADD,
	SQL_DOMAIN_SET,
	SQL_DOMAIN_SET_ACTIVE,
	SQL_DOMAIN_COPY,
	SQL_DOMAIN_REMOVE,
	SQL_DOMAIN_ALIAS_DOMAINS,
	SQL_DOMAIN_REPOINT,
	SQL_DOMAIN_USERS,
	SQL_DOMAIN_ALIASES,
	SQL_DOMAIN_ALIASES_LIMITED,

	SQL_USER_LOCK,
	SQL_USER_GET,
	SQL_USER_SHOW,
	SQL_USER_EXISTS,
	SQL_USER_CRYPT,
	SQL_USER_CRYPT_LOCK,
	SQL_USER_LIST,
	SQL_USER_LIST_MORE,
	SQL_USER_LIST_SORTED,
	SQL_USER_COUNT,
	SQL_USER_PROBE,
	SQL_USER_FORMER_HOMES,
	SQL_USER_ADD,
	SQL_USER_SET,
	SQL_USER_SET_ACTIVE,
	SQL_USER_SET_CRYPT,
	SQL_USER_RENAME,
	SQL_USER_FIX,
	SQL_USER_REMOVE,
	SQL_USER_NAMES,
	SQL_USER_REMOVE_DOMAIN,
	SQL_USER_MOVE_DOMAIN,

	SQL_GRANTS_OF,
	SQL_GRANTS_ABOUT,
	SQL_GRANTS_LOCK,
	SQL_GRANTS_ADD,
	SQL_GRANTS_SET,
	SQL_GRANTS_REMOVE,
	SQL_GRANTS_REMOVE_ABOUT,
	SQL_GRANTS_REMOVE_DOMAIN,
	SQL_GRANTS_RENAME,
	SQL_GRANTS_REPOINT_MERGE,
	SQL_GRANTS_REPOINT,
	SQL_GRANTS_MOVE_USERS,
	SQL_GRANTS_MOVE_MERGE,
	SQL_GRANTS_MOVE,
	SQL_USAGE_REMOVE,
	SQL_USAGE_REMOVE_DOMAIN,
	SQL_LOGINS_RENAME,
	SQL_LOGINS_MOVE_DOMAIN,
	SQL_QUOTA_USAGE_RENAME,
	SQL_QUOTA_USAGE_MOVE_DOMAIN,
	SQL_SEND_USAGE_RENAME,
	SQL_SEND_USAGE_MOVE_DOMAIN,

	SQL_ALIAS_LOCK,
	SQL_ALIAS_ROWS,
	SQL_ALIAS_EXISTS,
	SQL_ALIAS_TARGETS,
	SQL_ALIAS_SOURCES,
	SQL_ALIAS_TAGGED_SOURCES,
	SQL_ALIAS_LIST,
	SQL_ALIAS_LIST_SORTED,
	SQL_ALIAS_COUNT,
	SQL_ALIAS_ADD,
	SQL_ALIAS_SET,
	SQL_ALIAS_SET_ACTIVE,
	SQL_ALIAS_FIX,
	SQL_ALIAS_REMOVE,
	SQL_ALIAS_REMOVE_DOMAIN,
	SQL_ALIAS_MOVE_MAIL,
	SQL_ALIAS_MOVE_DOMAIN,
	SQL_ALIAS_REPOINT_MERGE,
	SQL_ALIAS_REPOINT,
	SQL_ALIAS_MOVE_MERGE,
	SQL_ALIAS_MOVE_DESTINATIONS,
	SQL_ALIAS_REMOVE_INTO,
	SQL_ALIAS_OUTSIDE,
	SQL_PATTERN_LOCK,
	SQL_PATTERN_ROWS,
	SQL_PATTERN_COUNT,
	SQL_PATTERN_NAMES,
	SQL_PATTERN_LIST,
	SQL_PATTERN_COUNT_LISTED,
	SQL_PATTERN_ADD,
	SQL_PATTERN_SET,
	SQL_PATTERN_REMOVE,
	SQL_PATTERN_REMOVE_DOMAIN,
	SQL_PATTERN_REMOVE_INTO,
	SQL_PATTERN_MOVE_DOMAIN,
	SQL_PATTERN_REPOINT_MERGE,
	SQL_PATTERN_REPOINT,
	SQL_PATTERN_MOVE_MERGE,
	SQL_PATTERN_MOVE_DESTINATIONS,
	SQL_BLOCK_GET,
	SQL_BLOCK_LOCK,
	SQL_BLOCK_LIST,
	SQL_BLOCK_LIST_SORTED,
	SQL_BLOCK_COUNT,
	SQL_BLOCK_ADD,
	SQL_BLOCK_SET,
	SQL_BLOCK_REMOVE,
	SQL_BLOCK_REMOVE_DOMAIN,
	SQL_BLOCK_MOVE_DOMAIN,

	SQL_NOW,
	SQL_DKIM_OF,
	SQL_DKIM_GET,
	SQL_DKIM_LOCK,
	SQL_DKIM_PRIVATE,
	SQL_DKIM_KEPT,
	SQL_DKIM_USED,
	SQL_DKIM_SECRETS,
	SQL_DKIM_LIST,
	SQL_DKIM_LIST_SORTED,
	SQL_DKIM_COUNT,
	SQL_DKIM_COUNT_OF,
	SQL_DKIM_COUNT_ACTIVE,
	SQL_DKIM_ACTIVE,
	SQL_DKIM_DOMAINS,
	SQL_DKIM_ADD,
	SQL_DKIM_SET_STATE,
	SQL_DKIM_RETIRE,
	SQL_DKIM_SEEN,
	SQL_DKIM_REMOVE,
	SQL_DKIM_REMOVE_DOMAIN,
	SQL_DKIM_MOVE_DOMAIN,

	SQL_RECIPIENT_GET,
	SQL_RECIPIENT_LOCK,
	SQL_RECIPIENT_ADD,
	SQL_RECIPIENT_SET,
	SQL_RECIPIENT_REMOVE,
	SQL_RECIPIENT_LIST,
	SQL_RECIPIENT_LIST_SORTED,
	SQL_RECIPIENT_COUNT,
	SQL_RECIPIENT_COUNT_OF,
	SQL_RECIPIENT_ALL,
	SQL_RECIPIENT_REMOVE_DOMAIN,
	SQL_RECIPIENT_MOVE_DOMAIN,
	SQL_RELAY_GET,
	SQL_RELAY_LOCK,
	SQL_RELAY_FIRST,
	SQL_RELAY_FIRST_LOGIN,
	SQL_RELAY_FIRST_DOMAIN,
	SQL_RELAY_ADD,
	SQL_RELAY_SET,
	SQL_RELAY_REMOVE,
	SQL_RELAY_LIST,
	SQL_RELAY_LIST_SORTED,
	SQL_RELAY_COUNT,
	SQL_RELAY_PAD_FREE,
	SQL_RELAY_USES,
	SQL_ARCHIVE_USES,
	SQL_ARCHIVE_SOURCES,
	SQL_ARCHIVE_DOMAINS_REPOINT,
	SQL_ARCHIVE_USERS_REPOINT,
	SQL_ARCHIVE_DOMAINS_MOVE,
	SQL_ARCHIVE_USERS_MOVE,
	SQL_RELAY_DOMAINS_FREE,
	SQL_RELAY_USERS_FREE,
	SQL_RELAY_SECRET_ADD,
	SQL_RELAY_SECRET_REMOVE,
	SQL_ROUTE_ALIASES,
	SQL_ROUTE_ALIASES_ALL,
	SQL_ROUTE_USERS,
	SQL_ROUTE_RECIPIENTS,
	SQL_ROUTE_LOGIN,
	SQL_ROUTE_WAY_OUT,
	SQL_ROUTE_STRAYS,
	SQL_ROUTE_PATTERN,
	SQL_ROUTE_BLOCKS,

	SQL_SENDING_LIMIT,
	SQL_SENDING_LOCK,
	SQL_SENDING_COUNT,
	SQL_SENDING_NOTE,
	SQL_SENDING_PRUNE,
	SQL_SENDING_TARGET,
	SQL_SENDING_WRITERS,
	SQL_SENDING_REACHES,

	SQL_FIND,

	SQL_DOMAIN_BEGINS,
	SQL_DOMAIN_BEGINS_LAST,
	SQL_USER_BEGINS,
	SQL_USER_BEGINS_LAST,
	SQL_USER_BEGINS_IN,
	SQL_USER_BEGINS_IN_LAST,
	SQL_ALIAS_BEGINS,
	SQL_ALIAS_BEGINS_LAST,
	SQL_ALIAS_BEGINS_IN,
	SQL_ALIAS_BEGINS_IN_LAST,
	SQL_PATTERN_BEGINS,
	SQL_RELAY_BEGINS,
	SQL_RELAY_BEGINS_LAST,
	SQL_RECIPIENT_BEGINS,
	SQL_RECIPIENT_BEGINS_LAST,
	SQL_RECIPIENT_BEGINS_IN,
	SQL_RECIPIENT_BEGINS_IN_LAST,
	SQL_SELECTOR_BEGINS,
	SQL_SELECTOR_BEGINS_LAST,
	SQL_SELECTOR_USED_BEGINS,
	SQL_SELECTOR_USED_BEGINS_LAST,
	SQL_CHANGE_SUMMARY,
	SQL_HISTORY_LIST,
	SQL_HISTORY_FIRST,
	SQL_HISTORY_LAST,
	SQL_HISTORY_OWN,
	SQL_HISTORY_OF,
	SQL_HISTORY_FIRST_OF,
	SQL_HISTORY_OLD,
	SQL_HISTORY_PRUNE,
	SQL_HISTORY_PRUNE_CHANGES,
	SQL_HISTORY_PRUNE_ADD,

	SQL_REPORT_USERS,
	SQL_REPORT_DOMAIN_COUNT,
	SQL_REPORT_ALIASES,
	SQL_REPORT_MONTHS,
	SQL_REPORT_MONTHS_GONE,
	SQL_REPORT_MAIL,
	SQL_REPORT_FULLEST,
	SQL_REPORT_LOGINS,
	SQL_REPORT_DOMAINS,
	SQL_REPORT_DAYS,
	SQL_REPORT_RECENT,

	SQL_CHANGE_ID,
	SQL_CHANGE_GET,
	SQL_CHANGE_ROWS,
	SQL_CHANGE_LAST,
	SQL_CHANGE_UNDONE,

	SQL_UNDO_DOMAIN_CHANGED,
	SQL_UNDO_DOMAIN_THERE,
	SQL_UNDO_DOMAIN_DELETE,
	SQL_UNDO_DOMAIN_INSERT,
	SQL_UNDO_DOMAIN_INSERT_UNCHECKED,
	SQL_UNDO_DOMAIN_UPDATE,
	SQL_UNDO_DOMAIN_UPDATE_UNCHECKED,
	SQL_UNDO_USER_CHANGED,
	SQL_UNDO_USER_THERE,
	SQL_UNDO_USER_DELETE,
	SQL_UNDO_USER_INSERT,
	SQL_UNDO_USER_INSERT_UNCHECKED,
	SQL_UNDO_USER_UPDATE,
	SQL_UNDO_USER_UPDATE_UNCHECKED,
	SQL_UNDO_ALIAS_CHANGED,
	SQL_UNDO_ALIAS_THERE,
	SQL_UNDO_ALIAS_DELETE,
	SQL_UNDO_ALIAS_INSERT,
	SQL_UNDO_ALIAS_INSERT_UNCHECKED,
	SQL_UNDO_ALIAS_UPDATE,
	SQL_UNDO_ALIAS_UPDATE_UNCHECKED,
	SQL_UNDO_GRANT_CHANGED,
	SQL_UNDO_GRANT_THERE,
	SQL_UNDO_GRANT_DELETE,
	SQL_UNDO_GRANT_INSERT,
	SQL_UNDO_GRANT_INSERT_UNCHECKED,
	SQL_UNDO_GRANT_UPDATE,
	SQL_UNDO_GRANT_UPDATE_UNCHECKED,
	SQL_UNDO_GRANT_USERLESS,
	SQL_UNDO_USER_GRANTS,
	SQL_UNDO_KEY_CHANGED,
	SQL_UNDO_KEY_THERE,
	SQL_UNDO_KEY_DELETE,
	SQL_UNDO_KEY_INSERT,
	SQL_UNDO_KEY_INSERT_UNCHECKED,
	SQL_UNDO_KEY_UPDATE,
	SQL_UNDO_KEY_UPDATE_UNCHECKED,
	SQL_UNDO_KEY_LOST,
	SQL_UNDO_KEYS_RETIRED,
	SQL_UNDO_RECIPIENT_CHANGED,
	SQL_UNDO_RECIPIENT_THERE,
	SQL_UNDO_RECIPIENT_DELETE,
	SQL_UNDO_RECIPIENT_INSERT,
	SQL_UNDO_RECIPIENT_INSERT_UNCHECKED,
	SQL_UNDO_RECIPIENT_UPDATE,
	SQL_UNDO_RECIPIENT_UPDATE_UNCHECKED,
	SQL_UNDO_RELAY_CHANGED,
	SQL_UNDO_RELAY_THERE,
	SQL_UNDO_RELAY_DELETE,
	SQL_UNDO_RELAY_INSERT,
	SQL_UNDO_RELAY_INSERT_UNCHECKED,
	SQL_UNDO_RELAY_UPDATE,
	SQL_UNDO_RELAY_UPDATE_UNCHECKED,
	SQL_UNDO_SIGNING,
	SQL_UNDO_PATTERN_CHANGED,
	SQL_UNDO_PATTERN_THERE,
	SQL_UNDO_PATTERN_DELETE,
	SQL_UNDO_PATTERN_INSERT,
	SQL_UNDO_PATTERN_INSERT_UNCHECKED,
	SQL_UNDO_PATTERN_UPDATE,
	SQL_UNDO_PATTERN_UPDATE_UNCHECKED,
	SQL_UNDO_BLOCK_CHANGED,
	SQL_UNDO_BLOCK_THERE,
	SQL_UNDO_BLOCK_DELETE,
	SQL_UNDO_BLOCK_INSERT,
	SQL_UNDO_BLOCK_INSERT_UNCHECKED,
	SQL_UNDO_BLOCK_UPDATE,
	SQL_UNDO_BLOCK_UPDATE_UNCHECKED,
	SQL_UNDO_HOMES,
	SQL_UNDO_HOMELESS,
	SQL_UNDO_ALIASES,
	SQL_UNDO_DOMAINS,
	SQL_UNDO_GONE,
	SQL_UNDO_DANGLING,
	SQL_UNDO_OVER_LIMIT,
	SQL_UNDO_GRANTS_LOST,
	SQL_UNDO_USAGE_REMOVED,
	SQL_UNDO_USAGE_FREE,
	SQL_UNDO_LOGINS_RENAMED,
	SQL_UNDO_QUOTA_USAGE_RENAMED,
	SQL_UNDO_SEND_USAGE_RENAMED,
	SQL_STATEMENTS
};

struct sql_statement {
	const char *text;
	size_t params;
	const struct field *fields;	/* of its columns, NULL: none */
	bool writes;			/* needs a change in the history */
	bool sorted;			/* %s is a column of `fields` */
	bool rows;			/* executed for many rows at once */
};

extern const struct sql_statement sql_statements[SQL_STATEMENTS];

/* The row of a change: what SQL_CHANGE_FIND and the like give. */
struct sql_number {
	int64_t number;
};

struct sql_text {
	const char *text;
};

/* A change, and the server that has it. */
struct sql_outcome {
	int64_t number;		/* its id, or how many have a token */
	const char *server;
};

/* The way out that mail of a sender takes; see sql_way_out.cf. */
struct sql_way_out {
	const char *name;	/* NULL: none, the usual way */
	const char *hop;	/* as Postfix writes it */
	const char *of;		/* "user", "domain", "default" */
};

struct sql_pair {
	const char *name;
	const char *other;
};

/* A home that is not free: since when, or whose it is. */
struct bulk_home {
	const char *home;
	const char *holder;	/* NULL: a former user had it */
};

/* A mailbox, and the flags that mail for it depends on. */
struct sql_mailbox {
	const char *name;
	bool active;		/* and not expired */
	bool expired;		/* though not disabled */
	bool may_receive;
	const char *archive;	/* gets a copy of what they get; or NULL */
};

/* A row of an alias, and what its destination is by a look at its name. */
struct sql_route_alias {
	const char *mail;
	const char *destination;
	bool active;		/* and not expired */
	bool expired;		/* though not disabled */
	bool off;		/* a user who gets no mail, nor leads on */
	bool takes;		/* elsewhere, or a user who gets mail */
	bool may_send;		/* who gets its mail, as it */
	const char *writers;	/* NULL: anybody may write to it */
};

/* How many names a change has added, changed or removed. */
struct sql_action {
	const char *kind;
	const char *action;
	int64_t number;
};

/* What may prevent the usual home of a new user. */
struct user_probe {
	const char *email;	/* the user itself, if it exists */
	const char *holder;	/* user whose home it is */
	const char *given;	/* the home, if a former user had it */
	const char *grantee;	/* a grant that already names the user */
};

/* A home that users of one name had. */
struct former_home {
	const char *home;
	int64_t removed;	/* when the user who had it was; FIELD_NULL */
	const char *holder;	/* who has it now, or NULL */
};

/* A row of the history.  old_row and new_row hold hashes. */
struct history_raw {
	int64_t id;
	int64_t change;
	int64_t at;
	const char *actor;
	const char *program;
	int64_t undoes;
	const char *kind;
	const char *name;
	const char *old_row;	/* JSON; NULL: it was added */
	const char *new_row;	/* JSON; NULL: it was removed */
};

/* A key that signs, with its private half, encrypted. */
struct dkim_signer {
	const char *domain;
	const char *selector;
	const char *algorithm;
	const char *public_key;
	const char *secret_id;
	const char *private_key;
};

/* A change, and what it consists of. */
struct sql_change {
	int64_t id;
	int64_t at;
	const char *actor;
	int64_t number;		/* of its rows */
	int64_t others;		/* rows of kinds that undo does not know */
};

/* A row to be undone.  old_row and new_row hold hashes. */
struct undo_row {
	int64_t id;
	const char *kind;
	const char *name;
	const char *old_key;
	const char *new_key;
	const char *old_row;
	const char *new_row;
};

/* An alias that leads to a name that no longer exists. */
struct undo_dangling {
	const char *mail;
	const char *destination;
	bool later;		/* made after the change */
};

extern const struct field sql_number_fields[];
extern const struct field sql_text_fields[];
extern const struct field sql_pair_fields[];
extern const struct field sql_way_out_fields[];
extern const struct field bulk_home_fields[];
extern const struct field sql_mailbox_fields[];
extern const struct field sql_route_alias_fields[];
extern const struct field sql_action_fields[];
extern const struct field user_probe_fields[];
extern const struct field history_raw_fields[];
extern const struct field dkim_signer_fields[];
extern const struct field sql_change_fields[];
extern const struct field undo_row_fields[];
extern const struct field undo_dangling_fields[];

#endif
