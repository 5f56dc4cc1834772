/*
 * The options that all lists share, and how a list is printed.
 */
#ifndef CMD_RUN_LIST_H
#define CMD_RUN_LIST_H

#include "cmd/run/session.h"

struct list_args {
	const char *pattern;
	const char *domain;
	const char *scheme;
	const char *to;
	bool inactive;
	bool no_password;
	bool count;
	int64_t limit;
	const char *sort;
};

/* Rows of a list's argument table: the first, and the end. */
#define LIST_PATTERN							\
	{ "PATTERN", &arg_pattern, TEXT_ARG(struct list_args, pattern),	\
	    0, "only names that match: * and ?", 0 }
#define LIST_DOMAIN							\
	{ "--domain", &arg_domain, TEXT_ARG(struct list_args, domain),	\
	    0, "only this domain's", 0 }
#define LIST_ARGS							\
	{ "--inactive", NULL, FLAG_ARG(struct list_args, inactive), 0,	\
	    "only what is disabled", 0 },				\
	{ "--limit", &arg_count, NUMBER_ARG(struct list_args, limit), 0,\
	    "no more than N rows", 0 },					\
	{ "--count", NULL, FLAG_ARG(struct list_args, count), 0,	\
	    "only how many rows it has", 0 },				\
	{ "--sort", &arg_column, TEXT_ARG(struct list_args, sort), 0,	\
	    "by COLUMN instead of by name; -COLUMN: descending", 0 },	\
	{ 0 }

/* The functions of a noun that list_print() needs. */
struct list_source {
	const struct field *fields;
	bool (*each)(struct mail *m, const struct list_filter *f,
	    db_row_each each, void *arg, struct err *e);
	bool (*count)(struct mail *m, const struct list_filter *f,
	    int64_t *count, struct err *e);
	bool addresses;		/* a domain in use narrows it */
};

bool list_print(struct session *s, const struct list_source *source,
    const struct list_args *args, struct err *e);

/* What show takes: WORD, of this type. */
struct name_args {
	const char *name;
};

#define NAME_ARGS(word, type, help)					\
	{ word, type, TEXT_ARG(struct name_args, name), ARG_REQUIRED,	\
	    help, 0 },							\
	{ 0 }

/* One row on its own. */
bool show_print(struct session *s, const struct field *fields,
    const void *row, struct err *e);

/* "user a@x enabled" or, with --verbose, "user a@x unchanged". */
void outcome_print(struct session *s, enum outcome outcome,
    const char *noun, const char *name, const char *done);

#endif
