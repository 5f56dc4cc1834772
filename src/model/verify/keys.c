/*
 * Verifying the keys of the mail filter: who can read them, whether its tables
 * name them, and whether both are what the database has.
 *
 * A dry run of "dkim sync" says what differs from the database.  What another
 * rule has named already is left out of that: a file that others can read is
 * also one that "dkim sync" would write.
 */
#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/nameset.h"
#include "file/read.h"
#include "model/dkim/sync.h"
#include "model/dkim/tables.h"
#include "model/verify/private.h"

#define KEYS DKIM_DIRECTORY "/keys"

/* Some hundred thousand domains. */
#define TABLE_MAX (64 * 1024 * 1024)

/* How PKCS#8 of Ed25519 begins in PEM, and how much base64 64 bytes are. */
#define ED25519_PEM "MC4CAQAwBQYDK2Vw"
#define SEED_BASE64 88

struct keys {
	struct verifying *v;
	const char *filter;	/* the setting */
	const char *account;	/* of the filter; its group has that name */
	struct nameset named;	/* files that a rule has named */
};

static bool
is_rspamd(const struct keys *k)
{
	return strcmp(k->filter, "rspamd") == 0;
}

static void
named_add(struct keys *k, const char *path)
{
	nameset_add(&k->named, path, strlen(path));
}

static bool
is_named(const struct keys *k, const char *path)
{
	return nameset_find(&k->named, path, strlen(path)) != NAME_NONE;
}

/* --- who can read them -------------------------------------------------- */

/* What is wrong with the mode or the owner of a key file, or NULL. */
static const char *
exposure(struct keys *k, const char *path, const struct stat *st,
    bool *member)
{
	struct verifying *v = k->v;
	unsigned mode = (unsigned)st->st_mode & 07777;

	*member = false;
	if (st->st_mode & 07)
		return arena_printf(v->arena, "every account of this machine "
		    "can use the key %s (mode %04o)", path, mode);
	if (!verify_account_may(k->account, st, 4))
		return arena_printf(v->arena, "%s cannot read the key %s "
		    "(mode %04o)", k->account, path, mode);
	if (st->st_uid != 0 || st->st_mode & 020)
		return arena_printf(v->arena, "others than root can write "
		    "the key %s (mode %04o)", path, mode);
	*member = v->has_postfix && verify_account_may(verify_postfix(v,
	    "mail_owner"), st, 4);
	return *member ? arena_printf(v->arena, "%s can read the key %s: it "
	    "is in the group of the filter", verify_postfix(v, "mail_owner"),
	    path) : NULL;
}

static void
key_verify(struct keys *k, const char *path)
{
	struct verifying *v = k->v;
	const char *name = file_shell_name(v->arena, path), *why;
	struct stat st;
	bool member;

	if (stat(path, &st) != 0 || !S_ISREG(st.st_mode))
		return;
	why = exposure(k, path, &st, &member);
	if (why == NULL)
		return;
	verify_found(v, VERIFY_KEY_EXPOSED, path, member ? arena_printf(
	    v->arena, "gpasswd -d %s %s", verify_postfix(v, "mail_owner"),
	    k->account) : arena_printf(v->arena,
	    "chown root:%s %s; chmod 0640 %s", k->account, name, name), "%s",
	    why);
	named_add(k, path);
}

/* An account that can write here brings a key of its own. */
static void
directory_verify(struct keys *k, const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0 && (st.st_uid != 0 || st.st_mode & 022))
		verify_found(k->v, VERIFY_KEY_EXPOSED, path, VERIFY_SYNC,
		    "others than root can write in %s (mode %04o)", path,
		    (unsigned)st.st_mode & 07777);
}

static void
exposed_verify(struct keys *k)
{
	const char *dir = verify_path(k->v, KEYS);
	DIR *d = opendir(dir);
	struct dirent *entry;

	if (d == NULL) {
		if (errno == EACCES)
			verify_unchecked(k->v, VERIFY_KEY_EXPOSED,
			    "only root can look at the keys");
		return;
	}
	directory_verify(k, dir);
	while ((entry = readdir(d)) != NULL) {
		if (*entry->d_name != '.')
			key_verify(k, arena_printf(k->v->arena, "%s/%s", dir,
			    entry->d_name));
	}
	closedir(d);
}

/* --- tables -------------------------------------------------------------- */

