/*
 * The columns of domains, users, aliases and keys, each of them named once.
 *
 * A list calls X(column, TYPE, SHOWN, "label", ...) for each column whose
 * value a person may set, in the order of statements, manifests and history;
 * what the caller gives behind X comes back behind the label.  Made from the
 * lists are the structs of rows and of values, the field tables, the
 * statements (reading, writing, undoing, in bulk), the rows of the history,
 * the attributes of manifests and the columns of CSV.  So a new column is a
 * line here, a migration, and its option in src/cmd.
 *
 * TYPE says what the value is:
 *
 *	FLAG	yes or no; yes for a new row
 *	RIGHT	likewise, and exported as text only where it is no
 *	TEXT	words for people, at most 255 characters, or NULL
 *	DOMAIN	the name of a domain, or NULL
 *	ADDRESS	an address, or NULL
 *	WORD	a word without blanks, or NULL: at most 1024 characters
 *	TIME	seconds since 1970 UTC, or NULL
 *	SIZE	bytes; NULL is no limit
 *	QUOTA	of a user, bytes; NULL is the domain's, QUOTA_NONE no limit
 *	LIMIT	a count; NULL is no limit
 *	RATE	a count in an hour; NULL is no limit
 *	USER_RATE	of a user; NULL is the domain's, QUOTA_NONE no limit
 *
 * SHOWN is LISTED, or MORE where a list shows it only if --columns names it.
 * The label is what people read in the history.  The keys (domain, email,
 * mail and destination) and what has rules of its own (active, crypt, home,
 * created, modified) are written out where they are used.
 */
#ifndef DB_COLUMNS_H
#define DB_COLUMNS_H

#include "db/db.h"

#define DOMAIN_TEXT(X, ...)						\
	X(description, TEXT, LISTED, "description", __VA_ARGS__)
#define DOMAIN_TARGET(X, ...)						\
	X(alias_of, DOMAIN, LISTED, "alias of", __VA_ARGS__)
#define DOMAIN_LIMITS(X, ...)						\
	X(quota, SIZE, LISTED, "quota", __VA_ARGS__)			\
	X(max_users, LIMIT, LISTED, "max users", __VA_ARGS__)		\
	X(max_aliases, LIMIT, LISTED, "max aliases", __VA_ARGS__)
/* Where its mail goes, and what its users may send. */
#define DOMAIN_WAYS(X, ...)						\
	X(relay_to, WORD, MORE, "relay to", __VA_ARGS__)		\
	X(accepts, WORD, MORE, "accepts", __VA_ARGS__)			\
	X(transport, WORD, MORE, "transport", __VA_ARGS__)		\
	X(send_through, WORD, MORE, "send through", __VA_ARGS__)	\
	X(send_limit, RATE, MORE, "send limit", __VA_ARGS__)		\
	X(bcc_in, ADDRESS, MORE, "copy of incoming mail", __VA_ARGS__)	\
	X(bcc_out, ADDRESS, MORE, "copy of outgoing mail", __VA_ARGS__)
#define DOMAIN_VALUES(X, ...)						\
	DOMAIN_TEXT(X, __VA_ARGS__)					\
	DOMAIN_TARGET(X, __VA_ARGS__)					\
	DOMAIN_LIMITS(X, __VA_ARGS__)					\
	DOMAIN_WAYS(X, __VA_ARGS__)
/* The same in the order of a list: what is long comes last. */
#define DOMAIN_VALUES_LISTED(X, ...)					\
	DOMAIN_LIMITS(X, __VA_ARGS__)					\
	DOMAIN_TARGET(X, __VA_ARGS__)					\
	DOMAIN_TEXT(X, __VA_ARGS__)

#define USER_VALUES(X, ...)						\
	X(may_login, RIGHT, MORE, "may log in", __VA_ARGS__)		\
	X(may_send, RIGHT, MORE, "may send", __VA_ARGS__)		\
	X(may_receive, RIGHT, MORE, "may receive", __VA_ARGS__)		\
	X(name, TEXT, LISTED, "name", __VA_ARGS__)			\
	X(quota, QUOTA, LISTED, "quota", __VA_ARGS__)			\
	X(note, TEXT, MORE, "note", __VA_ARGS__)			\
	X(send_through, WORD, MORE, "send through", __VA_ARGS__)	\
	X(send_limit, USER_RATE, MORE, "send limit", __VA_ARGS__)	\
	X(bcc_in, ADDRESS, MORE, "copy of incoming mail", __VA_ARGS__)	\
	X(bcc_out, ADDRESS, MORE, "copy of outgoing mail", __VA_ARGS__)	\
	X(expires, TIME, MORE, "expires", __VA_ARGS__)

