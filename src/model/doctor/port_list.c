/* The ports that the configuration of Postfix and Dovecot names. */
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>

#include "base/size.h"
#include "model/doctor/port.h"
#include "model/server/hosts.h"

#define MANY 64			/* ports: more is a mistake */

const char *const port_servers[] = { "Postfix", "Dovecot", NULL };

struct words
ports_addresses(struct arena *a)
{
	struct ifaddrs *all, *i;
	struct words words = { 0 };
	char text[NI_MAXHOST];

	if (getifaddrs(&all) != 0)
		return words;
	for (i = all; i != NULL; i = i->ifa_next) {
		int family = i->ifa_addr != NULL ? i->ifa_addr->sa_family : 0;
		socklen_t len = family == AF_INET ? sizeof(struct sockaddr_in)
		    : sizeof(struct sockaddr_in6);

		if ((family != AF_INET && family != AF_INET6) ||
		    !(i->ifa_flags & IFF_UP) || i->ifa_flags & IFF_LOOPBACK ||
		    getnameinfo(i->ifa_addr, len, text, sizeof(text), NULL, 0,
		    NI_NUMERICHOST) != 0 || strncmp(text, "fe80:", 5) == 0)
			continue;
		words_add(a, &words, arena_strdup(a, text));
	}
	freeifaddrs(all);
	return words;
}

static bool
has(const struct words *words, const char *word)
{
	for (size_t i = 0; i < words->count; i++) {
		if (strcmp(words->word[i], word) == 0)
			return true;
	}
	return false;
}

static void
add(struct ports *ports, struct port p)
{
	for (size_t i = 0; i < ports->count; i++) {
		if (ports->item[i].number == p.number &&
		    strcmp(ports->item[i].address, p.address) == 0)
			return;
	}
	if (ports->count < MANY)
		*VECTOR_ADD(ports) = p;
}

/*
 * On loopback, on the addresses of this machine, and on those that the world
 * knows it by, which may be those of a router before it.
 */
static void
add_everywhere(struct doctor *d, struct ports *ports, struct port p,
    bool v4, bool v6)
{
	struct words own = ports_addresses(d->arena);
	struct words public = server_list(d->arena,
	    d->options->settings->addresses);

	p.is_own = true;
	p.address = v4 ? "127.0.0.1" : "::1";
	add(ports, p);
	for (size_t i = 0; i < own.count + public.count; i++) {
		p.address = i < own.count ? own.word[i] :
		    public.word[i - own.count];
		p.is_own = i < own.count || has(&own, p.address);
		if (strchr(p.address, ':') != NULL ? v6 : v4)
			add(ports, p);
	}
}

/* --- Postfix --------------------------------------------------------- */

/* "smtp", "2525", "127.0.0.1:2525", "[::1]:smtp": 0: no port. */
static unsigned
port_parse(struct arena *a, const char *name, const char **host)
{
	const char *colon = strrchr(name, ':');
	const char *word = colon != NULL ? colon + 1 : name;
	const struct servent *known;
	int64_t number;

	*host = NULL;
	if (colon != NULL)
		*host = *name == '[' && colon > name + 2 ? arena_strndup(a,
		    name + 1, (size_t)(colon - name) - 2) :
		    arena_strndup(a, name, (size_t)(colon - name));
	if (*host != NULL && strcmp(*host, "localhost") == 0)
		*host = "127.0.0.1";
	if (number_parse(word, &number))
		return number <= 65535 ? (unsigned)number : 0;
	if (strcmp(word, "submissions") == 0 || strcmp(word, "smtps") == 0)
		return 465;
	known = getservbyname(word, "tcp");
	return known != NULL ? ntohs((uint16_t)known->s_port) : 0;
}

static bool
is_yes(const char *value)
{
	return strcasecmp(value, "yes") == 0;
}

static void
add_service(struct doctor *d, const struct postfix_config *config,
    const struct postfix_service *s, struct ports *ports)
{
	const char *protocols = postfix_value(config, NULL,
	    "inet_protocols");
	bool v4 = strcasecmp(protocols, "ipv6") != 0;
	bool v6 = strcasecmp(protocols, "ipv4") != 0;
	struct port p = { .server = PORT_POSTFIX, .protocol = PORT_SMTP,
		.seconds = doctor_seconds(d), .stop = &d->stop,
		.is_own = true,
		.host = d->options->settings->hostname,
		.slow = strcmp(s->command, "postscreen") == 0,
		.logins = is_yes(postfix_value(config, s,
		    "smtpd_sasl_auth_enable")),
		.tls_first = is_yes(postfix_value(config, s,
		    "smtpd_tls_wrappermode")) };

	p.number = port_parse(d->arena, s->name, &p.address);
	if (p.number > 0 && p.address != NULL)
		add(ports, p);
	else if (p.number > 0)
		add_everywhere(d, ports, p, v4, v6);
}

