/* Checking the settings of the mail server. */
#include "model/server/settings.h"

#include <netdb.h>
#include <string.h>
#include <unistd.h>

#include "model/address.h"
#include "model/server/addresses.h"
#include "model/server/hosts.h"

static bool
hostname_check(const char *value, struct err *e)
{
	struct arena a = { 0 };
	const char *domain;
	bool ok = domain_parse(&a, value, &domain, e);

	if (ok && strcmp(domain, value) != 0) {
		err_set(e, ERR_INVALID, "not a canonical host name: "
		    "\"%.200s\"", value);
		ok = err_hint(e, "write %s", domain);
	}
	arena_clear(&a);
	return ok;
}

static bool
hostname_or_none_check(const char *value, struct err *e)
{
	return *value == '\0' || hostname_check(value, e);
}

static bool
path_check(const char *value, struct err *e)
{
	if (server_is_path(value))
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
directory_check(const char *value, struct err *e)
{
	size_t len = strlen(value);

	if (!path_check(value, e))
		return false;
	return value[len - 1] != '/' || err_set(e, ERR_INVALID,
	    "a directory may not end in /: \"%.200s\"", value);
}

static bool
database_check(const char *value, struct err *e)
{
	return (server_is_of(value, LETTERS DIGITS "_-") &&
	    strlen(value) <= 64 && *value != '-') || err_set(e, ERR_INVALID,
	    "not a database name of letters, digits, - and _: \"%.200s\"",
	    value);
}

static bool
clients_check(const char *value, struct err *e)
{
	struct arena a = { 0 };
	struct words words = server_list(&a, value);
	bool ok = words.count > 0 || err_set(e, ERR_INVALID, "no host");

	for (size_t i = 0; ok && i < words.count; i++)
		ok = server_is_of(words.word[i], LETTERS DIGITS "._%:/-") ||
		    err_set(e, ERR_INVALID, "not a host of an account: "
		    "\"%.200s\"", words.word[i]);
	arena_clear(&a);
	return ok;
}

static bool
reports_check(const char *value, struct err *e)
{
	struct arena a = { 0 };
	const char *address;
	bool ok = *value == '\0' || address_parse(&a, ADDRESS_DESTINATION,
	    value, &address, e);

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
	{ "database_hosts", server_hosts_check },
	{ "database_name", database_check },
	{ "database_clients", clients_check },
	{ "mail_directory", directory_check },
	{ "dkim_secret", path_check },
	{ "postfix_directory", directory_check },
	{ "dovecot_directory", directory_check },
	{ "defaults_file", path_or_none_check },
	{ "srs_domain", hostname_or_none_check },
	{ "addresses", server_addresses_check },
	{ "dmarc_reports", reports_check },
	{ "tls_reports", reports_check },
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

/* OpenDKIM answers 451 to all mail of a domain that has such a key, too. */
static bool
algorithms_check(const struct settings *s, struct err *e)
{
	if (strcmp(s->filter, "opendkim") != 0 ||
	    strcmp(s->dkim_algorithms, "rsa") == 0)
		return true;
	err_set(e, ERR_INVALID, "dkim_algorithms: OpenDKIM cannot sign with "
	    "Ed25519 keys beside RSA keys");
	return err_hint(e, "set dkim_algorithms = rsa, or filter = rspamd");
}

/* Its mail would come back to postsrsd, and not to the people there. */
static bool
srs_domain_check(const struct settings *s, struct err *e)
{
	if (!s->srs || s->srs_domain == NULL ||
	    strcmp(s->srs_domain, s->hostname) != 0)
		return true;
	err_set(e, ERR_INVALID, "srs_domain: it is the name of the server, "
	    "which has mail of its own");
	return err_hint(e, "leave it empty, or take another name, as "
	    "srs.%s", s->hostname);
}

bool
server_check(const struct settings *s, struct err *e)
{
	if (s->hostname == NULL) {
		err_set(e, ERR_INVALID, "hostname is not set in "
		    "mailadm.conf");
		return err_hint(e, "set it with: mailadm config init");
	}
	for (const struct check *c = checks; c->name != NULL; c++) {
		const struct setting *row = setting_find(c->name);
		const char *value;

		memcpy(&value, (const char *)s + row->offset, sizeof(value));
		if (!server_setting_check(c->name, value ? value : "", e))
			return false;
	}
	return algorithms_check(s, e) && srs_domain_check(s, e);
}

/* --- values that follow from them ------------------------------------ */

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

const char *
server_srs_domain(struct arena *a, const struct settings *s)
{
	return s->srs_domain != NULL ? s->srs_domain : arena_printf(a,
	    "srs.%s", s->hostname);
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
