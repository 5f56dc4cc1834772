/*
 * Rendering the files of a mail server.
 *
 * All of it is decided before anything is written: each template is filled
 * in (a target), each target compared with the file in its place, and one
 * file that must not be overwritten leaves all of them as they are.  For a
 * half-new configuration is worse than the old one: the servers read their
 * files together.
 *
 * The checksum shows whether a file is ours, not a mark inside it: a mark
 * stays when the file is edited.  Checksums are written last, and
 * also after a failure, so that they hold what really is on disk.
 *
 * Passwords are values of their own set, and only a template whose file is
 * closed to others gets that set: a password in a wrong template is an
 * unknown name, and not a leak.
 */
#include "model/server/render.h"

#include <errno.h>
#include <fnmatch.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/embed.h"
#include "file/owner.h"
#include "file/read.h"
#include "file/write.h"
#include "model/digest.h"
#include "model/server/checksums.h"
#include "model/server/local.h"
#include "model/server/package.h"

const struct field render_fields[] = {
	FIELD(struct render_row, path, FIELD_TEXT),
	FIELD(struct render_row, action, FIELD_TEXT),
	FIELD(struct render_row, diff, FIELD_TEXT),
	{ 0 }
};

enum action {
	ACTION_UNCHANGED,
	ACTION_WRITTEN,
	ACTION_REPLACED,	/* by --force, or it was the package's */
	ACTION_REFUSED,
	ACTION_PENDING,		/* because another one was refused */
	ACTION_COMMANDS,	/* printed instead */
	ACTION_OBSOLETE		/* written once, and not wanted any more */
};

static const char *const action_names[] = {
	[ACTION_UNCHANGED] = "unchanged",
	[ACTION_WRITTEN] = "written",
	[ACTION_REPLACED] = "replaced",
	[ACTION_REFUSED] = "refused",
	[ACTION_PENDING] = "pending",
	[ACTION_COMMANDS] = "commands",
	[ACTION_OBSOLETE] = "obsolete",
};

/* One file, and what is done with it. */
struct target {
	const struct server_file *file;
	const char *path;		/* on the server */
	const char *full;		/* below the directory */
	const char *text;
	size_t len;
	struct file_place place;
	char hash[DIGEST_HEX];
	bool exists;
	enum action action;
	const char *diff;
};

struct rendering {
	struct arena *arena;
	const struct template_value *values[2];	/* with secrets: 1 */
	const struct render_options *options;
	struct render_result *result;
	struct target *target;
	size_t count;
	struct checksums checksums;	/* of what was written before */
	struct cf own;			/* of local.cf */
};

static const char *
below(const struct rendering *r, const char *path)
{
	const char *out = r->options->out;

	return strcmp(out, "/") == 0 ? path : arena_printf(r->arena, "%s%s",
	    out, path);
}

/* --- what is to be written ------------------------------------------- */

/* In a path that is a directory, the file has the name of the template. */
static bool
path_make(struct rendering *r, struct target *t,
    const struct embedded *embedded, struct err *e)
{
	struct text made = TEXT_INIT;
	bool ok = template_render(t->file->path, t->file->path,
	    r->values[false], &made, e);

	if (ok && made.buf[made.len - 1] == '/')
		text_add(&made, strrchr(embedded->name, '/') + 1);
	t->path = arena_strdup(r->arena, made.buf);
	text_clear(&made);
	return ok;
}

/* Only text has been rendered into them. */
static bool
own_merge(struct rendering *r, struct target *t, struct err *e)
{
	const char *name = t->file->template;

	if (r->own.count == 0)
		return true;
	if (strcmp(name, "postfix/main.cf") == 0)
		t->text = local_main(r->arena, &r->own, "From "
		    LOCAL_SETTINGS, t->text);
	else if (strcmp(name, "postfix/master.cf") == 0)
		t->text = local_master(r->arena, &r->own, t->text, e);
	else
		return true;
	t->len = t->text != NULL ? strlen(t->text) : 0;
	return t->text != NULL;
}

