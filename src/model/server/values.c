/* The values of the templates: settings, hosts and passwords. */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "file/read.h"
#include "model/digest.h"
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
 * In master.cf blanks part words, $ begins the name of a setting and { } hold
 * one together: a program at such a path is looked for by its name.
 */
static const char *
postfix_word(const char *path)
{
	for (const char *p = path; p != NULL && *p != '\0'; p++) {
		if ((unsigned char)*p <= ' ' || strchr("${}\"\\#", *p) != NULL)
			return "mailadm";
	}
	return path != NULL ? path : "mailadm";
}

/*
 * What mysql_native_password stores: a statement that holds this and not
 * the password may stand in a log of the server.
 */
static const char *
password_stored(struct arena *a, const char *password)
{
	unsigned char digest[DIGEST_SHA1];
	struct text t = TEXT_INIT;
	const char *hash;

	if (password == NULL)
		return NULL;
	digest_sha1(password, strlen(password), digest);
	digest_sha1(digest, sizeof(digest), digest);
	text_add_char(&t, '*');
	for (size_t i = 0; i < sizeof(digest); i++)
		text_addf(&t, "%02X", digest[i]);
	hash = arena_strdup(a, t.buf);
	text_clear(&t);
	return hash;
}

/* "yes" is a value, NULL is none. */
static const char *
yes(bool value)
{
	return value ? "yes" : NULL;
}

static bool
filter_is(const struct settings *s, const char *name)
{
	return strcmp(s->filter, name) == 0;
}

#define FILTER_VALUES 10

static void
filter_values(struct arena *a, const struct settings *s,
    struct template_value *value)
{
	bool rspamd = filter_is(s, "rspamd");
	bool waits = strcmp(s->filter_down, "tempfail") == 0;
	const struct template_value values[FILTER_VALUES] = {
		{ "FILTER", yes(!filter_is(s, "none")), NULL },
		{ "FILTER_RSPAMD", yes(rspamd), NULL },
		{ "FILTER_OPENDKIM", yes(filter_is(s, "opendkim")), NULL },
		{ "FILTER_INSIDE", yes(rspamd && !s->filter_outside), NULL },
		{ "FILTER_DOWN", s->filter_down, NULL },
		{ "FILTER_WAIT", yes(waits), NULL },
		{ "DMARC_REJECT", yes(s->dmarc_reject), NULL },
		{ "SRS", yes(s->srs), NULL },
		{ "SRS_DOMAIN", server_srs_domain(a, s), NULL },
		{ "RSPAMD_DMARC", yes(rspamd && s->dmarc_reject), NULL },
	};

	memcpy(value, values, sizeof(values));
}

/* The names of what templates have of each account. */
static const struct {
	const char *password;
	const char *hash;
} secrets[ACCOUNTS] = {
	[ACCOUNT_MAILADM] = { "MAILADM_PASSWORD", "MAILADM_HASH" },
	[ACCOUNT_CHECK] = { "CHECK_PASSWORD", "CHECK_HASH" },
	[ACCOUNT_POSTFIX] = { "POSTFIX_PASSWORD", "POSTFIX_HASH" },
	[ACCOUNT_DOVECOT] = { "DOVECOT_PASSWORD", "DOVECOT_HASH" },
	[ACCOUNT_RELAY] = { "RELAY_PASSWORD", "RELAY_HASH" },
	[ACCOUNT_POLICY] = { "POLICY_PASSWORD", "POLICY_HASH" },
	[ACCOUNT_WEBMAIL] = { "WEBMAIL_PASSWORD", "WEBMAIL_HASH" },
};

#define SECRET_VALUES (2 * ACCOUNTS)

static void
secret_values(struct arena *a, const struct accounts *accounts,
    struct template_value *value)
{
	for (size_t i = 0; i < ACCOUNTS; i++) {
		const char *password = accounts->password[i];

		*value++ = (struct template_value){ secrets[i].password,
		    password, NULL };
		*value++ = (struct template_value){ secrets[i].hash,
		    password_stored(a, password), NULL };
	}
}

const struct template_value *
server_values(struct arena *a, const struct server *server, bool secret)
{
	const struct settings *s = server->settings;
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
		{ "WEBMAIL", yes(s->webmail), NULL },
		{ "ALLOW_WEAK_SCHEMES", s->allow_weak_schemes ? "yes" : NULL,
		    NULL },
		{ "POSTFIX_DIRECTORY", s->postfix_directory, NULL },
		{ "DOVECOT_DIRECTORY", s->dovecot_directory, NULL },
		{ "POSTFIX_HOSTS", server_postfix_hosts(a, s, retry), NULL },
		{ "POSTFIX_RETRY", retry ? "yes" : NULL, NULL },
		{ "HISTORY_KEEP", s->history_keep > 0 ? "yes" : NULL, NULL },
		{ "FORMER", NULL, NULL },	/* what is not made any more */
		{ "PROGRAM", cron_word(a, server->program ?
		    server->program : "mailadm"), NULL },
		{ "POLICY_PROGRAM", postfix_word(server->program), NULL },
	};

	copy = arena_alloc(a, sizeof(values) + (FILTER_VALUES +
	    SECRET_VALUES + 1) * sizeof(*copy));
	filter_values(a, s, copy);
	memcpy(copy + FILTER_VALUES, values, sizeof(values));
	if (secret)
		secret_values(a, server->accounts, copy + FILTER_VALUES +
		    sizeof(values) / sizeof(values[0]));
	return copy;
}
