/* Verifying whose mail is where, who can read it, and what a log holds. */
#include <errno.h>
#include <pwd.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/size.h"
#include "model/conf/conf.h"
#include "model/verify/private.h"

/* --- passwords in the log --------------------------------------------- */

/* sha1 is cut to some letters, so that nothing can be guessed from it. */
static void
logs_verify(struct verifying *v)
{
	const char *verbose = verify_dovecot(v, "auth_verbose_passwords");

	if (verify_is_yes(verify_dovecot(v, "auth_debug_passwords")))
		verify_found(v, VERIFY_PASSWORD_LOGGED,
		    "auth_debug_passwords", "remove auth_debug_passwords; "
		    "doveadm reload", "auth_debug_passwords is yes: each "
		    "password stands in the log");
	if (strncmp(verbose, "plain", 5) == 0 || verify_is_yes(verbose))
		verify_found(v, VERIFY_PASSWORD_LOGGED,
		    "auth_verbose_passwords", "remove "
		    "auth_verbose_passwords; doveadm reload",
		    "auth_verbose_passwords is %s: mistyped passwords stand "
		    "in the log", verbose);
}

/* --- homes ------------------------------------------------------------ */

/* Users of this machine have no domain. */
bool
verify_dovecot_domains(const struct verifying *v)
{
	return !conf_lacks_domain(verify_dovecot(v, "auth_username_format")) &&
	    (verify_dovecot_asks_sql(v) || (v->has_postfix &&
	    *verify_postfix(v, "virtual_mailbox_domains") != '\0'));
}

static void
home_verify(struct verifying *v, const char *name, const char *value)
{
	if (value == NULL || strchr(value, '/') == NULL ||
	    strchr(value, '~') != NULL || strstr(value, "%h") != NULL ||
	    !conf_lacks_domain(value))
		return;
	verify_found(v, VERIFY_DOMAIN_MISSING, name, NULL, "%s is %s, without "
	    "the domain: two people of two domains share a mailbox", name,
	    value);
}

/* "uid=5000 home=/var/vmail/%n" of 2.3. */
static const char *
argument(struct verifying *v, const char *args, const char *name)
{
	struct words words = postfix_list(v->arena, args);
	size_t len = strlen(name);

	for (size_t i = 0; i < words.count; i++) {
		if (strncmp(words.word[i], name, len) == 0 &&
		    words.word[i][len] == '=')
			return words.word[i] + len + 1;
	}
	return NULL;
}

static void
userdb_verify(struct verifying *v, const struct dovecot_block *b)
{
	static const char *const fields[] = { "home", "mail", "mail_path" };
	static const char *const children[] = { "fields", "default_fields",
	    "override_fields" };

	for (size_t i = 0; i < 3; i++) {
		const char *name = arena_printf(v->arena, "userdb:%s",
		    fields[i]);

		for (size_t c = 0; c < 3; c++) {
			const char *args = dovecot_value(b, c == 0 ? "args" :
			    children[c]);
			const struct dovecot_block *child = dovecot_block(b,
			    children[c], NULL);

			if (args != NULL)
				home_verify(v, name, argument(v, args,
				    fields[i]));
			if (child != NULL)
				home_verify(v, name, dovecot_value(child,
				    fields[i]));
		}
	}
}

/* "username_format=%n /etc/dovecot/users" */
static void
format_verify(struct verifying *v, const struct dovecot_block *b)
{
	const char *args = dovecot_value(b, "args");
	const char *format = args != NULL ? argument(v, args,
	    "username_format") : NULL;

	if ((strcmp(b->type, "passdb") == 0 || strcmp(b->type, "userdb") ==
	    0) && format != NULL && conf_lacks_domain(format))
		verify_found(v, VERIFY_DOMAIN_MISSING, arena_printf(v->arena,
		    "%s:args", b->type),
		    "write username_format=%u in args; doveadm reload",
		    "username_format is %s, without the domain: users of two "
		    "domains log in for each other, or not at all", format);
}

static void
homes_verify(struct verifying *v)
{
	static const char *const settings[] = { "mail_location", "mail_home",
	    "mail_path" };
	const struct dovecot_block *b = v->dovecot.root->child;

	if (!verify_dovecot_domains(v))
		return;
	for (size_t i = 0; i < 3; i++)
		home_verify(v, settings[i], verify_dovecot(v, settings[i]));
	for (; b != NULL; b = b->next) {
		if (strcmp(b->type, "userdb") == 0)
			userdb_verify(v, b);
		format_verify(v, b);
	}
}