/* Of an address, and so of all its rows. */
#define ALIAS_VALUES(X, ...)						\
	X(note, TEXT, MORE, "note", __VA_ARGS__)			\
	X(writers, WORD, MORE, "writers", __VA_ARGS__)			\
	X(may_send, RIGHT, MORE, "may send", __VA_ARGS__)

/* Of one row, as `active` is; and both lists, in the order of statements. */
#define ALIAS_ROW_VALUES(X, ...)					\
	X(expires, TIME, MORE, "expires", __VA_ARGS__)
#define ALIAS_ALL_VALUES(X, ...)					\
	ALIAS_ROW_VALUES(X, __VA_ARGS__)				\
	ALIAS_VALUES(X, __VA_ARGS__)

/* Of a grant. */
#define GRANT_VALUES(X, ...)						\
	X(expires, TIME, LISTED, "expires", __VA_ARGS__)

/* Of a DKIM key; what a person reads of it in the history, and the rest. */
#define DKIM_VALUES(X, ...)						\
	X(algorithm, WORD, LISTED, "algorithm", __VA_ARGS__)		\
	X(bits, LIMIT, LISTED, "bits", __VA_ARGS__)			\
	X(state, WORD, LISTED, "state", __VA_ARGS__)
#define DKIM_DATA(X, ...)						\
	X(public_key, WORD, MORE, "public key", __VA_ARGS__)		\
	X(secret_id, WORD, MORE, "secret", __VA_ARGS__)

/* Of a way out; its password is in a table of its own. */
#define RELAY_VALUES(X, ...)						\
	X(host, WORD, LISTED, "host", __VA_ARGS__)			\
	X(port, LIMIT, LISTED, "port", __VA_ARGS__)			\
	X(login, WORD, LISTED, "login", __VA_ARGS__)			\
	X(tls, WORD, LISTED, "TLS", __VA_ARGS__)
/* Of a name that the server behind a relay domain has. */
#define RECIPIENT_VALUES(X, ...)					\
	X(note, TEXT, LISTED, "note", __VA_ARGS__)

/* --- what is made of a list ------------------------------------------ */

/* The type in C of a column, and of its fields. */
#define COLUMN_C_FLAG bool
#define COLUMN_C_RIGHT bool
#define COLUMN_C_TEXT const char *
#define COLUMN_C_DOMAIN const char *
#define COLUMN_C_WORD const char *
#define COLUMN_C_ADDRESS const char *
#define COLUMN_C_TIME int64_t
#define COLUMN_C_RATE int64_t
#define COLUMN_C_USER_RATE int64_t
#define COLUMN_C_SIZE int64_t
#define COLUMN_C_QUOTA int64_t
#define COLUMN_C_LIMIT int64_t
#define COLUMN_FIELD_FLAG FIELD_FLAG
#define COLUMN_FIELD_RIGHT FIELD_FLAG
#define COLUMN_FIELD_TEXT FIELD_TEXT
#define COLUMN_FIELD_DOMAIN FIELD_ADDRESS
#define COLUMN_FIELD_WORD FIELD_TEXT
#define COLUMN_FIELD_ADDRESS FIELD_ADDRESS
#define COLUMN_FIELD_TIME FIELD_TIME
#define COLUMN_FIELD_RATE FIELD_RATE
#define COLUMN_FIELD_USER_RATE FIELD_USER_RATE
#define COLUMN_FIELD_SIZE FIELD_SIZE
#define COLUMN_FIELD_QUOTA FIELD_QUOTA
#define COLUMN_FIELD_LIMIT FIELD_NUMBER

/* + 1 a column: 0 USER_VALUES(COLUMN_ONE) is how many there are. */
#define COLUMN_ONE(...) + 1

