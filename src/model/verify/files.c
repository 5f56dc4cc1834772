/* Verifying files: those that a server cannot read, or that were edited. */
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "file/read.h"
#include "model/digest.h"
#include "model/server/checksums.h"
#include "model/server/files.h"
#include "model/server/local.h"
#include "model/server/settings.h"
#include "model/verify/private.h"

/* An account of a server, as the kernel judges it. */
struct reader {
	const char *name;
	uid_t uid;
	gid_t groups[64];
	int count;
};

static const char *
quoted(struct verifying *v, const char *path)
{
	return file_shell_name(v->arena, path);
}

/* --- who can read ---------------------------------------------------- */

static bool
reader_find(const char *name, struct reader *r)
{
	const struct passwd *p = getpwnam(name);

	if (p == NULL)
		return false;
	*r = (struct reader){ .name = name, .uid = p->pw_uid,
	    .count = sizeof(r->groups) / sizeof(*r->groups) };
	if (getgrouplist(name, p->pw_gid, r->groups, &r->count) < 0)
		r->count = (int)(sizeof(r->groups) / sizeof(*r->groups));
	return true;
}

/* bits: 4 to read a file, 1 to enter a directory */
static bool
may(const struct reader *r, const struct stat *st, unsigned bits)
{
	if (r->uid == 0)
		return true;
	if (st->st_uid == r->uid)
		return (st->st_mode >> 6 & bits) == bits;
	for (int i = 0; i < r->count; i++) {
		if (st->st_gid == r->groups[i])
			return (st->st_mode >> 3 & bits) == bits;
	}
	return (st->st_mode & bits) == bits;
}

/*
 * The first directory or file that the account cannot pass; NULL: it can read
 * the file.  Directories above a rendered tree do not count: installed files
 * are elsewhere.
 */
static const char *
obstacle(const struct verifying *v, const struct reader *r, const char *path)
{
	const char *root = v->options->root, *p = path;
	struct stat st;

	if (root != NULL && strncmp(path, root, strlen(root)) == 0)
		p += strlen(root);
	while (*p != '\0' && (p = strchr(p + 1, '/')) != NULL) {
		const char *directory = arena_strndup(v->arena, path,
		    (size_t)(p - path));

		if (stat(directory, &st) == 0 && !may(r, &st, 1))
			return directory;
	}
	return stat(path, &st) == 0 && !may(r, &st, 4) ? path : NULL;
}

static void
readable_verify(struct verifying *v, const struct reader *r,
    const char *group, const char *path)
{
	const char *stop = obstacle(v, r, path);

	if (stop == NULL)
		return;
	if (strcmp(stop, path) == 0)
		verify_found(v, VERIFY_FILE_UNREADABLE, path, arena_printf(
		    v->arena, "chgrp %s %s; chmod g+r %s", group,
			quoted(v, path), quoted(v, path)),
		    "%s cannot read %s", r->name, path);
	else
		verify_found(v, VERIFY_FILE_UNREADABLE, path, arena_printf(
		    v->arena, "chmod o+x %s", quoted(v, stop)),
		    "%s cannot read %s: it may not enter %s", r->name, path,
		    stop);
}

static void
postfix_reads(struct verifying *v)
{
	const char *owner = verify_postfix(v, "mail_owner");
	const struct verify_map *map = v->maps.item;
	struct words seen = { 0 };
	struct reader r;

	if (!reader_find(owner, &r)) {
		verify_unchecked(v, VERIFY_FILE_UNREADABLE, arena_printf(
		    v->arena, "the user %s does not exist", owner));
		return;
	}
	for (size_t i = 0; i < v->maps.count; i++) {
		const char *file = cf_value(&map[i].settings, "option_file");

		if (map[i].path == NULL)
			continue;
		/* One without proxy: is opened before root is given up. */
		if (map[i].proxied)
			readable_verify(v, &r, owner, map[i].path);
		if (file == NULL || verify_has_word(&seen, file))
			continue;
		words_add(v->arena, &seen, file);
		readable_verify(v, &r, owner, verify_path(v, file));
	}
}

/* dict { mailadm = mysql:FILE }: its process is not root. */
static void
dovecot_reads(struct verifying *v)
{
	const struct dovecot_block *b = dovecot_block(v->dovecot.root,
	    "dict", NULL);
	const char *owner = verify_dovecot(v, "default_internal_user");
	struct reader r;

	if (b == NULL || !reader_find(owner, &r))
		return;
	for (size_t i = 0; i < b->settings.count; i++) {
		const char *value = b->settings.entry[i].value;

		if (strncmp(value, "mysql:", 6) == 0)
			readable_verify(v, &r, owner,
			    verify_path(v, value + 6));
	}
}

