/* The passwords of a file, hashed before the transaction begins. */
#include "model/import/private.h"
#include "model/password/bulk.h"
#include "model/password/hash.h"
#include "model/password/password.h"

struct hashing {
	struct import *x;
	struct mail *m;
	int64_t rows;		/* before those of this call */
	double part;
};

static bool
hashing_progress(void *arg, size_t done)
{
	const struct hashing *h = arg;

	return import_progress(h->x, "passwords", h->rows + (int64_t)done,
	    h->part) && !db_interrupted(h->m->db);
}

static void
hash_keep(struct import *x, const struct import_row *row, const char *hash)
{
	VECTOR_REACH(&x->hash, row->number + 1);
	x->hash.item[row->number] = arena_strdup(&x->memory, hash);
}

/* A stored hash that the password matches is kept. */
static bool
old_hashes(struct import *x, struct mail *m, struct import_chunk *c,
    struct err *e)
{
	if (!import_users_find(m, c, e))
		return false;
	for (size_t i = 0; i < c->count; i++) {
		struct import_row *row = &c->row[i];

		if (row->password == NULL || row->old == NULL ||
		    password_verify(row->old->hash, row->password) !=
		    PASSWORD_MATCHES)
			continue;
		hash_keep(x, row, row->old->hash);
		row->password = NULL;
	}
	return true;
}

/* For users that are new and have neither a hash nor a password. */
static bool
generate(struct import *x, struct import_chunk *c, struct err *e)
{
	for (size_t i = 0; x->options->generate > 0 && i < c->count; i++) {
		struct import_row *row = &c->row[i];
		struct import_generated *made;

		if (row->is.faulty || row->old != NULL ||
		    row->password != NULL || row->user.hash != NULL)
			continue;
		if (!password_generate(&x->memory,
		    (size_t)x->options->generate, &row->password, e))
			return false;
		made = VECTOR_ADD(&x->generated);
		made->email = arena_strdup(&x->memory, row->is.name);
		made->password = row->password;
	}
	return true;
}

static bool
new_hashes(struct import *x, struct mail *m, struct import_chunk *c,
    struct err *e)
{
	struct password_job *job = arena_array(&c->arena, c->count + 1,
	    sizeof(*job));
	struct hashing h = { x, m, x->rows - (int64_t)c->count,
	    import_part_done(x->file) };
	const struct password_hashing how = { x->options->rounds,
	    hashing_progress, &h };
	size_t n = 0;

	for (size_t i = 0; i < c->count; i++) {
		if (c->row[i].password != NULL)
			job[n++].password = c->row[i].password;
	}
	if (!password_hash_bulk(&c->arena, job, n, &how, e))
		return false;
	n = 0;
	for (size_t i = 0; i < c->count; i++) {
		if (c->row[i].password != NULL)
			hash_keep(x, &c->row[i], job[n++].hash);
	}
	return true;
}

/* If the file has an error, nothing is hashed. */
bool
import_passwords(struct import *x, struct mail *m, struct err *e)
{
	struct import_chunk c = { 0 };
	bool ok = true;

	do {
		ok = import_chunk_read(x, &c, e);
		if (ok && c.count > 0 && x->report.complaints.count == 0)
			ok = old_hashes(x, m, &c, e) &&
			    generate(x, &c, e) &&
			    new_hashes(x, m, &c, e);
	} while (ok && c.count > 0);
	x->not_hashed = x->report.complaints.count > 0;
	arena_clear(&c.arena);
	return ok;
}
