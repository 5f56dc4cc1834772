/* Verifying Dovecot: what it looks up, and how users log in. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "file/option_file.h"
#include "file/read.h"
#include "model/password/scheme.h"
#include "model/verify/private.h"

/* --- queries --------------------------------------------------------- */

/* A query of Dovecot: its name in the file of 2.3, and its block in 2.4. */
static const struct question {
	const char *name;	/* 2.3, in mailadm-sql.conf.ext */
	const char *block;	/* passdb or userdb */
	const char *setting;	/* 2.4, in that block */
	bool keyed;
} questions[] = {
	{ "password_query", "passdb", "query", true },
	{ "user_query", "userdb", "query", true },
	{ "iterate_query", "userdb", "iterate_query", false },
};

#define QUESTIONS (sizeof(questions) / sizeof(questions[0]))

static const char *
shipped_query(struct verifying *v, const struct question *q)
{
	const char *text = verify_shipped(v->dovecot.minor >= 4 ?
	    "dovecot/2.4/mailadm-sql.conf.ext" :
	    "dovecot/2.3/mailadm-sql.conf.ext");
	const struct dovecot_block *block;
	struct dovecot_block *root;
	struct err e = { 0 };
	struct cf cf;

	if (text == NULL)
		return NULL;
	if (v->dovecot.minor < 4) {
		cf_parse(v->arena, text, CF_DOVECOT, &cf);
		return cf_value(&cf, q->name);
	}
	if (!dovecot_parse(v->arena, text, &root, &e)) {
		err_clear(&e);
		return NULL;
	}
	block = dovecot_block(root, q->block, NULL);
	return block != NULL ? dovecot_value(block, q->setting) : NULL;
}

static void
query_verify(struct verifying *v, const struct question *q,
    const char *name, const char *text, size_t account)
{
	if (text == NULL || *text == '\0') {
		if (q->keyed)
			verify_found(v, VERIFY_LOOKUP_FILE, name,
			    VERIFY_RENDER("dovecot"),
			    "%s is not set", name);
		return;
	}
	verify_query(v, &(struct verify_query){
		.name = name,
		.text = text,
		.shipped = shipped_query(v, q),
		.dovecot = true,
		.keyed = q->keyed,
		.passwords = strcmp(q->block, "passdb") == 0,
		.account = account,
	});
}

/* --- schemes --------------------------------------------------------- */

/* MD5-CRYPT.B64 is MD5-CRYPT; the letters have no case. */
static bool
is_refused(const struct verifying *v, const char *scheme)
{
	char *name = arena_strndup(v->arena, scheme, strcspn(scheme, "."));

	for (char *p = name; *p != '\0'; p++)
		*p = (char)toupper((unsigned char)*p);
	return v->dovecot.minor >= 4 && scheme_is_old(name) &&
	    !verify_is_yes(verify_dovecot(v, "auth_allow_weak_schemes"));
}

static void
scheme_verify(struct verifying *v, const char *file, const char *setting,
    const char *scheme)
{
	const char *advice = arena_printf(v->arena, "write \"%s = CRYPT\" "
	    "in %s; doveadm reload", setting, file);

	if (is_refused(v, scheme))
		verify_found(v, VERIFY_SCHEME_REFUSED, file, advice,
		    "%s is %s: Dovecot 2.4 refuses such hashes, so every "
		    "hash without a {SCHEME} fails", setting, scheme);
	else if (strcasecmp(scheme, "CRYPT") != 0)
		verify_found(v, VERIFY_SCHEME, file, advice,
		    "%s is %s: a hash of another scheme without "
		    "{SCHEME} fails every login; CRYPT knows each by its "
		    "$5$, $6$ or $2y$", setting, scheme);
}

/* --- 2.3: a file of its own ------------------------------------------ */

/* The values of "host=a host=b dbname=mail". */
static void
connect_take(struct arena *a, const char *connect, struct words *hosts,
    struct lookup_account *as)
{
	size_t all = strlen(connect);
	bool quoted = all > 1 && strchr("\"'", *connect) != NULL &&
	    connect[all - 1] == *connect;
	struct words words = postfix_list(a, quoted ? arena_strndup(a,
	    connect + 1, all - 2) : connect);
	const struct { const char *name; const char **value; } parts[] = {
		{ "user=", &as->user }, { "password=", &as->password },
		{ "dbname=", &as->database }, { "ssl_ca=", &as->ca },
		{ "option_file=", &as->option_file },
	};

