/* The mail server: settings that are checked, and values for templates. */
#include "model/server/settings.h"

#include <inttypes.h>
#include <limits.h>
#include <netdb.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/size.h"
#include "base/text.h"
#include "file/option_file.h"
#include "file/read.h"
#include "model/address.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

#define MYSQL_PORT "3306"

bool
release_parse(const char *text, unsigned *release)
{
	unsigned long major, minor;
	char *end;

	major = strtoul(text, &end, 10);
	if (end == text || *end != '.' || *text < '0' || *text > '9')
		return false;
	text = end + 1;
	minor = strtoul(text, &end, 10);
	if (end == text || *text < '0' || *text > '9' || major > 1000 ||
	    minor > 99 || (*end != '\0' && strchr(".- \n(", *end) == NULL))
		return false;
	*release = RELEASE((unsigned)major, (unsigned)minor);
	return true;
}

/* --- hosts ----------------------------------------------------------- */

struct host {
	const char *name;	/* of a socket, or of a host */
	const char *port;	/* NULL: the usual one */
	bool is_socket;
};

static bool
is_of(const char *text, const char *characters)
{
	return *text != '\0' && text[strspn(text, characters)] == '\0';
}

/* What a shell, a map file and Dovecot take as it is. */
static bool
is_path(const char *path)
{
	return *path == '/' && is_of(path, LETTERS DIGITS "/._+@:-") &&
	    strlen(path) < PATH_MAX;
}

static bool
port_parse(const char *text)
{
	int64_t port;

	return number_parse(text, &port) && port > 0 && port <= UINT16_MAX;
}

/* HOST, HOST:PORT, [V6], [V6]:PORT or the path of a socket. */
static bool
host_parse(struct arena *a, const char *word, struct host *h)
{
	char *name = arena_strdup(a, word), *end;

	*h = (struct host){ .name = name, .is_socket = *word == '/' };
	if (h->is_socket)
		return is_path(word);
	if (*name == '[') {
		h->name = name + 1;
		end = strchr(name, ']');
		if (end == NULL || (end[1] != '\0' && end[1] != ':'))
			return false;
		h->port = end[1] == ':' ? end + 2 : NULL;
		*end = '\0';
		if (!is_of(h->name, DIGITS "abcdefABCDEF:."))
			return false;
	} else {
		end = strchr(name, ':');
		h->port = end != NULL ? end + 1 : NULL;
		if (end != NULL)
			*end = '\0';
		if (!is_of(name, LETTERS DIGITS ".-") || *name == '-')
			return false;
	}
	if (h->port != NULL && !port_parse(h->port))
		return false;
	if (h->port != NULL && strcmp(h->port, MYSQL_PORT) == 0)
		h->port = NULL;
	return true;
}

static struct words
blanks_split(struct arena *a, const char *text)
{
	char *rest = arena_strdup(a, text != NULL ? text : ""), *word;
	struct words words = { 0 };

	while ((word = strsep(&rest, " \t")) != NULL) {
		if (*word != '\0')
			words_add(a, &words, word);
	}
	return words;
}

static const char *
port_of(const struct host *h)
{
	return h->port != NULL ? h->port : MYSQL_PORT;
}

static bool
hosts_check(const char *value, struct err *e)
{
	struct arena a = { 0 };
	struct words words = blanks_split(&a, value);
	const char *port = NULL;
	struct host h;
	bool ok = words.count > 0 || err_set(e, ERR_INVALID, "no host");

	for (size_t i = 0; ok && i < words.count; i++) {
		ok = host_parse(&a, words.word[i], &h) || err_set(e,
		    ERR_INVALID, "not a socket, a host or host:port: "
		    "\"%.200s\"", words.word[i]);
		if (!ok || h.is_socket)
			continue;
		if (port != NULL && strcmp(port, port_of(&h)) != 0)
			ok = err_set(e, ERR_INVALID, "Dovecot wants the same "
			    "port on all hosts");
		port = port_of(&h);
	}
	arena_clear(&a);
	return ok;
}

