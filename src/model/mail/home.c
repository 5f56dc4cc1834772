/* Homes of former users: which of them a new user takes over. */
#include "model/mail/home.h"

#include <string.h>

#include "base/sentence.h"
#include "base/size.h"
#include "base/time.h"
#include "file/read.h"

/* What sizes are rounded up to. */
#define UNIT (INT64_C(1) << 20)

/* Newest first; those of unknown date come last. */
static bool
former_homes(struct mail *m, const char *email, const char *usual,
    struct db_rows *rows, struct err *e)
{
	return db_query(m->db, m->arena, SQL_USER_FORMER_HOMES, PARAMS(
	    TEXT(email), TEXT(email), TEXT(usual), TEXT(usual), TEXT(usual)),
	    rows, e);
}

/* "example.com/anna~2 (removed 2026-01-31T07:08:09Z, 1.2G)" */
static const char *
home_text(const struct mail *m, const struct former_home *former)
{
	struct arena *a = m->arena;
	const char *path = arena_printf(a, "%s/%s", m->mail_directory,
	    former->home);
	char at[TIME_TEXT] = "", size[SIZE_TEXT] = "";
	int64_t bytes;
	bool known = m->mail_directory != NULL && file_tree_size(path,
	    &bytes);

	if (former->removed != FIELD_NULL)
		time_format(at, former->removed);
	if (known)
		size_format(size, (bytes + UNIT - 1) / UNIT * UNIT);
	return arena_printf(a, "%s (%s%s%s%s)", former->home, *at ?
	    "removed " : "the time of removal is not known", at,
	    known ? ", " : "", size);
}

/* The homes that no user has now. */
static struct words
free_homes(struct mail *m, const struct db_rows *rows)
{
	const struct former_home *former = rows->row;
	struct words texts = { 0 };

	for (size_t i = 0; i < rows->count; i++) {
		if (former[i].holder == NULL)
			words_add(m->arena, &texts, home_text(m, &former[i]));
	}
	return texts;
}

static bool
refuse_held(const char *home, const char *holder, struct err *e)
{
	return err_set(e, ERR_REFUSED, "the mail in %s belongs to %s", home,
	    holder);
}

static bool
refuse_choice(struct mail *m, const char *email, const struct db_rows *rows,
    struct err *e)
{
	struct words texts = free_homes(m, rows);

	err_set(e, ERR_REFUSED, "cannot choose the old mail for %s: %s",
	    email, sentence_list(m->arena, &texts));
	return err_hint(e, "choose one with --home, like --home %s",
	    ((const struct former_home *)rows->row)[0].home);
}

/* The one that was asked for must be one of them. */
static bool
home_asked(struct mail *m, const char *email, const char *asked,
    const struct db_rows *rows, struct err *e)
{
	const struct former_home *former = rows->row;
	struct words texts;

	for (size_t i = 0; i < rows->count; i++) {
		if (strcmp(former[i].home, asked) != 0)
			continue;
		return former[i].holder == NULL ||
		    refuse_held(asked, former[i].holder, e);
	}
	err_set(e, ERR_INVALID, "no former user %s had the mail in %s",
	    email, asked);
	texts = free_homes(m, rows);
	if (texts.count > 0)
		err_hint(e, "former homes: %s",
		    sentence_list(m->arena, &texts));
	return false;
}

/* The only free home, if it is certain who had it last. */
static bool
home_only(struct mail *m, const char *email, const struct db_rows *rows,
    const char **home, struct err *e)
{
	const struct former_home *former = rows->row, *only = NULL;
	size_t count = 0;

	for (size_t i = 0; i < rows->count; i++) {
		if (former[i].holder != NULL)
			continue;
		only = &former[i];
		count++;
	}
	if (count == 0)
		return refuse_held(former[0].home, former[0].holder, e);
	if (count > 1 || only->removed == FIELD_NULL)
		return refuse_choice(m, email, rows, e);
	*home = only->home;
	return true;
}

bool
home_reuse(struct mail *m, const struct home_question *q, const char **home,
    struct err *e)
{
	struct db_rows rows;

	if (!former_homes(m, q->email, q->usual, &rows, e))
		return false;
	*home = q->asked;
	if (q->asked != NULL)
		return home_asked(m, q->email, q->asked, &rows, e);
	if (rows.count > 0)
		return home_only(m, q->email, &rows, home, e);
	if (q->probe->holder != NULL)
		return refuse_held(q->usual, q->probe->holder, e);
	if (q->probe->given != NULL)
		return err_set(e, ERR_REFUSED, "the mail in %s is that of a "
		    "user with another name", q->usual);
	*home = q->usual;
	return true;
}

/* ", removed 2026-01-31T07:08:09Z by anna@mx1 (change 7)", or "". */
static bool
removal_text(struct mail *m, const char *email, const char **text,
    struct err *e)
{
	struct sql_change removal;
	char at[TIME_TEXT];
	bool found;

	*text = "";
	/* By its last row in the history, of any change; removals only. */
	if (!db_row(m->db, m->arena, SQL_CHANGE_LAST, PARAMS(TEXT("user"),
	    TEXT(email), NUMBER(0), NUMBER(1)), &removal, &found, e))
		return false;
	if (!found)
		return true;
	time_format(at, removal.at);
	*text = arena_printf(m->arena, ", removed %s by %s (change %lld)",
	    at, removal.actor, (long long)removal.id);
	return true;
}

bool
home_note(struct mail *m, const char *email, const char *usual,
    const char *holder, struct err *e)
{
	const struct former_home *former;
	struct words homes = { 0 };
	const char *removed;
	struct db_rows rows;
	struct user user;
	bool found;

	if (!db_row(m->db, m->arena, SQL_USER_GET, PARAMS(TEXT(email)),
		&user, &found, e) ||
	    !removal_text(m, email, &removed, e) ||
	    !former_homes(m, email, usual, &rows, e))
		return false;
	BUG_ON(!found);
	former = rows.row;
	for (size_t i = 0; i < rows.count; i++) {
		if (former[i].holder == NULL)
			words_add(m->arena, &homes, former[i].home);
	}
	if (homes.count > 0)
		mail_note(m, "%s existed before%s: its mail stays in %s, the "
		    "new mailbox is %s", email, removed,
		    sentence_list(m->arena, &homes), user.home);
	else if (holder != NULL)
		mail_note(m, "the mail in %s belongs to %s; the mailbox of "
		    "%s is %s", usual, holder, email, user.home);
	else
		mail_note(m, "the mail in %s is that of a user with another "
		    "name; the mailbox of %s is %s", usual, email, user.home);
	return true;
}