	for (size_t i = 0; i < words.count; i++) {
		const char *word = words.word[i];

		if (strncmp(word, "host=", 5) == 0)
			words_add(a, hosts, word + 5);
		if (strncmp(word, "port=", 5) == 0)
			as->port = (unsigned)strtoul(word + 5, NULL, 10);
		for (size_t p = 0; p < sizeof(parts) / sizeof(*parts); p++) {
			size_t len = strlen(parts[p].name);

			if (strncmp(word, parts[p].name, len) == 0)
				*parts[p].value = word + len;
		}
	}
}

static void
host_take(struct lookup_account *as, const char *host)
{
	if (*host == '/') {
		as->socket = host;
		return;
	}
	as->host = host;
	/* As the map of Postfix: TLS is what the file asks for. */
	as->remote = as->ca != NULL && !option_host_is_local(host, NULL);
}

/* Each host is an account; the first one is asked. */
static size_t
account_add(struct verifying *v, const char *name, struct words *hosts,
    const struct lookup_account *as)
{
	size_t first = 0;

	if (hosts->count == 0)
		words_add(v->arena, hosts, "localhost");
	for (size_t i = hosts->count; i > 0; i--) {
		struct verify_account account = { .name = name,
		    .server = "dovecot", .as = *as,
		    .host = hosts->word[i - 1] };

		host_take(&account.as, account.host);
		first = verify_account(v, &account);
	}
	return first;
}

static const char *
file_value(const struct cf *cf, const char *name)
{
	const char *value = cf_value(cf, name);

	return value != NULL ? value : "";
}

/* Does a block of this type ask the file? */
static bool
is_asked(const struct verifying *v, const char *type, const char *file)
{
	const struct dovecot_block *b = verify_sql_block(v, type);
	const char *args = b != NULL ? dovecot_value(b, "args") : NULL;

	return args != NULL && strcmp(verify_path(v, args), file) == 0;
}

/* What is right in MariaDB may be wrong in another database. */
static bool
is_mysql(const struct cf *cf)
{
	const char *driver = file_value(cf, "driver");

	return *driver == '\0' || strcmp(driver, "mysql") == 0;
}

/* Reading it needs no database. */
static size_t
connect_verify(struct verifying *v, const char *file, const struct cf *cf)
{
	const char *connect = file_value(cf, "connect");
	struct words hosts = { 0 };
	struct lookup_account as = { 0 };

	connect_take(v->arena, connect, &hosts, &as);
	if (strstr(connect, "read_timeout=") != NULL)
		;
	else if (v->server != VERIFY_SERVER_OURS)
		words_add(v->arena, &v->without_timeout, file);
	else
		verify_found(v, VERIFY_LOOKUP_TIMEOUT, file, arena_printf(
		    v->arena, "write \"connect_timeout=2 read_timeout=5\" "
			"behind connect in %s", file), "connect in %s has no "
		    "read_timeout: a database that hangs stops all "
		    "logins", file);
	return account_add(v, file, &hosts, &as);
}

static void
file_verify(struct verifying *v, const char *file, const struct cf *cf)
{
	const char *scheme = file_value(cf, "default_pass_scheme");
	size_t account;

	if (*file_value(cf, "connect") == '\0') {
		verify_found(v, VERIFY_LOOKUP_FILE, file, arena_printf(
		    v->arena, "write \"connect = host=... dbname=... "
			"user=... password=...\" in %s; doveadm reload",
			file), "%s sets no connect: Dovecot does not know "
		    "where its database is", file);
		return;
	}
	account = is_mysql(cf) ? connect_verify(v, file, cf) : 0;
	for (size_t i = 0; i < QUESTIONS; i++) {
		if (is_asked(v, questions[i].block, file))
			query_verify(v, &questions[i], arena_printf(v->arena,
			    "%s:%s", file, questions[i].name),
			    cf_value(cf, questions[i].name), account);
	}
	scheme_verify(v, file, "default_pass_scheme",
	    *scheme != '\0' ? scheme : "MD5");
}