/* --- checks ---------------------------------------------------------- */

static bool
hostname_check(const char *value, struct err *e)
{
	struct arena a = { 0 };
	const char *domain;
	bool ok = domain_parse(&a, value, &domain, e);

	if (ok && strcmp(domain, value) != 0) {
		err_set(e, ERR_INVALID, "not as it is in DNS: \"%.200s\"",
		    value);
		ok = err_hint(e, "%s", domain);
	}
	arena_clear(&a);
	return ok;
}

static bool
path_check(const char *value, struct err *e)
{
	if (is_path(value))
		return true;
	err_set(e, ERR_INVALID, "not an absolute path of letters, digits "
	    "and ._+@:-: \"%.200s\"", value);
	return false;
}

static bool
path_or_none_check(const char *value, struct err *e)
{
	return *value == '\0' || path_check(value, e);
}

static bool
folder_check(const char *value, struct err *e)
{
	size_t len = strlen(value);

	if (!path_check(value, e))
		return false;
	return value[len - 1] != '/' || err_set(e, ERR_INVALID,
	    "a folder is written without / at its end: \"%.200s\"", value);
}

static bool
database_check(const char *value, struct err *e)
{
	return (is_of(value, LETTERS DIGITS "_-") && strlen(value) <= 64 &&
	    *value != '-') || err_set(e, ERR_INVALID,
	    "not a database's name of letters, digits, - and _: \"%.200s\"",
	    value);
}

static bool
clients_check(const char *value, struct err *e)
{
	struct arena a = { 0 };
	struct words words = blanks_split(&a, value);
	bool ok = words.count > 0 || err_set(e, ERR_INVALID, "no host");

	for (size_t i = 0; ok && i < words.count; i++)
		ok = is_of(words.word[i], LETTERS DIGITS "._%:/-") ||
		    err_set(e, ERR_INVALID, "not a host of an account: "
		    "\"%.200s\"", words.word[i]);
	arena_clear(&a);
	return ok;
}

static const struct check {
	const char *name;		/* of the setting */
	bool (*valid)(const char *value, struct err *e);
} checks[] = {
	{ "hostname", hostname_check },
	{ "certificate", path_or_none_check },
	{ "certificate_key", path_or_none_check },
	{ "database_hosts", hosts_check },
	{ "database_name", database_check },
	{ "database_clients", clients_check },
	{ "mail_directory", folder_check },
	{ "postfix_directory", folder_check },
	{ "dovecot_directory", folder_check },
	{ "defaults_file", path_or_none_check },
	{ 0 }
};

bool
server_setting_check(const char *name, const char *value, struct err *e)
{
	const struct check *c = checks;

	while (c->name != NULL && strcmp(c->name, name) != 0)
		c++;
	return c->name == NULL || c->valid(value, e) ||
	    err_wrap(e, "%s", name);
}

bool
server_check(const struct settings *s, struct err *e)
{
	if (s->hostname == NULL) {
		err_set(e, ERR_INVALID, "hostname is not set in "
		    "mailadm.conf");
		return err_hint(e, "mailadm config init sets it");
	}
	for (const struct check *c = checks; c->name != NULL; c++) {
		const struct setting *row = setting_find(c->name);
		const char *value;

		memcpy(&value, (const char *)s + row->offset, sizeof(value));
		if (!server_setting_check(c->name, value ? value : "", e))
			return false;
	}
	return true;
}

const char *
server_own_name(struct arena *a)
{
	const struct addrinfo hints = { .ai_flags = AI_CANONNAME };
	struct addrinfo *found = NULL;
	struct err e = { 0 };
	char name[256] = "";
	const char *own = NULL, *full = name;

	if (gethostname(name, sizeof(name) - 1) != 0)
		return NULL;
	if (strchr(name, '.') == NULL &&
	    getaddrinfo(name, NULL, &hints, &found) == 0 &&
	    found->ai_canonname != NULL)
		full = found->ai_canonname;
	if (hostname_check(full, &e))
		own = arena_strdup(a, full);
	err_clear(&e);
	if (found != NULL)
		freeaddrinfo(found);
	return own;
}

