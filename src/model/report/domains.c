/* The domains with most users, mail and logins: one look at each user. */
#include <stdlib.h>
#include <string.h>

#include "model/report/private.h"

/* The bars of last logins that are within 30 days. */
#define ACTIVE_BARS 3

/* Where the rows of a statement go: the sums, and the domains shown. */
struct summing {
	struct facts *facts;
	struct facts_domain **sorted;	/* those shown, by name */
	size_t count;
};

static int
domain_compare(const void *a, const void *b)
{
	const struct facts_domain *const *x = a, *const *y = b;

	return strcmp((*x)->of.domain, (*y)->of.domain);
}

static int
name_compare(const void *name, const void *b)
{
	const struct facts_domain *const *domain = b;

	return strcmp(name, (*domain)->of.domain);
}

/* NULL: not among those shown. */
static struct facts_domain *
domain_find(const struct summing *s, const char *name)
{
	struct facts_domain **found = s->count == 0 ? NULL : bsearch(name,
	    s->sorted, s->count, sizeof(struct facts_domain *), name_compare);

	return found != NULL ? *found : NULL;
}

static void
sum_add(int64_t *sum, int64_t n)
{
	if (__builtin_add_overflow(*sum, n, sum))
		*sum = INT64_MAX;
}

static void
mail_add(struct facts_mail *m, const struct report_mail *row)
{
	sum_add(&m->stored, row->stored);
	sum_add(&m->limited, row->limited);
	sum_add(&m->granted, row->granted);
}

static bool
mail_take(void *arg, const void *row, struct err *e)
{
	const struct report_mail *mail = row;
	struct summing *s = arg;
	struct facts_domain *domain = domain_find(s, mail->domain);
	struct facts_bars *bars = &s->facts->quota;

	(void)e;
	if (mail->bar < 0)
		bars->without += mail->number;
	else if (mail->bar < FACTS_BARS)
		bars->bar[mail->bar] += mail->number;
	mail_add(&s->facts->mail, mail);
	if (domain != NULL)
		mail_add(&domain->mail, mail);
	return true;
}

static bool
login_take(void *arg, const void *row, struct err *e)
{
	const struct report_login *login = row;
	struct summing *s = arg;
	struct facts_domain *domain = domain_find(s, login->domain);

	(void)e;
	if (login->bar >= 0 && login->bar < FACTS_AGES)
		s->facts->logins.bar[login->bar] += login->number;
	if (domain != NULL && login->bar < ACTIVE_BARS)
		domain->active += login->number;
	return true;
}

static bool
domains_make(struct gathering *g, struct summing *s, struct err *e)
{
	struct facts_domains *d = &g->facts->by_domain;
	const struct report_domain *row;
	struct db_rows rows;

	if (!facts_query(g, SQL_REPORT_DOMAINS, PARAMS(NUMBER(FACTS_DOMAINS)),
	    NEED("domains, users and aliases", &d->why), &rows, e))
		return false;
	row = rows.row;
	s->count = d->count = rows.count;
	d->row = arena_array(g->m->arena, d->count, sizeof(*d->row));
	s->sorted = arena_array(g->m->arena, d->count,
	    sizeof(struct facts_domain *));
	for (size_t i = 0; i < d->count; i++) {
		d->row[i].of = row[i];
		s->sorted[i] = &d->row[i];
	}
	if (s->count > 0)
		qsort(s->sorted, s->count, sizeof(struct facts_domain *),
		    domain_compare);
	return true;
}

bool
facts_domains(struct gathering *g, struct err *e)
{
	struct facts *f = g->facts;
	struct summing s = { .facts = f };
	struct db *db = g->m->db;

	if (!domains_make(g, &s, e) ||
	    (!db_each(db, SQL_REPORT_MAIL, NO_PARAMS, mail_take, &s, e) &&
	    !facts_denied(g, NEED("users, quota_usage and domains",
	    &f->mail.why), e)) ||
	    (!db_each(db, SQL_REPORT_LOGINS, PARAMS(NUMBER(f->now)),
	    login_take, &s, e) && !facts_denied(g, NEED("users and logins",
	    &f->logins.why), e)))
		return false;
	f->quota.why = f->mail.why;
	return true;
}