static void
file_look(struct verifying *v, const char *file)
{
	struct text content = TEXT_INIT;
	struct err e = { 0 };
	struct stat st;
	struct cf cf;

	if (file_read(file, &content, &st, &e)) {
		cf_parse(v->arena, content.buf, CF_DOVECOT, &cf);
		file_verify(v, file, &cf);
	} else if (e.code == ERR_NOT_FOUND) {
		verify_found(v, VERIFY_LOOKUP_FILE, file,
		    VERIFY_RENDER("dovecot"),
		    "dovecot.conf names %s, which does not exist", file);
	} else {
		verify_unchecked_all(v, VERIFY_SQL_FILE, arena_strdup(v->arena,
		    e.text));
	}
	err_clear(&e);
	text_clear(&content);
}

/* "map { table = t; username_field = u; value_field = v }" */
static void
dict_map_query(struct verifying *v, const char *file,
    const struct dovecot_block *map, size_t account)
{
	const char *table = dovecot_value(map, "table");
	const char *user = dovecot_value(map, "username_field");
	const char *value = dovecot_value(map, "value_field");

	if (table == NULL || user == NULL || value == NULL)
		return;
	verify_query(v, &(struct verify_query){
		.name = arena_printf(v->arena, "%s:%s", file, value),
		.text = arena_printf(v->arena, "%s %s FROM %s WHERE %s = "
		    "'%%u'", "SELECT", value, table, user),
		.dovecot = true,
		.keyed = true,
		.account = account,
	});
}

void
verify_dict_queries(struct verifying *v, const char *dict)
{
	struct text content = TEXT_INIT;
	struct dovecot_block *root;
	struct err e = { 0 };
	struct stat st;
	const char *file;
	struct cf cf;

	if (strncmp(dict, "mysql:/", 7) != 0)
		return;
	file = verify_path(v, dict + 6);
	if (file_read(file, &content, &st, &e) && dovecot_parse(v->arena,
	    content.buf, &root, &e) && dovecot_value(root, "connect") !=
	    NULL) {
		const struct dovecot_block *map = root->child;
		size_t account;

		cf = root->settings;
		account = connect_verify(v, file, &cf);
		for (; (map = verify_block_next(map, "map")) != NULL;
		    map = map->next)
			dict_map_query(v, file, map, account);
	} else if (e.code == ERR_NOT_FOUND) {
		verify_found(v, VERIFY_LOOKUP_FILE, file, NULL, "the block "
		    "dict names %s, which does not exist", file);
	}
	err_clear(&e);
	text_clear(&content);
}

/* Usually both blocks name the same file. */
static void
files_look(struct verifying *v)
{
	static const char *const types[] = { "passdb", "userdb" };
	const char *seen = "";

	for (size_t i = 0; i < 2; i++) {
		const struct dovecot_block *b = verify_sql_block(v, types[i]);
		const char *file = b != NULL ? dovecot_value(b, "args") :
		    NULL;

		if (file != NULL && strcmp(file, seen) != 0)
			file_look(v, verify_path(v, file));
		seen = file != NULL ? file : seen;
	}
}

/* --- 2.4: in the configuration itself -------------------------------- */

static size_t
server_account(struct verifying *v)
{
	const struct dovecot_block *b = v->dovecot.root->child;
	struct words hosts = { 0 };
	struct lookup_account as = { 0 };
	const char *port = NULL;

	b = verify_block_next(b, "mysql");
	if (b == NULL)
		return 0;
	as.user = dovecot_value(b, "user");
	as.password = dovecot_value(b, "password");
	as.database = dovecot_value(b, "dbname");
	as.ca = dovecot_value(b, "ssl_ca");
	port = dovecot_value(b, "port");
	as.port = port != NULL ? (unsigned)strtoul(port, NULL, 10) : 0;
	for (; b != NULL; b = verify_block_next(b->next, "mysql"))
		words_add(v->arena, &hosts, dovecot_value(b, "host") ?
		    dovecot_value(b, "host") : b->name);
	return account_add(v, "the block mysql of dovecot.conf", &hosts, &as);
}