/* --- files that settings name -------------------------------------------- */

/* Those of the directories themselves have been looked at. */
static bool
is_looked_at(const struct verifying *v, const char *path)
{
	const struct verify_options *o = v->options;
	const char *slash = strrchr(path, '/');
	size_t len = (size_t)(slash - path);

	return (strlen(o->postfix_dir) == len && strncmp(path,
	    o->postfix_dir, len) == 0) || (strlen(o->dovecot_dir) == len &&
	    strncmp(path, o->dovecot_dir, len) == 0) ||
	    strstr(path, "/postfix/mailadm/") != NULL;
}

static void
named_verify(struct verifying *v, const char *path)
{
	if (*path == '/' && !is_looked_at(v, verify_path(v, path)))
		verify_secret_file(v, verify_path(v, path), true);
}

/* Whatever is in it, it is for logins at other servers. */
static void
logins_verify(struct verifying *v)
{
	struct words maps = postfix_list(v->arena, verify_postfix(v,
	    "smtp_sasl_password_maps"));
	struct stat st;

	for (size_t i = 0; i < maps.count; i++) {
		const char *path = strchr(maps.word[i], ':');
		const char *made;

		if (path == NULL || path[1] != '/')
			continue;
		path = verify_path(v, path + 1);
		made = arena_printf(v->arena, "%s.db", path);
		for (size_t n = 0; n < 2; n++, path = made) {
			if (stat(path, &st) == 0 && (st.st_mode & S_IROTH))
				verify_found(v, VERIFY_SECRET_READABLE, path,
				    arena_printf(v->arena, "chmod 600 %s",
					quoted(v, path)), "%s holds passwords "
				    "for other servers, and everybody on this "
				    "machine can read it (mode %04o)", path,
				    (unsigned)st.st_mode & 07777);
		}
	}
}

static void
maps_verify(struct verifying *v)
{
	struct words seen = { 0 };

	for (size_t i = 0; i < v->maps.count; i++) {
		const char *path = v->maps.item[i].path;

		if (path == NULL || words_have(&seen, path))
			continue;
		words_add(v->arena, &seen, path);
		named_verify(v, path);
	}
	logins_verify(v);
}

/* passwd-file and SQL: their files stand in args. */
static void
databases_verify(struct verifying *v)
{
	const struct dovecot_block *b = v->dovecot.root->child;
	struct words seen = { 0 };

	for (; b != NULL; b = b->next) {
		const char *args = dovecot_value(b, "args");
		struct words words;

		if ((strcmp(b->type, "passdb") != 0 &&
		    strcmp(b->type, "userdb") != 0) || args == NULL)
			continue;
		words = postfix_list(v->arena, args);
		for (size_t i = 0; i < words.count; i++) {
			if (words_have(&seen, words.word[i]))
				continue;
			words_add(v->arena, &seen, words.word[i]);
			named_verify(v, words.word[i]);
		}
	}
}

/* --- keys ------------------------------------------------------------ */

static void
keys_verify(struct verifying *v)
{
	struct words files = { 0 };
	const char *key;

	if (v->has_postfix) {
		files = postfix_list(v->arena, verify_postfix(v,
		    "smtpd_tls_chain_files"));
		words_add(v->arena, &files, verify_postfix(v,
		    "smtpd_tls_key_file"));
	}
	if (v->has_dovecot) {
		key = verify_dovecot(v, "ssl_key");
		words_add(v->arena, &files, *key == '<' ? key + 1 : key);
		words_add(v->arena, &files, verify_dovecot(v,
		    "ssl_server_key_file"));
	}
	for (size_t i = 0; i < files.count; i++) {
		bool again = false;

		for (size_t n = 0; n < i; n++)
			again |= strcmp(files.word[n], files.word[i]) == 0;
		if (*files.word[i] == '/' && !again)
			verify_secret_file(v, verify_path(v,
			    files.word[i]), false);
	}
}

/* --- edited ---------------------------------------------------------- */

/* Of a filter that the settings do not name any more. */
static bool
is_obsolete(const struct template_value *values, const char *path)
{
	const struct server_file *f = server_files;
	struct text name = TEXT_INIT;
	struct err e = { 0 };
	bool same = false;

	for (; f->template != NULL && !same; f++) {
		text_cut(&name, 0);
		same = f->condition != NULL && template_render(f->path,
		    f->path, values, &name, &e) &&
		    strcmp(name.buf, path) == 0;
	}
	err_clear(&e);
	text_clear(&name);
	return same && !server_file_is_wanted(f - 1, values);
}