void
ports_of_postfix(struct doctor *d, const struct postfix_config *config,
    struct ports *ports)
{
	for (size_t i = 0; i < config->services; i++) {
		const struct postfix_service *s = &config->service[i];

		if (strcmp(s->type, "inet") == 0 &&
		    (strcmp(s->command, "smtpd") == 0 ||
		    strcmp(s->command, "postscreen") == 0))
			add_service(d, config, s, ports);
	}
}

/* --- Dovecot --------------------------------------------------------- */

/* 2.3 has a list of protocols, 2.4 a block of flags. */
static bool
speaks(const struct dovecot_config *config, const char *protocol)
{
	const struct dovecot_block *flags = dovecot_block(config->root,
	    "protocols", NULL);
	const char *list = dovecot_value(config->root, "protocols");
	const char *flag = flags != NULL ? dovecot_value(flags, protocol) :
	    NULL;
	struct arena a = { 0 };
	struct words words = postfix_list(&a, list != NULL ? list : "");
	bool found = has(&words, protocol) ||
	    (flag != NULL && is_yes(flag));

	arena_clear(&a);
	return found;
}

/* 2.4 does not list what it listens on by default. */
static const struct {
	enum port_protocol protocol;
	const char *name;
	unsigned number;
	bool tls_first;
} defaults[] = {
	{ PORT_IMAP, "imap", 143, false },
	{ PORT_IMAP, "imaps", 993, true },
	{ PORT_POP3, "pop3", 110, false },
	{ PORT_POP3, "pop3s", 995, true },
};

#define DEFAULTS (sizeof(defaults) / sizeof(defaults[0]))

/* Without a port of its own it has that of p, or none. */
static void
add_listener(struct doctor *d, const struct dovecot_config *config,
    const struct dovecot_block *listener, struct port p,
    struct ports *ports)
{
	const char *port = dovecot_value(listener, "port");
	const char *ssl = dovecot_value(listener, "ssl");
	const char *where = dovecot_value(listener, "address");
	int64_t number = p.number;
	struct words hosts;

	if (where == NULL || *where == '\0')
		where = dovecot_value(listener, "listen");
	if (where == NULL || *where == '\0')
		where = dovecot_value(config->root, "listen");
	if ((port != NULL && !number_parse(port, &number)) || number == 0 ||
	    number > 65535)
		return;
	p.number = (unsigned)number;
	if (ssl != NULL)
		p.tls_first = is_yes(ssl);
	hosts = postfix_list(d->arena, where != NULL && *where != '\0' ?
	    where : "*, ::");
	for (size_t i = 0; i < hosts.count; i++) {
		bool v4 = strcmp(hosts.word[i], "*") == 0;
		bool v6 = strcmp(hosts.word[i], "::") == 0 ||
		    strcmp(hosts.word[i], "[::]") == 0;

		p.is_own = true;
		p.address = hosts.word[i];
		if (v4 || v6)
			add_everywhere(d, ports, p, v4, v6);
		else
			add(ports, p);
	}
}

static void
add_defaults(struct doctor *d, const struct dovecot_config *config,
    const struct dovecot_block *service, struct port p, struct ports *ports)
{
	static const struct dovecot_block unlisted;

	for (size_t i = 0; i < DEFAULTS; i++) {
		const struct dovecot_block *b = service == NULL ? NULL :
		    dovecot_block(service, "inet_listener", defaults[i].name);

		if (defaults[i].protocol != p.protocol)
			continue;
		p.number = defaults[i].number;
		p.tls_first = defaults[i].tls_first;
		add_listener(d, config, b != NULL ? b : &unlisted, p, ports);
	}
}

static bool
is_default(const struct dovecot_config *config, const char *name)
{
	for (size_t i = 0; i < DEFAULTS; i++) {
		if (strcmp(defaults[i].name, name) == 0)
			return config->minor >= 4;
	}
	return false;
}

static void
add_login_service(struct doctor *d, const struct dovecot_config *config,
    const char *name, struct port p, struct ports *ports)
{
	const struct dovecot_block *service = dovecot_block(config->root,
	    "service", name), *b;

	if (config->minor >= 4)
		add_defaults(d, config, service, p, ports);
	for (b = service != NULL ? service->child : NULL; b != NULL;
	    b = b->next) {
		if (strcmp(b->type, "inet_listener") == 0 &&
		    !is_default(config, b->name))
			add_listener(d, config, b, p, ports);
	}
}

void
ports_of_dovecot(struct doctor *d, const struct dovecot_config *config,
    struct ports *ports)
{
	struct port p = { .server = PORT_DOVECOT, .protocol = PORT_IMAP,
		.seconds = doctor_seconds(d), .stop = &d->stop,
		.logins = true,
		.host = d->options->settings->hostname };

	if (config == NULL) {
		p.number = 993;
		p.tls_first = true;
		add_everywhere(d, ports, p, true, false);
		return;
	}
	if (speaks(config, "imap"))
		add_login_service(d, config, "imap-login", p, ports);
	p.protocol = PORT_POP3;
	if (speaks(config, "pop3"))
		add_login_service(d, config, "pop3-login", p, ports);
}
