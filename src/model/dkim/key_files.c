/* The files of DKIM keys: opened, tried, written. */
#include "model/dkim/key_files.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file/read.h"
#include "model/dkim/private.h"
#include "model/threads.h"

/*
 * Fewer are not worth a thread, nor that the disk writes whatever else waits
 * for it on a busy server.
 */
#define MANY 16

/* Of a file that is compared: a table of some hundred thousand domains. */
#define COMPARED_MAX (64 * 1024 * 1024)

/* --- files that exist ------------------------------------------------ */

bool
dkim_file_is_right(const char *path, const struct file_place *place,
    struct stat *st)
{
	return lstat(path, st) == 0 && S_ISREG(st->st_mode) &&
	    (st->st_mode & 07777) == place->mode && (place->uid != 0 ||
	    (st->st_uid == 0 && st->st_gid == place->gid));
}

bool
dkim_file_holds(const char *path, const struct text *bytes)
{
	struct text content = TEXT_INIT;
	struct err none = { 0 };
	struct stat st;
	bool same = file_read_most(path, COMPARED_MAX, &content, &st,
	    &none) && content.len == bytes->len &&
	    memcmp(content.buf, bytes->buf, bytes->len) == 0;

	err_clear(&none);
	text_clear(&content);
	return same;
}

bool
dkim_change_begin(const char *changed, struct err *e)
{
	return access(changed, F_OK) == 0 ||
	    file_replace(changed, "", 0, 0600, e);
}

/* --- one key --------------------------------------------------------- */

static bool
clear_write(const struct dkim_key_files *f, struct dkim_opener *opener,
    const struct dkim_signer *row, struct text *clear, struct err *e)
{
	bool seed = f->seeds && strcmp(row->algorithm, "ed25519") == 0;
	struct dkim_key key;
	bool ok = dkim_key_open_next(opener, row->private_key, f->secret,
		&key, e) &&
	    dkim_key_is_whole(&key, row->public_key, e) &&
	    dkim_key_write(&key, seed ? DKIM_SEED : DKIM_PEM, clear, e);

	dkim_key_clear(&key);
	return ok || err_wrap(e, "DKIM key %s of %s", row->selector,
	    row->domain);
}

static bool
is_many(const struct dkim_key_files *f)
{
	return f->file.count >= MANY;
}

static bool
bytes_write(const struct dkim_key_files *f, const char *path,
    const struct text *clear, struct err *e)
{
	return dkim_change_begin(f->changed, e) && (is_many(f) ?
	    file_many_write(path, clear->buf, clear->len, f->place, e) :
	    file_install(path, clear->buf, clear->len, f->place, e));
}

static bool
key_write(const struct dkim_key_files *f, struct dkim_opener *opener,
    struct dkim_key_file *k, struct err *e)
{
	struct text clear = TEXT_INIT;
	struct stat st;
	bool ok = clear_write(f, opener, k->row, &clear, e);

	if (ok && (!dkim_file_is_right(k->path, f->place, &st) ||
	    !dkim_file_holds(k->path, &clear))) {
		k->written = true;
		ok = f->dry_run || bytes_write(f, k->path, &clear, e);
	}
	text_clear(&clear);
	return ok;
}

/* --- all ------------------------------------------------------------- */

static bool
in_turn(struct dkim_key_files *f, struct err *e)
{
	struct dkim_opener opener = { 0 };
	bool ok = true;

	for (size_t i = 0; ok && i < f->file.count; i++) {
		ok = key_write(f, &opener, &f->file.item[i], e);
		if (ok && db_interrupted(f->db))
			ok = db_interrupted_err(f->db, e);
	}
	dkim_opener_clear(&opener);
	return ok;
}

struct threads {
	struct dkim_key_files *files;
	struct dkim_opener *opener;	/* of each */
};

static bool
one_of_many(void *arg, size_t thread, size_t i)
{
	struct threads *t = arg;
	struct dkim_key_file *k = &t->files->file.item[i];

	return key_write(t->files, &t->opener[thread], k, &k->why);
}

static bool
is_wanted(void *arg, size_t done)
{
	const struct threads *t = arg;

	(void)done;
	return !db_interrupted(t->files->db);
}

/* The first by name, of those that failed. */
static bool
why_failed(const struct dkim_key_files *f, struct err *e)
{
	for (size_t i = 0; i < f->file.count; i++) {
		const struct err *why = &f->file.item[i].why;

		if (why->code == ERR_NONE)
			continue;
		err_set(e, why->code, "%s", why->text);
		return why->hint == NULL ? false :
		    err_hint(e, "%s", why->hint);
	}
	BUG_ON(true);
	return false;
}

static enum threads_end
threads_write(struct dkim_key_files *f)
{
	struct arena a = { 0 };
	size_t most = threads_most(f->file.count);
	struct threads t = { f, arena_array(&a, most, sizeof(*t.opener)) };
	enum threads_end end = threads_run(&(struct threads_work){
	    .count = f->file.count, .each = one_of_many, .arg = &t,
	    .progress = is_wanted, .progress_arg = &t });

	for (size_t i = 0; i < most; i++)
		dkim_opener_clear(&t.opener[i]);
	arena_clear(&a);
	return end;
}

static bool
by_threads(struct dkim_key_files *f, struct err *e)
{
	switch (threads_write(f)) {
	case THREADS_DONE:
		return true;
	case THREADS_FAILED:
		return why_failed(f, e);
	case THREADS_STOPPED:
		return db_interrupted_err(f->db, e);
	default:
		return in_turn(f, e);
	}
}

/* --- taking their places --------------------------------------------- */

/* The first that was written; NULL: none. */
static const char *
written_find(const struct dkim_key_files *f)
{
	for (size_t i = 0; i < f->file.count && !f->dry_run; i++) {
		if (f->file.item[i].written)
			return f->file.item[i].path;
	}
	return NULL;
}

/* The disk once, not for each: it is what ten thousand wait for. */
static bool
all_take(const struct dkim_key_files *f, struct err *e)
{
	const char *path = written_find(f);

	if (path == NULL)
		return true;
	if (!file_many_sync(path, e))
		return false;
	for (size_t i = 0; i < f->file.count; i++) {
		if (f->file.item[i].written &&
		    !file_many_take(f->file.item[i].path, e))
			return false;
	}
	return file_names_sync(path, e);
}

static bool
many_write(struct dkim_key_files *f, struct err *e)
{
	if (by_threads(f, e) && all_take(f, e))
		return true;
	for (size_t i = 0; i < f->file.count && !f->dry_run; i++) {
		if (f->file.item[i].written)
			file_many_drop(f->file.item[i].path);
	}
	return false;
}

/*
 * Core dumps are off for all of it: each key by itself would put that back
 * while another thread still has one.
 */
bool
dkim_key_files_write(struct dkim_key_files *f, struct err *e)
{
	struct dkim_key guard;
	bool ok;

	if (f->file.count == 0)
		return true;
	dkim_key_guard(&guard);
	ok = is_many(f) ? many_write(f, e) : in_turn(f, e);
	dkim_key_clear(&guard);
	return ok;
}

void
dkim_key_files_clear(struct dkim_key_files *f)
{
	for (size_t i = 0; i < f->file.count; i++)
		err_clear(&f->file.item[i].why);
	VECTOR_CLEAR(&f->file);
}