/* What the line names: path = "PATH" of rspamd, DOMAIN:SELECTOR:PATH. */
static const char *
line_path(struct arena *a, const char *line, bool rspamd)
{
	static const char before[] = "path = \"";
	const char *at;

	if (*line == '#')
		return NULL;
	at = rspamd ? strstr(line, before) : strstr(line, ":/");
	if (at == NULL)
		return NULL;
	at += rspamd ? strlen(before) : 1;
	return arena_strndup(a, at, strcspn(at, rspamd ? "\"" : " \t\r"));
}

struct words
verify_key_paths(struct arena *a, const char *text, bool rspamd)
{
	char *rest = arena_strdup(a, text), *line;
	struct words paths = { 0 };

	while ((line = strsep(&rest, "\n")) != NULL) {
		const char *path = line_path(a, line, rspamd);

		if (path != NULL)
			words_add(a, &paths, path);
	}
	return paths;
}

/*
 * Each filter reads Ed25519 in a form of its own, and Debian's OpenDKIM none
 * beside RSA.
 */
static const char *
form_judge(const struct keys *k, const char *key)
{
	bool pem = strncmp(key, "-----BEGIN ", 11) == 0;

	if (*key == '\0')
		return "is empty";
	if (pem && strstr(key, ED25519_PEM) != NULL)
		return is_rspamd(k) ? "is an Ed25519 key in PEM, which rspamd "
		    "ignores" : "is an Ed25519 key: with it OpenDKIM refuses "
		    "all mail of the domain";
	if (pem && strstr(key, "PRIVATE KEY") != NULL &&
	    strstr(key, "-----END ") != NULL)
		return NULL;
	return !pem && is_rspamd(k) && strlen(key) == SEED_BASE64 ? NULL :
	    "holds no private key";
}

/* What keeps the filter from signing with it, or NULL. */
static const char *
file_judge(struct keys *k, const char *path)
{
	struct text key = TEXT_INIT;
	struct err e = { 0 };
	const char *why;
	struct stat st;

	if (file_read(path, &key, &st, &e)) {
		if (key.len > 0 && key.buf[key.len - 1] == '\n')
			text_cut(&key, key.len - 1);
		why = form_judge(k, key.buf);
	} else {
		why = e.code == ERR_NOT_FOUND ? "does not exist" :
		    "cannot be read";
	}
	err_clear(&e);
	text_clear(&key);
	return why;
}

static void
table_verify(struct keys *k)
{
	struct verifying *v = k->v;
	const char *table = is_rspamd(k) ? DKIM_DIRECTORY "/rspamd.conf" :
	    DKIM_DIRECTORY "/KeyTable";
	struct text text = TEXT_INIT;
	struct words paths = { 0 };
	struct err e = { 0 };
	struct stat st;

	if (file_read_most(table, TABLE_MAX, &text, &st, &e))
		paths = verify_key_paths(v->arena, text.buf, is_rspamd(k));
	else if (e.code != ERR_NOT_FOUND)
		verify_unchecked(v, VERIFY_KEY_TABLE, arena_strdup(v->arena,
		    e.text));
	err_clear(&e);
	text_clear(&text);
	for (size_t i = 0; i < paths.count; i++) {
		const char *path = paths.word[i], *why = file_judge(k, path);

		if (why == NULL || is_named(k, path))
			continue;
		verify_found(v, VERIFY_KEY_TABLE, path, NULL, "%s names %s, "
		    "which %s", table, path, why);
		named_add(k, path);
	}
}

/* --- the database --------------------------------------------------------- */

static void
unchecked(struct keys *k, const char *why)
{
	verify_unchecked(k->v, VERIFY_KEY_DIFFERS, why);
	verify_unchecked(k->v, VERIFY_KEY_LEFT, why);
}

/* A failure of the database leaves the rules unchecked; false: Ctrl-C. */
static bool
database_failed(struct keys *k, struct err *failed, struct err *e)
{
	if (failed->code == ERR_INTERRUPTED) {
		*e = *failed;
		return false;
	}
	unchecked(k, arena_strdup(k->v->arena, failed->text));
	err_clear(failed);
	return true;
}

/* *usable: the keys of the database can be opened with it. */
static void
secret_verify(struct keys *k, const struct db_rows *ids, bool *usable)
{
	const struct verify_options *o = k->v->options;
	const struct sql_text *id = ids->row;
	struct dkim_secret secret;
	struct err e = { 0 };

	*usable = dkim_secret_read(k->v->arena, o->secret, &secret, &e);
	for (size_t i = 0; *usable && i < ids->count; i++)
		*usable = dkim_secret_check(&secret, id[i].text, &e);
	/* Without keys it need not exist. */
	if (!*usable && (ids->count > 0 || access(o->secret, F_OK) == 0))
		verify_found(k->v, VERIFY_DKIM_SECRET, o->secret,
		    e.hint != NULL ? arena_strdup(k->v->arena, e.hint) : NULL,
		    "%s", e.text);
	err_clear(&e);
}

