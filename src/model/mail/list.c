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

/* --- pages ----------------------------------------------------------- */

static const struct field *
sort_field(const struct list *list, const char *name)
{
	const struct field *f = list->fields;

	while (f->name != NULL && strcmp(f->name, name) != 0)
		f++;
	return f;
}

static bool
run_sorted(struct mail *m, const struct list *list,
    const struct list_filter *f, int64_t limit, db_row_each each, void *arg,
    struct err *e)
{
	struct param p[LIST_PARAMS];
	size_t n = list->params(m->arena, f, NULL, limit, false, p);
	bool descending = f->sort[0] == '-';
	const struct db_sorted sorted = {
		.id = list->sorted,
		.by = sort_field(list, f->sort + descending),
		.descending = descending,
	};

	if (sorted.by->name == NULL)
		return err_set(e, ERR_USAGE, "cannot sort by \"%s\"",
		    f->sort + descending);
	return db_each_sorted(m->db, &sorted, (struct params){ p, n }, each,
	    arg, e);
}

/* One page in the arena of pages, so that no result stays open. */
static bool
run_page(struct mail *m, struct arena *a, const struct list *list,
    const struct list_filter *f, const void *last, int64_t limit,
    struct db_rows *rows, struct err *e)
{
	struct param p[LIST_PARAMS];
	size_t n = list->params(a, f, last, limit, true, p);

	return db_query(m->db, a, list->page, (struct params){ p, n }, rows,
	    e);
}

bool
list_run(struct mail *m, const struct list *list,
    const struct list_filter *f, db_row_each each, void *arg, struct err *e)
{
	int64_t left = f->limit > 0 ? f->limit : INT64_MAX;
	struct arena pages[2] = { { 0 }, { 0 } };
	struct db_rows rows = { 0 };
	const void *last = NULL;
	bool ok = true;

	if (f->sort != NULL)
		return run_sorted(m, list, f, left, each, arg, e);
	/* Two arenas: the last row of a page is the key of the next. */
	for (unsigned turn = 0; ok && left > 0; turn ^= 1) {
		int64_t limit = left < LIST_PAGE ? left : LIST_PAGE;

		arena_clear(&pages[turn]);
		ok = run_page(m, &pages[turn], list, f, last, limit, &rows,
		    e);
		for (size_t i = 0; ok && i < rows.count; i++) {
			last = (const char *)rows.row + i * list->row_size;
			ok = each(arg, last, e);
		}
		left -= (int64_t)rows.count;
		if ((int64_t)rows.count < limit)
			break;
	}
	arena_clear(&pages[0]);
	arena_clear(&pages[1]);
	return ok;
}
