/* The accounts of lookups, each connected once, and how maps use them. */
#include <stdlib.h>
#include <string.h>

#include "base/sentence.h"
#include "base/text.h"
#include "file/option_file.h"
#include "file/read.h"
#include "model/verify/private.h"

/* --- accounts --------------------------------------------------------- */

static bool
same_account(const struct verify_account *a, const struct verify_account *b)
{
	return text_same_null_empty(a->server, b->server) &&
	    text_same_null_empty(a->as.user, b->as.user) &&
	    text_same_null_empty(a->as.password, b->as.password) &&
	    text_same_null_empty(a->as.database, b->as.database) &&
	    text_same_null_empty(a->as.socket, b->as.socket) &&
	    text_same_null_empty(a->as.host, b->as.host) &&
	    a->as.port == b->as.port &&
	    text_same_null_empty(a->as.option_file, b->as.option_file);
}

size_t
verify_account(struct verifying *v, const struct verify_account *account)
{
	struct verify_account *kept;

	for (size_t i = 0; i < v->accounts.count; i++) {
		if (same_account(&v->accounts.item[i], account))
			return i + 1;
	}
	kept = VECTOR_ADD(&v->accounts);
	*kept = *account;
	return v->accounts.count;
}

struct verify_account *
verify_account_find(const struct verifying *v, size_t account)
{
	const struct verify_account *first;

	if (account == 0)
		return NULL;
	first = &v->accounts.item[account - 1];
	for (size_t i = 0; i < v->accounts.count; i++) {
		struct verify_account *a = &v->accounts.item[i];

		if (a->lookup != NULL &&
		    text_same_null_empty(a->server, first->server) &&
		    text_same_null_empty(a->as.user, first->as.user) &&
		    text_same_null_empty(a->as.password,
			first->as.password) &&
		    text_same_null_empty(a->as.database,
			first->as.database))
			return a;
	}
	return NULL;
}

/* --- maps ------------------------------------------------------------- */

const char *
verify_map_value(const struct verify_map *map, const char *name)
{
	const char *value = cf_value(&map->settings, name);

	return value != NULL ? value : "";
}

/* --- where they connect ---------------------------------------------- */

/* unix:/path, inet:host:port, host:port, host; [v6]:port. */
static void
host_take(struct arena *a, const char *word, struct lookup_account *as)
{
	const char *colon;

	as->host = as->socket = NULL;
	as->port = 0;
	if (strncmp(word, "unix:", 5) == 0) {
		as->socket = word + 5;
		return;
	}
	if (strncmp(word, "inet:", 5) == 0)
		word += 5;
	colon = strrchr(word, ':');
	if (*word == '[') {
		as->host = arena_strndup(a, word + 1, strcspn(word + 1, "]"));
		colon = strstr(word, "]:");
		colon = colon != NULL ? colon + 1 : NULL;
	} else {
		as->host = arena_strndup(a, word, colon != NULL ?
		    (size_t)(colon - word) : strlen(word));
	}
	if (colon != NULL)
		as->port = (unsigned)strtoul(colon + 1, NULL, 10);
}

bool
verify_map_comment(struct verifying *v, const struct verify_map *map)
{
	const char *hosts = verify_map_value(map, "hosts");

	if (strchr(hosts, '#') == NULL)
		return false;
	verify_found(v, VERIFY_LOOKUP_FILE, map->path, arena_printf(v->arena,
	    "put the comment into a line of its own in %s", map->path),
	    "%s: hosts is \"%s\"; Postfix takes what is behind # for hosts "
	    "as well", map->path, hosts);
	return true;
}

