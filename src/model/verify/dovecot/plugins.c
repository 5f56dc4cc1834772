/* Verifying the plugins of Dovecot, what they need, and plain forms. */
#include <glob.h>
#include <pwd.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/size.h"
#include "model/conf/conf.h"
#include "model/verify/private.h"

static const char *
plugin_value(const struct verifying *v, const char *name)
{
	const struct dovecot_block *b = dovecot_block(v->dovecot.root,
	    "plugin", NULL);
	const char *value = b != NULL ? dovecot_value(b, name) : NULL;

	return value != NULL ? value : "";
}

/* --- are they there --------------------------------------------------- */

static void
exist_verify(struct verifying *v, const char *list, const char *where)
{
	struct words words = postfix_list(v->arena, list != NULL ? list : "");
	const char *dir = verify_dovecot(v, "mail_plugin_dir");

	for (size_t i = 0; i < words.count; i++) {
		const char *name = words.word[i];
		glob_t found = { 0 };

		if (*name != '$' && access(dir, X_OK) == 0 && glob(
		    arena_printf(v->arena, "%s/lib*_%s_plugin.so", dir, name),
		    0, NULL, &found) == GLOB_NOMATCH)
			verify_found(v, VERIFY_REFUSED_LATER, arena_printf(
			    v->arena, "mail_plugins:%s", name), arena_printf(
				v->arena, "correct the name, or install the "
				"package that has %s; doveadm reload", name),
			    "mail_plugins%s has %s, and %s holds no such "
			    "plugin: nobody can open a mailbox", where, name,
			    dir);
		globfree(&found);
	}
}

/* 2.4 prints a block for a list. */
static void
all_exist_verify(struct verifying *v)
{
	const struct dovecot_block *b = v->dovecot.root->child;

	if (v->dovecot.minor >= 4 || v->options->root != NULL)
		return;
	exist_verify(v, verify_dovecot(v, "mail_plugins"), "");
	for (; (b = verify_block_next(b, "protocol")) != NULL; b = b->next)
		exist_verify(v, dovecot_value(b, "mail_plugins"),
		    arena_printf(v->arena, " of protocol %s", b->name));
}

/* --- are they loaded ---------------------------------------------------- */

static void
loaded_verify(struct verifying *v, const char *setting, const char *plugin,
    const char *what)
{
	if (*plugin_value(v, setting) == '\0' || verify_dovecot_loads(v,
	    plugin))
		return;
	verify_at(v, (struct verify_at){ .setting = setting });
	verify_found(v, VERIFY_PLUGIN_OFF, setting, arena_printf(v->arena,
	    "write \"mail_plugins = $mail_plugins %s\" %s; doveadm reload",
		plugin, strcmp(plugin, "sieve") == 0 ? "in protocol lmtp" :
		"in dovecot.conf"), "the block plugin sets %s, and no "
	    "mail_plugins has %s: %s", setting, plugin, what);
}

/* 2.4 has a block of its own for it. */
static void
quota_verify(struct verifying *v)
{
	loaded_verify(v, "quota", "quota", "no quota is enforced");
	if (v->dovecot.minor < 4 || verify_dovecot_loads(v, "quota") ||
	    dovecot_block(v->dovecot.root, "quota", NULL) == NULL)
		return;
	verify_found(v, VERIFY_PLUGIN_OFF, "quota", "in dovecot.conf: "
	    "mail_plugins { quota = yes }, a line each; doveadm reload",
	    "there is a block quota, and no mail_plugins has quota: no quota "
	    "is enforced");
}

/* "file:/etc/dovecot/a.sieve;name=x" */
static void
script_verify(struct verifying *v, const char *setting)
{
	const char *value = plugin_value(v, setting);
	const char *path = strchr(value, '/');

	if (path == NULL || path - value > 5 || strpbrk(value, "%~") != NULL)
		return;
	path = arena_strndup(v->arena, path, strcspn(path, ";"));
	if (access(verify_path(v, path), F_OK) == 0)
		return;
	verify_at(v, (struct verify_at){ .setting = setting });
	verify_found(v, VERIFY_PLUGIN_OFF, setting, arena_printf(v->arena,
	    "write %s, or take %s out", path, setting), "%s is %s, which does "
	    "not exist: that script does not run", setting, path);
}

