/* Verifying passdb and userdb: drivers, files, and the fields they answer. */
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/text.h"
#include "file/read.h"
#include "model/conf/conf.h"
#include "model/password/scheme.h"
#include "model/verify/private.h"

static const char *
driver_of(const struct dovecot_block *b)
{
	const char *driver = dovecot_value(b, "driver");

	return driver != NULL && *driver != '\0' ? driver : b->name;
}

/* Capitals count: Dovecot knows no driver "MySQL". */
static bool
is_just_one(const char *word, const char *const *of)
{
	while (*of != NULL && strcmp(word, *of) != 0)
		of++;
	return *of != NULL;
}

static void
refused_later(struct verifying *v, const char *name, const char *advice,
    const char *why)
{
	verify_found(v, VERIFY_REFUSED_LATER, name, arena_printf(v->arena,
	    "%s; systemctl restart dovecot", advice), "%s", why);
}

/* --- drivers ------------------------------------------------------------ */

static const char *const drivers[] = { "sql", "ldap", "passwd-file",
    "passwd", "pam", "shadow", "bsdauth", "static", "dict", "checkpassword",
    "lua", "oauth2", "imap", "prefetch", "nss", "vpopmail", "sia", "gssapi",
    NULL };

static void
driver_verify(struct verifying *v, const struct dovecot_block *b)
{
	const char *driver = driver_of(b);

	if (strcmp(b->type, "passdb") == 0 && strcmp(driver, "passwd") == 0)
		verify_found(v, VERIFY_FIELDS_MISSING, "passdb", "write "
		    "\"driver = pam\" in passdb; doveadm reload", "the driver "
		    "of passdb is passwd, which has no passwords where they "
		    "are in /etc/shadow: nobody can log in");
	if (*driver == '\0' || is_just_one(driver, drivers) ||
	    v->dovecot.minor >= 4)
		return;
	refused_later(v, b->type, arena_printf(v->arena, "correct \"driver = "
	    "%s\" in %s", driver, b->type), arena_printf(v->arena,
		"the driver of %s is %s, which Dovecot does not have: nobody "
		"can log in", b->type, driver));
}

/* --- files of users ----------------------------------------------------- */

static const char *
user_of_auth(const struct verifying *v)
{
	const struct dovecot_block *s = dovecot_block(v->dovecot.root,
	    "service", "auth");
	const char *user = s != NULL ? dovecot_value(s, "user") : NULL;

	return user == NULL || *user == '\0' || *user == '$' ?
	    verify_dovecot(v, "default_internal_user") : user;
}

/* "scheme=CRYPT username_format=%u /etc/dovecot/users" */
static const char *
users_file(struct verifying *v, const struct dovecot_block *b)
{
	const char *args = dovecot_value(b, v->dovecot.minor >= 4 ?
	    "passwd_file_path" : "args");
	struct words words = postfix_list(v->arena, args != NULL ? args : "");
	const char *last = words.count > 0 ? words.word[words.count - 1] : "";

	return *last == '/' && strchr(last, '%') == NULL ? last : NULL;
}

static void
users_verify(struct verifying *v, const struct dovecot_block *b)
{
	const char *path = users_file(v, b), *user = user_of_auth(v);
	struct stat st;

	if (path == NULL || strcmp(driver_of(b), "passwd-file") != 0)
		return;
	verify_at(v, (struct verify_at){ .instead = VERIFY_LOGIN });
	if (stat(verify_path(v, path), &st) != 0 && access(verify_path(v,
	    path), F_OK) != 0)
		verify_found(v, VERIFY_LOOKUP_FILE, path, arena_printf(
		    v->arena, "write %s, or correct its name in args of %s; "
			"doveadm reload", path, b->type), "%s names %s, which "
		    "does not exist: nobody in it can log in", b->type, path);
	else if (!verify_account_may(user, &st, 4))
		verify_found(v, VERIFY_FILE_UNREADABLE, path, arena_printf(
		    v->arena, "chgrp %s %s; chmod g+r %s", user, path, path),
		    "%s cannot read %s: nobody in it can log in", user, path);
	v->at = (struct verify_at){ 0 };
}

/* --- fields ------------------------------------------------------------- */

/* Names that a query answers; `unknown` where some have none. */
struct answered {
	bool password, uid, prefetched, unknown;
	const char *plain;	/* home, uid or gid without userdb_ */
};

static struct answered
answered_by(struct verifying *v, const char *query)
{
	static const char *const later[] = { "home", "uid", "gid", "mail",
	    "quota_rule", NULL };
	const struct conf_column *c = conf_columns(v->arena, query);
	struct answered a = { .unknown = c->text == NULL };

	for (; c->text != NULL; c++) {
		a.password |= strcasecmp(c->name, "password") == 0 ||
		    strcasecmp(c->name, "nopassword") == 0;
		a.uid |= strcasecmp(c->name, "uid") == 0;
		a.prefetched |= strncasecmp(c->name, "userdb_", 7) == 0;
		a.unknown |= strchr(c->text, '*') != NULL &&
		    *c->name == '\0';
		if (is_just_one(c->name, later))
			a.plain = c->name;
	}
	return a;
}