size_t
verify_map_account(struct verifying *v, const struct verify_map *map)
{
	struct words hosts = postfix_list(v->arena, verify_map_value(map,
	    "hosts"));
	const char *file = cf_value(&map->settings, "option_file");
	struct verify_account account = {
		.name = map->path,
		.server = "postfix",
		.as = {
			.user = verify_map_value(map, "user"),
			.password = verify_map_value(map, "password"),
			.database = verify_map_value(map, "dbname"),
			.option_file = file != NULL ? verify_path(v, file) :
			    NULL,
			.ca = cf_value(&map->settings, "tls_CAfile"),
		},
	};
	size_t first = 0;

	if (hosts.count == 0)
		words_add(v->arena, &hosts, "localhost");
	for (size_t i = hosts.count; i > 0; i--) {
		account.host = hosts.word[i - 1];
		host_take(v->arena, account.host, &account.as);
		/* Postfix asks for TLS only where the map names a CA. */
		account.as.remote = account.as.ca != NULL &&
		    account.as.socket == NULL &&
		    !option_host_is_local(account.as.host, NULL);
		first = verify_account(v, &account);
	}
	return first;
}

/* --- time-outs ------------------------------------------------------- */

/* Somewhere in an option file, where "-" and "_" mean the same. */
static bool
has_timeout(const char *text)
{
	while ((text = strstr(text, "connect")) != NULL) {
		text += strlen("connect");
		if ((*text == '-' || *text == '_') &&
		    strncmp(text + 1, "timeout", 7) == 0)
			return true;
	}
	return false;
}

static void
option_file_check(struct verifying *v, const struct verify_map *map,
    const char *file)
{
	struct text content = TEXT_INIT;
	struct err e = { 0 };
	struct stat st;

	if (!file_read(file, &content, &st, &e)) {
		if (e.code == ERR_NOT_FOUND)
			verify_found(v, VERIFY_LOOKUP_FILE, file, NULL,
			    "%s names the option_file %s, which does not "
			    "exist", map->path, file);
		else
			verify_unchecked(v, VERIFY_LOOKUP_TIMEOUT,
			    arena_strdup(v->arena, e.text));
	} else if (!has_timeout(content.buf)) {
		verify_found(v, VERIFY_LOOKUP_TIMEOUT, file, arena_printf(
		    v->arena, "write \"connect-timeout = 2\" below "
			"[client] in %s", file), "%s, the option_file of %s, "
		    "sets no connect-timeout: a database that hangs "
		    "stops all mail", file, map->path);
	}
	err_clear(&e);
	text_clear(&content);
}

/* Usually all maps name the same option file: report it once. */
static void
timeout_check(struct verifying *v, const struct verify_map *map)
{
	const char *file = verify_map_value(map, "option_file");

	if (*file == '\0') {
		words_add(v->arena, &v->without_timeout, map->path);
	} else if (!verify_has_word(&v->option_files, file)) {
		words_add(v->arena, &v->option_files, file);
		option_file_check(v, map, verify_path(v, file));
	}
}

static void
retry_check(struct verifying *v, const struct verify_map *map)
{
	struct words hosts = postfix_list(v->arena, verify_map_value(map,
	    "hosts"));

	if (hosts.count > 1 || *verify_map_value(map, "retry_interval") !=
	    '\0')
		return;
	if (v->without_retry.count == 0)
		v->retry_host = hosts.count > 0 ? hosts.word[0] :
		    "localhost";
	words_add(v->arena, &v->without_retry, map->path);
}

/* One mistake in all of them is one finding. */
void
verify_map_connections(struct verifying *v)
{
	const struct words *waits = &v->without_timeout;
	const struct words *once = &v->without_retry;

	if (waits->count > 0)
		verify_found(v, VERIFY_LOOKUP_TIMEOUT, waits->word[0], NULL,
		    "%s: no time-outs, so a database that hangs stops all "
		    "mail", sentence_list(v->arena, waits));
	if (once->count > 0)
		verify_found(v, VERIFY_LOOKUP_RETRY, once->word[0],
		    arena_printf(v->arena, "write \"hosts = %s %s\" in each "
			"of them", v->retry_host, v->retry_host),
		    "%s: the host is named only once, so after a restart of "
		    "the database Postfix defers all mail for a minute",
		    sentence_list(v->arena, once));
}

void
verify_map_connection(struct verifying *v, const struct verify_map *map)
{
	timeout_check(v, map);
	retry_check(v, map);
}