static void
blocks_look(struct verifying *v)
{
	const struct dovecot_block *passdb = verify_sql_block(v, "passdb");
	size_t account = server_account(v);
	const char *scheme = NULL;

	for (size_t i = 0; i < QUESTIONS; i++) {
		const struct question *q = &questions[i];
		const struct dovecot_block *b = verify_sql_block(v, q->block);

		if (b != NULL)
			query_verify(v, q, arena_printf(v->arena, "%s:%s",
			    q->block, q->setting), dovecot_value(b,
				q->setting), account);
	}
	if (passdb == NULL)
		return;
	scheme = dovecot_value(passdb, "default_password_scheme");
	if (scheme == NULL)
		scheme = verify_dovecot(v, "passdb_default_password_scheme");
	scheme_verify(v, "passdb sql", "default_password_scheme", scheme);
}

void
verify_dovecot_queries(struct verifying *v)
{
	static const char *const types[] = { "passdb", "userdb" };

	for (size_t i = 0; i < 2; i++) {
		if (verify_sql_block(v, types[i]) == NULL)
			verify_found(v, VERIFY_USERDB_MISSING, types[i],
			    NULL, "no %s of Dovecot asks the database",
			    types[i]);
	}
	if (v->dovecot.minor >= 4)
		blocks_look(v);
	else
		files_look(v);
}

/* --- logins ---------------------------------------------------------- */

/* What a block does not set is as in the whole configuration. */
static const char *
inherited(const struct dovecot_block *b, const char *name)
{
	const char *value = dovecot_value(b, name);

	if (value == NULL && b->up != NULL)
		value = dovecot_value(b->up, name);
	return value != NULL ? value : "";
}

/* In the file that sets it, or else in the one that is read always. */
static const char *
clear_advice(struct verifying *v)
{
	struct place place = { v->places.sources > 0 ?
	    v->places.source[0].path : "dovecot.conf", 0 };

	if (v->server == VERIFY_SERVER_OURS)
		return NULL;
	place_dovecot(&v->places, NULL, NULL, "ssl", &place);
	return arena_printf(v->arena, "write \"ssl = required\" in %s; doveadm "
	    "reload", place.file);
}

/*
 * In the whole configuration, or in "protocol imap".  Either of the two
 * settings alone refuses a password before TLS.
 */
static void
clear_verify(struct verifying *v, const struct dovecot_block *b,
    const char *where)
{
	const char *ssl = inherited(b, "ssl");
	const char *refuse = inherited(b, "disable_plaintext_auth");
	bool allowed = verify_is_yes(inherited(b, "auth_allow_cleartext")) ||
	    (*refuse != '\0' && !verify_is_yes(refuse));

	if (b->up != NULL && dovecot_value(b, "ssl") == NULL &&
	    dovecot_value(b, "disable_plaintext_auth") == NULL &&
	    dovecot_value(b, "auth_allow_cleartext") == NULL)
		return;
	if (strcmp(ssl, "no") == 0)
		verify_found(v, VERIFY_LOGIN_CLEAR, where, clear_advice(v),
		    "ssl is "
		    "no%s%s: mail can be read without TLS",
		    b->up != NULL ? " in " : "", b->up != NULL ? where : "");
	else if (*ssl != '\0' && strcmp(ssl, "required") != 0 && allowed)
		verify_found(v, VERIFY_LOGIN_CLEAR, where, clear_advice(v),
		    "ssl is %s and %s: passwords are taken before TLS", ssl,
		    *refuse != '\0' ? "disable_plaintext_auth is no" :
		    "auth_allow_cleartext is yes");
}

static void
protocols_verify(struct verifying *v)
{
	static const char *const weak[] = { "ANY", "SSLv3", "TLSv1",
	    "TLSv1.1", NULL };
	const struct dovecot_block *b = v->dovecot.root->child;
	const char *least = verify_dovecot(v, "ssl_min_protocol");

	clear_verify(v, v->dovecot.root, "ssl");
	for (; b != NULL; b = b->next) {
		if (strcmp(b->type, "protocol") == 0 ||
		    strcmp(b->type, "local") == 0 ||
		    strcmp(b->type, "remote") == 0)
			clear_verify(v, b, arena_printf(v->arena, "%s %s",
			    b->type, b->name));
	}
	for (size_t i = 0; weak[i] != NULL; i++) {
		if (strcasecmp(least, weak[i]) == 0)
			verify_found(v, VERIFY_TLS_PROTOCOLS,
			    "ssl_min_protocol", "write \"ssl_min_protocol = "
			    "TLSv1.2\" in dovecot.conf; doveadm reload",
			    "Dovecot accepts outdated TLS: ssl_min_protocol is "
			    "%s", least);
	}
}