static bool
content_make(struct rendering *r, struct target *t,
    const struct embedded *embedded, struct err *e)
{
	struct text made = TEXT_INIT;
	bool ok = template_render(embedded->name, embedded->text,
	    r->values[!server_file_is_public(t->file)], &made, e);

	t->text = arena_strndup(r->arena, made.buf, made.len);
	t->len = made.len;
	text_clear(&made);
	return ok && own_merge(r, t, e);
}

/*
 * Without root, files belong to the caller, who wants to look at them or build
 * a package.
 */
static bool
place_find(struct rendering *r, struct target *t, struct err *e)
{
	const struct server_file *f = t->file;

	t->place = (struct file_place){ f->mode, (uid_t)-1, (gid_t)-1 };
	if (geteuid() != 0) {
		r->result->owners_kept = true;
		return true;
	}
	if (owner_find(r->arena, r->options->out, f->user, f->group,
	    &t->place, e))
		return true;
	if (r->options->planned) {
		err_clear(e);
		return true;
	}
	err_wrap(e, "%s", t->path);
	return err_hint(e, "%s", strcmp(f->user, "root") == 0 ?
	    "its package makes it" : "systemd-sysusers makes it, or useradd");
}

static bool
target_add(struct rendering *r, const struct server_file *f,
    const struct embedded *embedded, struct err *e)
{
	struct target *t = &r->target[r->count++];

	t->file = f;
	if (!path_make(r, t, embedded, e) ||
	    !content_make(r, t, embedded, e))
		return false;
	t->full = below(r, t->path);
	digest_hex(t->text, t->len, t->hash);
	return place_find(r, t, e);
}

/* Elsewhere all files are wanted: the server they are for may be another. */
static bool
is_read(const struct server_file *f, const struct render_options *o)
{
	return f->reader == NULL || strcmp(o->out, "/") != 0 ||
	    access(f->reader, F_OK) == 0;
}

static bool
is_chosen(const struct server_file *f, const struct server *server,
    const struct render_options *o)
{
	return (o->set == SERVER_SETS || o->set == f->set) &&
	    (f->release == 0 || f->release == server->dovecot) &&
	    is_read(f, o);
}

/* A file that the settings do not want: named where we wrote it once. */
static bool
obsolete_add(struct rendering *r, const struct server_file *f,
    const struct embedded *embedded, struct err *e)
{
	struct target t = { .file = f, .action = ACTION_OBSOLETE };
	struct stat st;

	if (!path_make(r, &t, embedded, e))
		return false;
	t.full = below(r, t.path);
	if (checksums_find(&r->checksums, t.path) == NULL ||
	    lstat(t.full, &st) != 0)
		return true;
	words_add(r->arena, &r->result->obsolete, t.full);
	r->target[r->count++] = t;
	return true;
}

static bool
is_of_row(const struct server_file *f, const struct embedded *embedded)
{
	return fnmatch(f->template, embedded->name, FNM_PATHNAME) == 0;
}

/* One template may be several rows, and a row several templates. */
static size_t
targets_max(void)
{
	size_t max = 0;

	for (const struct server_file *f = server_files; f->template; f++) {
		for (const struct embedded *m = embedded_files; m->name; m++)
			max += is_of_row(f, m);
	}
	return max;
}

static bool
targets_make(struct rendering *r, const struct server *server,
    struct err *e)
{
	r->target = arena_array(r->arena, targets_max(), sizeof(*r->target));
	for (const struct server_file *f = server_files; f->template; f++) {
		bool wanted = server_file_is_wanted(f, r->values[false]);

		if (!is_chosen(f, server, r->options))
			continue;
		for (const struct embedded *m = embedded_files; m->name;
		    m++) {
			if (is_of_row(f, m) && !(wanted ?
			    target_add(r, f, m, e) :
			    obsolete_add(r, f, m, e)))
				return false;
		}
	}
	return true;
}

