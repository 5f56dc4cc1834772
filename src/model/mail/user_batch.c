/* Many users: what the triggers leave out, some hundred rows at a time. */
#include "model/mail/user_batch.h"

#include <string.h>

#include "model/address.h"

/* So many in a row begin bulk work; so many are written together. */
#define BULK_FROM 8
#define BULK_MAX 500

/* Room for a name with its quotes and a comma. */
#define NAME_ROOM (ADDRESS_MAX + 3)

/* Lives until the transaction ends. */
struct bulk {
	struct db *db;
	size_t in_a_row;	/* since something else was done */
	size_t from;		/* after how many it begins */
	char *names;		/* an open JSON array */
	size_t len;
	size_t count;
};

static struct bulk *
bulk_of(struct mail *m)
{
	bool fresh;
	struct bulk *b = db_memo(m->db, "bulk", "users", sizeof(*b), &fresh);

	if (fresh) {
		b->db = m->db;
		b->from = BULK_FROM;
	}
	return b;
}

bool
user_bulk_wanted(struct mail *m)
{
	struct bulk *b;

	if (!db_in_transaction(m->db))
		return false;
	b = bulk_of(m);
	return b->in_a_row++ >= b->from;
}

/* A user's address has no character that JSON would escape. */
static void
name_add(struct bulk *b, const char *email)
{
	size_t len = strlen(email);

	if (b->names == NULL)
		b->names = arena_alloc(db_memory(b->db),
		    BULK_MAX * NAME_ROOM + 2);
	BUG_ON(len > ADDRESS_MAX || b->count == BULK_MAX);
	b->names[b->len++] = b->count == 0 ? '[' : ',';
	b->names[b->len++] = '"';
	memcpy(b->names + b->len, email, len);
	b->len += len;
	b->names[b->len++] = '"';
	b->count++;
}

static bool
written(const struct bulk *b, struct err *e)
{
	return db_affected(b->db) == (int64_t)b->count || err_set(e,
	    ERR_DATABASE, "%lld rows of %zu users were written",
	    (long long)db_affected(b->db), b->count);
}

static bool
flush(void *arg, struct err *e)
{
	struct bulk *b = arg;
	bool ok;

	b->names[b->len++] = ']';
	b->names[b->len] = '\0';
	ok = db_exec(b->db, SQL_USER_BULK_HISTORY, PARAMS(TEXT(b->names)),
		e) && written(b, e) &&
	    db_exec(b->db, SQL_USER_BULK_HOMES, PARAMS(TEXT(b->names)), e) &&
	    written(b, e);
	/* Something came between: it pays later, if that goes on. */
	if (b->count < BULK_FROM)
		b->from *= 2;
	if (b->count < BULK_MAX)
		b->in_a_row = 0;
	b->len = b->count = 0;
	return ok;
}

bool
user_bulk_add(struct mail *m, const struct user *row, const char *crypt,
    struct err *e)
{
	struct bulk *b = bulk_of(m);

	if (b->count == 0 && (!db_bulk_end(m->db, e) ||
	    !db_bulk_begin(m->db, flush, b, e)))
		return false;
	name_add(b, row->email);
	return db_exec(m->db, SQL_USER_ADD_BULK, USER_ADD_PARAMS(row, crypt),
		e) &&
	    (b->count < BULK_MAX || db_bulk_end(m->db, e));
}