static bool
has_driver(const struct verifying *v, const char *type, const char *driver)
{
	const struct dovecot_block *b = v->dovecot.root->child;

	for (; (b = verify_block_next(b, type)) != NULL; b = b->next) {
		if (strcmp(driver_of(b), driver) == 0)
			return true;
	}
	return false;
}

/* What counts for all users, or for those of this block. */
static bool
has_uid(const struct verifying *v, const struct dovecot_block *b)
{
	static const char *const more[] = { "default_fields",
	    "override_fields", "args" };

	if (*verify_dovecot(v, "mail_uid") != '\0')
		return true;
	for (size_t i = 0; b != NULL && i < 3; i++) {
		const char *fields = dovecot_value(b, more[i]);

		if (fields != NULL && strstr(fields, "uid=") != NULL)
			return true;
		if (dovecot_block(b, i == 0 ? "fields" : more[i], NULL) !=
		    NULL)
			return true;
	}
	return false;
}

static void
uid_missing(struct verifying *v, const char *name)
{
	verify_found(v, VERIFY_FIELDS_MISSING, name, "write \"mail_uid = "
	    "vmail\" and \"mail_gid = vmail\", with the account that owns the "
	    "mail; doveadm reload", "%s answers no uid, and mail_uid is not "
	    "set: no user can log in, and no mail is delivered", name);
}

static void
query_verify(struct verifying *v, const struct verify_query *q)
{
	struct answered a = answered_by(v, q->text);

	if (a.unknown || !q->keyed)
		return;
	if (q->passwords && !a.password)
		verify_found(v, VERIFY_FIELDS_MISSING, q->name, arena_printf(
		    v->arena, "write AS password behind the column of hashes "
			"in %s; doveadm reload", q->name), "the query of %s "
		    "answers no field password: nobody can log in", q->name);
	if (q->passwords && a.plain != NULL && has_driver(v, "userdb",
	    "prefetch"))
		verify_found(v, VERIFY_FIELD, q->name, arena_printf(v->arena,
		    "write AS userdb_%s for %s in %s; doveadm reload",
			a.plain, a.plain, q->name), "the query of %s answers "
		    "%s, and a userdb of prefetch looks at userdb_%s alone",
		    q->name, a.plain, a.plain);
	if (!q->passwords && !a.uid && !has_uid(v, verify_sql_block(v,
	    "userdb")))
		uid_missing(v, q->name);
}

/* A static userdb has all that it knows in its arguments. */
static void
static_verify(struct verifying *v, const struct dovecot_block *b)
{
	if (strcmp(b->type, "userdb") == 0 && strcmp(driver_of(b),
	    "static") == 0 && !has_uid(v, b))
		uid_missing(v, "userdb");
}

/* --- files of settings -------------------------------------------------- */

static const char *const sql_settings[] = { "driver", "connect",
    "password_query", "user_query", "update_query", "iterate_query",
    "default_pass_scheme", "userdb_warning_disable", "deny_unused", NULL };

static const char *const ldap_settings[] = { "hosts", "uris", "dn",
    "dnpass", "auth_bind", "auth_bind_userdn", "sasl_bind", "sasl_mech",
    "sasl_realm", "sasl_authz_id", "tls", "tls_ca_cert_file",
    "tls_ca_cert_dir", "tls_cert_file", "tls_key_file", "tls_cipher_suite",
    "tls_require_cert", "ldaprc_path", "debug_level", "ldap_version",
    "base", "deref", "scope", "user_attrs", "user_filter", "pass_attrs",
    "pass_filter", "iterate_attrs", "iterate_filter", "default_pass_scheme",
    "userdb_warning_disable", "blocking", "allow_nets", NULL };

static const char *const sql_drivers[] = { "mysql", "pgsql", "sqlite",
    "cassandra", NULL };

static void
names_verify(struct verifying *v, const char *file, const struct cf *cf,
    const char *const *known)
{
	for (size_t i = 0; i < cf->count; i++) {
		const char *name = cf->entry[i].name;

		if (is_just_one(name, known) || strpbrk(name, " {}!") != NULL)
			continue;
		verify_at(v, (struct verify_at){ file, cf->entry[i].line,
		    NULL, NULL, 0 });
		refused_later(v, arena_printf(v->arena, "%s:%s", file, name),
		    arena_printf(v->arena, "correct the name %s in %s", name,
			file), arena_printf(v->arena, "%s sets %s, which "
			"Dovecot does not know there: nobody can log in",
			file, name));
	}
}

static void
values_verify(struct verifying *v, const char *file, const struct cf *cf)
{
	const char *driver = cf_value(cf, "driver");
	const char *scheme = cf_value(cf, "default_pass_scheme");

	if (driver != NULL && !is_just_one(driver, sql_drivers))
		refused_later(v, file, arena_printf(v->arena, "correct "
		    "\"driver = %s\" in %s", driver, file), arena_printf(
			v->arena, "%s: the driver is %s, which Dovecot does "
			"not have: nobody can log in", file, driver));
	if (scheme != NULL && *scheme != '\0' && scheme_state(scheme) ==
	    HASH_UNKNOWN)
		refused_later(v, file, arena_printf(v->arena, "correct "
		    "default_pass_scheme in %s", file), arena_printf(
			v->arena, "%s: default_pass_scheme is %s, which "
			"Dovecot does not know: hashes without a {SCHEME} "
			"fail", file, scheme));
}

