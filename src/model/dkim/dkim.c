/* DKIM keys: their rows, read and listed. */
#include "model/dkim/dkim.h"

#include <string.h>

#include "model/dkim/private.h"
#include "model/mail/domain.h"

const char *const dkim_state_names[] = {
	"pending", "active", "retiring", "retired", NULL
};

bool
dkim_selector_check(const char *selector, struct err *e)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	size_t len = strlen(selector);

	if (len > 0 && len <= 63 && strspn(selector, letters) == len &&
	    selector[0] != '-' && selector[len - 1] != '-')
		return true;
	err_set(e, ERR_INVALID, "not a selector: \"%.200s\"", selector);
	return err_hint(e, "one label of a-z, 0-9 and -, like mail2026");
}

bool
dkim_no_such_key(struct mail *m, const char *domain, const char *selector,
    struct err *e)
{
	if (!domain_require(m, domain, e))
		return false;
	err_set(e, ERR_NOT_FOUND, "%s has no DKIM key %s", domain, selector);
	return err_hint(e, "mailadm dkim list --domain %s", domain);
}

bool
dkim_find(struct mail *m, const char *domain, const char *selector,
    struct dkim_row *row, struct err *e)
{
	bool found;

	return db_row(m->db, m->arena, SQL_DKIM_GET, PARAMS(TEXT(domain),
	    TEXT(selector)), row, &found, e) && (found ||
	    dkim_no_such_key(m, domain, selector, e));
}

bool
dkim_of(struct mail *m, const char *domain, struct db_rows *rows,
    struct err *e)
{
	return domain_require(m, domain, e) && db_query(m->db, m->arena,
	    SQL_DKIM_OF, PARAMS(TEXT(domain)), rows, e);
}

static size_t
filter_params(struct arena *a, const struct list_filter *f, struct param *p)
{
	size_t n = 0;

	p[n++] = (struct param)TEXT(like_pattern(a, f->pattern));
	p[n++] = (struct param)TEXT(f->domain);
	p[n++] = (struct param)TEXT(f->domain);
	p[n++] = (struct param)TEXT(f->state);
	p[n++] = (struct param)TEXT(f->state);
	return n;
}

static size_t
list_params(struct arena *a, const struct list_filter *f, const void *last,
    int64_t limit, bool page, struct param *p)
{
	const struct dkim_row *row = last;
	size_t n = filter_params(a, f, p);

	if (page) {
		p[n++] = (struct param)TEXT(row ? row->domain : "");
		p[n++] = (struct param)TEXT(row ? row->domain : "");
		p[n++] = (struct param)TEXT(row ? row->selector : "");
	}
	p[n++] = (struct param)NUMBER(limit);
	return n;
}

bool
dkim_list(struct mail *m, const struct list_filter *f, db_row_each each,
    void *arg, struct err *e)
{
	static const struct list list = { SQL_DKIM_LIST,
	    SQL_DKIM_LIST_SORTED, dkim_fields, sizeof(struct dkim_row),
	    list_params };

	return list_run(m, &list, f, each, arg, e);
}

bool
dkim_count(struct mail *m, const struct list_filter *f, int64_t *count,
    struct err *e)
{
	struct param p[LIST_PARAMS];
	size_t n = filter_params(m->arena, f, p);

	return db_number(m->db, SQL_DKIM_COUNT, (struct params){ p, n },
	    count, e);
}

bool
dkim_private(struct mail *m, const struct dkim_row *row,
    const struct dkim_secret *secret, struct dkim_key *key, struct err *e)
{
	struct sql_text sealed = { 0 };
	bool found;

	*key = (struct dkim_key){ 0 };
	if (!db_row(m->db, m->arena, SQL_DKIM_PRIVATE, PARAMS(
	    TEXT(row->domain), TEXT(row->selector)), &sealed, &found, e))
		return false;
	if (!found || sealed.text == NULL)
		return err_set(e, ERR_REFUSED, "the DKIM key %s of %s is "
		    "retired: its private half was deleted", row->selector,
		    row->domain);
	if (!dkim_secret_check(secret, row->secret_id, e) ||
	    !dkim_key_open(sealed.text, secret, key, e))
		return false;
	return dkim_key_works(key, row->public_key, e) ||
	    err_wrap(e, "DKIM key %s of %s", row->selector, row->domain);
}
