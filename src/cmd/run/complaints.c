/* Errors of a file that was read. */
#include "cmd/run/complaints.h"

/* Column 0 stands for the whole line. */
static void
complaint_err(const struct complaint *c, struct err *e)
{
	const struct file_position *at = &c->position;

	if (at->column > 0)
		err_set(e, ERR_INVALID, "%s:%u:%u: %s", at->file, at->line,
		    at->column, c->text);
	else
		err_set(e, ERR_INVALID, "%s:%u: %s", at->file, at->line,
		    c->text);
	if (c->hint != NULL)
		err_hint(e, "%s", c->hint);
}

static void
report(struct session *s, const struct manifest *m, size_t count)
{
	const struct complaint *c = m->complaints.item;

	for (size_t i = 0; i < count; i++) {
		struct err e = { 0 };

		complaint_err(&c[i], &e);
		out_error(&s->out, &e);
		err_clear(&e);
	}
}

void
complaints_report(struct session *s, struct manifest *m)
{
	manifest_sort_complaints(m);
	report(s, m, m->complaints.count);
}

bool
complaints_none(struct session *s, struct manifest *m, struct err *e)
{
	const struct complaint *c = m->complaints.item;
	size_t n = m->complaints.count;

	if (n == 0)
		return true;
	manifest_sort_complaints(m);
	report(s, m, n - 1);
	complaint_err(&c[n - 1], e);
	return false;
}
