/*
 * Bringing the active keys to the mail filter.
 *
 * All rows are read before the first file is touched.  To open a key takes a
 * millisecond, so keys whose files are as the last run left them are not
 * opened: "synced" has a line for each file (its public key, size, time and
 * inode), and a line that is found there again means an unchanged file.  A
 * lost "synced" costs time, nothing else.
 *
 * "changed" exists from before the first change until the filter was
 * reloaded, so that a run that was killed is made up for by the next one.
 * It also keeps files from being removed that the filter may still open.
 */
#include "model/dkim/sync.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/nameset.h"
#include "file/owner.h"
#include "file/program.h"
#include "file/read.h"
#include "file/write.h"
#include "model/address.h"
#include "model/digest.h"
#include "model/dkim/key_files.h"
#include "model/dkim/tables.h"

#define ASIDE ".mailadm-"
#define SUFFIX ".key"

/* Of "synced" and of a table: some hundred thousand domains. */
#define SYNCED_MAX (64 * 1024 * 1024)

const struct field dkim_sync_fields[] = {
	FIELD(struct dkim_sync_row, path, FIELD_TEXT),
	FIELD(struct dkim_sync_row, action, FIELD_TEXT),
	{ 0 }
};

struct sync {
	struct mail *m;
	struct arena *arena;
	const struct dkim_sync_options *options;
	struct dkim_sync_result *result;
	const struct dkim_signer *signer;	/* rows, sorted by name */
	size_t count;
	struct dkim_secret secret;
	struct file_place key_place;	/* 0640 root:FILTER */
	const char *directory;		/* below the root */
	struct nameset before;		/* lines of "synced" */
	struct nameset names;		/* of the files of keys */
	struct text after;		/* the new "synced" */
	int lock;
};

static const char *
in_directory(struct sync *s, const char *name)
{
	return arena_printf(s->arena, "%s/%s", s->directory, name);
}

static void
row_add(struct sync *s, const char *name, const char *action)
{
	struct dkim_sync_result *r = s->result;

	r->row = arena_grown(s->arena, r->row, r->count, sizeof(*r->row));
	r->row[r->count++] = (struct dkim_sync_row){ arena_printf(s->arena,
	    "%s/%s", DKIM_DIRECTORY, name), action };
}

/* --- before anything is touched -------------------------------------- */

static bool
name_check(struct sync *s, const struct dkim_signer *row, struct err *e)
{
	const char *domain;

	return domain_parse(s->arena, row->domain, &domain, e) &&
	    dkim_selector_check(row->selector, e) &&
	    (strcmp(domain, row->domain) == 0 || err_set(e, ERR_INVALID,
	    "the DKIM keys have a domain that is not canonical: %s",
	    row->domain));
}

static bool
rows_read(struct sync *s, struct err *e)
{
	struct db_rows rows;

	if (!db_query(s->m->db, s->arena, SQL_DKIM_ACTIVE, PARAMS(
	    NUMBER(strcmp(s->options->filter, "opendkim") == 0)), &rows, e))
		return false;
	s->signer = rows.row;
	s->count = s->result->keys = rows.count;
	/* Without keys no secret is needed. */
	if (rows.count > 0 && !dkim_secret_read(s->arena, s->options->secret,
	    &s->secret, e))
		return false;
	for (size_t i = 0; i < rows.count; i++) {
		if (!name_check(s, &s->signer[i], e) ||
		    !dkim_secret_check(&s->secret, s->signer[i].secret_id, e))
			return false;
	}
	return true;
}

static bool
place_find(struct sync *s, struct err *e)
{
	const char *group = strcmp(s->options->filter, "rspamd") == 0 ?
	    "_rspamd" : "opendkim";

	s->key_place.mode = 0640;
	if (geteuid() != 0) {
		s->key_place.uid = (uid_t)-1;
		s->key_place.gid = (gid_t)-1;
		return true;
	}
	return owner_find(s->arena, s->options->root, "root", group,
	    &s->key_place, e);
}

