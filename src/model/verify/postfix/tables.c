/*
 * Verifying what stands in the tables of Postfix that are text: transports,
 * policies of TLS, and the files of LDAP and SQLite maps.
 */
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/text.h"
#include "file/read.h"
#include "model/verify/private.h"

/* --- rows ------------------------------------------------------------- */

struct table {
	struct verifying *v;
	const char *setting;
	const char *path;
	size_t line;
};

typedef void value_fn(const struct table *t, const char *value);

/* What stands behind the key of a line; patterns are none of these. */
static const char *
value_in(struct arena *a, const char *line)
{
	size_t len = strcspn(line, " \t");

	if (*line == '#' || *line == '\0' || line[len] == '\0' || len == 0)
		return NULL;
	line += len + strspn(line + len, " \t");
	return arena_strndup(a, line, strcspn(line, "\r"));
}

static void
rows_take(struct table *t, value_fn *take)
{
	struct text content = TEXT_INIT;
	struct err e = { 0 };
	const char *at;
	struct stat st;

	if (!file_read(verify_path(t->v, t->path), &content, &st, &e)) {
		err_clear(&e);
		text_clear(&content);
		return;
	}
	for (at = content.buf; *at != '\0'; at += *at == '\n') {
		size_t end = strcspn(at, "\n");
		const char *value = value_in(t->v->arena, arena_strndup(
		    t->v->arena, at, end));

		t->line++;
		if (value != NULL)
			take(t, value);
		at += end;
	}
	text_clear(&content);
}

static void
tables_take(struct verifying *v, const char *setting, value_fn *take)
{
	static const char *const types[] = { "hash:/", "texthash:/",
	    "lmdb:/", "btree:/" };
	struct words maps = postfix_list(v->arena, verify_postfix(v,
	    setting));

	for (size_t i = 0; i < maps.count; i++) {
		for (size_t n = 0; n < 4; n++) {
			size_t len = strlen(types[n]);
			struct table t = { v, setting, maps.word[i] + len - 1,
				0 };

			if (strncmp(maps.word[i], types[n], len) == 0)
				rows_take(&t, take);
		}
	}
}

/* --- transports --------------------------------------------------------- */

/* "smtp:[mail.example.com]:25" of this server. */
static bool
is_here(const struct table *t, const char *next)
{
	const char *name = next + (*next == '[');
	size_t len = strcspn(name, "]: ");
	const char *ours = verify_postfix(t->v, "myhostname");
	const char *port = name[len] == ']' ? name + len + 1 : name + len;

	return strlen(ours) == len && strncasecmp(ours, name, len) == 0 &&
	    (*port != ':' || strcmp(port, ":25") == 0 ||
	    strcmp(port, ":smtp") == 0);
}

static void
transport_take(const struct table *t, const char *value)
{
	struct verifying *v = t->v;
	const char *colon = strchr(value, ':');
	const char *name;

	if (colon == NULL || colon == value)
		return;
	name = arena_strndup(v->arena, value, (size_t)(colon - value));
	if (strpbrk(name, " \t[") != NULL)
		return;
	verify_at(v, (struct verify_at){ t->path, t->line, NULL, NULL, 0 });
	if (verify_service(v, name) == NULL && !words_have(&v->missing, name))
		verify_found(v, VERIFY_TRANSPORT_MISSING, name, arena_printf(
		    v->arena, "add the service %s to master.cf, or correct "
			"line %zu of %s", name, t->line, t->path),
		    "%s hands mail to %s in line %zu, and master.cf has no "
		    "such service: that mail stays in the queue", t->path,
		    name, t->line);
	else if (strcmp(name, "smtp") == 0 && is_here(t, colon + 1))
		verify_found(v, VERIFY_LOOPS, t->path, arena_printf(v->arena,
		    "correct line %zu of %s; postmap it", t->line, t->path),
		    "line %zu of %s hands mail to %s, which is this server: "
		    "it comes back", t->line, t->path, colon + 1);
	v->at = (struct verify_at){ 0 };
}

/* --- policies of TLS ---------------------------------------------------- */