/* A member of a struct: of all columns, or with the narrow ones last. */
#define COLUMN_MEMBER(column, TYPE, ...) COLUMN_C_##TYPE column;
#define COLUMN_MEMBER_WIDE(column, TYPE, ...) COLUMN_WIDE_##TYPE(column)
#define COLUMN_MEMBER_FLAG(column, TYPE, ...) COLUMN_NARROW_##TYPE(column)
#define COLUMN_WIDE_FLAG(column)
#define COLUMN_WIDE_RIGHT(column)
#define COLUMN_WIDE_TEXT(column) const char *column;
#define COLUMN_WIDE_DOMAIN(column) const char *column;
#define COLUMN_WIDE_ADDRESS(column) const char *column;
#define COLUMN_WIDE_WORD(column) const char *column;
#define COLUMN_WIDE_TIME(column) int64_t column;
#define COLUMN_WIDE_RATE(column) int64_t column;
#define COLUMN_WIDE_USER_RATE(column) int64_t column;
#define COLUMN_WIDE_SIZE(column) int64_t column;
#define COLUMN_WIDE_QUOTA(column) int64_t column;
#define COLUMN_WIDE_LIMIT(column) int64_t column;
#define COLUMN_NARROW_FLAG(column) bool column;
#define COLUMN_NARROW_RIGHT(column) bool column;
#define COLUMN_NARROW_TEXT(column)
#define COLUMN_NARROW_DOMAIN(column)
#define COLUMN_NARROW_ADDRESS(column)
#define COLUMN_NARROW_WORD(column)
#define COLUMN_NARROW_TIME(column)
#define COLUMN_NARROW_RATE(column)
#define COLUMN_NARROW_USER_RATE(column)
#define COLUMN_NARROW_SIZE(column)
#define COLUMN_NARROW_QUOTA(column)
#define COLUMN_NARROW_LIMIT(column)

/* A member for a value to be set: NULL or VALUE_UNSET for none. */
#define COLUMN_VALUE(column, TYPE, ...) COLUMN_VALUE_##TYPE column;
#define COLUMN_VALUE_FLAG int64_t
#define COLUMN_VALUE_RIGHT int64_t
#define COLUMN_VALUE_TEXT const char *
#define COLUMN_VALUE_DOMAIN const char *
#define COLUMN_VALUE_ADDRESS const char *
#define COLUMN_VALUE_WORD const char *
#define COLUMN_VALUE_TIME int64_t
#define COLUMN_VALUE_RATE int64_t
#define COLUMN_VALUE_USER_RATE int64_t
#define COLUMN_VALUE_SIZE int64_t
#define COLUMN_VALUE_QUOTA int64_t
#define COLUMN_VALUE_LIMIT int64_t

/* A row of a field table of struct st; in lists, or only in long ones. */
#define COLUMN_FIELD(column, TYPE, SHOWN, label, st)			\
	COLUMN_FIELD_ROW(st, column, COLUMN_FIELD_##TYPE, false),
#define COLUMN_FIELD_LISTED(column, TYPE, SHOWN, label, st)		\
	COLUMN_LISTED_##SHOWN(COLUMN_FIELD(column, TYPE, SHOWN, label, st))
#define COLUMN_FIELD_MORE(column, TYPE, SHOWN, label, st)		\
	COLUMN_MORE_##SHOWN(						\
	    COLUMN_FIELD_ROW(st, column, COLUMN_FIELD_##TYPE, true),)
#define COLUMN_FIELD_ROW(st, column, type, more)			\
	COLUMN_FIELD_ROW_2(st, column, type, more)
#define COLUMN_FIELD_ROW_2(st, column, type, more) { #column, type,	\
	FIELD_AT(st, column, FIELD_CTYPE_##type), more }
#define COLUMN_LISTED_LISTED(...) __VA_ARGS__
#define COLUMN_LISTED_MORE(...)
#define COLUMN_MORE_LISTED(...)
#define COLUMN_MORE_MORE(...) __VA_ARGS__

/* .column = the default of a new row. */
#define COLUMN_DEFAULT(column, TYPE, ...) .column = COLUMN_DEFAULT_##TYPE,
#define COLUMN_DEFAULT_FLAG true
#define COLUMN_DEFAULT_RIGHT true
#define COLUMN_DEFAULT_TEXT NULL
#define COLUMN_DEFAULT_DOMAIN NULL
#define COLUMN_DEFAULT_ADDRESS NULL
#define COLUMN_DEFAULT_WORD NULL
#define COLUMN_DEFAULT_TIME FIELD_NULL
#define COLUMN_DEFAULT_RATE FIELD_NULL
#define COLUMN_DEFAULT_USER_RATE FIELD_NULL
#define COLUMN_DEFAULT_SIZE FIELD_NULL
#define COLUMN_DEFAULT_QUOTA FIELD_NULL
#define COLUMN_DEFAULT_LIMIT FIELD_NULL

/* .column = from->column, of a row that is copied into another form. */
#define COLUMN_COPY(column, TYPE, SHOWN, label, from)			\
	.column = (from)->column,

/* The same for a row that stands already. */
#define COLUMN_ASSIGN(column, TYPE, SHOWN, label, to, from)		\
	(to)->column = (from)->column;

/* The parameter of a statement that is a row's column. */
#define COLUMN_PARAM(column, TYPE, SHOWN, label, row)			\
	_Generic((row)->column, bool: param_number,			\
	    int64_t: param_number, const char *: param_text)		\
	    ((row)->column),

#endif
