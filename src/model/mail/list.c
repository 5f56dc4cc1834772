/* Lists of rows, page by page, and the patterns that filter them. */
#include "model/mail/list.h"

#include <string.h>

#include "base/ascii.h"
#include "base/text.h"

/* --- patterns -------------------------------------------------------- */

static void
add_like(struct text *t, char c)
{
	if (c == '%' || c == '_' || c == '|')
		text_add_char(t, '|');
	text_add_char(t, c);
}

const char *
like_pattern(struct arena *a, const char *glob)
{
	struct text t = TEXT_INIT;
	const char *copy;

	if (glob == NULL)
		return "%";
	for (; *glob != '\0'; glob++) {
		if (*glob == '*')
			text_add_char(&t, '%');
		else if (*glob == '?')
			text_add_char(&t, '_');
		else
			add_like(&t, lower_char(*glob));
	}
	copy = arena_strndup(a, t.buf, t.len);
	text_clear(&t);
	return copy;
}

const char *
like_domain(struct arena *a, const char *domain)
{
	/* A domain has no character that LIKE or its escape would take. */
	return arena_printf(a, "%%@%s", domain);
}

size_t
list_expiring_params(const struct list_filter *f, struct param *p)
{
	int64_t mode = f->expired ? 2 : f->expires_by != 0;

	p[0] = param_number(mode);
	p[1] = param_number(f->expires_by);
	p[2] = param_number(mode);
	return 3;
}

/* --- pages ----------------------------------------------------------- */

static const struct field *
sort_field(const struct list *list, const char *name)
{
	const struct field *f = list->fields;

	while (f->name != NULL && strcmp(f->name, name) != 0)
		f++;
	return f;
}

/* A list while it is read. */
struct run {
	struct mail *m;
	const struct list *list;
	const struct list_filter *filter;
	db_row_each each;
	void *arg;
};

static bool
run_sorted(const struct run *r, int64_t limit, struct err *e)
{
	struct param p[LIST_PARAMS];
	const char *sort = r->filter->sort;
	size_t n = r->list->params(r->m->arena, r->filter, NULL, limit,
	    false, p);
	bool descending = sort[0] == '-';
	const struct db_sorted sorted = {
		.id = r->list->sorted,
		.by = sort_field(r->list, sort + descending),
		.descending = descending,
	};

	if (sorted.by->name == NULL)
		return err_set(e, ERR_USAGE, "cannot sort by \"%s\"",
		    sort + descending);
	return db_each_sorted(r->m->db, &sorted, (struct params){ p, n },
	    r->each, r->arg, e);
}

/* One page in the arena of pages, so that no result stays open. */
static bool
page_read(const struct run *r, struct arena *a, const void *last,
    int64_t limit, struct db_rows *rows, struct err *e)
{
	struct param p[LIST_PARAMS];
	size_t n = r->list->params(a, r->filter, last, limit, true, p);

	return db_query(r->m->db, a, r->list->page, (struct params){ p, n },
	    rows, e);
}

/* Two arenas: the last row of a page is the key of the next. */
static bool
run_pages(const struct run *r, int64_t left, struct err *e)
{
	struct arena pages[2] = { { 0 }, { 0 } };
	struct db_rows rows = { 0 };
	const void *last = NULL;
	bool ok = true;

	for (unsigned turn = 0; ok && left > 0; turn ^= 1) {
		int64_t limit = left < LIST_PAGE ? left : LIST_PAGE;

		arena_clear(&pages[turn]);
		ok = page_read(r, &pages[turn], last, limit, &rows, e);
		for (size_t i = 0; ok && i < rows.count; i++) {
			last = (const char *)rows.row +
			    i * r->list->row_size;
			ok = r->each(r->arg, last, e);
		}
		left -= (int64_t)rows.count;
		if ((int64_t)rows.count < limit)
			break;
	}
	arena_clear(&pages[0]);
	arena_clear(&pages[1]);
	return ok;
}

bool
list_run(struct mail *m, const struct list *list,
    const struct list_filter *f, db_row_each each, void *arg, struct err *e)
{
	const struct run r = { m, list, f, each, arg };
	int64_t limit = f->limit > 0 ? f->limit : INT64_MAX;

	return f->sort != NULL ? run_sorted(&r, limit, e) :
	    run_pages(&r, limit, e);
}
