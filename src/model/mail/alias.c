/* Aliases: their rows, enabled and disabled, shown and listed. */
#include "model/mail/alias.h"

#include <string.h>

#include "model/address.h"

const char *
alias_row_shown(struct mail *m, const struct alias *row)
{
	bool expired = expiry_has_passed(row->expires);

	return row->active && !expired ? row->destination :
	    arena_printf(m->arena, "(%s) %s", row->active ? "expired" : "off",
		row->destination);
}

bool
alias_not_found(const char *mail, const char *to, struct err *e)
{
	if (to != NULL)
		return err_set(e, ERR_NOT_FOUND, "no such alias: %s -> %s",
		    mail, to);
	return err_set(e, ERR_NOT_FOUND, "no such alias: %s", mail);
}

const struct alias *
alias_row_to(const struct db_rows *rows, const char *to)
{
	const struct alias *row = rows->row;

	for (size_t i = 0; i < rows->count; i++) {
		if (strcmp(row[i].destination, to) == 0)
			return &row[i];
	}
	return NULL;
}

void
alias_note_wild(struct mail *m, const char *mail)
{
	if (strcspn(mail, "?") < strcspn(mail, "@"))
		mail_note(m, "%s is a name with a literal ?; a pattern is "
		    "written with *", mail);
}

bool
alias_sources(struct mail *m, const char *to, struct words *sources,
    struct err *e)
{
	return db_texts(m->db, m->arena, SQL_ALIAS_SOURCES,
	    PARAMS(TEXT(to), TEXT(to)), sources, e);
}

bool
alias_rows_into(struct mail *m, const char *domain, const char *but,
    struct db_rows *rows, struct err *e)
{
	const char *into = like_domain(m->arena, domain);

	return db_query(m->db, m->arena, SQL_ALIAS_OUTSIDE, PARAMS(
	    TEXT(into), TEXT(but), TEXT(into), TEXT(but)), rows, e);
}

/* --- enable, show, list ---------------------------------------------- */

bool
alias_set_active(struct mail *m, const char *mail, const char *to,
    bool active, enum outcome *outcome, struct err *e)
{
	const struct alias *row;
	struct db_rows rows;
	bool found = false;

	*outcome = OUTCOME_UNCHANGED;
	if (!alias_rows_locked(m, m->arena, mail, &rows, e))
		return false;
	row = rows.row;
	for (size_t i = 0; i < rows.count; i++) {
		if (to != NULL && strcmp(row[i].destination, to) != 0)
			continue;
		found = true;
		if (row[i].active == active)
			continue;
		*outcome = OUTCOME_CHANGED;
		if (!alias_row_enable(m, &row[i], active, e))
			return false;
	}
	return found || alias_not_found(mail, to, e);
}

bool
alias_show(struct mail *m, const char *mail, struct db_rows *rows,
    struct err *e)
{
	return alias_rows(m, m->arena, mail, rows, e) &&
	    (rows->count > 0 || alias_not_found(mail, NULL, e));
}

static size_t
filter_params(struct arena *a, const struct list_filter *f, struct param *p)
{
	size_t n = 0;

	p[n++] = (struct param)TEXT(like_pattern(a, f->pattern));
	p[n++] = (struct param)NUMBER(!f->inactive);
	p[n++] = (struct param)TEXT(f->domain);
	p[n++] = (struct param)TEXT(f->domain);
	p[n++] = (struct param)TEXT(f->to);
	p[n++] = (struct param)TEXT(f->to);
	return n + list_expiring_params(f, p + n);
}

static size_t
list_params(struct arena *a, const struct list_filter *f, const void *last,
    int64_t limit, bool page, struct param *p)
{
	const struct alias *row = last;
	size_t n = filter_params(a, f, p);

	if (page) {
		p[n++] = (struct param)TEXT(row ? row->mail : "");
		p[n++] = (struct param)TEXT(row ? row->mail : "");
		p[n++] = (struct param)TEXT(row ? row->destination : "");
	}
	p[n++] = (struct param)NUMBER(limit);
	return n;
}

/* How many rows came. */
struct counted {
	db_row_each each;
	void *arg;
	int64_t rows;
};

static bool
row_count(void *arg, const void *row, struct err *e)
{
	struct counted *c = arg;

	c->rows++;
	return c->each(c->arg, row, e);
}

/*
 * The patterns behind the aliases, in pages of their own: one statement for
 * both would sort all rows for each page.
 */
bool
alias_list(struct mail *m, const struct list_filter *f, db_row_each each,
    void *arg, struct err *e)
{
	static const struct list list = { SQL_ALIAS_LIST,
	    SQL_ALIAS_LIST_SORTED, alias_fields, sizeof(struct alias),
	    list_params };
	static const struct list patterns = { SQL_PATTERN_LIST, 0,
	    alias_fields, sizeof(struct alias), list_params };
	struct counted counted = { each, arg, 0 };
	struct list_filter rest = *f;

	if (f->sort != NULL)
		return list_run(m, &list, f, each, arg, e);
	if (!list_run(m, &list, f, row_count, &counted, e))
		return false;
	if (f->limit > 0 && counted.rows >= f->limit)
		return true;
	rest.limit = f->limit > 0 ? f->limit - counted.rows : 0;
	return list_run(m, &patterns, &rest, each, arg, e);
}

bool
alias_count(struct mail *m, const struct list_filter *f, int64_t *count,
    struct err *e)
{
	struct param p[LIST_PARAMS];
	size_t n = filter_params(m->arena, f, p);
	int64_t patterns;

	if (!db_number(m->db, SQL_ALIAS_COUNT, (struct params){ p, n },
	    count, e) ||
	    !db_number(m->db, SQL_PATTERN_COUNT_LISTED, (struct params){ p,
		n }, &patterns, e))
		return false;
	*count += patterns;
	return true;
}