/* --- values ---------------------------------------------------------- */

const char *
server_certificate(struct arena *a, const struct settings *s)
{
	return s->certificate != NULL ? s->certificate : arena_printf(a,
	    "/etc/letsencrypt/live/%s/fullchain.pem", s->hostname);
}

const char *
server_certificate_key(struct arena *a, const struct settings *s)
{
	return s->certificate_key != NULL ? s->certificate_key :
	    arena_printf(a, "/etc/letsencrypt/live/%s/privkey.pem",
		s->hostname);
}

void
server_database(struct arena *a, const struct settings *s,
    struct server_database *d)
{
	struct words words = blanks_split(a, s->database_hosts);
	struct text list = TEXT_INIT;
	struct host h;

	*d = (struct server_database){ 0 };
	for (size_t i = 0; i < words.count; i++) {
		BUG_ON(!host_parse(a, words.word[i], &h));
		if (h.is_socket) {
			d->socket = i == 0 ? h.name : d->socket;
			continue;
		}
		text_addf(&list, "%s%s", list.len > 0 ? "," : "", h.name);
		d->port = h.port;
		d->remote = d->remote || !option_host_is_local(h.name, NULL);
	}
	d->host = d->socket == NULL ? arena_strdup(a, list.buf) : NULL;
	text_clear(&list);
}

/*
 * As Postfix wants them.  It tries each entry once, so each stands there
 * twice, for when the first connection is dead; with retry_interval that
 * would be tried again before the last entry is.
 */
static const char *
postfix_hosts(struct arena *a, const struct settings *s, bool retry)
{
	size_t times = retry ? 1 : 2;
	struct words words = blanks_split(a, s->database_hosts);
	struct text list = TEXT_INIT;
	const char *result;
	struct host h;

	for (size_t i = 0; i < times * words.count; i++) {
		BUG_ON(!host_parse(a, words.word[i / times], &h));
		text_add(&list, i > 0 ? " " : "");
		if (h.is_socket)
			text_addf(&list, "unix:%s", h.name);
		else if (strchr(h.name, ':') != NULL)
			text_addf(&list, "inet:[%s]:%s", h.name, port_of(&h));
		else
			text_addf(&list, "inet:%s:%s", h.name, port_of(&h));
	}
	result = arena_strdup(a, list.buf);
	text_clear(&list);
	return result;
}

/* As Dovecot wants them. */
static const struct words *
dovecot_hosts(struct arena *a, const struct settings *s)
{
	struct words words = blanks_split(a, s->database_hosts);
	struct words *hosts = arena_alloc(a, sizeof(*hosts));
	struct host h;

	for (size_t i = 0; i < words.count; i++) {
		BUG_ON(!host_parse(a, words.word[i], &h));
		words_add(a, hosts, h.name);
	}
	return hosts;
}

static const struct words *
clients(struct arena *a, const struct settings *s)
{
	struct words *list = arena_alloc(a, sizeof(*list));

	*list = blanks_split(a, s->database_clients);
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
		{ "DATABASE_HOSTS", NULL, dovecot_hosts(a, s) },
		{ "DATABASE_CLIENTS", NULL, clients(a, s) },
		{ "MAIL_DIRECTORY", s->mail_directory, NULL },
		{ "VMAIL_UID", arena_printf(a, "%" PRId64, s->vmail_uid),
		    NULL },
		{ "POP3", s->pop3 ? "yes" : NULL, NULL },
		{ "POSTFIX_DIRECTORY", s->postfix_directory, NULL },
		{ "DOVECOT_DIRECTORY", s->dovecot_directory, NULL },
		{ "POSTFIX_HOSTS", postfix_hosts(a, s, retry), NULL },
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