static void
sieve_verify(struct verifying *v)
{
	static const char *const settings[] = { "sieve_before",
	    "sieve_after", "sieve_default", "sieve_before2", "sieve_global" };

	for (size_t i = 0; i < 5; i++) {
		if (verify_dovecot_loads(v, "sieve"))
			script_verify(v, settings[i]);
		else if (i < 3)
			loaded_verify(v, settings[i], "sieve",
			    "no script runs when mail is delivered");
	}
}

/* --- dict ---------------------------------------------------------------- */

/* "dict:User quota::proxy::sqlquota" asks for the dict sqlquota. */
static const char *
dict_named(const char *quota)
{
	const char *at = strncmp(quota, "dict:", 5) == 0 ? strstr(quota,
	    ":proxy:") : NULL;

	return at != NULL ? strrchr(at, ':') + 1 : NULL;
}

/* The account that mail processes have, as far as one has a name here. */
static const char *
mail_owner(struct verifying *v)
{
	const struct dovecot_block *b = dovecot_block(v->dovecot.root,
	    "userdb", NULL);
	const char *args = b != NULL ? dovecot_value(b, "args") : NULL;
	const char *at = args != NULL ? strstr(args, "uid=") : NULL;
	const char *name = verify_dovecot(v, "mail_uid");
	const struct passwd *p;

	if (at != NULL)
		name = arena_strndup(v->arena, at + 4, strcspn(at + 4,
		    " \t"));
	p = *name != '\0' ? getpwnam(name) : verify_uid_answered(v) >= 0 ?
	    getpwuid((uid_t)verify_uid_answered(v)) : NULL;
	return p != NULL ? arena_strdup(v->arena, p->pw_name) : NULL;
}

static void
dict_socket_verify(struct verifying *v)
{
	const struct dovecot_block *s = dovecot_block(v->dovecot.root,
	    "service", "dict");
	const struct dovecot_block *l = s != NULL ? dovecot_block(s,
	    "unix_listener", "dict") : NULL;
	const char *who = mail_owner(v);

	if (l == NULL || who == NULL || verify_may_connect(v, l, who))
		return;
	verify_found(v, VERIFY_DICT, "dict", arena_printf(v->arena, "in "
	    "dovecot.conf: service dict { unix_listener dict { mode = 0600, "
		"user = %s } }, a line each; systemctl restart dovecot", who),
	    "%s, who opens mailboxes, may not connect to the socket dict of "
	    "service dict: quotas cannot be read", who);
}

static void
dict_verify(struct verifying *v)
{
	const char *name = dict_named(plugin_value(v, "quota"));
	const struct dovecot_block *b = dovecot_block(v->dovecot.root,
	    "dict", NULL);

	if (name == NULL || v->dovecot.minor >= 4)
		return;
	if (b == NULL || dovecot_value(b, name) == NULL) {
		verify_at(v, (struct verify_at){ .setting = "quota" });
		verify_found(v, VERIFY_DICT, "quota", arena_printf(v->arena,
		    "name it as in quota: dict { %s = mysql:FILE }; doveadm "
			"reload", name), "quota asks the dict %s, which the "
		    "block dict does not have", name);
	} else {
		verify_dict_queries(v, dovecot_value(b, name));
		dict_socket_verify(v);
	}
}

/* --- forms -------------------------------------------------------------- */

/* Without "<" the path itself is taken for the certificate. */
static void
certificates_verify(struct verifying *v)
{
	static const char *const settings[] = { "ssl_cert", "ssl_key",
	    "ssl_dh", "ssl_ca", "ssl_alt_cert", "ssl_alt_key" };

	for (size_t i = 0; v->dovecot.minor < 4 && i < 6; i++) {
		const char *value = verify_dovecot(v, settings[i]);

		if (*value != '/')
			continue;
		verify_at(v, (struct verify_at){ .setting = settings[i] });
		verify_found(v, VERIFY_CERT_MISSING, settings[i],
		    arena_printf(v->arena, "write \"%s = <%s\"; doveadm "
			"reload", settings[i], value), "%s is %s, without < "
		    "in front: Dovecot takes the name for what is in the "
		    "file, and TLS fails", settings[i], value);
	}
}