/* The homes of a query, which may name the domain by a column. */
static void
answers_verify(struct verifying *v)
{
	for (size_t i = 0; i < v->queries.count; i++) {
		const struct verify_query *q = &v->queries.item[i];
		const struct conf_column *c = conf_columns(v->arena, q->text);

		for (; q->dovecot && c->text != NULL; c++) {
			if ((strcmp(c->name, "home") == 0 ||
			    strcmp(c->name, "mail") == 0) &&
			    strcasestr(c->text, "domain") == NULL)
				home_verify(v, arena_printf(v->arena, "%s:%s",
				    q->name, c->name), c->text);
		}
	}
}

/* %n of users who have a domain: two of them are one. */
static void
names_verify(struct verifying *v)
{
	static const char name[] = "auth_username_format";
	const struct dovecot_block *b = v->dovecot.root->child;
	const char *value = verify_dovecot(v, name);

	for (; !conf_lacks_domain(value) && (b = verify_block_next(b,
	    "protocol")) != NULL; b = b->next)
		value = dovecot_value(b, name) != NULL ? dovecot_value(b,
		    name) : value;
	if (!conf_lacks_domain(value) || !v->has_postfix ||
	    *verify_postfix(v, "virtual_mailbox_domains") == '\0')
		return;
	verify_at(v, (struct verify_at){ .setting = name });
	verify_found(v, VERIFY_DOMAIN_MISSING, name, "write \"auth_username_"
	    "format = %Lu\"; doveadm reload", "%s is %s, without the domain, "
	    "and Postfix delivers to users of domains: two of the same name "
	    "are one, or none is found", name, value);
}

void
verify_users(struct verifying *v)
{
	logs_verify(v);
	names_verify(v);
	homes_verify(v);
	if (verify_dovecot_domains(v))
		answers_verify(v);
}

/* --- the account that owns the mail, and its directory ----------------- */

static const char *
user_advice(struct verifying *v, const char *name)
{
	const struct verify_options *o = v->options;

	return arena_printf(v->arena, "groupadd --gid %lld %s; useradd "
	    "--uid %lld --gid %s --home %s --shell /usr/sbin/nologin %s",
	    (long long)o->vmail_uid, name, (long long)o->vmail_uid, name,
	    o->mail_directory, name);
}

/* A name or a number. */
static bool
uid_find(const char *name, int64_t *uid)
{
	const struct passwd *p;

	if (number_parse(name, uid))
		return true;
	p = getpwnam(name);
	if (p == NULL)
		return false;
	*uid = (int64_t)p->pw_uid;
	return true;
}

long
verify_uid_of(const char *name)
{
	int64_t uid;

	return *name != '\0' && uid_find(name, &uid) ? (long)uid : -1;
}

long
verify_uid_answered(const struct verifying *v)
{
	for (size_t i = 0; i < v->queries.count; i++) {
		const struct verify_query *q = &v->queries.item[i];
		const struct conf_column *c = conf_columns(v->arena, q->text);
		int64_t uid;

		for (; q->dovecot && c->text != NULL; c++) {
			if ((strcmp(c->name, "uid") == 0 ||
			    strcmp(c->name, "userdb_uid") == 0) &&
			    number_parse(c->text, &uid))
				return (long)uid;
		}
	}
	return -1;
}

/* Dovecot refuses to open mail of an account beyond these; 0: no limit. */
static bool
is_refused(const struct verifying *v, int64_t uid)
{
	int64_t first = 0, last = 0;

	return (number_parse(verify_dovecot(v, "first_valid_uid"), &first) &&
	    uid < first) || (number_parse(verify_dovecot(v,
	    "last_valid_uid"), &last) && last != 0 && uid > last);
}

static bool
user_verify(struct verifying *v, const char *name, int64_t *uid)
{
	int64_t expected = v->options->vmail_uid;

	if (!uid_find(name, uid)) {
		verify_found(v, VERIFY_MAIL_USER, name, user_advice(v, name),
		    "the user %s, who should own all mail, does not exist",
		    name);
		return false;
	}
	if (*uid == expected && !is_refused(v, *uid))
		return true;
	verify_found(v, VERIFY_MAIL_USER, name, *uid != expected ?
	    arena_printf(v->arena, "write \"vmail_uid = %lld\" in "
		"mailadm.conf; mailadm config render dovecot --out /",
		(long long)*uid) : VERIFY_RENDER("dovecot"),
	    *uid != expected ? "the user %s has the uid %lld, not that of the "
	    "setting vmail_uid" : "the user %s has the uid %lld, which "
	    "is not between Dovecot's first_valid_uid and last_valid_uid",
	    name, (long long)*uid);
	return true;
}

