/* Importing aliases: a row is one address and one destination. */
#include <string.h>

#include "base/nameset.h"
#include "base/text.h"
#include "model/address.h"
#include "model/mail/alias.h"
#include "model/mail/alias_loop.h"
#include "model/mail/delivery.h"
#include "model/mail/values.h"
#include "model/import/private.h"

/* --- rows that exist ------------------------------------------------- */

/* No address holds a blank. */
static uint32_t
pair_add(struct nameset *pairs, struct text *t, const char *mail,
    const char *to)
{
	text_cut(t, 0);
	text_addf(t, "%s %s", mail, to);
	return nameset_add(pairs, t->buf, t->len);
}

static const struct alias *
pairs_add(struct import_chunk *c, struct nameset *pairs,
    struct import_row **at, size_t *n)
{
	struct alias *alias = arena_array(&c->arena, c->count + 1,
	    sizeof(*alias));
	struct text t = TEXT_INIT;

	*n = 0;
	for (size_t i = 0; i < c->count; i++) {
		struct import_row *row = &c->row[i];
		uint32_t count = pairs->count, number;

		number = pair_add(pairs, &t, row->alias.mail,
		    row->alias.destination);
		if (number < count)
			continue;
		at[number] = row;
		alias[(*n)++] = row->alias;
	}
	text_clear(&t);
	return alias;
}

/* Rows of patterns: those are few. */
static bool
patterns_find(struct mail *m, struct import_chunk *c, struct err *e)
{
	for (size_t i = 0; i < c->count; i++) {
		struct import_row *row = &c->row[i];
		struct db_rows rows;

		if (row->is.faulty || row->old_alias != NULL ||
		    !address_is_pattern(row->alias.mail))
			continue;
		if (!alias_rows(m, &c->arena, row->alias.mail, &rows, e))
			return false;
		row->old_alias = alias_row_to(&rows, row->alias.destination);
	}
	return true;
}

static bool
aliases_find(struct mail *m, struct import_chunk *c, struct err *e)
{
	struct import_row **at = arena_array(&c->arena, c->count + 1,
	    sizeof(struct import_row *));
	struct nameset pairs = { 0 };
	struct text t = TEXT_INIT;
	struct db_rows rows = { 0 };
	const struct alias *old;
	size_t n;
	const struct alias *alias = pairs_add(c, &pairs, at, &n);
	bool ok;

	ok = db_query(m->db, &c->arena, SQL_BULK_ALIASES_FIND,
	    PARAMS(TEXT(bulk_pairs(&c->arena, alias, n))), &rows, e);
	old = rows.row;
	for (size_t i = 0; ok && i < rows.count; i++) {
		struct import_row *row = at[pair_add(&pairs, &t, old[i].mail,
		    old[i].destination)];

		row->old_alias = &old[i];
	}
	text_clear(&t);
	nameset_clear(&pairs);
	return ok && patterns_find(m, c, e);
}

/* --- writing --------------------------------------------------------- */

static const char *
alias_key(struct arena *a, const struct import_row *row)
{
	return arena_printf(a, "%s to %s", row->alias.mail,
	    row->alias.destination);
}

