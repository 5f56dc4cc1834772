/* Objects read so far, and the list of what is lost or fixed on the way. */
#include <stdarg.h>
#include <string.h>

#include "base/ascii.h"
#include "base/text.h"
#include "model/address.h"
#include "model/foreign/private.h"
#include "model/mail/domain.h"

const struct field foreign_loss_fields[] = {
	FIELD(struct foreign_loss, kind, FIELD_TEXT),
	FIELD(struct foreign_loss, name, FIELD_TEXT),
	FIELD(struct foreign_loss, problem, FIELD_TEXT),
	FIELD(struct foreign_loss, done, FIELD_TEXT),
	{ 0 }
};

/* --- what is lost ---------------------------------------------------- */

/* The caller fills in the problem. */
static struct foreign_loss *
loss_add(struct importing *i, const char *kind, const char *name,
    const char *done)
{
	struct foreign_loss *loss = VECTOR_ADD(&i->from->losses);

	loss->kind = kind;
	loss->name = arena_strdup(i->arena, name);
	loss->done = arena_strdup(i->arena, done);
	return loss;
}

__attribute__((format(printf, 2, 0)))
static const char *
problem_text(struct arena *a, const char *fmt, va_list ap)
{
	struct text t = TEXT_INIT;
	const char *copy;

	text_addv(&t, fmt, ap);
	copy = arena_strdup(a, t.buf);
	text_clear(&t);
	return copy;
}

void
foreign_lost(struct importing *i, const char *kind, const char *name,
    const char *done, const char *fmt, ...)
{
	struct foreign_loss *loss = loss_add(i, kind, name, done);
	va_list ap;

	loss->sort = fmt;
	va_start(ap, fmt);
	loss->problem = problem_text(i->arena, fmt, ap);
	va_end(ap);
}

void
foreign_fixed(struct importing *i, const char *kind, const char *name,
    const char *done, const char *fmt, ...)
{
	struct foreign_loss *loss = loss_add(i, kind, name, done);
	va_list ap;

	loss->sort = fmt;
	va_start(ap, fmt);
	loss->problem = problem_text(i->arena, fmt, ap);
	loss->fixed = true;
	va_end(ap);
}

/* --- names ----------------------------------------------------------- */

const char *
foreign_trimmed(struct arena *a, const char *text)
{
	return text == NULL ? "" : trimmed(a, text, strlen(text), SPACES);
}

struct desired *
foreign_find(struct importing *i, enum manifest_kind kind, const char *name)
{
	uint32_t n = nameset_find(&i->from->names[kind], name, strlen(name));

	return n == NAME_NONE ? NULL : manifest_at(i->manifest, kind, n);
}

struct desired *
foreign_add(struct importing *i, enum manifest_kind kind, const char *name)
{
	const struct file_position at = file_position_at(i->options->system,
	    i->row, 0);

	nameset_add(&i->from->names[kind], name, strlen(name));
	*VECTOR_ADD(&i->from->rows[kind]) = 0;
	return manifest_add(i->manifest, kind, name, &at);
}

/* --- what becomes of each row ------------------------------------------ */

void
foreign_rows_end(struct importing *i)
{
	if (!i->row_open)
		return;
	i->row_open = false;
	if (i->fate == FATE_REFUSED)
		i->from->refused++;
	else if (i->fate == FATE_LOST)
		i->from->lost++;
	else
		i->from->rows[i->object_kind].item[i->object]++;
}

void
foreign_row_begin(struct importing *i)
{
	foreign_rows_end(i);
	i->row++;
	i->from->read++;
	i->row_open = true;
	i->fate = FATE_LOST;
}

void
foreign_row_dropped(struct importing *i, enum fate fate)
{
	foreign_row_begin(i);
	i->fate = fate;
}

void
foreign_row_kept(struct importing *i, enum manifest_kind kind,
    const char *name)
{
	i->fate = FATE_KEPT;
	i->object_kind = kind;
	i->object = nameset_find(&i->from->names[kind], name, strlen(name));
	BUG_ON(i->object == NAME_NONE);
}

/* The steps are sorted by kind and name. */
static bool
is_written(const struct plan *plan, enum manifest_kind kind, const char *name)
{
	size_t low = 0, high = plan->steps.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct plan_step *step = &plan->steps.item[middle];
		int order = step->kind != kind ? (int)step->kind - (int)kind :
		    strcmp(step->name, name);

		if (order == 0)
			return true;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

static void
object_count(const struct foreign_import *from, const struct plan *plan,
    enum manifest_kind kind, uint32_t n, struct foreign_counts *counts)
{
	const char *name = nameset_text(&from->names[kind], n);
	size_t rows = from->rows[kind].item[n];

	if (is_written(plan, kind, name))
		counts->written += rows;
	else if (manifest_find(from->manifest, kind, name) != NULL ||
	    (kind == MANIFEST_ALIAS && nameset_find(&from->needless, name,
	    strlen(name)) != NAME_NONE))
		counts->unchanged += rows;
	else
		counts->lost += rows;
}

struct foreign_counts
foreign_count_rows(const struct foreign_import *from, const struct plan *plan)
{
	struct foreign_counts counts = { .read = from->read,
	    .refused = from->refused, .lost = from->lost };

	for (int kind = 0; kind < MANIFEST_KINDS; kind++) {
		for (uint32_t n = 0; n < from->names[kind].count; n++)
			object_count(from, plan, (enum manifest_kind)kind, n,
			    &counts);
	}
	return counts;
}

/* --- canonical names ---------------------------------------------------- */

/* The canonical form; NULL, and a loss, where it has none. */
const char *
foreign_name(struct importing *i, enum manifest_kind kind, const char *text)
{
	const char *trimmed = foreign_trimmed(i->arena, text), *name = NULL;
	struct arena scratch = { 0 };
	struct err why = { 0 };
	bool ok;

	/* Parsing needs ten times the memory of the name. */
	ok = kind == MANIFEST_DOMAIN ? domain_parse(&scratch, trimmed, &name,
	    &why) : address_parse(&scratch, ADDRESS_USER, trimmed, &name,
	    &why);
	if (ok)
		name = arena_strdup(i->arena, name);
	arena_clear(&scratch);
	if (!ok) {
		i->fate = FATE_REFUSED;
		foreign_lost(i, manifest_kind_names[kind], trimmed,
		    NOT_IMPORTED, "%s", why.text);
	}
	err_clear(&why);
	return ok ? name : NULL;
}

bool
foreign_domain_known(struct importing *i, const char *kind, const char *name,
    const char *more, bool *known, struct err *e)
{
	const char *domain = address_domain(name);
	struct domain row;
	bool backup = nameset_find(&i->backups, domain, strlen(domain)) !=
	    NAME_NONE;

	*known = foreign_find(i, MANIFEST_DOMAIN, domain) != NULL;
	if (!*known && !backup && i->m->db != NULL &&
	    !domain_find(i->m, domain, &row, known, e))
		return false;
	if (!*known)
		foreign_lost(i, kind, name, NOT_IMPORTED, backup ?
		    "%s is only relayed%s" : "the domain %s does not "
		        "exist%s", domain, more);
	return true;
}