static void
policy_take(const struct table *t, const char *value)
{
	static const char *const levels[] = { "none", "may", "encrypt",
	    "dane", "dane-only", "fingerprint", "verify", "secure" };
	size_t len = strcspn(value, " \t");

	for (size_t i = 0; i < sizeof(levels) / sizeof(*levels); i++) {
		if (strlen(levels[i]) == len &&
		    strncasecmp(levels[i], value, len) == 0)
			return;
	}
	verify_at(t->v, (struct verify_at){ t->path, t->line, NULL, NULL,
	    VERIFY_OUT });
	verify_found(t->v, VERIFY_VALUE_REFUSED, t->path, arena_printf(
	    t->v->arena, "correct line %zu of %s; postmap it", t->line,
		t->path), "line %zu of %s has the level \"%.*s\", which "
	    "Postfix does not know: mail to that server stays here", t->line,
	    t->path, (int)(len < 60 ? len : 60), value);
}

/* --- LDAP and SQLite ----------------------------------------------------- */

/* NULL: no more.  query_filter of LDAP has a default. */
static const char *
needed_in(const char *type, size_t n)
{
	static const char *const ldap[] = { "search_base", NULL };
	static const char *const sqlite[] = { "dbpath", "query" };

	return strcmp(type, "ldap") == 0 ? ldap[n] : sqlite[n];
}

/* "(&(a=b)(c=d))" */
static bool
is_balanced(const char *filter)
{
	int depth = 0;

	for (; *filter != '\0' && depth >= 0; filter++)
		depth += (*filter == '(') - (*filter == ')');
	return depth == 0;
}

static void
file_found(struct verifying *v, const char *path, const char *why)
{
	verify_found(v, VERIFY_LOOKUP_FILE, path, arena_printf(v->arena,
	    "correct it in %s", path), "%s: %s", path, why);
}

static void
ldap_verify(struct verifying *v, const char *path, const struct cf *cf)
{
	const char *filter = cf_value(cf, "query_filter");
	const char *base = cf_value(cf, "search_base");
	struct words hosts = postfix_list(v->arena, cf_value(cf,
	    "server_host") != NULL ? cf_value(cf, "server_host") : "");

	if (filter != NULL && !is_balanced(filter))
		file_found(v, path, "query_filter has a bracket without "
		    "the other one");
	else if (filter != NULL && strchr(filter, '%') == NULL &&
	    (base == NULL || strchr(base, '%') == NULL))
		verify_found(v, VERIFY_LOOKUP_KEY, path, arena_printf(
		    v->arena, "ask for %%s in query_filter of %s", path),
		    "query_filter of %s does not use its key: the answer is "
		    "the same for every name", path);
	for (size_t i = 0; i < hosts.count; i++) {
		const char *host = hosts.word[i];

		if (strstr(host, "://") != NULL && strncmp(host, "ldap://",
		    7) != 0 && strncmp(host, "ldaps://", 8) != 0 &&
		    strncmp(host, "ldapi://", 8) != 0)
			file_found(v, path, arena_printf(v->arena,
			    "server_host has %s, which is no ldap://", host));
	}
}

static void
sqlite_verify(struct verifying *v, const char *path, const struct cf *cf)
{
	const char *database = cf_value(cf, "dbpath");
	const char *query = cf_value(cf, "query");

	if (database != NULL && access(verify_path(v, database), F_OK) != 0)
		file_found(v, path, arena_printf(v->arena,
		    "dbpath is %s, which does not exist", database));
	if (query != NULL && strchr(query, '%') == NULL)
		verify_found(v, VERIFY_LOOKUP_KEY, path, arena_printf(
		    v->arena, "ask for '%%s' in %s", path), "the query of %s "
		    "does not use its key: the answer is the same for every "
		    "name", path);
}

/* Of table, select_field and where_field Postfix makes a query itself. */
static bool
has_old_query(const struct cf *cf, const char *name)
{
	return strcmp(name, "query") == 0 &&
	    cf_value(cf, "select_field") != NULL;
}