/* A value that the file does not have is unchanged, or the default. */
#define VALUE_FILL(column, TYPE, SHOWN, label, row)			\
	if (desired_has(&(row)->is, attribute_bit(MANIFEST_ALIAS,	\
	    #column)))							\
		(row)->alias.column = (row)->address.column;		\
	else if ((row)->old_alias != NULL)				\
		(row)->alias.column = (row)->old_alias->column;		\
	else								\
		(row)->alias.column = COLUMN_DEFAULT_##TYPE;

static void
values_fill(struct import_row *row)
{
	ALIAS_VALUES(VALUE_FILL, row)
	if (row->alias.expires == VALUE_UNSET)
		row->alias.expires = row->old_alias != NULL ?
		    row->old_alias->expires : FIELD_NULL;
}

static bool
change(struct import *x, struct mail *m, const struct import_row *row,
    struct err *e)
{
	const struct alias *a = &row->alias, *old = row->old_alias;
	struct words differ = { 0 };

	ALIAS_ALL_VALUES(VALUE_DIFFER, m->arena, &differ, a, old)
	if (old->active == a->active && differ.count == 0) {
		x->unchanged++;
		return true;
	}
	if (!import_may_change(x, row, alias_key(m->arena, row)) ||
	    x->report.complaints.count > 0)
		return true;
	x->changed++;
	return alias_row_update(m, a, e);
}

/* One that cannot be is an error of its line. */
static bool
pattern_add(struct import *x, struct mail *m, const struct import_row *row,
    struct err *e)
{
	x->added++;
	if (x->report.complaints.count > 0 ||
	    alias_row_insert(m, &row->alias, false, e))
		return true;
	if (e->code != ERR_INVALID && e->code != ERR_REFUSED)
		return false;
	import_complain(x, row->is.position.line, 1, e);
	return true;
}

bool
import_aliases_chunk(struct import *x, struct mail *m,
    struct import_chunk *c, struct err *e)
{
	struct alias *new = arena_array(&c->arena, c->count + 1,
	    sizeof(*new));
	size_t n = 0;
	bool ok;

	if (c->count == 0)
		return true;
	import_refuse_twice(x, c, alias_key);
	if (!aliases_find(m, c, e))
		return false;
	for (size_t i = 0; i < c->count && !import_stopped(x); i++) {
		struct import_row *row = &c->row[i];

		if (row->is.faulty)
			continue;
		values_fill(row);
		if (row->old_alias != NULL) {
			if (!change(x, m, row, e))
				return false;
			continue;
		}
		if (!import_domain_ok(x, m, row, &ok, e))
			return false;
		if (!ok)
			continue;
		if (n == 0 || strcmp(new[n - 1].mail, row->alias.mail) != 0)
			alias_note_wild(m, row->alias.mail);
		if (!address_is_pattern(row->alias.mail))
			new[n++] = row->alias;
		else if (!pattern_add(x, m, row, e))
			return false;
	}
	x->added += (int64_t)n;
	return x->report.complaints.count > 0 ||
	    bulk_aliases_add(m, &c->arena, new, n, e);
}

/* --- afterwards ------------------------------------------------------ */

/* The errors of written aliases, by name. */
struct doubts {
	struct words mail;
	VECTOR(struct err) error;	/* of each */
};

static void
doubt(struct import *x, struct mail *m, const char *mail, size_t line,
    struct err *e)
{
	(void)m;
	err_wrap(e, "alias %s", mail);
	import_complain(x, line, 1, e);
}

/* A destination that does not exist. */
static bool
dangling(struct mail *m, const char *mail, struct err *wrong, struct err *e)
{
	struct words to;
	struct delivery d;

	if (!db_texts(m->db, m->arena, SQL_ALIAS_TARGETS,
	    PARAMS(TEXT(mail)), &to, e))
		return false;
	for (size_t i = 0; i < to.count; i++) {
		if (!delivery_resolve(m, to.word[i], &d, e))
			return false;
		if (d.how == RESOLVED_NOTHING) {
			err_set(wrong, ERR_NOT_FOUND, "%s does not exist (no "
			    "user, alias or catch-all)", to.word[i]);
			break;
		}
	}
	return true;
}

static bool
judge(struct mail *m, const char *mail, struct err *wrong, struct err *e)
{
	if (!dangling(m, mail, wrong, e))
		return false;
	if (wrong->code != ERR_NONE || alias_loop_refuse(m, mail, wrong))
		return true;
	if (wrong->code == ERR_REFUSED)
		return true;
	*e = *wrong;
	*wrong = (struct err){ 0 };
	return false;
}

/* Reads the file again for the lines of wrong aliases. */
static bool
lines_find(struct import *x, struct mail *m, const struct doubts *d,
    struct err *e)
{
	struct import_chunk c = { 0 };
	struct err *error = d->error.item;
	int64_t rows = x->rows;
	bool ok = csv_file_rewind(x->file, e) && import_header(x, e);

	while (ok && (ok = import_chunk_read(x, &c, e)) && c.count > 0) {
		for (size_t i = 0; i < c.count; i++) {
			const struct import_row *row = &c.row[i];

			for (size_t j = 0; j < d->mail.count; j++) {
				if (error[j].code != ERR_NONE && strcmp(
				    d->mail.word[j], row->alias.mail) == 0)
					doubt(x, m, row->alias.mail,
					    row->line, &error[j]);
			}
		}
	}
	x->rows = rows;
	arena_clear(&c.arena);
	return ok;
}

static bool
aliases_judge(struct import *x, struct mail *m, const struct words *mails,
    struct doubts *d, struct err *e)
{
	struct arena *whole = m->arena;
	struct arena one = { 0 };
	bool ok = true;

	for (size_t i = 0; ok && i < mails->count &&
	    d->mail.count < x->options->max_errors; i++) {
		struct err wrong = { 0 };

		m->arena = &one;
		ok = judge(m, mails->word[i], &wrong, e);
		m->arena = whole;
		arena_reset(&one);
		if (wrong.code == ERR_NONE)
			continue;
		words_add(whole, &d->mail, mails->word[i]);
		*VECTOR_ADD(&d->error) = wrong;
		import_progress(x, "aliases judged", (int64_t)i,
		    (double)i / (double)mails->count);
	}
	arena_clear(&one);
	return ok;
}

bool
import_aliases_end(struct import *x, struct mail *m, struct err *e)
{
	struct doubts d = { 0 };
	struct words mails;
	bool ok;

	if (x->added == 0)
		return true;
	/* The rows that were read before the writes are out of date. */
	db_cache_clear(m->db);
	ok = db_texts(m->db, m->arena, SQL_BULK_ALIASES_DOUBTED, NO_PARAMS,
		&mails, e) &&
	    aliases_judge(x, m, &mails, &d, e) &&
	    (d.mail.count == 0 || lines_find(x, m, &d, e));
	for (size_t i = 0; i < d.error.count; i++)
		err_clear(&d.error.item[i]);
	VECTOR_CLEAR(&d.error);
	return ok;
}
