/*
 * Importing a file: reads it twice, and writes it in one transaction.
 *
 * The first time, outside the transaction, only the passwords are read, and
 * hashed on all cores: that takes most of the time, and would hold locks.
 * The second time the rows are read in chunks, checked, compared with what
 * exists, and written with one statement a chunk, so that memory does not
 * grow with the file.  A file without passwords is read once, unless an alias
 * is wrong: its line is found by reading again.
 *
 * Complaints are collected and do not end the reading, so that one run names
 * all that is wrong; with any of them, nothing is imported.  What needs all
 * rows at once, limits and loops of aliases, is checked after the last chunk,
 * by the rows that are then in the database.  Domains are few: they go
 * through a manifest and a plan, as `apply` does.
 */
#include "model/import/import.h"

#include "model/import/private.h"
#include "model/mail/domain.h"
#include "model/mail/user.h"

static void
start(struct import *x)
{
	x->report.complaints.count = 0;
	x->invalid = x->stopped = false;
	nameset_clear(&x->domains);
	seen_clear(&x->seen);
	x->rows = x->added = x->changed = x->unchanged = 0;
	x->old_hashes = 0;
}

bool
import_begin(struct import *x, struct mail *m, struct csv_file *file,
    const struct import_options *options, struct err *e)
{
	*x = (struct import){ .options = options, .file = file,
	    .report = { .arena = m->arena },
	    .lines = import_is_lines(file) };
	if (x->lines && options->columns != NULL)
		return err_set(e, ERR_USAGE, "--columns is for CSV: %s has "
		    "JSON lines", file->name);
	if (x->lines && options->generate > 0)
		return err_set(e, ERR_USAGE, "--generate is for CSV: %s has "
		    "JSON lines", file->name);
	if (x->lines)
		return true;
	if (!import_choose(x, e) || !import_header(x, e))
		return false;
	return (!import_has_column(x, COLUMN_PASSWORD) &&
	    options->generate == 0) ||
	    import_passwords(x, m, e);
}

/* Once a domain, when all rows are written. */
static bool
limits_check(struct import *x, struct mail *m, struct err *e)
{
	bool ok = true;

	for (uint32_t i = 0; ok && i < x->domains.count; i++)
		ok = domain_limits_kept(m, nameset_text(&x->domains, i), e);
	return ok;
}

static bool
chunks_write(struct import *x, struct mail *m, struct err *e)
{
	bool users = x->options->kind == MANIFEST_USER, ok;
	struct import_chunk c = { 0 };

	do {
		ok = import_chunk_read(x, &c, e) && (users ?
		    import_users_chunk(x, m, &c, e) :
		    import_aliases_chunk(x, m, &c, e));
		import_progress(x, "rows", x->rows, import_part_done(x->file));
	} while (ok && c.count > 0);
	arena_clear(&c.arena);
	if (!ok || x->report.complaints.count > 0)
		return ok;
	users_note_old_hashes(m, x->old_hashes);
	return limits_check(x, m, e) &&
	    (users || import_aliases_end(x, m, e));
}

static bool
verdict(const struct import *x, struct err *e)
{
	size_t n = x->report.complaints.count;

	if (n == 0)
		return true;
	return err_set(e, x->invalid ? ERR_INVALID : ERR_EXISTS,
	    "%s%zu %s in %s; nothing was imported", x->stopped ?
	    "stopped after " : "", n, n == 1 ? "error" : "errors",
	    x->file->name);
}

bool
import_write(struct import *x, struct mail *m, struct err *e)
{
	bool ok;

	start(x);
	if (x->lines)
		return import_lines(x, m, e) && verdict(x, e);
	if (!csv_file_rewind(x->file, e) || !import_header(x, e))
		return false;
	ok = x->options->kind == MANIFEST_DOMAIN ? import_domains(x, m, e) :
	    (x->options->kind == MANIFEST_USER || mail_lock_aliases(m, e)) &&
	    chunks_write(x, m, e);
	return ok && verdict(x, e);
}

void
import_clear(struct import *x)
{
	manifest_clear(&x->report);
	VECTOR_CLEAR(&x->hash);
	VECTOR_CLEAR(&x->generated);
	nameset_clear(&x->domains);
	seen_clear(&x->seen);
	arena_clear(&x->memory);
}
