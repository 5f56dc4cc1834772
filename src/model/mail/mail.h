/*
 * What every operation on the mail system gets, and what it answers.
 *
 * An operation runs inside the caller's transaction and fails as a whole:
 * after false the caller rolls back.  Names are canonical (address.h).
 * Notes are sentences for the person who asked; they live in the arena.
 */
#ifndef MODEL_MAIL_MAIL_H
#define MODEL_MAIL_MAIL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/words.h"
#include "db/db.h"
#include "db/rows.h"

struct mail {
	struct db *db;
	struct arena *arena;	/* of the command */
	struct words notes;
};

/* What an operation that wants a state did about it. */
enum outcome {
	OUTCOME_CHANGED,
	OUTCOME_UNCHANGED,	/* it was so already */
	OUTCOME_ABSENT		/* --if-exists, and it does not */
};

void mail_note(struct mail *m, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Writes that follow aliases (new edges, names that go) exclude each other
 * until the transaction ends; users of other domains are not held up.
 */
bool mail_lock_aliases(struct mail *m, struct err *e);

/* What a list is narrowed to; zeroed: everything. */
struct list_filter {
	const char *pattern;	/* glob: * and ? */
	const char *domain;
	const char *scheme;
	const char *to;		/* a destination */
	bool inactive;		/* only the disabled */
	bool no_password;
	bool more;		/* also what is not shown unasked */
	int64_t limit;		/* 0: none */
	const char *sort;	/* a column; -column: descending */
};

/* A glob as a LIKE pattern whose escape is |; NULL is everything. */
const char *like_pattern(struct arena *a, const char *glob);

/* Every address of a domain, as a LIKE pattern. */
const char *like_domain(struct arena *a, const char *domain);

/* How many rows a page reads; the last page of a limit is shorter. */
#define LIST_PAGE 4000

/*
 * The shape that all lists share: pages by key, or one sorted run.  `key`
 * remembers the last row; `params` renders the filter and the key.
 */
struct list {
	enum sql_id page;
	enum sql_id sorted;
	const struct field *fields;
	size_t row_size;
	/* page: with the key's parameters and the limit */
	size_t (*params)(struct arena *a, const struct list_filter *f,
	    const void *last, int64_t limit, bool page, struct param *p);
};

bool list_run(struct mail *m, const struct list *list,
    const struct list_filter *f, db_row_each each, void *arg, struct err *e);

/* The most parameters that a list has. */
#define LIST_PARAMS 16

#endif
