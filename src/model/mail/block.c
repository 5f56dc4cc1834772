/* Blocks: adding and removing them, and those of a domain. */
#include "model/mail/block.h"

#include <string.h>

#include "base/sentence.h"
#include "base/text.h"
#include "model/address.h"
#include "model/mail/domain.h"
#include "model/mail/list.h"

static bool
block_lock(struct mail *m, const char *address, struct blocked *b,
    bool *found, struct err *e)
{
	return db_row(m->db, m->arena, SQL_BLOCK_LOCK, PARAMS(TEXT(address)),
	    b, found, e);
}

/* Others write there when a domain has a problem. */
static bool
refuse_postmaster(const char *address, bool force, struct err *e)
{
	if (force || strncmp(address, "postmaster@", 11) != 0)
		return true;
	err_set(e, ERR_REFUSED, "%s would refuse mail", address);
	return err_hint(e, "RFC 5321 requires that it takes mail; --force "
	    "blocks it anyway");
}

bool
block_add(struct mail *m, const char *address, const char *note, bool force,
    enum outcome *outcome, struct err *e)
{
	const char *value = note != NULL && *note != '\0' ? note : NULL;
	struct domain d;
	struct blocked b;
	bool found;

	*outcome = OUTCOME_UNCHANGED;
	if (!domain_lock(m, address_domain(address), &d, e) ||
	    !block_lock(m, address, &b, &found, e))
		return false;
	if (found && (note == NULL || text_same(b.note, value)))
		return true;
	*outcome = OUTCOME_CHANGED;
	if (found)
		return db_exec(m->db, SQL_BLOCK_SET, PARAMS(TEXT(value),
		    TEXT(address)), e);
	return refuse_postmaster(address, force, e) &&
	    db_exec(m->db, SQL_BLOCK_ADD, PARAMS(TEXT(address),
		TEXT(value)), e);
}

bool
block_remove(struct mail *m, const char *address, bool if_exists,
    enum outcome *outcome, struct err *e)
{
	struct blocked b;
	bool found;

	*outcome = OUTCOME_ABSENT;
	if (!block_lock(m, address, &b, &found, e))
		return false;
	if (!found)
		return if_exists || err_set(e, ERR_NOT_FOUND,
		    "%s is not blocked", address);
	*outcome = OUTCOME_CHANGED;
	return db_exec(m->db, SQL_BLOCK_REMOVE, PARAMS(TEXT(address)), e);
}

/* --- list ------------------------------------------------------------- */

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
	const struct blocked *row = last;
	size_t n = filter_params(a, f, p);

	if (page)
		p[n++] = (struct param)TEXT(row ? row->address : "");
	p[n++] = (struct param)NUMBER(limit);
	return n;
}

bool
block_list(struct mail *m, const struct list_filter *f, db_row_each each,
    void *arg, struct err *e)
{
	static const struct list list = { SQL_BLOCK_LIST,
	    SQL_BLOCK_LIST_SORTED, block_fields, sizeof(struct blocked),
	    list_params };

	return list_run(m, &list, f, each, arg, e);
}

bool
block_count(struct mail *m, const struct list_filter *f, int64_t *count,
    struct err *e)
{
	struct param p[LIST_PARAMS];
	size_t n = filter_params(m->arena, f, p);

	return db_number(m->db, SQL_BLOCK_COUNT, (struct params){ p, n },
	    count, e);
}

/* --- domains ---------------------------------------------------------- */

bool
block_domain_removed(struct mail *m, const char *domain, struct err *e)
{
	if (!db_exec(m->db, SQL_BLOCK_REMOVE_DOMAIN, PARAMS(TEXT(domain)),
	    e))
		return false;
	if (db_affected(m->db) > 0)
		mail_note(m, "also removed: %s", sentence_number(m->arena,
		    db_affected(m->db), "block", "blocks"));
	return true;
}

bool
block_domain_renamed(struct mail *m, const char *old, const char *new,
    struct err *e)
{
	return db_exec(m->db, SQL_BLOCK_MOVE_DOMAIN, PARAMS(TEXT(new),
	    TEXT(old)), e);
}