/* type: "ldap" or "sqlite" */
static void
settings_verify(struct verifying *v, const char *type, const char *path)
{
	struct text content = TEXT_INIT;
	struct err e = { 0 };
	struct stat st;
	struct cf cf;

	if (!file_read(verify_path(v, path), &content, &st, &e)) {
		if (e.code == ERR_NOT_FOUND)
			file_found(v, path, "a map of main.cf, and the file "
			    "does not exist");
		err_clear(&e);
		text_clear(&content);
		return;
	}
	cf_parse(v->arena, content.buf, CF_POSTFIX, &cf);
	text_clear(&content);
	for (size_t n = 0; n < 2; n++) {
		const char *name = needed_in(type, n);

		if (name != NULL && cf_value(&cf, name) == NULL &&
		    !has_old_query(&cf, name))
			file_found(v, path, arena_printf(v->arena,
			    "it sets no %s", name));
	}
	if (strcmp(type, "ldap") == 0)
		ldap_verify(v, path, &cf);
	else
		sqlite_verify(v, path, &cf);
}

static const char *const known_types[] = { "btree", "cdb", "cidr", "dbm",
    "environ", "fail", "hash", "inline", "internal", "ldap", "lmdb",
    "memcache", "mongodb", "mysql", "netinfo", "nis", "nisplus", "pcre",
    "pgsql", "pipemap", "proxy", "randmap", "regexp", "sdbm", "socketmap",
    "sqlite", "static", "tcp", "texthash", "unionmap", "unix", "inet",
    "local", NULL };

static bool
is_known(const char *word, size_t len)
{
	for (size_t i = 0; known_types[i] != NULL; i++) {
		if (strlen(known_types[i]) == len &&
		    strncmp(known_types[i], word, len) == 0)
			return true;
	}
	return false;
}

static void
map_verify(struct verifying *v, const char *setting, const char *word)
{
	size_t len;

	if (*word == '/' && strcmp(setting, "virtual_mailbox_domains") != 0) {
		verify_at(v, (struct verify_at){ .setting = setting });
		verify_found(v, VERIFY_MAP_CLOSED, word, arena_printf(
		    v->arena, "write hash: in front of %s in %s; postmap it",
			word, setting), "%s names %s without its type: what "
		    "asks it ends with an error", setting, word);
		return;
	}
	word += strncmp(word, "proxy:", 6) == 0 ? 6 : 0;
	len = strspn(word, "abcdefghijklmnopqrstuvwxyz");
	if (len == 0 || strncmp(word + len, ":/", 2) != 0)
		return;
	if (strncmp(word, "ldap:", 5) == 0 || strncmp(word, "sqlite:", 7) ==
	    0)
		settings_verify(v, arena_strndup(v->arena, word, len),
		    word + len + 1);
	if (is_known(word, len))
		return;
	verify_at(v, (struct verify_at){ .setting = setting });
	verify_found(v, VERIFY_MAP_CLOSED, word, arena_printf(v->arena,
	    "correct the type in %s: postconf -m lists those that Postfix "
		"has", setting), "%s names %s, and no map has the type "
	    "%.*s: what asks it ends with an error", setting, word, (int)len,
	    word);
}

/* Settings whose words are maps. */
static bool
holds_maps(const char *name)
{
	size_t len = strlen(name);

	return (len > 5 && strcmp(name + len - 5, "_maps") == 0 &&
	    strncmp(name, "proxy_", 6) != 0) || (len > 7 &&
	    strcmp(name + len - 7, "_checks") == 0) ||
	    strcmp(name, "virtual_mailbox_domains") == 0;
}

static void
maps_verify(struct verifying *v, const struct cf *settings, bool main,
    struct words *seen)
{
	for (size_t i = 0; i < settings->count; i++) {
		const char *name = settings->entry[i].name;
		struct words words;

		if (!holds_maps(name))
			continue;
		words = postfix_list(v->arena, main ? verify_postfix(v,
		    name) : settings->entry[i].value);
		for (size_t n = 0; n < words.count; n++) {
			if (words_have(seen, words.word[n]))
				continue;
			words_add(v->arena, seen, words.word[n]);
			map_verify(v, name, words.word[n]);
		}
	}
}

void
verify_tables(struct verifying *v)
{
	struct words seen = { 0 };

	tables_take(v, "transport_maps", transport_take);
	tables_take(v, "sender_dependent_default_transport_maps",
	    transport_take);
	tables_take(v, "smtp_tls_policy_maps", policy_take);
	maps_verify(v, &v->places.main, true, &seen);
	for (size_t i = 0; i < v->postfix.services; i++)
		maps_verify(v, &v->postfix.service[i].overrides, false, &seen);
}