/* --- directories, the lock, what was before -------------------------- */

static bool
directory_make(struct sync *s, const char *path, mode_t mode, gid_t gid,
    struct err *e)
{
	struct stat st;

	if (mkdir(path, mode) != 0 && errno != EEXIST)
		return err_set(e, errno == EACCES ? ERR_DENIED : ERR_IO,
		    "cannot make %s: %s", path, strerror(errno));
	if (lstat(path, &st) != 0 || !S_ISDIR(st.st_mode))
		return err_set(e, ERR_IO, "%s is not a directory", path);
	if (((st.st_mode & 07777) != mode && chmod(path, mode) != 0) ||
	    (s->key_place.uid == 0 && (st.st_uid != 0 || st.st_gid != gid) &&
	    lchown(path, 0, gid) != 0))
		return err_set(e, ERR_IO, "cannot set the mode of %s: %s",
		    path, strerror(errno));
	return true;
}

static bool
lock_take(struct sync *s, struct err *e)
{
	const char *path = in_directory(s, "lock");

	s->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (s->lock < 0)
		return err_set(e, errno == EACCES ? ERR_DENIED : ERR_IO,
		    "cannot open %s: %s", path, strerror(errno));
	while (flock(s->lock, LOCK_EX) != 0) {
		if (errno != EINTR)
			return err_set(e, ERR_IO, "cannot lock %s: %s", path,
			    strerror(errno));
		if (db_interrupted(s->m->db))
			return db_interrupted_err(s->m->db, e);
	}
	return true;
}

/*
 * A dry run waits for the end of a run, too, or it would report what that is
 * about to write.  Where it may not, nobody has run here as root before.
 */
static void
lock_wait(struct sync *s)
{
	s->lock = open(in_directory(s, "lock"), O_RDONLY | O_CLOEXEC |
	    O_NOFOLLOW);
	while (s->lock >= 0 && flock(s->lock, LOCK_SH) != 0) {
		if (errno != EINTR || db_interrupted(s->m->db))
			return;
	}
}

static bool
directories_make(struct sync *s, struct err *e)
{
	if (s->options->dry_run) {
		lock_wait(s);
		return true;
	}

	file_directories_make(s->directory, 0, 0755);
	return directory_make(s, s->directory, 0755, 0, e) &&
	    directory_make(s, in_directory(s, "keys"), 0750,
		s->key_place.gid, e) &&
	    lock_take(s, e);
}

/* A file that cannot be read is one that is written again. */
static void
before_read(struct sync *s)
{
	struct text content = TEXT_INIT;
	struct err none = { 0 };
	struct stat st;
	char *rest, *line;

	if (file_read_most(in_directory(s, "synced"), SYNCED_MAX, &content,
	    &st, &none) && content.len > 0) {
		rest = content.buf;
		while ((line = strsep(&rest, "\n")) != NULL)
			nameset_add(&s->before, line, strlen(line));
	}
	err_clear(&none);
	text_clear(&content);
}

/* --- changes ---------------------------------------------------------- */

static bool
is_changed(struct sync *s)
{
	return access(in_directory(s, "changed"), F_OK) == 0;
}

/* --- keys ------------------------------------------------------------- */

static const char *
key_name(struct sync *s, const struct dkim_signer *row)
{
	return arena_printf(s->arena, "keys/%s.%s" SUFFIX, row->domain,
	    row->selector);
}

/* NULL: no file exists that the filter, and nobody else, can read. */
static const char *
line_of(struct sync *s, const struct dkim_signer *row, const char *name)
{
	char digest[DIGEST_HEX];
	struct stat st;

	if (!dkim_file_is_right(in_directory(s, name), &s->key_place, &st))
		return NULL;
	digest_hex(row->public_key, strlen(row->public_key), digest);
	return arena_printf(s->arena, "%s %s %lld %lld.%09ld %llu", name,
	    digest, (long long)st.st_size, (long long)st.st_mtim.tv_sec,
	    st.st_mtim.tv_nsec, (unsigned long long)st.st_ino);
}