/* Each user needs one namespace with the inbox. */
static void
inbox_verify(struct verifying *v)
{
	const struct dovecot_block *b = v->dovecot.root->child;
	size_t count = 0;

	for (; (b = verify_block_next(b, "namespace")) != NULL; b = b->next) {
		const char *inbox = dovecot_value(b, "inbox");

		count++;
		if (inbox != NULL && verify_is_yes(inbox))
			return;
	}
	if (count > 0 && v->dovecot.minor < 4)
		verify_found(v, VERIFY_REFUSED_LATER, "namespace", "write "
		    "\"inbox = yes\" in one namespace; doveadm reload",
		    "no namespace has \"inbox = yes\": nobody can open a "
		    "mailbox");
}

/* Dovecot takes passwords from these without TLS. */
static void
trusted_verify(struct verifying *v)
{
	static const char name[] = "login_trusted_networks";
	struct words words = postfix_list(v->arena, verify_dovecot(v, name));

	for (size_t i = 0; i < words.count; i++) {
		if (!conf_network_is_wide(words.word[i]))
			continue;
		verify_at(v, (struct verify_at){ .setting = name });
		verify_found(v, VERIFY_LOGIN_CLEAR, name, arena_printf(
		    v->arena, "take %s out of %s; doveadm reload",
			words.word[i], name), "%s has %s, where strangers "
		    "are: their passwords are taken without TLS, and they "
		    "may claim any address", name, words.word[i]);
	}
}

/* Where an index is, all users need a part of their own. */
static void
indexes_verify(struct verifying *v)
{
	static const char *const parts[] = { ":INDEX=/", ":CONTROL=/",
	    ":INDEXPVT=/" };
	const char *location = verify_dovecot(v, "mail_location");

	for (size_t i = 0; i < 3; i++) {
		const char *at = strstr(location, parts[i]);

		if (at == NULL || memchr(at + 1, '%', strcspn(at + 1, ":")) !=
		    NULL)
			continue;
		verify_found(v, VERIFY_DOMAIN_MISSING, "mail_location",
		    "write %u behind that directory in mail_location; "
		    "doveadm reload", "%.*s in mail_location is the same for "
		    "all users: they share what is in it",
		    (int)strcspn(at + 1, ":"), at + 1);
	}
}

/* These say nothing of it unless it stands in their arguments. */
static bool
all_are_silent(const struct verifying *v)
{
	const struct dovecot_block *b = v->dovecot.root->child;

	for (; (b = verify_block_next(b, "userdb")) != NULL; b = b->next) {
		const char *driver = dovecot_value(b, "driver");
		const char *args = dovecot_value(b, "args");

		if (driver == NULL || (strcmp(driver, "static") != 0 &&
		    strcmp(driver, "passwd") != 0 && strcmp(driver, "sql") !=
		    0) || (args != NULL && strstr(args, "mail=") != NULL))
			return false;
	}
	return true;
}

/* Dovecot then looks for mail that exists, and a new user has none. */
static void
location_verify(struct verifying *v)
{
	if (v->dovecot.minor >= 4 || *verify_dovecot(v, "mail_location") !=
	    '\0' || !verify_dovecot_has(v, "protocols", "imap") ||
	    !all_are_silent(v))
		return;
	for (size_t i = 0; i < v->queries.count; i++) {
		if (v->queries.item[i].dovecot && strcasestr(
		    v->queries.item[i].text, "mail") != NULL)
			return;
	}
	verify_found(v, VERIFY_LOCATION, "mail_location", NULL, "mail_location "
	    "is not set: Dovecot has to guess, "
	    "and does not find the mailbox of a new user");
}

void
verify_plugins(struct verifying *v)
{
	all_exist_verify(v);
	quota_verify(v);
	sieve_verify(v);
	dict_verify(v);
	certificates_verify(v);
	indexes_verify(v);
	inbox_verify(v);
	trusted_verify(v);
	location_verify(v);
}