static void
directory_verify(struct verifying *v, const char *name, int64_t uid)
{
	const char *path = v->options->mail_directory;
	struct stat st;

	if (stat(path, &st) != 0) {
		if (errno == EACCES)
			verify_unchecked(v, VERIFY_MAIL_DIRECTORY,
			    arena_printf(v->arena, "cannot access %s",
				path));
		else
			verify_found(v, VERIFY_MAIL_DIRECTORY, path,
			    arena_printf(v->arena, "install -d -o %s -g %s "
				"-m 0700 %s", name, name, path),
			    "the mail directory %s does not exist", path);
		return;
	}
	if (!S_ISDIR(st.st_mode) || (int64_t)st.st_uid != uid ||
	    (st.st_mode & 0700) != 0700)
		verify_found(v, VERIFY_MAIL_DIRECTORY, path, arena_printf(
		    v->arena, "chown %s:%s %s; chmod 0700 %s", name, name,
			path, path), "%s cannot write the mail directory %s",
		    name, path);
	else if (st.st_mode & 0007)
		verify_found(v, VERIFY_MAIL_READABLE, path, arena_printf(
		    v->arena, "chmod 0700 %s", path), "the mail directory "
		    "%s is open to everybody on this machine (mode %04o)",
		    path, (unsigned)st.st_mode & 07777);
}

/* "5000 AS uid" */
static void
uids_verify(struct verifying *v)
{
	for (size_t i = 0; i < v->queries.count; i++) {
		const struct verify_query *q = &v->queries.item[i];
		const struct conf_column *c = conf_columns(v->arena, q->text);
		int64_t uid;

		for (; q->dovecot && c->text != NULL; c++) {
			if ((strcmp(c->name, "uid") != 0 &&
			    strcmp(c->name, "userdb_uid") != 0) ||
			    !number_parse(c->text, &uid) ||
			    !is_refused(v, uid))
				continue;
			verify_found(v, VERIFY_MAIL_USER, q->name,
			    arena_printf(v->arena, "write \"first_valid_uid = "
				"%s\" where it is set; doveadm reload",
				c->text), "the query of %s answers the uid %s, "
			    "which is not between first_valid_uid and "
			    "last_valid_uid: no user can log in", q->name,
			    c->text);
			return;
		}
	}
}

/* "uid=vmail" of a static userdb. */
static void
static_verify(struct verifying *v)
{
	const struct dovecot_block *b = dovecot_block(v->dovecot.root,
	    "userdb", NULL);
	const char *args = b != NULL ? dovecot_value(b, "args") : NULL;
	const char *name = args != NULL ? argument(v, args, "uid") : NULL;
	int64_t uid = 0;

	if (name != NULL && !uid_find(name, &uid))
		verify_found(v, VERIFY_MAIL_USER, name, NULL, "userdb has "
		    "uid=%s, and there is no such account", name);
	else if (name != NULL && is_refused(v, uid))
		verify_found(v, VERIFY_MAIL_USER, name, arena_printf(v->arena,
		    "write \"first_valid_uid = %lld\" where it is set; "
			"doveadm reload", (long long)uid), "userdb has uid=%s, "
		    "which is not between first_valid_uid and last_valid_uid: "
		    "no user can log in", name);
}

/* Elsewhere userdb says whose and where the mail is: no default counts. */
static void
elsewhere_verify(struct verifying *v)
{
	const char *name = verify_dovecot(v, "mail_uid");
	int64_t uid;

	uids_verify(v);
	static_verify(v);
	if (*name != '\0' && !uid_find(name, &uid))
		verify_found(v, VERIFY_MAIL_USER, name, NULL, "mail_uid is "
		    "%s, and there is no such account", name);
}

void
verify_mail(struct verifying *v)
{
	const char *name = verify_dovecot(v, "mail_uid");
	int64_t uid = 0;

	if (v->server != VERIFY_SERVER_OURS) {
		elsewhere_verify(v);
		return;
	}
	if (*name == '\0')
		name = "vmail";
	if (user_verify(v, name, &uid))
		directory_verify(v, name, uid);
	else
		verify_unchecked(v, VERIFY_MAIL_DIRECTORY,
		    "the account that owns the mail does not exist");
}