static void
mechanisms_verify(struct verifying *v)
{
	static const char *const useless[] = { "cram-md5", "digest-md5",
	    "apop", "ntlm", "rpa", "otp", "skey", "scram-sha-1",
	    "scram-sha-256", "anonymous", NULL };

	for (size_t i = 0; useless[i] != NULL; i++) {
		if (verify_dovecot_has(v, "auth_mechanisms", useless[i]))
			verify_found(v, VERIFY_MECHANISMS, useless[i], NULL,
			    "auth_mechanisms offers %s, which %s",
			    useless[i], strcmp(useless[i], "anonymous") == 0 ?
			    "asks for no password" : "does not work with "
			    "stored hashes");
	}
}

/* "10 M" is 10. */
static void
cache_verify(struct verifying *v)
{
	const char *size = verify_dovecot(v, "auth_cache_size");

	if (strtoul(size, NULL, 10) > 0)
		verify_found(v, VERIFY_AUTH_CACHE, "auth_cache_size", NULL,
		    "auth_cache_size is %s: with an old password, or disabled "
		    "or expired, a user can still log in for up to %s",
		    size, verify_dovecot(v, "auth_cache_ttl"));
}

static void
worker_verify(struct verifying *v)
{
	const struct dovecot_block *b = dovecot_block(v->dovecot.root,
	    "service", "auth-worker");
	const char *name = v->dovecot.minor >= 4 ? "restart_request_count" :
	    "service_count";
	const char *count = b != NULL ? dovecot_value(b, name) : NULL;

	if (v->server != VERIFY_SERVER_OURS && !verify_dovecot_asks_sql(v))
		return;
	if (count == NULL || strcmp(count, "1") != 0)
		verify_found(v, VERIFY_AUTH_WORKER, "auth-worker",
		    arena_printf(v->arena, "write \"%s = 1\" in service "
			"auth-worker; doveadm reload", name),
		    "%s of service auth-worker is %s: after the database was "
		    "away, a busy worker keeps failing for minutes", name,
		    count != NULL ? count : "not 1");
}

/* --- quotas ---------------------------------------------------------- */

static bool
block_has(const struct verifying *v, const struct dovecot_block *in,
    const char *list, const char *word)
{
	const struct dovecot_block *b = dovecot_block(in, list, NULL);
	const char *flag = b != NULL ? dovecot_value(b, word) : NULL;
	const char *text = dovecot_value(in, list);
	struct words all = postfix_list(v->arena, text != NULL ? text : "");

	return verify_has_word(&all, word) || (flag && verify_is_yes(flag));
}

bool
verify_dovecot_has(const struct verifying *v, const char *list,
    const char *word)
{
	return block_has(v, v->dovecot.root, list, word);
}

bool
verify_dovecot_loads(const struct verifying *v, const char *plugin)
{
	const struct dovecot_block *b = v->dovecot.root->child;

	for (; (b = verify_block_next(b, "protocol")) != NULL; b = b->next) {
		if (block_has(v, b, "mail_plugins", plugin))
			return true;
	}
	return verify_dovecot_has(v, "mail_plugins", plugin);
}

static void
quota_verify(struct verifying *v)
{
	const struct dovecot_block *plugin = dovecot_block(v->dovecot.root,
	    "plugin", NULL);
	bool set = dovecot_block(v->dovecot.root, "quota", NULL) != NULL ||
	    (plugin != NULL && dovecot_value(plugin, "quota") != NULL);

	if (v->server == VERIFY_SERVER_OURS ? !verify_dovecot_has(v,
	    "mail_plugins", "quota") : !verify_dovecot_loads(v, "quota"))
		verify_found(v, VERIFY_QUOTA_OFF, "mail_plugins", NULL,
		    "mail_plugins has no quota: mailboxes grow without "
		    "limit");
	else if (!set)
		verify_found(v, VERIFY_QUOTA_OFF, "quota", NULL, "the quota "
		    "plugin has no quota set: mailboxes grow without "
		    "limit");
}

void
verify_imap(struct verifying *v)
{
	protocols_verify(v);
	mechanisms_verify(v);
	cache_verify(v);
	worker_verify(v);
	quota_verify(v);
}
