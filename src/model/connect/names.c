/* Names in the database, while somebody types. */
#include "model/connect/names.h"

#include <string.h>

#include "base/clock.h"
#include "base/shown.h"
#include "model/mail/list.h"

/* The most time for one statement, in milliseconds: a person waits. */
#define STATEMENT_MS 200

/* After a failure the database is not asked for this many times as long. */
#define PAUSE 10

struct names {
	struct db *beside;
	struct db_settings settings;
	struct db *db;			/* NULL: not connected yet */
	double not_before;
};

/* Of all domains, and of one. */
static const struct statements {
	enum sql_id first, last;
} everywhere[NAMES_KINDS] = {
	[NAMES_DOMAIN] = { SQL_DOMAIN_BEGINS, SQL_DOMAIN_BEGINS_LAST },
	[NAMES_USER] = { SQL_USER_BEGINS, SQL_USER_BEGINS_LAST },
	[NAMES_ALIAS] = { SQL_ALIAS_BEGINS, SQL_ALIAS_BEGINS_LAST },
	[NAMES_RELAY] = { SQL_RELAY_BEGINS, SQL_RELAY_BEGINS_LAST },
	[NAMES_RECIPIENT] = { SQL_RECIPIENT_BEGINS,
	    SQL_RECIPIENT_BEGINS_LAST },
}, in_domain[NAMES_KINDS] = {
	[NAMES_USER] = { SQL_USER_BEGINS_IN, SQL_USER_BEGINS_IN_LAST },
	[NAMES_ALIAS] = { SQL_ALIAS_BEGINS_IN, SQL_ALIAS_BEGINS_IN_LAST },
	[NAMES_SELECTOR] = { SQL_SELECTOR_BEGINS, SQL_SELECTOR_BEGINS_LAST },
	[NAMES_SELECTOR_USED] = { SQL_SELECTOR_USED_BEGINS,
	    SQL_SELECTOR_USED_BEGINS_LAST },
	[NAMES_RECIPIENT] = { SQL_RECIPIENT_BEGINS_IN,
	    SQL_RECIPIENT_BEGINS_IN_LAST },
};

struct names *
names_open(struct arena *a, struct db *beside,
    const struct db_settings *settings)
{
	struct names *n = arena_alloc(a, sizeof(*n));
	unsigned patience = db_patience(settings);

	n->beside = beside;
	n->settings = *settings;
	n->settings.connect_timeout = patience;
	n->settings.read_timeout = patience;
	n->settings.write_timeout = patience;
	n->settings.lock_timeout = 0;
	n->settings.statement_ms = STATEMENT_MS * patience;
	n->settings.uncommitted = true;
	n->settings.ask_password = NULL;
	n->settings.trace = NULL;
	return n;
}

static void
names_disconnect(struct names *n)
{
	db_close(n->db);
	n->db = NULL;
}

void
names_close(struct names *n)
{
	if (n != NULL)
		names_disconnect(n);
}

/* NULL for a text with characters of a pattern. */
static const char *
pattern_of(struct arena *a, const char *begun)
{
	if (strpbrk(begun, "*?") != NULL)
		return NULL;
	return arena_printf(a, "%s%%", like_pattern(a, begun));
}

/* A foreign database may hold names that no terminal should see. */
static void
keep_clean(struct arena *a, const struct words *all, struct words *clean)
{
	for (size_t i = 0; i < all->count; i++) {
		const char *name = all->word[i];

		if (!shown_has_control(name, strlen(name)))
			words_add(a, clean, name);
	}
}

/* Which names are wanted: their kind, beginning, and domain. */
struct question {
	struct arena *arena;	/* of the answer */
	enum names_kind kind;
	const char *domain;	/* NULL: all */
	const char *like;
};

static bool
ask_for(struct db *db, const struct question *q, enum sql_id id,
    int64_t limit, struct words *names, struct err *e)
{
	if (q->domain == NULL)
		return db_texts(db, q->arena, id, PARAMS(TEXT(q->like),
		    NUMBER(limit)), names, e);
	return db_texts(db, q->arena, id, PARAMS(TEXT(q->domain),
	    TEXT(q->like), NUMBER(limit)), names, e);
}

/* Patterns are aliases with a table of their own. */
static bool
ask_patterns(struct db *db, const struct question *q, struct words *all,
    struct err *e)
{
	struct words patterns;

	if (q->kind != NAMES_ALIAS)
		return true;
	if (!db_texts(db, q->arena, SQL_PATTERN_BEGINS, PARAMS(
	    TEXT(q->domain), TEXT(q->domain), TEXT(q->like),
	    NUMBER(NAMES_MAX)), &patterns, e))
		return false;
	for (size_t i = 0; i < patterns.count; i++)
		words_add(q->arena, all, patterns.word[i]);
	return true;
}

static bool
ask(struct db *db, const struct question *q, struct names_found *found,
    struct err *e)
{
	const struct statements *s = q->domain ? &in_domain[q->kind] :
	    &everywhere[q->kind];
	struct words all, last = { 0 };

	if (!ask_for(db, q, s->first, NAMES_MAX, &all, e))
		return false;
	found->more = all.count == NAMES_MAX;
	if (found->more && !ask_for(db, q, s->last, 1, &last, e))
		return false;
	if (last.count > 0 && strcmp(last.word[0],
	    all.word[all.count - 1]) == 0)
		found->more = false;
	else if (last.count > 0)
		words_add(q->arena, &all, last.word[0]);
	if (!ask_patterns(db, q, &all, e))
		return false;
	keep_clean(q->arena, &all, &found->names);
	return true;
}

static bool
names_connect(struct names *n, struct err *e)
{
	if (n->db == NULL)
		n->db = db_open_beside(n->beside, &n->settings);
	return db_connect(n->db, e);
}

void
names_find(struct names *n, struct arena *a, enum names_kind kind,
    const char *domain, const char *begun, struct names_found *found)
{
	const struct question q = { a, kind, domain, pattern_of(a, begun) };
	struct err e = { 0 };

	*found = (struct names_found){ 0 };
	if (q.like == NULL || clock_seconds() < n->not_before)
		return;
	if (!names_connect(n, &e) || !ask(n->db, &q, found, &e)) {
		*found = (struct names_found){ 0 };
		names_disconnect(n);
		n->not_before = clock_seconds() +
		    PAUSE * n->settings.connect_timeout;
	}
	err_clear(&e);
}
