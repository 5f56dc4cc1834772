/* Aliases: their rows, enabled and disabled, shown and listed. */
#include "model/mail/alias.h"

#include <string.h>

#include "model/address.h"

const char *
alias_row_shown(struct mail *m, const struct alias *row)
{
	return row->active ? row->destination : arena_printf(m->arena,
	    "(off) %s", row->destination);
}

bool
alias_not_found(const char *mail, const char *to, struct err *e)
{
	if (to != NULL)
		return err_set(e, ERR_NOT_FOUND, "no such alias: %s -> %s",
		    mail, to);
	return err_set(e, ERR_NOT_FOUND, "no such alias: %s", mail);
}

bool
alias_rows_locked(struct mail *m, const char *mail, struct db_rows *rows,
    struct err *e)
{
	return db_query(m->db, m->arena, SQL_ALIAS_LOCK, PARAMS(TEXT(mail)),
	    rows, e);
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

bool
alias_looks_like_pattern(const char *mail)
{
	size_t local = strcspn(mail, "@");

	return strcspn(mail, "*?") < local;
}

void
alias_note_pattern(struct mail *m, const char *mail)
{
	if (alias_looks_like_pattern(mail))
		mail_note(m, "%s is a name with a literal * or ?; the "
		    "catch-all is %s", mail, address_domain(mail) - 1);
}

bool
alias_sources(struct mail *m, const char *to, struct words *sources,
    struct err *e)
{
	return db_texts(m->db, m->arena, SQL_ALIAS_SOURCES,
	    PARAMS(TEXT(to)), sources, e);
}

bool
alias_rows_into(struct mail *m, const char *domain, const char *but,
    struct db_rows *rows, struct err *e)
{
	return db_query(m->db, m->arena, SQL_ALIAS_OUTSIDE, PARAMS(
	    TEXT(like_domain(m->arena, domain)), TEXT(but)), rows, e);
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
	if (!alias_rows_locked(m, mail, &rows, e))
		return false;
	row = rows.row;
	for (size_t i = 0; i < rows.count; i++) {
		if (to != NULL && strcmp(row[i].destination, to) != 0)
			continue;
		found = true;
		if (row[i].active == active)
			continue;
		*outcome = OUTCOME_CHANGED;
		if (!db_exec(m->db, SQL_ALIAS_SET_ACTIVE, PARAMS(
		    NUMBER(active), TEXT(mail), TEXT(row[i].destination)),
		    e))
			return false;
	}
	return found || alias_not_found(mail, to, e);
}

bool
alias_show(struct mail *m, const char *mail, struct db_rows *rows,
    struct err *e)
{
	return db_query(m->db, m->arena, SQL_ALIAS_ROWS, PARAMS(TEXT(mail)),
	    rows, e) &&
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
	return n;
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

bool
alias_list(struct mail *m, const struct list_filter *f, db_row_each each,
    void *arg, struct err *e)
{
	static const struct list list = { SQL_ALIAS_LIST,
	    SQL_ALIAS_LIST_SORTED, alias_fields, sizeof(struct alias),
	    list_params };

	return list_run(m, &list, f, each, arg, e);
}

bool
alias_count(struct mail *m, const struct list_filter *f, int64_t *count,
    struct err *e)
{
	struct param p[LIST_PARAMS];
	size_t n = filter_params(m->arena, f, p);

	return db_number(m->db, SQL_ALIAS_COUNT, (struct params){ p, n },
	    count, e);
}