/* One finding for all: a table that is lost leaves each key file. */
static void
rows_report(struct keys *k, const struct dkim_sync_result *r,
    const char *action, enum verify_rule rule, const char *what)
{
	const char *first = NULL;
	size_t count = 0;

	for (size_t i = 0; i < r->count; i++) {
		if (strcmp(r->row[i].action, action) != 0 ||
		    is_named(k, r->row[i].path))
			continue;
		if (first == NULL)
			first = r->row[i].path;
		count++;
	}
	if (count == 1)
		verify_found(k->v, rule, first, NULL, "%s %s", first, what);
	else if (count > 1)
		verify_found(k->v, rule, first, NULL, "%s %s, and %zu more",
		    first, what, count - 1);
}

/* Without a key rspamd needs no table. */
static bool
is_unused(const struct keys *k, const struct dkim_sync_result *r)
{
	return r->keys == 0 && is_rspamd(k) &&
	    access(DKIM_DIRECTORY "/rspamd.conf", F_OK) != 0;
}

/* Then no change of the database comes to the filter any more. */
static bool
sync_failed(struct keys *k, struct err *failed, struct err *e)
{
	if (failed->code != ERR_DENIED && failed->code != ERR_INVALID &&
	    failed->code != ERR_IO)
		return database_failed(k, failed, e);
	verify_found(k->v, VERIFY_KEY_DIFFERS, DKIM_DIRECTORY, failed->hint !=
	    NULL ? arena_strdup(k->v->arena, failed->hint) : NULL,
	    "mailadm dkim sync fails: %s", failed->text);
	err_clear(failed);
	return true;
}

static bool
sync_verify(struct keys *k, struct err *e)
{
	const struct verify_options *o = k->v->options;
	const struct dkim_sync_options options = { .root = "/",
	    .filter = k->filter, .secret = o->secret, .dry_run = true };
	struct dkim_sync_result r;
	struct err failed = { 0 };

	if (!dkim_sync(o->mail, &options, &r, &failed))
		return sync_failed(k, &failed, e);
	if (!is_unused(k, &r))
		rows_report(k, &r, "written", VERIFY_KEY_DIFFERS,
		    "is not what the database has");
	rows_report(k, &r, "removed", VERIFY_KEY_LEFT,
	    "is a private key in clear, of no active key");
	if (r.waiting)
		verify_found(k->v, VERIFY_KEY_DIFFERS, DKIM_DIRECTORY, NULL,
		    "%s was not reloaded after the last change of its keys",
		    k->filter);
	return true;
}

static bool
stored_verify(struct keys *k, struct err *e)
{
	const struct verify_options *o = k->v->options;
	struct err failed = { 0 };
	struct db_rows ids;
	bool usable;

	if (o->mail == NULL || geteuid() != 0) {
		const char *why = o->mail == NULL ? o->mail_why :
		    "only root can compare the keys";

		verify_unchecked(k->v, VERIFY_DKIM_SECRET, why);
		unchecked(k, why);
		return true;
	}
	if (!db_query(o->mail->db, k->v->arena, SQL_DKIM_SECRETS, NO_PARAMS,
	    &ids, &failed)) {
		verify_unchecked(k->v, VERIFY_DKIM_SECRET, arena_strdup(
		    k->v->arena, failed.text));
		return database_failed(k, &failed, e);
	}
	secret_verify(k, &ids, &usable);
	if (usable || ids.count == 0)
		return sync_verify(k, e);
	unchecked(k, "the keys of the database cannot be opened");
	return true;
}

bool
verify_keys(struct verifying *v, struct err *e)
{
	const char *filter = v->options->settings->filter;
	struct keys k = { .v = v, .filter = filter,
	    .account = strcmp(filter, "rspamd") == 0 ? "_rspamd" : filter };
	bool ok = true;

	if (strcmp(filter, "none") == 0)
		return true;
	exposed_verify(&k);
	/* What was only rendered has no keys. */
	if (v->options->root == NULL) {
		table_verify(&k);
		ok = stored_verify(&k, e);
	}
	nameset_clear(&k.named);
	return ok;
}
