/* The names of relay domains: added, removed, imported, listed. */
#include "model/way/recipient.h"

#include <string.h>

#include "model/address.h"
#include "model/mail/domain.h"

bool
recipient_parse(struct arena *a, const char *text, const char **address,
    struct err *e)
{
	const char *untagged;

	if (!address_parse(a, ADDRESS_DESTINATION, text, address, e))
		return false;
	untagged = address_untagged(a, *address);
	if (untagged == NULL)
		return true;
	err_set(e, ERR_INVALID, "%s has a +tag", *address);
	return err_hint(e, "every tag is taken with the name: %s", untagged);
}

/* Locks the domain, so that it stays a relay domain. */
static bool
domain_check(struct mail *m, const char *name, struct domain *d,
    struct err *e)
{
	if (!domain_lock(m, name, d, e))
		return e->code == ERR_NOT_FOUND ? err_hint(e,
		    "mailadm domain add %s --relay-to HOST", name) : false;
	if (d->relay_to != NULL)
		return true;
	err_set(e, ERR_REFUSED, "%s is not passed on to another server",
	    name);
	return err_hint(e, "mailadm domain set %s --relay-to HOST makes it a "
	    "relay domain; names of this server are users and aliases", name);
}

static void
note_all(struct mail *m, const struct domain *d)
{
	if (d->accepts != NULL)
		mail_note(m, "%s takes all names%s", d->domain,
		    strcmp(d->accepts, "all") == 0 ? "" :
		    " that its own server takes");
}

static struct recipient
values_put(const struct recipient *old, const struct recipient_values *v)
{
	struct recipient new = *old;

	RECIPIENT_VALUES(VALUE_PUT, &new, v)
	return new;
}

static bool
already_there(struct mail *m, const struct recipient *old,
    const struct recipient_values *v, bool if_not_exists,
    enum outcome *outcome, struct err *e)
{
	const struct recipient new = values_put(old, v);
	struct words changed = { 0 };

	if (!if_not_exists && (true RECIPIENT_VALUES(VALUE_IS_UNSET, v)))
		return err_set(e, ERR_EXISTS, "recipient %s already exists",
		    old->address);
	RECIPIENT_VALUES(CHANGED_ADD, m->arena, &changed, old, &new)
	changed_say(m, &changed);
	*outcome = changed.count > 0 ? OUTCOME_CHANGED : OUTCOME_UNCHANGED;
	return changed.count == 0 || db_exec(m->db, SQL_RECIPIENT_SET,
	    PARAMS(RECIPIENT_VALUES(COLUMN_PARAM, &new)
	    TEXT(old->address)), e);
}

bool
recipient_add(struct mail *m, const char *address,
    const struct recipient_values *v, bool if_not_exists,
    enum outcome *outcome, struct err *e)
{
	const struct recipient none = { .address = address,
	    RECIPIENT_VALUES(COLUMN_DEFAULT,) };
	struct recipient old, new;
	struct domain d;
	bool found;

	if (!domain_check(m, address_domain(address), &d, e) ||
	    !db_row(m->db, m->arena, SQL_RECIPIENT_LOCK,
		PARAMS(TEXT(address)), &old, &found, e))
		return false;
	if (found)
		return already_there(m, &old, v, if_not_exists, outcome, e);
	note_all(m, &d);
	new = values_put(&none, v);
	*outcome = OUTCOME_CHANGED;
	return db_exec(m->db, SQL_RECIPIENT_ADD, PARAMS(TEXT(address),
	    RECIPIENT_VALUES(COLUMN_PARAM, &new)), e);
}

bool
recipient_remove(struct mail *m, const char *address, bool if_exists,
    enum outcome *outcome, struct err *e)
{
	struct recipient old;
	bool found;

	*outcome = OUTCOME_ABSENT;
	if (!db_row(m->db, m->arena, SQL_RECIPIENT_LOCK,
	    PARAMS(TEXT(address)), &old, &found, e))
		return false;
	if (!found)
		return if_exists || err_set(e, ERR_NOT_FOUND,
		    "no such recipient: %s", address);
	*outcome = OUTCOME_CHANGED;
	return db_exec(m->db, SQL_RECIPIENT_REMOVE, PARAMS(TEXT(address)), e);
}

/* --- import ---------------------------------------------------------- */

static bool
import_remove(struct mail *m, const char *address, bool replace,
    struct recipient_counts *counts, struct err *e)
{
	if (!replace)
		return true;
	counts->removed++;
	return db_exec(m->db, SQL_RECIPIENT_REMOVE, PARAMS(TEXT(address)), e);
}

static bool
import_add(struct mail *m, const char *address,
    struct recipient_counts *counts, struct err *e)
{
	const struct recipient new = { .address = address,
	    RECIPIENT_VALUES(COLUMN_DEFAULT,) };

	counts->added++;
	return db_exec(m->db, SQL_RECIPIENT_ADD, PARAMS(TEXT(address),
	    RECIPIENT_VALUES(COLUMN_PARAM, &new)), e);
}

/* Both are sorted, so one way through both finds what only one has. */
bool
recipient_import(struct mail *m, const char *domain,
    const struct words *names, bool replace, struct recipient_counts *counts,
    struct err *e)
{
	const struct recipient *row;
	struct db_rows rows;
	struct domain d;
	size_t at = 0;

	*counts = (struct recipient_counts){ 0 };
	if (!domain_check(m, domain, &d, e) ||
	    !db_query(m->db, m->arena, SQL_RECIPIENT_ALL, PARAMS(
		TEXT(domain), TEXT(domain)), &rows, e))
		return false;
	note_all(m, &d);
	row = rows.row;
	for (size_t i = 0; i < names->count; i++) {
		const char *name = names->word[i];

		for (; at < rows.count && strcmp(row[at].address, name) < 0;
		    at++) {
			if (!import_remove(m, row[at].address, replace,
			    counts, e))
				return false;
		}
		if (at < rows.count && strcmp(row[at].address, name) == 0) {
			counts->kept++;
			at++;
		} else if (!import_add(m, name, counts, e)) {
			return false;
		}
	}
	for (; at < rows.count; at++) {
		if (!import_remove(m, row[at].address, replace, counts, e))
			return false;
	}
	return true;
}

/* --- list ------------------------------------------------------------ */

static size_t
filter_params(struct arena *a, const struct list_filter *f, struct param *p)
{
	size_t n = 0;

	p[n++] = (struct param)TEXT(like_pattern(a, f->pattern));
	p[n++] = (struct param)TEXT(f->domain);
	p[n++] = (struct param)TEXT(f->domain);
	return n;
}

static size_t
list_params(struct arena *a, const struct list_filter *f, const void *last,
    int64_t limit, bool page, struct param *p)
{
	const struct recipient *row = last;
	size_t n = filter_params(a, f, p);

	if (page)
		p[n++] = (struct param)TEXT(row ? row->address : "");
	p[n++] = (struct param)NUMBER(limit);
	return n;
}

bool
recipient_list(struct mail *m, const struct list_filter *f,
    db_row_each each, void *arg, struct err *e)
{
	static const struct list list = { SQL_RECIPIENT_LIST,
	    SQL_RECIPIENT_LIST_SORTED, recipient_fields,
	    sizeof(struct recipient), list_params };

	return list_run(m, &list, f, each, arg, e);
}

bool
recipient_count(struct mail *m, const struct list_filter *f, int64_t *count,
    struct err *e)
{
	struct param p[LIST_PARAMS];
	size_t n = filter_params(m->arena, f, p);

	return db_number(m->db, SQL_RECIPIENT_COUNT,
	    (struct params){ p, n }, count, e);
}