/* --- what exists already --------------------------------------------- */

static bool
is_placed(const struct target *t, const struct stat *st)
{
	return (st->st_mode & 07777) == t->place.mode &&
	    (t->place.uid == (uid_t)-1 || st->st_uid == t->place.uid) &&
	    (t->place.gid == (gid_t)-1 || st->st_gid == t->place.gid);
}

static bool
is_commands(const struct rendering *r, const struct target *t)
{
	const char *name = t->file->template;

	return r->options->postconf && (strcmp(name, "postfix/main.cf") == 0
	    || strcmp(name, "postfix/master.cf") == 0);
}

/* Once a purge has taken the checksums, only its words say whose it is. */
static bool
is_marked(const struct target *t, const struct text *content)
{
	return strstr(t->path, "/mailadm/") != NULL ||
	    strstr(content->buf, "mailadm") != NULL;
}

/* Nobody has put work into it, as far as is known. */
static bool
is_replaceable(const struct rendering *r, const struct target *t,
    const struct text *content, bool known)
{
	return r->options->force || (!known && r->options->marked &&
	    is_marked(t, content)) || (strcmp(r->options->out, "/") == 0 &&
	    package_untouched(r->arena, t->path, content,
	    r->options->relayhost));
}

/* A file exists: may it be overwritten? */
static enum action
action_find(const struct rendering *r, const struct target *t,
    const struct text *content, const struct stat *st)
{
	const char *before = checksums_find(&r->checksums, t->path);
	char hash[DIGEST_HEX];

	if (content->len == t->len &&
	    memcmp(content->buf, t->text, t->len) == 0)
		return is_placed(t, st) ? ACTION_UNCHANGED : ACTION_WRITTEN;
	digest_hex(content->buf, content->len, hash);
	if (before != NULL && strcmp(before, hash) == 0)
		return ACTION_WRITTEN;
	return is_replaceable(r, t, content, before != NULL) ?
	    ACTION_REPLACED : ACTION_REFUSED;
}

static bool
target_compare(struct rendering *r, struct target *t, struct err *e)
{
	struct text content = TEXT_INIT;
	struct stat st;
	bool ok = file_read(t->full, &content, &st, e);

	if (ok)
		t->action = action_find(r, t, &content, &st);
	text_clear(&content);
	if (!ok || t->action == ACTION_UNCHANGED)
		return ok;
	if (t->action != ACTION_REFUSED && !r->options->dry_run)
		return true;
	return render_diff(r->arena, &(struct render_pair){ t->full, t->path,
	    "rendered", t->text, t->len }, &t->diff, e);
}

static bool
target_judge(struct rendering *r, struct target *t, struct err *e)
{
	struct stat st;

	if (t->action == ACTION_OBSOLETE)
		return true;
	if (is_commands(r, t)) {
		t->action = ACTION_COMMANDS;
		return true;
	}
	t->action = ACTION_WRITTEN;
	t->exists = lstat(t->full, &st) == 0;
	if (!t->exists && errno != ENOENT && errno != ENOTDIR)
		return file_open_failed(t->full, e);
	if (!t->exists)
		return true;
	if (S_ISREG(st.st_mode))
		return target_compare(r, t, e);
	err_set(e, ERR_REFUSED, "%s is %s", t->full, S_ISLNK(st.st_mode) ?
	    "a symbolic link" : "not a regular file");
	return err_hint(e, "what it leads to is not ours to replace: move "
	    "it away first");
}

static bool
targets_judge(struct rendering *r, struct err *e)
{
	for (size_t i = 0; i < r->count; i++) {
		if (!target_judge(r, &r->target[i], e))
			return false;
		r->result->refused +=
		    r->target[i].action == ACTION_REFUSED;
	}
	for (size_t i = 0; r->result->refused > 0 && i < r->count; i++) {
		if (r->target[i].action == ACTION_WRITTEN ||
		    r->target[i].action == ACTION_REPLACED)
			r->target[i].action = ACTION_PENDING;
	}
	return true;
}