static void
obsolete_verify(struct verifying *v, const char *path)
{
	if (access(path, F_OK) == 0)
		verify_found(v, VERIFY_FILE_OBSOLETE, path, arena_printf(
		    v->arena, "rm %s", quoted(v, path)), "%s is of a mail "
		    "filter, or a setting of it, that is not chosen any more",
		    path);
}

static void
edited_verify(struct verifying *v, const char *expected, const char *path)
{
	struct text content = TEXT_INIT;
	char hash[DIGEST_HEX];
	struct err e = { 0 };
	struct stat st;

	if (file_read(path, &content, &st, &e)) {
		digest_hex(content.buf, content.len, hash);
		if (strcmp(hash, expected) != 0)
			verify_found(v, VERIFY_FILE_EDITED, path, NULL,
			    "%s was edited since mailadm rendered it", path);
	} else if (e.code == ERR_DENIED) {
		verify_unchecked(v, VERIFY_FILE_EDITED, arena_strdup(v->arena,
		    e.text));
	} else if (e.code == ERR_NOT_FOUND) {
		verify_found(v, VERIFY_FILE_EDITED, path,
		    "mailadm config render all --out /",
		    "%s, which mailadm rendered, is missing", path);
	}
	err_clear(&e);
	text_clear(&content);
}

static void
rendered_verify(struct verifying *v)
{
	const struct accounts none = { 0 };
	struct settings settings = *v->options->settings;
	const struct server server = { .settings = &settings,
	    .accounts = &none };
	const struct template_value *values;
	struct checksums rendered;
	struct err e = { 0 };

	if (settings.hostname == NULL)
		settings.hostname = "";
	values = server_values(v->arena, &server, false);

	if (!checksums_read(&rendered, v->arena, verify_path(v,
	    CHECKSUMS_PATH), &e))
		verify_unchecked(v, VERIFY_FILE_EDITED, arena_strdup(v->arena,
		    e.text));
	err_clear(&e);
	for (const struct checksum *c = rendered.first; c != NULL;
	    c = c->next) {
		const char *path = verify_path(v, c->path);

		if (is_obsolete(values, c->path))
			obsolete_verify(v, path);
		else
			edited_verify(v, c->hash, path);
	}
}

/* --- local.cf --------------------------------------------------------- */

/* Of an override the first word is known. */
static bool
is_merged(const struct verifying *v, const struct cf_entry *entry)
{
	bool service = strchr(entry->name, '/') != NULL;
	const char *value = cf_value(service ? &v->places.master :
	    &v->places.main, entry->name);

	return value != NULL && (service ? strncmp(value, entry->value,
	    strlen(value)) == 0 : strcmp(value, entry->value) == 0);
}

static void
own_verify(struct verifying *v)
{
	const char *path = arena_printf(v->arena, "%s/" LOCAL_SETTINGS,
	    v->options->postfix_dir);
	struct err e = { 0 };
	struct cf own;

	if (!local_settings_read(v->arena, path, &own, &e)) {
		if (e.code == ERR_INVALID)
			verify_found(v, VERIFY_FILE_EDITED, path,
			    "correct that line", "%s", e.text);
		else
			verify_unchecked(v, VERIFY_FILE_EDITED,
			    arena_strdup(v->arena, e.text));
		err_clear(&e);
		return;
	}
	for (size_t i = 0; i < own.count; i++) {
		const struct cf_entry *entry = &own.entry[i];

		if (cf_find(&own, entry->name) != entry ||
		    is_merged(v, entry))
			continue;
		verify_at(v, (struct verify_at){ .file = path,
		    .line = entry->line });
		verify_found(v, VERIFY_FILE_EDITED, entry->name,
		    "mailadm config render postfix --out /", "%s sets %s, "
		    "and Postfix does not have that value yet", path,
		    entry->name);
	}
}

void
verify_files(struct verifying *v)
{
	verify_secrets(v);
	keys_verify(v);
	if (v->has_postfix) {
		maps_verify(v);
		postfix_reads(v);
	}
	if (v->has_dovecot) {
		databases_verify(v);
		dovecot_reads(v);
	}
	rendered_verify(v);
	if (v->has_postfix)
		own_verify(v);
}