/* Those whose files the last run did not leave as they are. */
static void
keys_choose(struct sync *s, struct dkim_key_files *files)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct dkim_signer *row = &s->signer[i];
		const char *name = key_name(s, row);
		const char *line = line_of(s, row, name);

		nameset_add(&s->names, name, strlen(name));
		if (line == NULL || nameset_find(&s->before, line,
		    strlen(line)) == NAME_NONE)
			*VECTOR_ADD(&files->file) = (struct dkim_key_file){
			    row, name, in_directory(s, name), false, { 0 } };
	}
}

static void
lines_keep(struct sync *s)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct dkim_signer *row = &s->signer[i];
		const char *line = line_of(s, row, key_name(s, row));

		if (line != NULL)
			text_addf(&s->after, "%s\n", line);
	}
}

static bool
keys_write(struct sync *s, struct err *e)
{
	struct dkim_key_files files = {
		.secret = &s->secret,
		.place = &s->key_place,
		.changed = in_directory(s, "changed"),
		.seeds = strcmp(s->options->filter, "rspamd") == 0,
		.dry_run = s->options->dry_run,
		.db = s->m->db,
	};
	bool ok;

	keys_choose(s, &files);
	ok = dkim_key_files_write(&files, e);
	for (size_t i = 0; i < files.file.count; i++) {
		if (files.file.item[i].written)
			row_add(s, files.file.item[i].name, "written");
	}
	dkim_key_files_clear(&files);
	lines_keep(s);
	return ok;
}

/* --- tables ----------------------------------------------------------- */

static bool
table_write(struct sync *s, const struct dkim_table *table, struct err *e)
{
	struct file_place place = s->key_place;
	const char *path = in_directory(s, table->name);
	struct stat st;

	place.mode = table->public ? 0644 : 0640;
	if (table->public && place.uid == 0)
		place.gid = 0;
	if (dkim_file_holds(path, &table->text) && lstat(path, &st) == 0 &&
	    (st.st_mode & 07777) == place.mode)
		return true;
	if (table->shown)
		row_add(s, table->name, "written");
	return s->options->dry_run ||
	    (dkim_change_begin(in_directory(s, "changed"), e) && file_install(
	    path, table->text.buf, table->text.len, &place, e));
}

/* The lines that OpenDKIM may still look for. */
static void
old_lines_join(struct sync *s, struct dkim_tables *tables)
{
	struct text old = TEXT_INIT;
	struct err none = { 0 };
	struct stat st;

	if (file_read_most(in_directory(s, tables->table[0].name), SYNCED_MAX,
	    &old, &st, &none))
		dkim_tables_join(tables, &old);
	err_clear(&none);
	text_clear(&old);
}

/*
 * OpenDKIM has two: one names the files, the other names lines of the first.
 * So a line goes into the first before the second names it, and out of it
 * when the second does so no more.
 */
static bool
tables_write(struct sync *s, struct err *e)
{
	const struct dkim_table *first;
	struct dkim_tables t;
	bool ok;

	dkim_tables_make(&t, s->options->filter, s->signer, s->count);
	if (t.count > 1)
		old_lines_join(s, &t);
	first = t.joined.text.len > 0 ? &t.joined : &t.table[0];
	ok = table_write(s, first, e) &&
	    (t.count == 1 || table_write(s, &t.table[1], e)) &&
	    (first == &t.table[0] || table_write(s, &t.table[0], e));
	dkim_tables_clear(&t);
	return ok;
}

/* --- the filter, and what is left ------------------------------------- */

