/*
 * The options that all lists share, and how a list is printed.
 */
#ifndef CMD_RUN_LIST_H
#define CMD_RUN_LIST_H

#include "cmd/run/session.h"
#include "model/mail/list.h"

struct list_args {
	const char *pattern;
	const char *domain;
	const char *scheme;
	const char *to;
	const char *state;
	bool inactive;
	bool no_password;
	int64_t unused_since;	/* VALUE_UNSET: any; likewise over_quota */
	int64_t over_quota;
	int64_t expires_by;	/* likewise */
	bool expired;
	bool count;
	int64_t limit;
	const char *sort;
};

/* Rows of a list's argument table: the first, and the end. */
#define LIST_PATTERN							\
	ARGUMENT("PATTERN", arg_pattern, list_args, pattern,		\
	    "only names that match: * and ?")
#define LIST_DOMAIN							\
	OPTION("--domain", arg_domain, list_args, domain,		\
	    "only of this domain")
#define LIST_ARGS							\
	FLAG("--inactive", list_args, inactive,				\
	    "only disabled ones"),					\
	OPTION("--limit", arg_count, list_args, limit,			\
	    "at most N rows"),						\
	FLAG("--count", list_args, count,				\
	    "print only the number of rows"),				\
	OPTION("--sort", arg_column, list_args, sort,			\
	    "sort by COLUMN instead of by name; -COLUMN: descending"),	\
	{ 0 }

/* Of what may expire. */
#define LIST_EXPIRING							\
	OPTION("--expiring", arg_ahead, list_args, expires_by,		\
	    "only what expires until then: 14d, or a date"),		\
	FLAG("--expired", list_args, expired, "only what has expired")

/* True with one of these; then `columns` are shown, unless others are named. */
bool list_expiring(struct session *s, const struct list_args *args,
    const char *columns);

/* The functions of a noun that list_print() needs. */
struct list_source {
	const struct field *fields;
	bool (*each)(struct mail *m, const struct list_filter *f,
	    db_row_each each, void *arg, struct err *e);
	bool (*count)(struct mail *m, const struct list_filter *f,
	    int64_t *count, struct err *e);
	const char *names;	/* "users" */
	bool addresses;		/* only of the default domain, if one is set */
};

bool list_print(struct session *s, const struct list_source *source,
    const struct list_args *args, struct err *e);

/* The one argument of show. */
struct name_args {
	const char *name;
};

#define NAME_ARGS(word, type, help)					\
	ARGUMENT(word, type, name_args, name, help,			\
	    .flags = ARG_REQUIRED),					\
	{ 0 }

/* Prints a row, after out_begin(); a db_row_each whose arg is the session. */
bool print_row(void *session, const void *row, struct err *e);

/* The same, and counts them: its arg is a struct printed. */
struct printed {
	struct session *session;
	int64_t rows;
};
bool print_counted(void *printed, const void *row, struct err *e);

/* Prints one row on its own. */
bool show_print(struct session *s, const struct field *fields,
    const void *row, struct err *e);

/* "user a@x enabled" or, with --verbose, "user a@x unchanged". */
void outcome_print(struct session *s, enum outcome outcome,
    const char *noun, const char *name, const char *done);

/*
 * Hints how to end open sessions, which a change does not end. who: a user, or
 * '*@DOMAIN'.
 */
void hint_sessions(struct session *s, const char *who);

#endif