/* "mail=user,userPassword=password" has the field password. */
static bool
has_field(const char *attributes, const char *field)
{
	const char *at = attributes;
	size_t len = strlen(field);

	for (; (at = strstr(at, field)) != NULL; at += len) {
		if ((at == attributes || strchr("=, ", at[-1]) != NULL) &&
		    strchr("=, %", at[len]) != NULL)
			return true;
	}
	return false;
}

static void
ldap_domain_verify(struct verifying *v, const char *file,
    const struct cf *cf)
{
	static const char *const names[] = { "user_filter", "pass_filter",
	    "auth_bind_userdn", "user_attrs" };

	for (size_t i = 0; i < 4; i++) {
		const char *value = cf_value(cf, names[i]);

		if (value == NULL || !verify_dovecot_domains(v) ||
		    !conf_lacks_domain(value) || (i == 3 && strchr(value,
		    '/') == NULL))
			continue;
		verify_at(v, (struct verify_at){ file, 0, names[i], NULL,
		    0 });
		verify_found(v, VERIFY_DOMAIN_MISSING, arena_printf(v->arena,
		    "%s:%s", file, names[i]), NULL, "%s in %s asks for %%n "
		    "and not for the domain: users of two domains with the "
		    "same name are one", names[i], file);
	}
}

/* The block of this type that asks the file; or NULL. */
static const struct dovecot_block *
asking(struct verifying *v, const char *type, const char *file)
{
	const struct dovecot_block *b = v->dovecot.root->child;

	for (; (b = verify_block_next(b, type)) != NULL; b = b->next) {
		const char *args = dovecot_value(b, "args");

		if (args != NULL && strcmp(verify_path(v, args), file) == 0)
			return b;
	}
	return NULL;
}

/* What no block asks for may be anything. */
static void
ldap_verify(struct verifying *v, const char *file, const struct cf *cf)
{
	const struct dovecot_block *userdb = asking(v, "userdb", file);
	const char *pass = cf_value(cf, "pass_attrs");
	const char *user = cf_value(cf, "user_attrs");
	const char *bind = cf_value(cf, "auth_bind");

	names_verify(v, file, cf, ldap_settings);
	ldap_domain_verify(v, file, cf);
	if (pass != NULL && asking(v, "passdb", file) != NULL &&
	    !has_field(pass, "password") && (bind == NULL ||
	    !verify_is_yes(bind)))
		verify_found(v, VERIFY_FIELDS_MISSING, file, arena_printf(
		    v->arena, "write userPassword=password in pass_attrs of "
			"%s; doveadm reload", file), "pass_attrs of %s "
		    "answers no field password: nobody can log in", file);
	if (user != NULL && userdb != NULL && !has_field(user, "uid") &&
	    !has_uid(v, userdb))
		uid_missing(v, file);
}

static void
file_verify(struct verifying *v, const char *file, bool ldap)
{
	struct text content = TEXT_INIT;
	struct err e = { 0 };
	struct stat st;
	struct cf cf;

	if (file_read(file, &content, &st, &e)) {
		cf_parse(v->arena, content.buf, CF_DOVECOT, &cf);
		if (ldap)
			ldap_verify(v, file, &cf);
		else
			names_verify(v, file, &cf, sql_settings);
		values_verify(v, file, &cf);
	} else if (e.code == ERR_NOT_FOUND && ldap) {
		verify_found(v, VERIFY_LOOKUP_FILE, file, NULL,
		    "dovecot.conf names %s, which does not exist", file);
	}
	err_clear(&e);
	text_clear(&content);
}

static void
file_of(struct verifying *v, const struct dovecot_block *b,
    struct words *seen)
{
	const char *file = dovecot_value(b, "args");
	bool ldap = strcmp(driver_of(b), "ldap") == 0;

	if (v->dovecot.minor >= 4 || file == NULL || *file != '/' ||
	    (!ldap && strcmp(driver_of(b), "sql") != 0) ||
	    words_have(seen, file))
		return;
	words_add(v->arena, seen, file);
	file_verify(v, verify_path(v, file), ldap);
}

void
verify_databases(struct verifying *v)
{
	const struct dovecot_block *b = v->dovecot.root->child;
	struct words seen = { 0 };

	for (; b != NULL; b = b->next) {
		if (strcmp(b->type, "passdb") != 0 &&
		    strcmp(b->type, "userdb") != 0)
			continue;
		driver_verify(v, b);
		users_verify(v, b);
		static_verify(v, b);
		file_of(v, b, &seen);
	}
	for (size_t i = 0; i < v->queries.count; i++) {
		if (v->queries.item[i].dovecot)
			query_verify(v, &v->queries.item[i]);
	}
}