static bool
filter_reload(struct sync *s, struct err *e)
{
	const struct text nothing = TEXT_INIT;
	struct program_answer answer;
	struct words argv = { 0 };
	const char *program;

	if (!program_find(s->arena, "systemctl", "systemd", &program, e))
		return false;
	words_add(s->arena, &argv, program);
	words_add(s->arena, &argv, "try-reload-or-restart");
	words_add(s->arena, &argv, s->options->filter);
	if (!program_run(s->arena, &argv, &nothing, &answer, e))
		return false;
	s->result->reloaded = answer.status == 0;
	if (s->result->reloaded)
		return true;
	err_set(e, ERR_IO, "cannot reload %s: %.*s", s->options->filter,
	    (int)strcspn(answer.err, "\n"), answer.err);
	return err_hint(e, "the new keys are written: the next sync reloads "
	    "it");
}

/* What a killed run left, and files that no table names. */
static bool
is_left(struct sync *s, const char *name)
{
	size_t len = strlen(name), suffix = sizeof(SUFFIX) - 1;
	const char *path = arena_printf(s->arena, "keys/%s", name);

	if (name[0] == '.')
		return strstr(name, ASIDE) != NULL;
	return len > suffix && strcmp(name + len - suffix, SUFFIX) == 0 &&
	    nameset_find(&s->names, path, strlen(path)) == NAME_NONE;
}

static bool
left_remove(struct sync *s, struct err *e)
{
	const char *path = in_directory(s, "keys");
	DIR *dir = opendir(path);
	struct dirent *entry;
	bool ok = true;

	if (dir == NULL)
		return errno == ENOENT || err_errno(e, "cannot read %s", path);
	while (ok && (entry = readdir(dir)) != NULL) {
		const char *name = arena_printf(s->arena, "keys/%s",
		    entry->d_name);

		if (!is_left(s, entry->d_name))
			continue;
		row_add(s, name, "removed");
		ok = s->options->dry_run ||
		    unlink(in_directory(s, name)) == 0 ||
		    err_errno(e, "cannot remove %s", in_directory(s, name));
	}
	closedir(dir);
	return ok;
}

static bool
finish(struct sync *s, struct err *e)
{
	bool changed = is_changed(s);

	if (s->options->dry_run) {
		s->result->waiting = is_changed(s);
		return left_remove(s, e);
	}
	if (!file_replace(in_directory(s, "synced"), s->after.buf,
	    s->after.len, 0600, e))
		return false;
	if (changed && s->options->reload && !filter_reload(s, e))
		return false;
	if (changed && unlink(in_directory(s, "changed")) != 0)
		return err_errno(e, "cannot remove %s", in_directory(s,
		    "changed"));
	/*
	 * A reload returns at once, and rspamd's old workers go on for some
	 * seconds: without the file of a key they would let mail go out
	 * unsigned.  So what is left goes at the next run without a change,
	 * which is also after a reload by hand.
	 */
	return (changed && strcmp(s->options->root, "/") == 0) ||
	    left_remove(s, e);
}

bool
dkim_sync(struct mail *m, const struct dkim_sync_options *options,
    struct dkim_sync_result *result, struct err *e)
{
	struct sync s = { .m = m, .arena = m->arena, .options = options,
	    .result = result, .after = TEXT_INIT, .lock = -1 };
	bool ok;

	*result = (struct dkim_sync_result){ 0 };
	s.directory = strcmp(options->root, "/") == 0 ? DKIM_DIRECTORY :
	    arena_printf(m->arena, "%s" DKIM_DIRECTORY, options->root);
	ok = place_find(&s, e) && directories_make(&s, e) && rows_read(&s, e);
	if (ok) {
		before_read(&s);
		ok = keys_write(&s, e) && tables_write(&s, e) &&
		    finish(&s, e);
	}
	if (s.lock >= 0)
		close(s.lock);
	nameset_clear(&s.before);
	nameset_clear(&s.names);
	text_clear(&s.after);
	return ok;
}
