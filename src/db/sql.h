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

	SQL_DOMAIN_LOCK,
	SQL_DOMAIN_GET,
	SQL_DOMAIN_SHOW,
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

	SQL_USER_LOCK,
	SQL_USER_GET,
	SQL_USER_EXISTS,
	SQL_USER_CRYPT,
	SQL_USER_LIST,
	SQL_USER_LIST_SORTED,
	SQL_USER_COUNT,
	SQL_USER_PROBE,
	SQL_USER_ADD,
	SQL_USER_SET,
	SQL_USER_SET_ACTIVE,
	SQL_USER_SET_CRYPT,
	SQL_USER_RENAME,
	SQL_USER_REMOVE,
	SQL_USER_NAMES,
	SQL_USER_REMOVE_DOMAIN,
	SQL_USER_MOVE_DOMAIN,

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
	SQL_ALIAS_SET_ACTIVE,
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
	SQL_CHANGE_SUMMARY,
	SQL_STATEMENTS
};

struct sql_statement {
	const char *text;
	size_t params;
	const struct field *fields;	/* of its columns, NULL: none */
	bool writes;			/* needs a change in the history */
	bool sorted;			/* %s is a column of `fields` */
};

extern const struct sql_statement sql_statements[SQL_STATEMENTS];

/* The row of a change: what SQL_CHANGE_FIND and the like give. */
struct sql_number {
	int64_t number;
};

struct sql_text {
	const char *text;
};

struct sql_pair {
	const char *name;
	const char *other;
};

/* How many names a change has added, changed or removed. */
struct sql_deed {
	const char *kind;
	const char *deed;
	int64_t number;
};

/* What stands in the way of a new user's home. */
struct user_probe {
	const char *email;	/* the user itself, when there */
	const char *holder;	/* user whose home it is */
	const char *given;	/* the home, when somebody had it before */
};

extern const struct field sql_number_fields[];
extern const struct field sql_text_fields[];
extern const struct field sql_pair_fields[];
extern const struct field sql_deed_fields[];
extern const struct field user_probe_fields[];

#endif
