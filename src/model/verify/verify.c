/* What the files of the verifier share: findings, settings, paths, blocks. */
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "model/verify/private.h"

/* --- findings -------------------------------------------------------- */

/*
 * On a server that is not mailadm's, rendering or loading its grants would
 * stop mail that flows: what to do there instead.
 */
static const char *const elsewhere[VERIFY_RULES] = {
	[VERIFY_IDENTITY_MISSING] = "add a map that answers each mailbox with "
	    "itself behind the others of virtual_alias_maps",
	[VERIFY_LOOKUP_FILE] = "complete the file that is named, or correct "
	    "its name",
	[VERIFY_LOOKUP_FLAGS] = "ask for those columns in the query",
	[VERIFY_PROXY_MISSING] = "add the map to proxy_read_maps",
	[VERIFY_LOOKUP_TIMEOUT] = "name an option_file that sets "
	    "connect-timeout and read-timeout",
	[VERIFY_LOOKUP_RETRY] = "name the host twice in the file of the map",
	[VERIFY_DATABASE_AWAY] = "correct the host, the user or the password "
	    "in the file that is named",
	[VERIFY_DATABASE_DENIED] = "let the account read what is named",
	[VERIFY_LOOKUP_FAILS] = "correct the query in the file that is named",
	[VERIFY_DATABASE_GRANTS] = "revoke the privileges that are named",
	[VERIFY_DATABASE_SHARED] = "create an account for Postfix that may "
	    "read all but the hashes, and name it in its maps",
	[VERIFY_SENDER_UNCHECKED] = "set smtpd_sender_login_maps, and "
	    "reject_sender_login_mismatch in smtpd_sender_restrictions",
	[VERIFY_QUOTA_RCPT] = "write check_policy_service with the socket of "
	    "Dovecot's service quota-status in smtpd_recipient_restrictions",
	[VERIFY_SOCKET_MISSING] = "create the socket in dovecot.conf, or "
	    "correct its name in main.cf",
	[VERIFY_SOCKET_OPEN] = "write mode = 0660 in the block of the socket; "
	    "doveadm reload",
	[VERIFY_SOCKET_CLOSED] = "write user = postfix in the block of the "
	    "socket; doveadm reload",
	[VERIFY_TLS_OFF] = "set smtpd_tls_chain_files to the key and the "
	    "certificate",
	[VERIFY_SCHEME] = "write {SCHEME} in front of the hashes of other "
	    "schemes",
	[VERIFY_SCHEME_REFUSED] = "write default_password_scheme = CRYPT; "
	    "doveadm reload",
	[VERIFY_AUTH_WORKER] = "write service_count = 1 in service "
	    "auth-worker; doveadm reload",
	[VERIFY_QUOTA_OFF] = "write quota in mail_plugins and set quota in "
	    "the block plugin; doveadm reload",
	[VERIFY_USERDB_MISSING] = "add passdb and userdb with driver = sql "
	    "to dovecot.conf",
	[VERIFY_MAIL_USER] = "correct the name or the uid in dovecot.conf",
	[VERIFY_RSPAMD_OPEN] = "write bind_socket = \"127.0.0.1:11334\" and a "
	    "password in worker-controller.inc",
	[VERIFY_FILTER_CONFIG] = "correct the line that the filter names",
};

static bool
is_for_ours(const char *advice)
{
	return strstr(advice, "config render") != NULL ||
	    strstr(advice, "grants.sql") != NULL;
}

static const char *
advice_for(const struct verifying *v, enum verify_rule rule,
    const char *advice)
{
	if (advice == NULL)
		advice = verify_rules[rule].advice;
	if (v->server == VERIFY_SERVER_OURS ||
	    v->server == VERIFY_SERVER_NONE || !is_for_ours(advice))
		return advice;
	return elsewhere[rule] != NULL ? elsewhere[rule] :
	    "correct it in the file that is named";
}

void
verify_found(struct verifying *v, enum verify_rule rule, const char *name,
    const char *advice, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	findings_addv(&v->findings, rule, name, advice_for(v, rule,
	    advice), fmt, ap);
	va_end(ap);
}

void
verify_unchecked(struct verifying *v, enum verify_rule rule, const char *why)
{
	findings_unchecked(&v->findings, rule, why);
}

void
verify_unchecked_all(struct verifying *v, unsigned needs, const char *why)
{
	findings_unchecked_all(&v->findings, needs, why);
}

/* --- settings -------------------------------------------------------- */

const char *
verify_path(const struct verifying *v, const char *path)
{
	const char *root = v->options->root, *below;

	if (root == NULL || *path != '/')
		return path;
	below = arena_printf(v->arena, "%s%s", root, path);
	return access(below, F_OK) == 0 ? below : path;
}

const char *
verify_postfix(const struct verifying *v, const char *name)
{
	return postfix_value(&v->postfix, NULL, name);
}

const char *
verify_dovecot(const struct verifying *v, const char *name)
{
	const char *value = dovecot_value(v->dovecot.root, name);

	return value != NULL ? value : "";
}

bool
verify_is_yes(const char *value)
{
	return strcasecmp(value, "yes") == 0;
}

bool
verify_has_word(const struct words *words, const char *word)
{
	for (size_t i = 0; i < words->count; i++) {
		if (strcasecmp(words->word[i], word) == 0)
			return true;
	}
	return false;
}

struct verify_map *
verify_map_find(const struct verifying *v, const char *word)
{
	struct verify_map *map = v->maps.item;

	for (size_t i = 0; i < v->maps.count; i++) {
		if (strcmp(map[i].word, word) == 0)
			return &map[i];
	}
	return NULL;
}

/* --- blocks of Dovecot ----------------------------------------------- */

const struct dovecot_block *
verify_block_next(const struct dovecot_block *b, const char *type)
{
	while (b != NULL && strcmp(b->type, type) != 0)
		b = b->next;
	return b;
}

/*
 * In 2.3 a block has a driver; in 2.4 its name is the driver, unless it has
 * one.
 */
static bool
is_sql(const struct dovecot_block *b)
{
	const char *driver = dovecot_value(b, "driver");

	return strcmp(driver != NULL ? driver : b->name, "sql") == 0;
}

const struct dovecot_block *
verify_sql_block(const struct verifying *v, const char *type)
{
	const struct dovecot_block *b = v->dovecot.root->child;

	while ((b = verify_block_next(b, type)) != NULL && !is_sql(b))
		b = b->next;
	return b;
}

bool
verify_dovecot_asks_sql(const struct verifying *v)
{
	return verify_sql_block(v, "passdb") != NULL ||
	    verify_sql_block(v, "userdb") != NULL;
}
