/*
 * What every operation on the mail system gets and returns.
 *
 * An operation runs inside the transaction of the caller and fails as a whole:
 * after false the caller rolls back.  Names are canonical (address.h).  Notes
 * are sentences for the person who ran the command; they live in the arena.
 */
#ifndef MODEL_MAIL_MAIL_H
#define MODEL_MAIL_MAIL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/words.h"
#include "db/columns.h"
#include "db/db.h"
#include "db/rows.h"

struct mail {
	struct db *db;
	struct arena *arena;	/* of the command */
	const char *hostname;	/* of the mail server; NULL: not set */
	const char *mail_directory;	/* what homes are relative to */
	struct words notes;
	/*
	 * What the last operation has changed, behind "user X changed: "; it
	 * is NULL where the name alone says it.
	 */
	const char *changed;
	/*
	 * Set by what changes which DKIM keys sign: once it is committed the
	 * mail filter of each host needs their files (model/dkim/sync.h).
	 */
	bool signing;
};

/* What an operation did to reach a state. */
enum outcome {
	OUTCOME_CHANGED,
	OUTCOME_UNCHANGED,	/* it was already so */
	OUTCOME_ABSENT		/* with --if-exists: it does not exist */
};

void mail_note(struct mail *m, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Writes that follow aliases (new edges, names that go) exclude each other
 * until the transaction ends; users of other domains are not held up.
 */
bool mail_lock_aliases(struct mail *m, struct err *e);

/* ERR_NOT_FOUND for a way out that does not exist; NULL is none. */
bool mail_way_require(struct mail *m, const char *name, struct err *e);

/* --- when users, rows of aliases and grants expire --------------------- */

/*
 * What has expired stands in the tables as it was, and the lookups of the
 * servers pass it over as if it were disabled, from that second of the
 * database's clock on.  So nothing has to run then.  The time is in UTC.
 */

/*
 * ERR_INVALID for a time that has passed, unless it is the one that stands
 * there.  FIELD_NULL is never; VALUE_UNSET is no time.
 */
bool expiry_check(struct mail *m, int64_t old, int64_t time, struct err *e);

/* By this machine's clock: for what people read. */
bool expiry_has_passed(int64_t time);

/* "ADDRESS TIME" of a manifest. */
const char *expiry_text(struct arena *a, const char *address, int64_t time);

/* The time of an address in a list of such; FIELD_NULL: it has none. */
int64_t expiry_of(const struct words *list, const char *address);

/* --- what a change was, in words: "quota 1G (was 500M)" ---------------- */

/* Adds to the list in which way one column of two rows differs, if it does. */
#define CHANGED_ADD(column, TYPE, SHOWN, label, arena, list, old, new)	\
	changed_add(arena, list, label, CHANGED_TEXT_##TYPE(arena,	\
	    (old)->column), CHANGED_TEXT_##TYPE(arena, (new)->column));

#define CHANGED_TEXT_FLAG(arena, value) ((value) ? "yes" : "no")
#define CHANGED_TEXT_RIGHT(arena, value) ((value) ? "yes" : "no")
#define CHANGED_TEXT_TEXT(arena, value) changed_words(arena, value)
#define CHANGED_TEXT_DOMAIN(arena, value) ((value) ? (value) : "none")
#define CHANGED_TEXT_ADDRESS(arena, value) ((value) ? (value) : "none")
#define CHANGED_TEXT_WORD(arena, value) ((value) ? (value) : "none")
#define CHANGED_TEXT_TIME(arena, value) changed_time(arena, value)
#define CHANGED_TEXT_RATE(arena, value)					\
	changed_rate(arena, value, "none")
#define CHANGED_TEXT_USER_RATE(arena, value)				\
	changed_rate(arena, value, "default")
#define CHANGED_TEXT_SIZE(arena, value)					\
	changed_size(arena, value, "none")
#define CHANGED_TEXT_QUOTA(arena, value)				\
	changed_size(arena, value, "default")
#define CHANGED_TEXT_LIMIT(arena, value) changed_number(arena, value)

void changed_add(struct arena *a, struct words *list, const char *label,
    const char *old, const char *new);

/* In quotes, or "none". */
const char *changed_words(struct arena *a, const char *text);

/* `null` is what FIELD_NULL means. */
const char *changed_size(struct arena *a, int64_t bytes, const char *null);
const char *changed_rate(struct arena *a, int64_t rate, const char *null);
const char *changed_number(struct arena *a, int64_t number);

/* A time, or "never". */
const char *changed_time(struct arena *a, int64_t seconds);

/* Sets m->changed to the list, unless that is empty. */
void changed_say(struct mail *m, const struct words *list);

/* To where the mail of an alias goes now. */
void changed_say_now(struct mail *m, const struct words *destinations);

#endif