/* --- writing --------------------------------------------------------- */

static bool
target_write(struct rendering *r, struct target *t, struct err *e)
{
	const char *backup;

	if (t->action == ACTION_UNCHANGED)
		checksums_set(&r->checksums, t->path, t->hash);
	if (t->action != ACTION_WRITTEN && t->action != ACTION_REPLACED)
		return true;
	if (t->action == ACTION_REPLACED) {
		if (!file_backup(r->arena, t->full, t->place.mode,
		    &backup, e))
			return false;
		words_add(r->arena, &r->result->backups, backup);
	}
	file_directories_make(t->full, 0, 0755);
	if (!file_install(t->full, t->text, t->len, &t->place, e))
		return false;
	checksums_set(&r->checksums, t->path, t->hash);
	r->result->changed++;
	return true;
}

/* Also after a failure: saves the checksums of the files written so far. */
static bool
targets_write(struct rendering *r, struct err *e)
{
	struct err also = { 0 };
	bool ok = true;

	for (size_t i = 0; ok && i < r->count; i++)
		ok = target_write(r, &r->target[i], e);
	if (!checksums_write(&r->checksums, below(r, CHECKSUMS_PATH),
	    ok ? e : &also))
		ok = false;
	err_clear(&also);
	return ok;
}

static void
commands_make(struct rendering *r, const struct server *server)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct target *t = &r->target[i];

		if (t->action == ACTION_COMMANDS)
			render_postconf(r->arena,
			    server->settings->postfix_directory,
			    t->file->template, t->text,
			    &r->result->commands);
	}
}

static void
rows_make(struct rendering *r)
{
	struct render_row *row = arena_array(r->arena, r->count + 1,
	    sizeof(*row));

	for (size_t i = 0; i < r->count; i++)
		row[i] = (struct render_row){ r->target[i].path,
		    action_names[r->target[i].action], r->target[i].diff };
	r->result->row = row;
	r->result->count = r->count;
}

/* With an empty password everybody could log in, or nobody. */
static bool
passwords_check(const struct server *server, struct err *e)
{
	for (enum account i = 0; i < ACCOUNTS; i++) {
		if (server->accounts->password[i] != NULL ||
		    (i == ACCOUNT_WEBMAIL && !server->settings->webmail))
			continue;
		err_set(e, ERR_INVALID, "no password of the account %s",
		    account_names[i]);
		return err_hint(e, "create it with: mailadm config init");
	}
	return true;
}

/* Below the directory, or else those of this machine. */
static bool
own_read(struct rendering *r, const struct server *server, struct err *e)
{
	const char *path = arena_printf(r->arena, "%s/" LOCAL_SETTINGS,
	    server->settings->postfix_directory);
	const char *full = below(r, path);

	return local_settings_read(r->arena, access(full, F_OK) == 0 ? full :
	    path, &r->own, e);
}

bool
render(struct arena *a, const struct server *server,
    const struct render_options *options, struct render_result *result,
    struct err *e)
{
	struct rendering r = { .arena = a, .options = options,
	    .result = result };

	*result = (struct render_result){ 0 };
	if (!passwords_check(server, e))
		return false;
	for (int secret = 0; secret < 2; secret++)
		r.values[secret] = server_values(a, server, secret);
	if (!own_read(&r, server, e) || !checksums_read(&r.checksums, a,
	    below(&r, CHECKSUMS_PATH), e) || !targets_make(&r, server, e) ||
	    !targets_judge(&r, e))
		return false;
	rows_make(&r);
	commands_make(&r, server);
	return options->dry_run || result->refused > 0 ||
	    targets_write(&r, e);
}
