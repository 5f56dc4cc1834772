/* Many users: what the triggers leave out, some hundred rows at a time. */
#include "model/mail/user_batch.h"

#include <string.h>

#include "model/address.h"

/* So many in a row begin bulk work; so many are written together. */
#define BATCH_FROM 8
#define BATCH_MAX 500

/* Room for a name with its quotes and a comma. */
#define NAME_ROOM (ADDRESS_MAX + 3)

/* Lives until the transaction ends. */
struct user_batch {
	struct db *db;
	size_t in_a_row;	/* since something else was done */
	size_t from;		/* after how many it begins */
	char *names;		/* an open JSON array */
	size_t len;
	size_t count;
};

static struct user_batch *
batch_of(struct mail *m)
{
	bool fresh;
	struct user_batch *b = db_cache(m->db, "batch", "users", sizeof(*b),
	    &fresh);

	if (fresh) {
		b->db = m->db;
		b->from = BATCH_FROM;
	}
	return b;
}

bool
user_batch_pays(struct mail *m)
{
	struct user_batch *b;

	if (!db_in_transaction(m->db))
		return false;
	b = batch_of(m);
	return b->in_a_row++ >= b->from;
}

/* A user's address has no character that JSON would escape. */
static void
name_add(struct user_batch *b, const char *email)
{
	size_t len = strlen(email);

	if (b->names == NULL)
		b->names = arena_alloc(db_memory(b->db),
		    BATCH_MAX * NAME_ROOM + 2);
	BUG_ON(len > ADDRESS_MAX || b->count == BATCH_MAX);
	b->names[b->len++] = b->count == 0 ? '[' : ',';
	b->names[b->len++] = '"';
	memcpy(b->names + b->len, email, len);
	b->len += len;
	b->names[b->len++] = '"';
	b->count++;
}

static bool
written(const struct user_batch *b, struct err *e)
{
	return db_affected(b->db) == (int64_t)b->count || err_set(e,
	    ERR_DATABASE, "%lld rows of %zu users were written",
	    (long long)db_affected(b->db), b->count);
}

static bool
flush(void *arg, struct err *e)
{
	struct user_batch *b = arg;
	bool ok;

	b->names[b->len++] = ']';
	b->names[b->len] = '\0';
	ok = db_exec(b->db, SQL_USER_BULK_HISTORY, PARAMS(TEXT(b->names)),
		e) && written(b, e) &&
	    db_exec(b->db, SQL_USER_BULK_HOMES, PARAMS(TEXT(b->names)), e) &&
	    written(b, e);
	/* Something came between: it pays later, if that goes on. */
	if (b->count < BATCH_FROM)
		b->from *= 2;
	if (b->count < BATCH_MAX)
		b->in_a_row = 0;
	b->len = b->count = 0;
	return ok;
}

bool
user_batch_add(struct mail *m, const struct user *row, const char *crypt,
    struct err *e)
{
	struct user_batch *b = batch_of(m);

	if (b->count == 0 && (!db_bulk_end(m->db, e) ||
	    !db_bulk_begin(m->db, flush, b, e)))
		return false;
	name_add(b, row->email);
	return db_exec(m->db, SQL_USER_ADD_BULK, USER_ADD_PARAMS(row, crypt),
		e) &&
	    (b->count < BATCH_MAX || db_bulk_end(m->db, e));
}
