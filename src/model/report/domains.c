/* The domains with most users, and how much mail there is. */
#include <stdlib.h>
#include <string.h>

#include "model/report/private.h"

#define MONTH (30 * 86400)

/* Both are sorted by the domain, as the server compares: by bytes. */
static int
mail_compare(const void *name, const void *row)
{
	const struct report_mail *mail = row;

	return strcmp(name, mail->domain);
}

static int
active_compare(const void *name, const void *row)
{
	const struct report_active *active = row;

	return strcmp(name, active->domain);
}

static void
sum_make(struct facts_mail *all, const struct db_rows *rows)
{
	const struct report_mail *row = rows->row;

	for (size_t i = 0; i < rows->count; i++) {
		all->of.stored += row[i].stored;
		all->of.limited += row[i].limited;
		if (__builtin_add_overflow(all->of.granted, row[i].granted,
		    &all->of.granted))
			all->of.granted = INT64_MAX;
	}
}

static bool
domains_make(struct gathering *g, struct err *e)
{
	struct facts_domains *d = &g->facts->by_domain;
	const struct report_domain *row;
	struct db_rows rows;

	if (!facts_query(g, SQL_REPORT_DOMAINS, PARAMS(NUMBER(FACTS_DOMAINS)),
	    NEED("domains, users and aliases", &d->why), &rows, e))
		return false;
	row = rows.row;
	d->count = rows.count;
	d->row = arena_array(g->m->arena, d->count, sizeof(*d->row));
	for (size_t i = 0; i < d->count; i++)
		d->row[i].of = row[i];
	return true;
}

bool
facts_domains(struct gathering *g, struct err *e)
{
	struct facts *f = g->facts;
	struct facts_domains *d = &f->by_domain;
	struct db_rows mail, active;

	if (!domains_make(g, e) ||
	    !facts_query(g, SQL_REPORT_MAIL, NO_PARAMS, NEED("users, "
	    "quota_usage and domains", &f->mail.why), &mail, e) ||
	    !facts_query(g, SQL_REPORT_ACTIVE, PARAMS(NUMBER(f->now -
	    MONTH)), NEED("users and logins", &f->active_why), &active, e))
		return false;
	f->mail_why = f->mail.why;
	sum_make(&f->mail, &mail);
	for (size_t i = 0; i < d->count; i++) {
		struct facts_domain *row = &d->row[i];
		const struct report_mail *m = mail.count == 0 ? NULL :
		    bsearch(row->of.domain, mail.row, mail.count, sizeof(*m),
		    mail_compare);
		const struct report_active *a = active.count == 0 ? NULL :
		    bsearch(row->of.domain, active.row, active.count,
		    sizeof(*a), active_compare);

		if (m != NULL)
			row->mail = *m;
		if (a != NULL)
			row->active = a->number;
	}
	return true;
}
