/* What the steps of a repair share: rows to look at and to write, sentences. */
#include <string.h>

#include "base/ascii.h"
#include "base/text.h"
#include "model/repair/private.h"

__attribute__((format(printf, 3, 0)))
static void
sentence_add(struct fixing *f, struct words *w, const char *fmt, va_list ap)
{
	struct text t = TEXT_INIT;

	text_addv(&t, fmt, ap);
	words_add(f->m->arena, w, arena_strndup(f->m->arena, t.buf, t.len));
	text_clear(&t);
}

void
fix_does(struct fixing *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	sentence_add(f, &f->does, fmt, ap);
	va_end(ap);
}

void
fix_leaves(struct fixing *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	sentence_add(f, &f->leaves, fmt, ap);
	va_end(ap);
}

const char *
fix_fold(struct arena *a, enum address_kind kind, const char *raw)
{
	struct err ignored = { 0 };
	const char *stored;
	bool ok;

	ok = address_parse(a, kind, trimmed(a, raw, strlen(raw), SPACES),
	    &stored, &ignored);
	err_clear(&ignored);
	return ok ? stored : NULL;
}

bool
fix_user_exists(struct fixing *f, const char *email, bool *exists,
    struct err *e)
{
	struct user user;
	int64_t active;

	/* A locking read sees what was committed after the snapshot. */
	if (f->lock)
		return db_row(f->m->db, f->m->arena, SQL_USER_LOCK,
		    PARAMS(TEXT(email)), &user, exists, e);
	if (!db_number(f->m->db, SQL_USER_EXISTS, PARAMS(TEXT(email)),
	    &active, e))
		return false;
	*exists = active != FIELD_NULL;
	return true;
}

bool
fix_alias_rows(struct fixing *f, const char *mail, struct db_rows *rows,
    struct err *e)
{
	return db_query(f->m->db, f->m->arena, f->lock ? SQL_ALIAS_LOCK :
	    SQL_ALIAS_ROWS, PARAMS(TEXT(mail)), rows, e);
}

bool
fix_write(struct fixing *f, enum sql_id id, struct params p, struct err *e)
{
	f->written++;
	return db_exec(f->m->db, id, p, e);
}
