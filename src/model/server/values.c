/* The values of the templates: settings, hosts and passwords. */
#include <inttypes.h>
#include <openssl/evp.h>
#include <string.h>

#include "base/text.h"
#include "file/read.h"
#include "model/server/hosts.h"
#include "model/server/release.h"
#include "model/server/settings.h"

static const struct words *
clients(struct arena *a, const struct settings *s)
{
	struct words *list = arena_alloc(a, sizeof(*list));

	*list = server_list(a, s->database_clients);
	return list;
}

/*
 * For cron a % is the end of the command, in quotes as well, unless there is
 * a backslash before it; nothing hides the end of a line.
 */
static const char *
cron_word(struct arena *a, const char *path)
{
	struct text t = TEXT_INIT;
	const char *word;

	for (const char *p = path; *p != '\0'; p++) {
		if ((unsigned char)*p < ' ' || *p == 127)
			return "mailadm";
	}
	for (const char *p = file_shell_name(a, path); *p != '\0'; p++) {
		text_add(&t, *p == '%' ? "\\" : "");
		text_add_char(&t, *p);
	}
	word = arena_strdup(a, t.buf);
	text_clear(&t);
	return word;
}

/*
 * What mysql_native_password stores: a statement that holds this and not
 * the password may stand in a log of the server.
 */
static const char *
password_stored(struct arena *a, const char *password)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	struct text t = TEXT_INIT;
	unsigned len = 0;
	const char *hash;

	if (password == NULL)
		return NULL;
	BUG_ON(!EVP_Digest(password, strlen(password), digest, &len,
	    EVP_sha1(), NULL));
	BUG_ON(!EVP_Digest(digest, len, digest, &len, EVP_sha1(), NULL));
	text_add_char(&t, '*');
	for (unsigned i = 0; i < len; i++)
		text_addf(&t, "%02X", digest[i]);
	hash = arena_strdup(a, t.buf);
	text_clear(&t);
	return hash;
}

const struct template_value *
server_values(struct arena *a, const struct server *server, bool secret)
{
	const struct settings *s = server->settings;
	const char *const *password = server->accounts->password;
	struct server_database d;
	struct template_value *copy;
	bool retry = server->postfix >= RELEASE(3, 9);

	server_database(a, s, &d);
	const struct template_value values[] = {
		{ "HOSTNAME", s->hostname, NULL },
		{ "CERTIFICATE", server_certificate(a, s), NULL },
		{ "CERTIFICATE_KEY", server_certificate_key(a, s), NULL },
		{ "DATABASE_NAME", s->database_name, NULL },
		{ "DATABASE_SOCKET", d.socket, NULL },
		{ "DATABASE_HOST", d.host, NULL },
		{ "DATABASE_PORT", d.port, NULL },
		{ "DATABASE_REMOTE", d.remote ? "yes" : NULL, NULL },
		{ "DATABASE_HOSTS", NULL, server_dovecot_hosts(a, s) },
		{ "DATABASE_CLIENTS", NULL, clients(a, s) },
		{ "MAIL_DIRECTORY", s->mail_directory, NULL },
		{ "VMAIL_UID", arena_printf(a, "%" PRId64, s->vmail_uid),
		    NULL },
		{ "POP3", s->pop3 ? "yes" : NULL, NULL },
		{ "POSTFIX_DIRECTORY", s->postfix_directory, NULL },
		{ "DOVECOT_DIRECTORY", s->dovecot_directory, NULL },
		{ "POSTFIX_HOSTS", server_postfix_hosts(a, s, retry), NULL },
		{ "POSTFIX_RETRY", retry ? "yes" : NULL, NULL },
		{ "HISTORY_KEEP", s->history_keep > 0 ? "yes" : NULL, NULL },
		{ "PROGRAM", cron_word(a, server->program ?
		    server->program : "mailadm"), NULL },
		{ secret ? "POSTFIX_PASSWORD" : NULL,
		    password[ACCOUNT_POSTFIX], NULL },
		{ "DOVECOT_PASSWORD", password[ACCOUNT_DOVECOT], NULL },
		{ "CHECK_PASSWORD", password[ACCOUNT_CHECK], NULL },
		{ "MAILADM_PASSWORD", password[ACCOUNT_MAILADM], NULL },
		{ "POSTFIX_HASH", password_stored(a,
		    password[ACCOUNT_POSTFIX]), NULL },
		{ "DOVECOT_HASH", password_stored(a,
		    password[ACCOUNT_DOVECOT]), NULL },
		{ "CHECK_HASH", password_stored(a,
		    password[ACCOUNT_CHECK]), NULL },
		{ "MAILADM_HASH", password_stored(a,
		    password[ACCOUNT_MAILADM]), NULL },
		{ 0 }
	};

	copy = arena_alloc(a, sizeof(values));
	memcpy(copy, values, sizeof(values));
	return copy;
}
